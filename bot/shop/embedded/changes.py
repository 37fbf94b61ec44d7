"""The table of what the shop's people changed by hand, with what it takes to take it back."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table

from bot.database import UtcDateTime, metadata

# No buyer's data: rows of goods, prices, stock, coupons, campaigns, postage and settings alone.
changes = Table(
    "shop_changes",
    metadata,
    Column("change_id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("agent", String(60), nullable=False),
    Column("section", String(16), nullable=False),  # of the importer's sections
    Column("what", String(8), nullable=False),  # a value of editing.history.What
    Column("name", String(200), nullable=False),  # what a person calls it
    Column("details", JSON, nullable=False),  # 价格 29.9 → 32; of a floor only that it changed
    # [table, key, before, after] each; null where there was, or is, no row.
    Column("rows", JSON, nullable=False),
    Column("undoes", Integer),  # the change that this one took back
    Column("undone_by", Integer),
)
