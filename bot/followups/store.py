"""Reads and writes follow-ups inside the caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.joining import same_person
from bot.database import lock
from bot.followups import claims
from bot.followups import statements as sql
from bot.followups.kinds import AskedBy, Kind
from bot.followups.rules import FollowUp, FollowUpStatus, Reason
from bot.followups.tables import follow_ups, opt_outs

WINS_BACK = ("undecided", "price_fallen", "sleeping")  # nobody who has said no must get these
_LONGEST_KEY = 120
_DONE = (FollowUpStatus.SENT.value, FollowUpStatus.JOINED.value, FollowUpStatus.HANDED.value)


def plan(
    connection: Connection,
    *,
    conversation_id: str,
    buyer_id: str,
    kind: Kind,
    key: str,
    about: Mapping[str, Any],
    now: datetime,
    due_at: datetime,
) -> None:
    """Plans once; asked again before it was said, it waits anew.

    What was said is not said again. What was refused is not planned again either, and that is
    written down, too.
    """
    key = _short(key)
    lock(connection, f"follow-up:{buyer_id}")
    known: Any = connection.execute(
        sa.select(follow_ups.c.follow_up_id, follow_ups.c.status).where(
            *_same(buyer_id, kind.name, key)
        )
    ).first()
    if known is not None and known.status in _DONE:
        return
    is_refused = kind.asked_by is not AskedBy.BUYER and _was_refused(
        connection, buyer_id, kind.name, key
    )
    if is_refused and known is not None:
        return
    values = {
        "conversation_id": conversation_id,
        "about": dict(about),
        "status": FollowUpStatus.PLANNED.value,
        "dropped_because": "",
        "planned_at": now,
        "wanted_at": due_at,
        "due_at": due_at,
    }
    if is_refused:
        values |= {
            "status": FollowUpStatus.DROPPED.value,
            "dropped_because": Reason.REFUSED.value,
        }
    if known is None:
        connection.execute(
            follow_ups.insert().values(buyer_id=buyer_id, kind=kind.name, key=key, **values)
        )
    else:
        connection.execute(
            follow_ups.update()
            .where(follow_ups.c.follow_up_id == known.follow_up_id)
            .values(**values)
        )


def sent_times(connection: Connection, buyer_id: str) -> list[datetime]:
    return list(connection.execute(sql.SENT_TIMES, {"buyer": buyer_id}).scalars())


def last_sent_seq(connection: Connection, conversation_id: str) -> int | None:
    query = sa.select(sa.func.max(follow_ups.c.seq)).where(
        follow_ups.c.conversation_id == conversation_id
    )
    seq: int | None = connection.execute(query).scalar()
    return seq


def opt_out(connection: Connection, buyer_id: str, now: datetime) -> None:
    """No more follow-ups for this buyer; the planned ones go at once."""
    lock(connection, f"follow-up:{buyer_id}")
    if opted_out_at(connection, buyer_id) is None:
        connection.execute(opt_outs.insert().values(buyer_id=buyer_id, at=now))
    else:
        connection.execute(opt_outs.update().where(opt_outs.c.buyer_id == buyer_id).values(at=now))
    drop_planned(connection, Reason.OPTED_OUT, now, follow_ups.c.buyer_id == buyer_id)


def has_opted_out(connection: Connection, follow_up: FollowUp, kind: Kind) -> bool:
    """Whether the buyer wants this one no more; what was asked for since then is wanted.

    A no that was said as a visitor holds after the sign-in, and the other way round.
    """
    at = opted_out_at(connection, follow_up.buyer_id)
    for other in same_person(connection, follow_up.buyer_id):
        at = max(filter(None, (at, opted_out_at(connection, other))), default=None)
    if at is None or kind.to_person:
        return False
    return kind.asked_by is not AskedBy.BUYER or follow_up.planned_at <= at


def refuse(connection: Connection, buyer_id: str, kinds: Collection[str], now: datetime) -> None:
    """Drops what is planned of these kinds."""
    lock(connection, f"follow-up:{buyer_id}")
    of_buyer, of_kinds = follow_ups.c.buyer_id == buyer_id, follow_ups.c.kind.in_(kinds)
    drop_planned(connection, Reason.REFUSED, now, of_buyer, of_kinds)


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
    if kind in WINS_BACK:
        refused |= follow_ups.c.kind.in_(WINS_BACK) & (
            follow_ups.c.status == FollowUpStatus.SENT.value
        )
    query = sa.select(follow_ups.c.follow_up_id).where(
        follow_ups.c.buyer_id == buyer_id,
        follow_ups.c.dropped_because == Reason.REFUSED.value,
        refused,
    )
    return connection.execute(query).first() is not None


def opted_out_at(connection: Connection, buyer_id: str) -> datetime | None:
    at: datetime | None = connection.execute(sql.OPTED_OUT, {"buyer": buyer_id}).scalar()
    return at


def drop_planned(connection: Connection, reason: Reason, now: datetime, *which: Any) -> int:
    """Drops planned ones, each with its row of why; how many."""
    query = sa.select(*claims.FIELDS).where(
        follow_ups.c.status == FollowUpStatus.PLANNED.value, *which
    )
    found = [FollowUp(**row._mapping) for row in connection.execute(query)]
    for follow_up in found:
        claims.drop(connection, follow_up, reason, now)
    return len(found)


def _short(key: str) -> str:
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def _same(buyer_id: str, kind: str, key: str) -> tuple[Any, ...]:
    return (
        follow_ups.c.buyer_id == buyer_id,
        follow_ups.c.kind == kind,
        follow_ups.c.key == key,
    )
