"""Tables of conversations: who owns each, every line said, and the buyers' pictures."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

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
    # First message of the session that is going on; 0 = none is.
    Column("session_seq", Integer, nullable=False, default=0, server_default="0"),
    # In the queue, a value of bot.handing_over.Urgency.
    Column("urgency", Integer, nullable=False, default=2, server_default="2"),
    # By when the buyer was told that a person answers.
    Column("promised_for", UtcDateTime),
    # Who had it last: a buyer who comes back finds the same agent first.
    Column("last_agent", String(60), nullable=False, default="", server_default=""),
    # Up to here people have had the talk before their eyes.
    Column("read_seq", Integer, nullable=False, default=0, server_default="0"),
)

# Every wait for a person, from the hand-over until somebody took it or it ended otherwise.
waits = Table(
    "waits",
    metadata,
    Column("wait_id", Integer, primary_key=True, autoincrement=True),
    Column(
        "conversation_id",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("since", UtcDateTime, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("in_hours", Boolean, nullable=False),
    Column("promised_for", UtcDateTime),
    Column("ended_at", UtcDateTime, index=True),
    Column("ended_by", String(8), nullable=False, default=""),  # a value of waits.EndedBy
    Column("agent", String(60), nullable=False, default=""),
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
    # The agent's name as the buyer reads it, as it was then.
    Column("agent_name", String(60), nullable=False, default="", server_default=""),
    Column("turn_id", String(40), nullable=False, default=""),
    Column("understood", JSON),
    # True from a buyer's message until a turn has answered it or a person owns it.
    Column("is_pending", Boolean, nullable=False, default=False),
    Column("takes_back", Integer),  # seq of the line that this one says is taken back
    Column("taken_back_at", UtcDateTime),
    # What a page says in place of `text`, most of which the cards above it tell; "" = the same.
    Column("beside_cards", Text, nullable=False, default="", server_default=""),
    # Of the bot's: it tries to help, and the buyer has not said that it did not.
    Column("may_be_doubted", Boolean, nullable=False, default=False, server_default=sa.false()),
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
    # The release that was tried beside the model in use, and which of the two answered.
    Column("trial", Integer),
    Column("side", String(8), nullable=False, default="", server_default=""),
    Index("turns_of_conversation", "conversation_id", "first_seq"),
    Index("turns_open", "answered_at"),
)

wishes = Table(
    "wishes",
    metadata,
    Column(
        "conversation_id",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    # The buyer's lines it was heard in, and which of the turn's wishes it is, from 0.
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("last_seq", Integer, nullable=False),
    Column("turn_id", String(40), nullable=False),  # "" = no turn of the bot has read it
    Column("text", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),  # null: nobody has, or not yet
    Column("answered_by", String(8), nullable=False),  # as of a turn
    Column("agent", String(60), nullable=False, default=""),  # who answered, where a person did
    Column("answer_seq", Integer),  # first message of the answer
    Column("after_follow_up", Boolean, nullable=False),  # the last thing said to the buyer
    Column("intent", String(120), nullable=False),  # "" = nobody has decided
    Column("decided_by", String(200), nullable=False),
    Column("sureness", Float),  # 0..1
    Column("runners_up", JSON, nullable=False),  # [[intent, chance], …], the likeliest first
    Column("is_continuation", Boolean, nullable=False),
    Column("asked_back", Boolean, nullable=False),
    Column("outcome", String(24), nullable=False),
    Column("model", String(80), nullable=False),
    # The buyer's line that took it back (我问的是快递), and what was meant as far as we know.
    Column("corrected_seq", Integer),
    Column("meant", String(120), nullable=False, default=""),
    # What was asked stands in no data of the shop: of which product, "" = of none; null: it does.
    Column("unwritten", String(64)),
    Column("unhelpful_at", UtcDateTime),  # the buyer pressed so under the answer
    Index("wishes_asked", "asked_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column(
        "conversation_id",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("first_seq", Integer, primary_key=True, autoincrement=False),
    Column("last_seq", Integer),  # the rest is known at the end
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(12), nullable=False, default=""),
    Column("person_was_in", Boolean, nullable=False, default=False),
    # Numbers of the orders placed in it; null until the shop was asked.
    Column("orders", JSON(none_as_null=True)),
    Index("sessions_began", "began_at"),
    Index("sessions_ended", "ended_at"),
)

# What buyers say of a talk with a person, one tap each; the card that asks is message `seq`.
ratings = Table(
    "ratings",
    metadata,
    Column(
        "conversation_id",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("agent", String(60), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
    Column("rated_at", UtcDateTime),
    Column("score", String(8), nullable=False, default="", server_default=""),  # ratings.Score
    Column("words", Text, nullable=False, default="", server_default=""),
)

# A visitor's chat whose visitor signed in, and the buyer's own in which it goes on.
joined_conversations = Table(
    "joined_conversations",
    metadata,
    Column(
        "conversation_id",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column(
        "continues_in",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("at", UtcDateTime, nullable=False),
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
