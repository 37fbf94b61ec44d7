"""Who may see an order: its signed-in buyer, or whoever knows number and the phone's last four.

A wrong number and a wrong phone look alike, wrong tries are counted per asker and per number,
and the count is stored: it survives a restart.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop import tables
from bot.shop.dealing import Access

TRIES_AN_HOUR = 5
HOUR = timedelta(hours=1)


class Door(Enum):
    OPEN = "open"
    SHUT = "shut"
    BLOCKED = "blocked"  # too many wrong tries


def knock(connection: Connection, number: str, access: Access, now: datetime) -> Door:
    """Whether this access opens the order; a wrong try is counted, so commit what this writes."""
    owner, phone = _read(connection, number)
    if access.buyer_id is not None and _equal(owner, access.buyer_id):
        return Door.OPEN
    if access.phone_tail is None:
        return Door.SHUT  # nothing was guessed, nothing is counted or written
    asker = access.asker or "unknown"
    keys = {"asker": asker[:160], "order": number[:160]}
    lock(connection, *(f"try:{kind}:{key}" for kind, key in keys.items()))
    if any(_wrong_tries(connection, kind, key, now) >= TRIES_AN_HOUR for kind, key in keys.items()):
        return Door.BLOCKED
    tail = re.sub(r"\D", "", access.phone_tail)
    # The stored phone of a missing order is empty; compared all the same, so it takes as long.
    is_right = _equal(phone[-4:], tail) & (len(tail) == 4) & (len(phone) >= 7)
    if is_right:
        return Door.OPEN
    connection.execute(delete(tables.order_tries).where(tables.order_tries.c.at < now - 24 * HOUR))
    connection.execute(
        insert(tables.order_tries),
        [{"kind": kind, "key": key, "at": now} for kind, key in keys.items()],
    )
    return Door.SHUT


def _read(connection: Connection, number: str) -> tuple[str, str]:
    table = tables.orders
    row = connection.execute(
        select(table.c.buyer_id, table.c.phone).where(table.c.number == number)
    ).first()
    return (row.buyer_id, row.phone) if row else ("", "")


def _equal(one: str, other: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(one.encode(), other.encode()) and bool(other)


def _wrong_tries(connection: Connection, kind: str, key: str, now: datetime) -> int:
    table = tables.order_tries
    return int(
        connection.execute(
            select(func.count()).where(
                table.c.kind == kind, table.c.key == key, table.c.at > now - HOUR
            )
        ).scalar_one()
    )
