"""Outgoing messages as rows: what is to be delivered, how often it was tried, what came of it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, UniqueConstraint

from bot.database import UtcDateTime, metadata

outgoing = Table(
    "outgoing",
    metadata,
    Column("delivery_id", Integer, primary_key=True, autoincrement=True),
    Column("door", String(20), nullable=False),  # webhook, email, sms, …
    # The name of a target in the settings, never its address: addresses hold keys. "" = the buyer.
    Column("target", String(80), nullable=False),
    Column("key", String(120), nullable=False),
    Column("buyer_id", String(80), nullable=False),  # whom it is about; "" = nobody
    Column("body", JSON, nullable=False),
    Column("status", String(12), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),  # not said any later
    Column("attempts", Integer, nullable=False),
    Column("last_error", String(200), nullable=False),
    Column("receipt", String(120), nullable=False),  # what the other side called it
    Column("ended_at", UtcDateTime),
    Column("claimed_by", String(40), nullable=False),
    Column("claimed_until", UtcDateTime),
    UniqueConstraint("door", "target", "key"),  # put twice, it is one
    Index("outgoing_due", "status", "due_at"),
    Index("outgoing_of_buyer", "buyer_id", "key"),
)

claimed_emails = Table(
    "claimed_emails",
    metadata,
    Column("buyer_id", String(80), primary_key=True),
    Column("email", String(120), nullable=False),
    Column("claimed_at", UtcDateTime, nullable=False),
)
