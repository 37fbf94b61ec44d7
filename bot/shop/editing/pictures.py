"""Pictures of goods that were put in at the desk: which of them anything still shows.

A picture stays while goods, an order or a change that can be taken back names it; its file goes
with its row. Inside the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Column, String, Table
from sqlalchemy.engine import Connection

from bot.database import UtcDateTime, lock, metadata
from bot.shop.embedded import tables
from bot.shop.embedded.changes import changes

MOST = 5000  # of the shop

pictures = Table(
    "shop_pictures",
    metadata,
    Column("picture_id", String(40), primary_key=True),
    Column("agent", String(60), nullable=False),  # who has brought it
    Column("taken_at", UtcDateTime, nullable=False),
)


class TooMany(Exception):
    """The shop has as many as it may."""


def url_of(picture_id: str) -> str:
    return f"/uploads/{picture_id}"


def add(connection: Connection, picture_id: str, agent: str, now: datetime) -> None:
    """Raises TooMany."""
    lock(connection, "shop pictures")
    if connection.execute(sa.select(sa.func.count()).select_from(pictures)).scalar_one() >= MOST:
        raise TooMany
    connection.execute(pictures.insert().values(picture_id=picture_id, agent=agent, taken_at=now))


def take_unused(connection: Connection, before: datetime) -> list[str]:
    """Ids of those that were brought before then and nothing names: their rows go."""
    told = sa.select(pictures.c.picture_id).where(pictures.c.taken_at < before)
    ids = list(connection.execute(told).scalars())
    if not ids:
        return []
    shown = set(connection.execute(sa.select(tables.products.c.picture)).scalars())
    unused = [
        one
        for one in ids
        if url_of(one) not in shown and not _is_in_orders(connection, one) and not _is_kept(connection, one)
    ]  # fmt: skip
    for start in range(0, len(unused), 500):
        some = unused[start : start + 500]
        connection.execute(sa.delete(pictures).where(pictures.c.picture_id.in_(some)))
    return unused


def _is_in_orders(connection: Connection, picture_id: str) -> bool:
    lines = tables.order_lines.c
    query = sa.select(lines.order_number).where(lines.picture == url_of(picture_id)).limit(1)
    return connection.execute(query).first() is not None


def _is_kept(connection: Connection, picture_id: str) -> bool:
    """Whether a change that can be taken back names it."""
    query = sa.select(changes.c.change_id).where(
        sa.cast(changes.c.rows, sa.Text).contains(picture_id)
    )
    return connection.execute(query.limit(1)).first() is not None
