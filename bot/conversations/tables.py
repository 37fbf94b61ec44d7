"""Tables of conversations: who owns each, every line said, and the buyers' pictures."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.database import UtcDateTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("buyer_id", String(80), nullable=False, index=True),
    Column("signed_in", Boolean, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("assignee", String(60), nullable=False, default=""),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("waiting_since", UtcDateTime),
    Column("hand_over_reason", String(40), nullable=False, default=""),
    Column("summary", JSON),
    Column("product_in_view", String(80)),
    Column("last_buyer_at", UtcDateTime),
    Column("last_seq", Integer, nullable=False, default=0),
    # The bot's memory (bot/engine/memory.py), written in one transaction with its replies.
    Column("memory", Text, nullable=False, default=""),
)

messages = Table(
    "messages",
    metadata,
    Column(
        "conversation_id",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("message_id", String(80), nullable=False),
    Column("author", String(12), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False, default=""),
    Column("buttons", JSON),
    Column("picture", JSON),
    Column("card", JSON),
    Column("payload", JSON),
    Column("response", String(80), nullable=False, default=""),
    Column("agent", String(60), nullable=False, default=""),
    Column("turn_id", String(40), nullable=False, default=""),
    Column("understood", JSON),
    # True from a buyer's message until a turn has answered it or a person owns it.
    Column("is_pending", Boolean, nullable=False, default=False),
    Index("messages_by_id", "conversation_id", "message_id", unique=True),
    Index("messages_pending", "is_pending", "conversation_id"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("picture_id", String(40), primary_key=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("file_name", String(60), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
)
