"""Every attempt to publish, and every model that may be loaded."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, Integer, String, Table, Text

from bot.database import UtcDateTime, metadata

releases = Table(
    "releases",
    metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("by", String(60), nullable=False),
    Column("status", String(16), nullable=False),  # a value of releases.Status
    Column("step", String(16), nullable=False, default=""),  # at which it is, or ended
    Column("data_hash", String(64), nullable=False, default=""),  # of what it is trained on
    Column("model", String(120), nullable=False, default=""),  # its file
    Column("model_hash", String(64), nullable=False, default="", index=True),
    Column("ended_at", UtcDateTime),
    Column("why", Text, nullable=False, default=""),  # it was not published; for people
    Column("figures", JSON, nullable=False),
    # Of chats that it answers beside the model in use; null: it was to answer all of them.
    Column("share", Float),
    Column("tried_until", UtcDateTime),  # when that ended
)
