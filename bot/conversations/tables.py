"""Tables of conversations: who owns each, every line said, and the buyers' pictures."""

from __future__ import annotations

import sqlalchemy as sa
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
    # Counts the writes of `memory`: who has read another version than this one may not write it.
    Column("version", Integer, nullable=False, default=0, server_default="0"),
    # A person has been in charge since the bot's last word: it has to catch up before the next.
    Column("person_was_in", Boolean, nullable=False, default=False, server_default=sa.false()),
    # The question that stands open, by the name that its message bears; "" = none.
    Column("question", String(160), nullable=False, default="", server_default=""),
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
    Column("question", String(160), nullable=False, default="", server_default=""),
    Column("pressed_seq", Integer),  # the message whose button this line is
    Column("pressed_index", Integer),
    Column("response", String(80), nullable=False, default=""),
    Column("agent", String(60), nullable=False, default=""),
    Column("turn_id", String(40), nullable=False, default=""),
    Column("understood", JSON),
    # True from a buyer's message until a turn has answered it or a person owns it.
    Column("is_pending", Boolean, nullable=False, default=False),
    Index("messages_by_id", "conversation_id", "message_id", unique=True),
    Index("messages_pending", "is_pending", "conversation_id"),
)

turns = Table(
    "turns",
    metadata,
    Column("turn_id", String(40), primary_key=True),
    Column(
        "conversation_id",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        nullable=False,
    ),
    # The buyer's lines it answers: a turn that is tried again reads these and no others.
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),  # when the first of them was written
    Column("started_at", UtcDateTime, nullable=False),  # the first try
    Column("answered_at", UtcDateTime),
    Column("answered_by", String(8), nullable=False, default="nobody"),
    Column("attempts", Integer, nullable=False),
    Index("turns_of_conversation", "conversation_id", "first_seq"),
    Index("turns_open", "answered_at"),
)

pictures = Table(
    "pictures",
    metadata,
    Column("picture_id", String(40), primary_key=True),
    Column("conversation_id", String(40), nullable=False, index=True),
    Column("file_name", String(60), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False, index=True),
)
