"""Follow-ups as rows: what is to be said later, and why it was not, survives every restart."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from bot.database import UtcDateTime, metadata

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("follow_up_id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(40), nullable=False, index=True),  # "" = the buyer's newest
    Column("buyer_id", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(120), nullable=False),
    Column("about", JSON, nullable=False),
    Column("status", String(12), nullable=False),
    Column("planned_at", UtcDateTime, nullable=False),
    Column("wanted_at", UtcDateTime),  # when it was first due; `due_at` moves
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("seq", Integer),  # of the message it became
    Column("dropped_because", String(40), nullable=False, default=""),
    # Who looks at it now, and until when that counts: a crashed looker's lease runs out.
    Column("claimed_by", String(40), nullable=False, default="", server_default=""),
    Column("claimed_until", UtcDateTime),
    # Which variant of the words was said, by what it says before anything is filled in.
    Column("wording", String(16), nullable=False, default="", server_default=""),
    # Never twice for the same thing, whatever asks for it.
    UniqueConstraint("buyer_id", "kind", "key"),
    Index("follow_ups_due", "status", "due_at"),
    Index("follow_ups_of_conversation", "conversation_id", "seq"),
    Index("follow_ups_of_kind", "kind", "planned_at"),
)

results = Table(
    "follow_up_results",
    metadata,
    Column(
        "follow_up_id",
        Integer,
        ForeignKey("follow_ups.follow_up_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("result", String(12), primary_key=True),  # a value of results.Result
    Column("buyer_id", String(80), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
)

judgements = Table(
    "follow_up_judgements",
    metadata,
    Column("judgement_id", Integer, primary_key=True, autoincrement=True),
    Column(
        "follow_up_id",
        Integer,
        ForeignKey("follow_ups.follow_up_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("buyer_id", String(80), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("verdict", String(8), nullable=False),  # send | later | never
    Column("reason", String(20), nullable=False),
    Column("detail", String(40), nullable=False),  # which ending came, where one did
    Column("until", UtcDateTime),
    Index("follow_up_judgements_of", "follow_up_id", "judgement_id"),
)

opt_outs = Table(
    "follow_up_opt_outs",
    metadata,
    Column("buyer_id", String(80), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# What a shop of its own told, by webhook or feed: the same thing is acted on once.
heard = Table(
    "follow_up_heard",
    metadata,
    Column("heard_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(260), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("buyer_id", String(120), nullable=False, index=True),  # "" = everybody's business
    Column("order_number", String(32), nullable=False),
    Column("product_id", String(64), nullable=False),
    Column("about", JSON, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    Column("taken_at", UtcDateTime),  # None: it came by the webhook and waits
    UniqueConstraint("kind", "key"),
    Index("follow_up_heard_waiting", "taken_at", "heard_at"),
)

feeds = Table(
    "follow_up_feeds",
    metadata,
    Column("feed", String(20), primary_key=True),
    Column("position", Integer, nullable=False),  # the last happening that was read
)

promises = Table(
    "promises",
    metadata,
    Column("promise_id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(40), nullable=False),
    Column("buyer_id", String(80), nullable=False),
    Column("seq", Integer, nullable=False),  # of the line that promised it
    Column("made_by", String(60), nullable=False),  # "" = the bot, else the agent
    Column("matter", String(20), nullable=False),  # a value of promises.Matter
    Column("text", String(200), nullable=False),  # the words that promised it
    Column("order_number", String(32), nullable=False),
    Column("product_id", String(64), nullable=False, default="", server_default=""),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("status", String(12), nullable=False),
    Column("warned_at", UtcDateTime),
    Column("told_at", UtcDateTime),  # the buyer, that it cannot be kept
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(60), nullable=False, default="", server_default=""),
    # One line may promise for several orders; what no line promised has its happening's number.
    UniqueConstraint("conversation_id", "seq", "matter", "order_number"),
    Index("promises_due", "status", "due_at"),
    Index("promises_of_buyer", "buyer_id", "status"),
)
