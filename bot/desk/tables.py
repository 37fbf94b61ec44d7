"""Tables of the desk: accounts of the shop's people, their sign-ins, and what they looked up."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, false

from bot.database import UtcDateTime, metadata

agents = Table(
    "agents",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("password_hash", String(200), nullable=False),
    # Owners read who looked what up, and export and delete a buyer's data.
    Column("is_owner", Boolean, nullable=False, default=False, server_default=false()),
    Column("created_at", UtcDateTime, nullable=False),
)

sign_ins = Table(
    "agent_sign_ins",
    metadata,
    # SHA-256 of the cookie: who reads the database cannot sign in with it.
    Column("token_hash", String(64), primary_key=True),
    Column(
        "agent",
        String(60),
        ForeignKey("agents.name", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("until", UtcDateTime, nullable=False),
)

# Who has seen a phone or an address in full, exported or erased a buyer's data. No foreign keys: it outlives what it speaks of.
reveals = Table(
    "desk_reveals",
    metadata,
    Column("reveal_id", Integer, primary_key=True, autoincrement=True),
    Column("agent", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("conversation_id", String(40), nullable=False),
    Column("buyer_id", String(80), nullable=False, index=True),
    Column("what", String(12), nullable=False),  # a value of reveals.What
    Column("seq", Integer),  # of the line
)
