"""Tables of the buyers' doors."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from bot.database import UtcDateTime, metadata

# Whose tokens were taken back: those signed until then are over. The hash alone is kept, so that
# a buyer who was erased can be shut out without being remembered.
token_ends = Table(
    "token_ends",
    metadata,
    Column("holder_hash", String(64), primary_key=True),  # SHA-256 of the buyer id
    Column("ended_at", UtcDateTime, nullable=False),
)
