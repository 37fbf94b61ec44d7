"""Reads and writes the outbox inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.outgoing.delivery import Delivery, DeliveryStatus
from bot.outgoing.tables import outgoing

LEASE = timedelta(minutes=2)
_FIELDS = [outgoing.c[name] for name in Delivery.__dataclass_fields__]
_LONGEST_ERROR, _LONGEST_RECEIPT = 200, 120
_OPEN = (DeliveryStatus.WAITING.value, DeliveryStatus.TRYING.value)


def put(
    connection: Connection,
    *,
    door: str,
    target: str,
    key: str,
    body: Mapping[str, Any],
    now: datetime,
    buyer_id: str = "",
    expires_at: datetime | None = None,
) -> bool:
    """`key`: the one thing it tells; put again, nothing is added. Whether it is new."""
    lock(connection, f"outgoing:{door}:{target}:{key}")
    same = (outgoing.c.door == door, outgoing.c.target == target, outgoing.c.key == key)
    known = sa.select(outgoing.c.delivery_id).where(*same)
    if connection.execute(known).first() is not None:
        return False
    connection.execute(
        outgoing.insert().values(
            door=door,
            target=target,
            key=key,
            buyer_id=buyer_id,
            body=dict(body),
            status=DeliveryStatus.WAITING.value,
            created_at=now,
            due_at=now,
            expires_at=expires_at,
            attempts=0,
            last_error="",
            receipt="",
            claimed_by="",
        )
    )
    return True


def claim(
    connection: Connection, now: datetime, worker: str, doors: Sequence[str], *, limit: int = 20
) -> list[Delivery]:
    """Due rows of these doors, now held by `worker` and counted as tried.

    The try is written down before anything leaves: who dies at it leaves a row that says so.
    """
    is_due = sa.and_(outgoing.c.status == DeliveryStatus.WAITING.value, outgoing.c.due_at <= now)
    query = (
        sa.select(*_FIELDS)
        .where(is_due, outgoing.c.door.in_(list(doors)))
        .order_by(outgoing.c.due_at, outgoing.c.delivery_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [dict(row._mapping) for row in connection.execute(query)]
    if found:
        connection.execute(
            outgoing.update()
            .where(outgoing.c.delivery_id.in_([one["delivery_id"] for one in found]))
            .values(
                status=DeliveryStatus.TRYING.value,
                attempts=outgoing.c.attempts + 1,
                claimed_by=worker,
                claimed_until=now + LEASE,
            )
        )
    return [Delivery(**{**one, "attempts": one["attempts"] + 1}) for one in found]


def left_behind(connection: Connection, now: datetime) -> list[Delivery]:
    """What somebody died at, or was given a lease by a clock that has been turned back since."""
    query = sa.select(*_FIELDS).where(
        outgoing.c.status == DeliveryStatus.TRYING.value,
        sa.or_(outgoing.c.claimed_until <= now, outgoing.c.claimed_until > now + 2 * LEASE),
    )
    return [Delivery(**row._mapping) for row in connection.execute(query)]


def mark_delivered(connection: Connection, delivery: Delivery, receipt: str, now: datetime) -> None:
    _end(connection, delivery, DeliveryStatus.DELIVERED, now, receipt=receipt[:_LONGEST_RECEIPT])


def mark_dead(connection: Connection, delivery: Delivery, why: str, now: datetime) -> None:
    _end(connection, delivery, DeliveryStatus.DEAD, now, last_error=why[:_LONGEST_ERROR])


def mark_withdrawn(connection: Connection, delivery: Delivery, why: str, now: datetime) -> None:
    _end(connection, delivery, DeliveryStatus.WITHDRAWN, now, last_error=why[:_LONGEST_ERROR])


def try_later(connection: Connection, delivery: Delivery, until: datetime, why: str) -> None:
    connection.execute(
        _this(delivery).values(
            status=DeliveryStatus.WAITING.value,
            due_at=until,
            last_error=why[:_LONGEST_ERROR],
            claimed_until=None,
        )
    )


def try_again(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """A person wants a dead one tried again, from the first try on. False: it is not dead."""
    changed = connection.execute(
        outgoing.update()
        .where(
            outgoing.c.delivery_id == delivery_id, outgoing.c.status == DeliveryStatus.DEAD.value
        )
        .values(
            status=DeliveryStatus.WAITING.value,
            due_at=now,
            attempts=0,
            expires_at=None,
            ended_at=None,
        )
    )
    return bool(changed.rowcount)


def withdraw_of(connection: Connection, buyer_id: str, doors: Sequence[str], now: datetime) -> int:
    """What waits to go to this buyer by these doors goes no more."""
    changed = connection.execute(
        outgoing.update()
        .where(
            outgoing.c.buyer_id == buyer_id,
            outgoing.c.door.in_(list(doors)),
            outgoing.c.status == DeliveryStatus.WAITING.value,
        )
        .values(status=DeliveryStatus.WITHDRAWN.value, ended_at=now, last_error="opted out")
    )
    return int(changed.rowcount)


def listed(
    connection: Connection, status: DeliveryStatus, *, limit: int = 100
) -> list[dict[str, Any]]:
    """The newest first, without what they say."""
    shown = [
        outgoing.c[name]
        for name in "delivery_id door target key created_at attempts last_error ended_at".split()
    ]
    query = (
        sa.select(*shown)
        .where(outgoing.c.status == status.value)
        .order_by(outgoing.c.delivery_id.desc())
        .limit(limit)
    )
    return [dict(row._mapping) for row in connection.execute(query)]


def _end(
    connection: Connection, delivery: Delivery, status: DeliveryStatus, now: datetime, **more: str
) -> None:
    connection.execute(
        _this(delivery).values(status=status.value, ended_at=now, claimed_until=None, **more)
    )


def _this(delivery: Delivery) -> Any:
    """Only while this very try is the one that counts: who was slow changes nothing afterwards."""
    return outgoing.update().where(
        outgoing.c.delivery_id == delivery.delivery_id,
        outgoing.c.attempts == delivery.attempts,
        outgoing.c.status.in_(_OPEN),
    )
