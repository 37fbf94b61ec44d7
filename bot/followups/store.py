"""Reads and writes follow-ups inside the caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.followups.rules import FollowUp, FollowUpStatus, Reason
from bot.followups.tables import follow_ups, opt_outs

ASKED_FOR = ("restock",)  # kinds that go out because the buyer wants them
WINS_BACK = "undecided"  # the kind that nobody who has said no must get
_LONGEST_KEY = 120

_FIELDS = [follow_ups.c[name] for name in FollowUp.__dataclass_fields__]


def plan(
    connection: Connection,
    *,
    conversation_id: str,
    buyer_id: str,
    kind: str,
    key: str,
    about: Mapping[str, Any],
    now: datetime,
    due_at: datetime,
) -> None:
    """Plans once; asked again before it was sent, it waits anew.

    What was sent or refused is not sent again, unless the buyer asked for it anew (ASKED_FOR).
    """
    key = _short(key)
    lock(connection, f"follow-up:{buyer_id}")
    if kind not in ASKED_FOR and _was_refused(connection, buyer_id, kind, key):
        return
    known = connection.execute(
        sa.select(follow_ups.c.status).where(*_same(buyer_id, kind, key))
    ).scalar()
    values = {
        "conversation_id": conversation_id,
        "about": dict(about),
        "status": FollowUpStatus.PLANNED.value,
        "dropped_because": "",
        "planned_at": now,
        "due_at": due_at,
    }
    if known is None:
        connection.execute(
            follow_ups.insert().values(
                buyer_id=buyer_id,
                kind=kind,
                key=key,
                **values,
            )
        )
    elif known != FollowUpStatus.SENT.value or kind in ASKED_FOR:
        connection.execute(follow_ups.update().where(*_same(buyer_id, kind, key)).values(**values))


def due(connection: Connection, now: datetime, *, limit: int = 50) -> list[FollowUp]:
    query = (
        sa.select(*_FIELDS)
        .where(follow_ups.c.status == FollowUpStatus.PLANNED.value, follow_ups.c.due_at <= now)
        .order_by(follow_ups.c.due_at)
        .limit(limit)
    )
    return [FollowUp(**row._mapping) for row in connection.execute(query)]


def sent_times(connection: Connection, buyer_id: str) -> list[datetime]:
    query = sa.select(follow_ups.c.sent_at).where(
        follow_ups.c.buyer_id == buyer_id, follow_ups.c.sent_at.is_not(None)
    )
    return list(connection.execute(query).scalars())


def last_sent_seq(connection: Connection, conversation_id: str) -> int | None:
    query = sa.select(sa.func.max(follow_ups.c.seq)).where(
        follow_ups.c.conversation_id == conversation_id
    )
    seq: int | None = connection.execute(query).scalar()
    return seq


def mark_sent(connection: Connection, follow_up_id: int, seq: int, now: datetime) -> bool:
    """False where somebody else has sent or dropped it meanwhile."""
    changed = connection.execute(
        _planned(follow_up_id).values(status=FollowUpStatus.SENT.value, sent_at=now, seq=seq)
    )
    return bool(changed.rowcount)


def drop(connection: Connection, follow_up_id: int, reason: Reason) -> None:
    connection.execute(
        _planned(follow_up_id).values(
            status=FollowUpStatus.DROPPED.value, dropped_because=reason.value
        )
    )


def postpone(connection: Connection, follow_up_id: int, until: datetime) -> None:
    connection.execute(_planned(follow_up_id).values(due_at=until))


def opt_out(connection: Connection, buyer_id: str, now: datetime) -> None:
    """No more follow-ups for this buyer; the planned ones go at once."""
    lock(connection, f"follow-up:{buyer_id}")
    if _opted_out_at(connection, buyer_id) is None:
        connection.execute(opt_outs.insert().values(buyer_id=buyer_id, at=now))
    else:
        connection.execute(opt_outs.update().where(opt_outs.c.buyer_id == buyer_id).values(at=now))
    connection.execute(_drop_planned(buyer_id, Reason.OPTED_OUT))


def has_opted_out(connection: Connection, follow_up: FollowUp) -> bool:
    """Whether the buyer wants this one no more; what was asked for since then is wanted."""
    at = _opted_out_at(connection, follow_up.buyer_id)
    if at is None:
        return False
    return follow_up.kind not in ASKED_FOR or follow_up.planned_at <= at


def refuse(connection: Connection, buyer_id: str, kinds: Collection[str]) -> None:
    """Drops what is planned of these kinds, but for what the buyer asked for."""
    unasked = [kind for kind in kinds if kind not in ASKED_FOR]
    lock(connection, f"follow-up:{buyer_id}")
    connection.execute(
        _drop_planned(buyer_id, Reason.REFUSED).where(follow_ups.c.kind.in_(unasked))
    )


def refuse_sent(connection: Connection, conversation_id: str, seq: int) -> str | None:
    """Notes that the follow-up sent as message `seq` was answered with a refusal; its kind."""
    same = (follow_ups.c.conversation_id == conversation_id, follow_ups.c.seq == seq)
    connection.execute(
        follow_ups.update().where(*same).values(dropped_because=Reason.REFUSED.value)
    )
    kind: str | None = connection.execute(sa.select(follow_ups.c.kind).where(*same)).scalar()
    return kind


def _was_refused(connection: Connection, buyer_id: str, kind: str, key: str) -> bool:
    """This very thing, or (of what is to win a buyer back) the kind, in answer to a message."""
    refused = (follow_ups.c.kind == kind) & (follow_ups.c.key == key)
    if kind == WINS_BACK:
        refused |= (follow_ups.c.kind == kind) & (follow_ups.c.status == FollowUpStatus.SENT.value)
    query = sa.select(follow_ups.c.follow_up_id).where(
        follow_ups.c.buyer_id == buyer_id,
        follow_ups.c.dropped_because == Reason.REFUSED.value,
        refused,
    )
    return connection.execute(query).first() is not None


def _opted_out_at(connection: Connection, buyer_id: str) -> datetime | None:
    query = sa.select(opt_outs.c.at).where(opt_outs.c.buyer_id == buyer_id)
    at: datetime | None = connection.execute(query).scalar()
    return at


def _drop_planned(buyer_id: str, reason: Reason) -> Any:
    return (
        follow_ups.update()
        .where(
            follow_ups.c.buyer_id == buyer_id,
            follow_ups.c.status == FollowUpStatus.PLANNED.value,
        )
        .values(status=FollowUpStatus.DROPPED.value, dropped_because=reason.value)
    )


def _short(key: str) -> str:
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def _planned(follow_up_id: int) -> Any:
    return follow_ups.update().where(
        follow_ups.c.follow_up_id == follow_up_id,
        follow_ups.c.status == FollowUpStatus.PLANNED.value,
    )


def _same(buyer_id: str, kind: str, key: str) -> tuple[Any, ...]:
    return (
        follow_ups.c.buyer_id == buyer_id,
        follow_ups.c.kind == kind,
        follow_ups.c.key == key,
    )
