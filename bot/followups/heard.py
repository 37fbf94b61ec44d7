"""What a shop of its own has told, by its webhook or its feed: each happening is acted on once.

A webhook's happening is a row before it is answered, so a crash behind the answer loses nothing; the
feed's is written down as it is acted on, so that the webhook's repeat of it does nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.followups.tables import heard
from bot.shop.words.happening import Happening, happening_of

FEED_LOCK = "feed:shop"
WAITS_FOR = timedelta(days=7)  # one that the shop cannot speak of for so long is given up


def hear(connection: Connection, told: Happening, now: datetime) -> bool:
    """Writes down what is to be acted on; whether it is new."""
    lock(connection, FEED_LOCK)
    if _is_known(connection, told):
        return False
    _insert(connection, told, now, taken_at=None)
    return True


def waiting(connection: Connection, now: datetime, limit: int) -> Sequence[Happening]:
    """Those that the webhook brought and nobody has acted on, the oldest first."""
    query = (
        sa.select(heard)
        .where(heard.c.taken_at.is_(None), heard.c.heard_at > now - WAITS_FOR)
        .order_by(heard.c.heard_at, heard.c.heard_id)
        .limit(limit)
    )
    return [happening_of(row, number=row.heard_id) for row in connection.execute(query)]


def take_waiting(connection: Connection, told: Happening, now: datetime) -> bool:
    """Whether it is ours to act on: else somebody has, or its buyer was erased."""
    taken = connection.execute(
        heard.update().where(*_same(told), heard.c.taken_at.is_(None)).values(taken_at=now)
    )
    return bool(taken.rowcount)


def take(connection: Connection, told: Happening, now: datetime) -> bool:
    """As `take_waiting`, of one that the feed tells: nobody may have heard of it yet."""
    if take_waiting(connection, told, now):
        return True
    if _is_known(connection, told):
        return False
    _insert(connection, told, now, taken_at=now)
    return True


def forget(connection: Connection, before: datetime, limit: int) -> int:
    """What came in before; how many. A repeat so late is refused by its time."""
    old = sa.select(heard.c.heard_id).where(heard.c.heard_at < before).limit(limit)
    return int(connection.execute(sa.delete(heard).where(heard.c.heard_id.in_(old))).rowcount)


def _is_known(connection: Connection, told: Happening) -> bool:
    known = sa.select(heard.c.heard_id).where(*_same(told))
    return connection.execute(known).first() is not None


def _insert(
    connection: Connection, told: Happening, now: datetime, *, taken_at: datetime | None
) -> None:
    connection.execute(heard.insert().values(**told.columns, heard_at=now, taken_at=taken_at))


def _same(told: Happening) -> tuple[Any, ...]:
    return (heard.c.kind == told.kind.value, heard.c.key == told.key)
