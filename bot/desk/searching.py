"""Finds talks by what stands in them: buyer, order number, any words, tags and notes."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages
from bot.desk.tables import notes
from bot.shop.embedded import tables as shop

MOST_FOUND = 50
SHORTEST, LONGEST = 2, 60  # characters of what is looked for


@dataclass(frozen=True)
class Found:
    conversation_id: str
    seq: int  # of the line; 0 = it is the buyer, an order or a note


def search(connection: Connection, wanted: str) -> list[Found]:
    """The newest line first, one a conversation; buyers and orders before lines."""
    pattern = f"%{_escaped(wanted)}%"
    found: dict[str, Found] = {}

    def keep(query: sa.sql.Select) -> None:
        for row in connection.execute(query.limit(MOST_FOUND)):
            seq = getattr(row, "seq", 0)
            found.setdefault(row.conversation_id, Found(row.conversation_id, seq))

    table = conversations.c
    whose = [shop.buyers.c.nickname.ilike(pattern, escape="\\")]
    by_name = sa.select(shop.buyers.c.buyer_id).where(*whose)
    by_order = sa.select(shop.orders.c.buyer_id).where(shop.orders.c.number == wanted)
    keep(
        sa.select(table.conversation_id)
        .where(sa.or_(table.buyer_id.in_(by_name), table.buyer_id.in_(by_order)))
        .order_by(table.last_buyer_at.desc())
    )
    keep(
        sa.select(notes.c.conversation_id)
        .where(notes.c.text.ilike(pattern, escape="\\"))
        .order_by(notes.c.note_id.desc())
    )
    keep(
        sa.select(messages.c.conversation_id, messages.c.seq)
        .where(
            messages.c.text.ilike(pattern, escape="\\"),
            messages.c.author != Author.SUGGESTION.value,
        )
        .order_by(messages.c.at.desc())
    )
    return list(found.values())[:MOST_FOUND]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
