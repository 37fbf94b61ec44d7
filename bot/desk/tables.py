"""Tables of the desk: the shop's people, their sign-ins, what they did, and what they keep beside talks."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.database import UtcDateTime, metadata


def _of_a_conversation(*, is_key: bool = False) -> Column:
    return Column(
        "conversation_id",
        String(40),
        ForeignKey("conversations.conversation_id", ondelete="CASCADE"),
        primary_key=is_key,
        nullable=False,
    )


agents = Table(
    "agents",
    metadata,
    Column("name", String(60), primary_key=True),  # by which one signs in
    Column("password_hash", String(200), nullable=False),
    Column("role", String(12), nullable=False, default="agent", server_default="agent"),
    # As buyers read it; "" = the name.
    Column("display_name", String(60), nullable=False, default="", server_default=""),
    Column("department", String(40), nullable=False, default="", server_default=""),
    # The agent's own switch: in, or away for a while.
    Column("is_in", Boolean, nullable=False, default=True, server_default=true()),
    # Switches of notices: a sound, and one on the computer's desktop.
    Column("rings", Boolean, nullable=False, default=True, server_default=true()),
    Column("pops_up", Boolean, nullable=False, default=False, server_default=false()),
    # The last sign of life of an open page: who is gone is seen by it, also after a restart.
    Column("seen_at", UtcDateTime),
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

# Links by which somebody makes an account of their own.
invites = Table(
    "desk_invites",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("role", String(12), nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

# Who has seen a phone or an address in full, exported or erased a buyer's data, imported a shop. No foreign keys: it outlives what it speaks of.
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

# What else was done at the desk. No foreign keys, and no buyer's words.
audit = Table(
    "desk_audit",
    metadata,
    Column("audit_id", Integer, primary_key=True, autoincrement=True),
    Column("agent", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("deed", String(20), nullable=False),  # a value of audit.Deed
    Column("conversation_id", String(40), nullable=False),  # "" = of none
    Column("about", String(120), nullable=False),
)

# What an agent has typed and not sent, by conversation: it goes to no other buyer.
drafts = Table(
    "desk_drafts",
    metadata,
    Column("agent", String(60), primary_key=True),
    _of_a_conversation(is_key=True),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Up to which line an agent has read a talk.
seen = Table(
    "desk_seen",
    metadata,
    Column("agent", String(60), primary_key=True),
    _of_a_conversation(is_key=True),
    Column("seq", Integer, nullable=False),
    Index("desk_seen_of_conversation", "conversation_id"),
)

# Talks that agents have open, a row a page: "who else is looking", whichever process serves the page.
looking = Table(
    "desk_looking",
    metadata,
    Column("page", String(32), primary_key=True),
    Column("house", String(32), nullable=False, index=True),  # the process that renews it
    Column("agent", String(60), nullable=False),
    _of_a_conversation(),
    Column("until", UtcDateTime, nullable=False),
    Index("desk_looking_of_conversation", "conversation_id"),
)

notes = Table(
    "desk_notes",
    metadata,
    Column("note_id", Integer, primary_key=True, autoincrement=True),
    _of_a_conversation(),
    Column("agent", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Index("desk_notes_of_conversation", "conversation_id"),
)

# Whom a note calls; a row stands until its talk goes, so that who was away finds it later.
mentions = Table(
    "desk_mentions",
    metadata,
    Column("agent", String(60), primary_key=True),  # who is called
    Column(
        "note_id",
        Integer,
        ForeignKey("desk_notes.note_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    _of_a_conversation(),
    Column("seen_at", UtcDateTime),  # NULL = not yet
    Index("desk_mentions_of_note", "note_id"),
    Index("desk_mentions_of_conversation", "conversation_id"),
)

# Tags, and until when a conversation is put aside.
marks = Table(
    "desk_marks",
    metadata,
    _of_a_conversation(is_key=True),
    Column("tags", JSON, nullable=False),
    Column("snoozed_until", UtcDateTime),
    Column("snoozed_seq", Integer),  # the last line then: a later one of the buyer's ends it
)

# Of the shop's people on an order; the buyer never reads it. No foreign key: orders may be elsewhere.
remarks = Table(
    "desk_remarks",
    metadata,
    Column("remark_id", Integer, primary_key=True, autoincrement=True),
    Column("order_number", String(32), nullable=False, index=True),
    Column("agent", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", String(500), nullable=False),
)

phrases = Table(
    "desk_phrases",
    metadata,
    Column("phrase_id", Integer, primary_key=True, autoincrement=True),
    Column("agent", String(60), nullable=False),  # "" = the shop's
    Column("group_name", String(40), nullable=False),
    Column("code", String(20), nullable=False),  # /尺码
    Column("text", Text, nullable=False),
    Column("uses", Integer, nullable=False, default=0),
    # A row of the next table; "" = none.
    Column("picture_id", String(40), nullable=False, default="", server_default=""),
)

# Pictures for canned phrases. A talk that one is sent into gets a picture of its own.
phrase_pictures = Table(
    "desk_phrase_pictures",
    metadata,
    Column("picture_id", String(40), primary_key=True),
    Column("agent", String(60), nullable=False),  # who has brought it
    Column("name", String(80), nullable=False),  # of the file, as phrases in files name it
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    UniqueConstraint("agent", "name"),
)

# What became of the bot's suggestions: sent as they stand, or changed first; the rest were ignored.
suggestions_used = Table(
    "desk_suggestions_used",
    metadata,
    _of_a_conversation(is_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("agent", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("was_edited", Boolean, nullable=False),
)

# Lines that agents wrote for later. Each is judged again when its time has come.
scheduled = Table(
    "desk_scheduled",
    metadata,
    Column("line_id", Integer, primary_key=True, autoincrement=True),
    _of_a_conversation(),
    Column("agent", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("seen_seq", Integer, nullable=False),  # the buyer's newest line then
    Column("status", String(12), nullable=False),  # a value of scheduled.Fate
    Column("why", String(20), nullable=False, default="", server_default=""),  # it was held back
    Index("desk_scheduled_due", "status", "due_at"),
    Index("desk_scheduled_of_conversation", "conversation_id"),
)
