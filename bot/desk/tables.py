"""Tables of the desk: accounts of the shop's people and their sign-ins."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from bot.database import UtcDateTime, metadata

agents = Table(
    "agents",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("password_hash", String(200), nullable=False),
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
