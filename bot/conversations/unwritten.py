"""What buyers asked that stands in no data of the shop, for the owner to write down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.tables import wishes

MOST = 200
_SHOWN = 3  # wordings of one question


@dataclass(frozen=True, kw_only=True)
class Unwritten:
    """One thing that was asked of one product, or of the shop."""

    product_id: str  # "" = of no product
    texts: tuple[str, ...]  # how it was asked, the newest first
    times: int
    last_at: datetime


def unwritten(connection: Connection, since: datetime, *, limit: int = MOST) -> list[Unwritten]:
    """Since then, the most asked first; the same words of the same product are one."""
    mine = wishes.c
    query = (
        sa.select(mine.unwritten, mine.text, mine.asked_at)
        .where(mine.unwritten.is_not(None), mine.asked_at >= since)
        .order_by(mine.asked_at.desc())
    )
    by_words: dict[tuple[str, str], list[sa.engine.Row]] = {}
    for row in connection.execute(query):
        by_words.setdefault((row.unwritten, _plain(row.text)), []).append(row)
    found = [
        Unwritten(
            product_id=product_id,
            texts=tuple(dict.fromkeys(row.text for row in rows))[:_SHOWN],
            times=len(rows),
            last_at=rows[0].asked_at,
        )
        for (product_id, _), rows in by_words.items()
    ]
    return sorted(found, key=lambda one: (-one.times, -one.last_at.timestamp()))[:limit]


def _plain(text: str) -> str:
    """保质期多久？ and 保质期多久 are one question."""
    return "".join(_letters(text)).casefold()


def _letters(text: str) -> Iterator[str]:
    return (one for one in text if one.isalnum())
