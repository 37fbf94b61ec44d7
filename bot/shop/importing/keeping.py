"""A table that lacks a column says nothing of it: what the shop holds there stays.

YAML is different: a product there is whole, and what it does not say is not so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.importing.cells import Row

# Column of the table → column of files, where they differ.
_WRITTEN_AS = {"price_fen": "price"}
_WRITTEN_WITH = {"return_days": "returnable"}  # 未拆封30天可退 says both
_NEVER = ("product_id", "position", "sheet")


def keep_unwritten(connection: Connection, products: Sequence[tuple[Row, dict[str, Any]]]) -> None:
    """Fills the values of goods from tables with what the shop holds of them."""
    from_tables = {values["product_id"] for row, values in products if row.labels}
    if not from_tables:
        return
    held = {
        row["product_id"]: row
        for row in connection.execute(select(tables.products)).mappings()
        if row["product_id"] in from_tables
    }
    for row, values in products:
        if not row.labels or (now := held.get(values["product_id"])) is None:
            continue
        for name in values:
            column = _WRITTEN_AS.get(name, name)
            if name in _NEVER or _WRITTEN_WITH.get(name) in row.cells:
                continue
            if column not in row.cells or column in row.assumed:
                values[name] = now[name]
        written = {topic for topic, _ in values["sheet"]} | set(row.cells)
        values["sheet"] += [list(fact) for fact in now["sheet"] if fact[0] not in written]
