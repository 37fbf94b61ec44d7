"""Who looks at which row, for how long, and what came of it: each verdict is written down.

Several processes share the rows. A claim is a lease: PostgreSQL hands each row to one of them (SKIP
LOCKED), SQLite has one writer, and whoever dies leaves a lease that runs out. Leases only spare work
twice; that nothing is said twice is the business of `mark_said` (the row's status) and of the
message's id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.followups.rules import FollowUp, FollowUpStatus, Reason
from bot.followups.statements import LAST_JUDGEMENT
from bot.followups.tables import follow_ups, judgements

LEASE = timedelta(minutes=2)
FIELDS = [follow_ups.c[name] for name in FollowUp.__dataclass_fields__]
_PLANNED = follow_ups.c.status == FollowUpStatus.PLANNED.value


def claim(connection: Connection, now: datetime, worker: str, *, limit: int = 50) -> list[FollowUp]:
    """Due rows that nobody else holds, now held by `worker`; the longest due first."""
    # A lease that ends far ahead was given by a clock that has been turned back since.
    is_free = sa.or_(
        follow_ups.c.claimed_until.is_(None),
        follow_ups.c.claimed_until <= now,
        follow_ups.c.claimed_until > now + 2 * LEASE,
        follow_ups.c.claimed_by == worker,
    )
    query = (
        sa.select(*FIELDS)
        .where(_PLANNED, follow_ups.c.due_at <= now, is_free)
        .order_by(follow_ups.c.due_at, follow_ups.c.follow_up_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [FollowUp(**row._mapping) for row in connection.execute(query)]
    if found:
        connection.execute(
            follow_ups.update()
            .where(follow_ups.c.follow_up_id.in_([one.follow_up_id for one in found]))
            .values(claimed_by=worker, claimed_until=now + LEASE)
        )
    return found


def backlog(connection: Connection, late_since: datetime) -> int:
    """How many planned rows have been due since before `late_since`."""
    query = sa.select(sa.func.count()).where(_PLANNED, follow_ups.c.due_at < late_since)
    return int(connection.execute(query).scalar_one())


def in_their_place(connection: Connection, found: Sequence[FollowUp]) -> set[int]:
    """Those that were given a place among many and have come to it: they are not moved again."""
    places = {one.follow_up_id: one.due_at for one in found}
    query = sa.select(judgements.c.follow_up_id, judgements.c.until).where(
        judgements.c.follow_up_id.in_(list(places)), judgements.c.reason == Reason.SPREAD.value
    )
    return {row.follow_up_id for row in connection.execute(query) if row.until == places[row[0]]}


def next_due(connection: Connection) -> datetime | None:
    query = sa.select(sa.func.min(follow_ups.c.due_at)).where(_PLANNED)
    moment: datetime | None = connection.execute(query).scalar()
    return moment


def mark_said(
    connection: Connection,
    follow_up: FollowUp,
    said: tuple[str, int],
    now: datetime,
    *,
    status: FollowUpStatus = FollowUpStatus.SENT,
    wording: str = "",
) -> bool:
    """`said`: conversation and number of the message it became. False where somebody else has said
    or dropped it meanwhile. What went to a person counts for no cap."""
    conversation_id, seq = said
    to_buyer = status is FollowUpStatus.SENT
    changed = connection.execute(
        _this(follow_up).values(
            status=status.value,
            wording=wording,
            conversation_id=conversation_id,
            sent_at=now if to_buyer else None,
            seq=seq if to_buyer else None,
            claimed_until=None,
        )
    )
    if changed.rowcount:
        note(connection, follow_up, now, "send", "", "")
    return bool(changed.rowcount)


def mark_joined(connection: Connection, follow_up: FollowUp, now: datetime) -> None:
    """It was said in the message of another one."""
    values = {"status": FollowUpStatus.JOINED.value, "claimed_until": None}
    if connection.execute(_this(follow_up).values(**values)).rowcount:
        note(connection, follow_up, now, "send", "joined", "")


def drop(
    connection: Connection, follow_up: FollowUp, reason: Reason, now: datetime, detail: str = ""
) -> None:
    changed = connection.execute(
        _this(follow_up).values(
            status=FollowUpStatus.DROPPED.value, dropped_because=reason.value, claimed_until=None
        )
    )
    if changed.rowcount:
        note(connection, follow_up, now, "never", reason.value, detail)


def postpone(
    connection: Connection,
    follow_up: FollowUp,
    until: datetime,
    reason: Reason,
    now: datetime,
    detail: str = "",
) -> None:
    changed = connection.execute(_this(follow_up).values(due_at=until, claimed_until=None))
    if changed.rowcount:
        note(connection, follow_up, now, "later", reason.value, detail, until)


def planned_of(connection: Connection, buyer_id: str, kind: str) -> Sequence[FollowUp]:
    query = (
        sa.select(*FIELDS)
        .where(follow_ups.c.buyer_id == buyer_id, follow_ups.c.kind == kind, _PLANNED)
        .order_by(follow_ups.c.follow_up_id)
    )
    return [FollowUp(**row._mapping) for row in connection.execute(query)]


def find_planned(connection: Connection, follow_up_id: int) -> FollowUp | None:
    query = sa.select(*FIELDS).where(follow_ups.c.follow_up_id == follow_up_id, _PLANNED)
    row = connection.execute(query).first()
    return FollowUp(**row._mapping) if row is not None else None


def all_planned_of(connection: Connection, buyer_id: str) -> list[tuple[FollowUp, Reason | None]]:
    """The soonest due first, with the reason for which each was held back last."""
    query = (
        sa.select(*FIELDS)
        .where(follow_ups.c.buyer_id == buyer_id)
        .where(follow_ups.c.kind > "", _PLANNED)  # by the buyer's index, not by all that is planned
    )
    found = [FollowUp(**row._mapping) for row in connection.execute(query)]
    found.sort(key=lambda one: (one.due_at, one.follow_up_id))
    told = sa.select(judgements.c.follow_up_id, judgements.c.reason).where(
        judgements.c.follow_up_id.in_([one.follow_up_id for one in found]),
        judgements.c.verdict == "later",
    )
    rows = connection.execute(told.order_by(judgements.c.judgement_id))
    why = {row.follow_up_id: Reason(row.reason) for row in rows}
    return [(one, why.get(one.follow_up_id)) for one in found]


def note(
    connection: Connection,
    follow_up: FollowUp,
    now: datetime,
    verdict: str,
    reason: str,
    detail: str,
    until: datetime | None = None,
) -> None:
    """A row of what was decided and why. Held back for the same reason again, the row moves on:
    who waits for a day with a person in the chat has one row and not forty-eight."""
    which = {"number": follow_up.follow_up_id}
    last: Any = connection.execute(LAST_JUDGEMENT, which).first()
    same = last is not None and (last.verdict, last.reason, last.detail) == (
        verdict,
        reason,
        detail,
    )
    if same:
        connection.execute(
            judgements.update()
            .where(judgements.c.judgement_id == last.judgement_id)
            .values(until=until)
        )
        return
    connection.execute(
        judgements.insert().values(
            follow_up_id=follow_up.follow_up_id,
            buyer_id=follow_up.buyer_id,
            at=now,
            verdict=verdict,
            reason=reason,
            detail=detail,
            until=until,
        )
    )


def _this(follow_up: FollowUp) -> Any:
    return follow_ups.update().where(follow_ups.c.follow_up_id == follow_up.follow_up_id, _PLANNED)
