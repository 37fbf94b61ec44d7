"""The statements of every turn, built once: building costs SQLAlchemy more than running them."""

from __future__ import annotations

import sqlalchemy as sa

from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages

FIELDS = [column for column in conversations.c if column.name != "memory"]

ID = sa.bindparam("of_conversation")
THIS = conversations.c.conversation_id == ID
OF_THIS = messages.c.conversation_id == ID
FIND = sa.select(*FIELDS).where(THIS)
FIND_TO_CHANGE = FIND.with_for_update()
NEWEST = (
    sa.select(*FIELDS)
    .where(
        conversations.c.buyer_id == sa.bindparam("buyer"),
        conversations.c.channel == sa.bindparam("door"),
    )
    .order_by(conversations.c.opened_at.desc())
    .limit(1)
)
CHANGE = conversations.update().where(THIS)
KEEP_MEMORY = (
    conversations.update()
    .where(THIS, conversations.c.version == sa.bindparam("version_read"))
    .values(memory=sa.bindparam("memory"), version=conversations.c.version + 1)
)
MEMORY = sa.select(conversations.c.memory).where(THIS)
READ_UP_TO = (
    conversations.update()
    .where(
        THIS,
        conversations.c.read_seq < sa.bindparam("number"),
        conversations.c.last_seq >= sa.bindparam("number"),
    )
    .values(read_seq=sa.bindparam("number"))
)
COUNT_UP = CHANGE.values(last_seq=conversations.c.last_seq + 1)
LAST_SEQ = sa.select(conversations.c.last_seq).where(THIS)
APPEND = messages.insert()
BY_MESSAGE_ID = sa.select(messages).where(OF_THIS, messages.c.message_id == sa.bindparam("own_id"))
BY_SEQ = sa.select(messages).where(OF_THIS, messages.c.seq == sa.bindparam("number"))
OF_TURN = (
    sa.select(messages)
    .where(
        OF_THIS,
        # An answer follows its question: without this, a long conversation is read from the start.
        messages.c.seq > sa.bindparam("number"),
        messages.c.turn_id == sa.bindparam("turn"),
        messages.c.author == Author.BOT.value,
    )
    .order_by(messages.c.seq)
)
UNASKED_BEFORE = (
    sa.select(messages)
    .where(
        OF_THIS,
        messages.c.seq < sa.bindparam("number"),
        messages.c.seq
        > sa.func.coalesce(
            sa.select(sa.func.max(messages.c.seq))
            .where(
                OF_THIS,
                messages.c.seq < sa.bindparam("number"),
                messages.c.author == Author.BUYER.value,
            )
            .scalar_subquery(),
            0,
        ),
        messages.c.author.in_([Author.AGENT.value, Author.BOT.value]),
        messages.c.turn_id == "",
        messages.c.taken_back_at.is_(None),
    )
    .order_by(messages.c.seq)
)
# Without an order, and `= true` for the bare column: only so SQLite takes the index on is_pending.
PENDING = sa.select(messages).where(OF_THIS, messages.c.is_pending == sa.true())
ANY_SEQ = messages.c.seq.in_(sa.bindparam("numbers", expanding=True))
FATES = sa.select(messages.c.is_pending, messages.c.turn_id).where(OF_THIS, ANY_SEQ)
SETTLE = (
    messages.update().where(OF_THIS, ANY_SEQ).values(is_pending=False, turn_id=sa.bindparam("turn"))
)
UNDERSTAND = (
    messages.update()
    .where(OF_THIS, messages.c.seq == sa.bindparam("number"))
    .values(understood=sa.bindparam("what"))
)
