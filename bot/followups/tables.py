"""Follow-ups as rows: what is to be said later survives every restart."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, UniqueConstraint

from bot.database import UtcDateTime, metadata

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("follow_up_id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("buyer_id", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(120), nullable=False),
    Column("about", JSON, nullable=False),
    Column("status", String(12), nullable=False),
    Column("planned_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("seq", Integer),  # of the message it became
    Column("dropped_because", String(40), nullable=False, default=""),
    # Never twice for the same thing, whatever asks for it.
    UniqueConstraint("buyer_id", "kind", "key"),
    Index("follow_ups_due", "status", "due_at"),
)

opt_outs = Table(
    "follow_up_opt_outs",
    metadata,
    Column("buyer_id", String(80), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
