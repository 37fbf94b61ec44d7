"""Sessions as rows: a talk begins with a buyer's line and ends by closing, farewell or silence.

Inside their caller's transaction. The conversation that is returned has to be saved.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages, sessions

SILENCE = timedelta(minutes=30)  # where the shop's settings are silent
BATCH = 200


class Ended(Enum):
    CLOSED = "closed"  # by an agent
    FAREWELL = "farewell"  # of the buyer
    SILENCE = "silence"


def go_on(
    connection: Connection, conversation: Conversation, now: datetime, silence: timedelta
) -> Conversation:
    """With the session that the buyer's next line belongs to: a new one after an end, or after a
    silence that nobody has swept yet."""
    if conversation.session_seq and conversation.is_with_bot:
        before = now - silence
        last = conversation.last_buyer_at
        if last is not None and last < before:  # nearly never: only then is more asked
            heard = _last_at(connection, conversation.conversation_id) or last
            if heard < before:
                conversation = end(connection, conversation, Ended.SILENCE, heard + silence)
    if conversation.session_seq:
        return conversation
    first_seq = conversation.last_seq + 1
    connection.execute(
        sessions.insert().values(
            conversation_id=conversation.conversation_id, first_seq=first_seq, began_at=now
        )
    )
    return replace(conversation, session_seq=first_seq)


def end(
    connection: Connection, conversation: Conversation, how: Ended, at: datetime
) -> Conversation:
    """The running session, if there is one, up to the last message of now."""
    if not conversation.session_seq:
        return conversation
    which = {
        "of_conversation": conversation.conversation_id,
        "began_with": conversation.session_seq,
        "ended_at": at,
        "ended_by": how.value,
    }
    connection.execute(_END, which)
    return replace(conversation, session_seq=0)


def end_silent(connection: Connection, before: datetime, silence: timedelta) -> int:
    """Ends a batch of those in which nothing was said since `before`; how many.

    Where a person is in charge, or is waited for, silence ends nothing: somebody still owes an
    answer there. So does the bot where a line is pending.
    """
    query = (
        sa.select(
            conversations.c.conversation_id,
            sessions.c.first_seq,
            sa.func.coalesce(messages.c.at, conversations.c.last_buyer_at).label("heard"),
        )
        .select_from(
            sessions.join(
                conversations, conversations.c.conversation_id == sessions.c.conversation_id
            ).outerjoin(
                messages,
                sa.and_(
                    messages.c.conversation_id == conversations.c.conversation_id,
                    messages.c.seq == conversations.c.last_seq,
                ),
            )
        )
        .where(
            sessions.c.ended_at.is_(None),
            conversations.c.status.in_([Status.WITH_BOT.value, Status.CLOSED.value]),
            conversations.c.last_buyer_at < before,
            sa.func.coalesce(messages.c.at, conversations.c.last_buyer_at) < before,
            ~_has_pending,
        )
        .limit(BATCH)
        .with_for_update(of=conversations, skip_locked=True)
    )
    silent = connection.execute(query).all()
    if not silent:
        return 0
    connection.execute(
        _END,
        [
            {
                "of_conversation": row.conversation_id,
                "began_with": row.first_seq,
                "ended_at": row.heard + silence,
                "ended_by": Ended.SILENCE.value,
            }
            for row in silent
        ],
    )
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.conversation_id.in_([row.conversation_id for row in silent]))
        .values(session_seq=0)
    )
    return len(silent)


def without_orders(
    connection: Connection, ended_since: datetime, limit: int = BATCH
) -> list[sa.engine.Row]:
    """(conversation_id, first_seq, buyer_id, began_at, ended_at) of those ended since then whose
    orders nobody has asked the shop for."""
    query = (
        sa.select(
            sessions.c.conversation_id,
            sessions.c.first_seq,
            conversations.c.buyer_id,
            sessions.c.began_at,
            sessions.c.ended_at,
        )
        .join(conversations, conversations.c.conversation_id == sessions.c.conversation_id)
        .where(sessions.c.ended_at >= ended_since, sessions.c.orders.is_(sa.null()))
        .order_by(sessions.c.ended_at)
        .limit(limit)
    )
    return list(connection.execute(query))


def keep_orders(connection: Connection, found: list[tuple[str, int, list[str]]]) -> None:
    """`found`: (conversation, first message, order numbers)"""
    if found:
        connection.execute(
            _ORDERS,
            [
                {"of_conversation": one, "began_with": first, "numbers": numbers}
                for one, first, numbers in found
            ],
        )


_waiting = messages.alias("waiting")
_has_pending: sa.ColumnElement[bool] = sa.exists().where(
    _waiting.c.conversation_id == conversations.c.conversation_id,
    _waiting.c.is_pending == sa.true(),
)
_THIS = sa.and_(
    sessions.c.conversation_id == sa.bindparam("of_conversation"),
    sessions.c.first_seq == sa.bindparam("began_with"),
)
_END = (
    sessions.update()
    .where(_THIS, sessions.c.ended_at.is_(None))
    .values(
        ended_at=sa.bindparam("ended_at"),
        ended_by=sa.bindparam("ended_by"),
        last_seq=sa.select(conversations.c.last_seq)
        .where(conversations.c.conversation_id == sessions.c.conversation_id)
        .scalar_subquery(),
        person_was_in=sa.exists().where(
            messages.c.conversation_id == sessions.c.conversation_id,
            messages.c.seq >= sessions.c.first_seq,
            messages.c.author == Author.AGENT.value,
        ),
    )
)
_ORDERS = sessions.update().where(_THIS).values(orders=sa.bindparam("numbers"))


def _last_at(connection: Connection, conversation_id: str) -> datetime | None:
    query = (
        sa.select(messages.c.at)
        .where(messages.c.conversation_id == conversation_id)
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    found: datetime | None = connection.execute(query).scalar()
    return found
