"""Lists of conversations: the desk's pages, and those that nobody will come back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import statements as sql
from bot.conversations import store
from bot.conversations.conversation import Conversation, Status
from bot.conversations.tables import conversations, pictures

REAL_TALK = 6  # lines; who has talked that much is hardly made up


def in_status(
    connection: Connection,
    statuses: Sequence[Status],
    *,
    mine: str = "",
    behind: Sequence[str] = (),
    limit: int = 200,
    offset: int = 0,
) -> tuple[list[Conversation], int]:
    """A page of them, and how many there are.

    The agent's own first, then who waits: signed-in buyers and those who have really talked
    before others, the longest waiting first, `behind` (ids) last of them; then the most recently
    active.
    """
    table = conversations.c
    wanted = table.status.in_([status.value for status in statuses])
    is_real = sa.or_(table.signed_in, table.last_seq >= REAL_TALK)
    query = (
        sa.select(*sql.FIELDS)
        .where(wanted)
        .order_by(
            sa.case((sa.and_(table.assignee == mine, table.assignee != ""), 0), else_=1),
            table.waiting_since.is_(None),
            sa.case((table.conversation_id.in_(behind), 1), else_=0),
            sa.case((is_real, 0), else_=1),
            table.waiting_since,
            table.last_buyer_at.desc(),
            table.conversation_id,
        )
        .limit(limit)
        .offset(offset)
    )
    count = connection.execute(sa.select(sa.func.count()).where(wanted)).scalar()
    return [store.conversation_of(row) for row in connection.execute(query)], int(count or 0)


def waiting_visitors(connection: Connection) -> list[str]:
    """Ids of the conversations in which somebody who is not signed in waits, the longest first."""
    query = (
        sa.select(conversations.c.conversation_id)
        .where(conversations.c.status == Status.WAITING.value, sa.not_(conversations.c.signed_in))
        .order_by(conversations.c.waiting_since, conversations.c.conversation_id)
    )
    return list(connection.execute(query).scalars())


def gone_visitors(connection: Connection, last_heard_before: datetime) -> list[str]:
    """Ids of waiting conversations of visitors who have not written since then."""
    query = (
        sa.select(conversations.c.conversation_id)
        .where(
            conversations.c.status == Status.WAITING.value,
            sa.not_(conversations.c.signed_in),
            conversations.c.last_buyer_at < last_heard_before,
        )
        .limit(500)
    )
    return list(connection.execute(query).scalars())


def delete_empty(connection: Connection, opened_before: datetime, *, limit: int = 5000) -> int:
    """Conversations in which nothing was said and no picture waits to be sent; how many."""
    waiting = sa.select(pictures.c.conversation_id)
    empty = (
        sa.select(conversations.c.conversation_id)
        .where(
            conversations.c.last_seq == 0,
            conversations.c.opened_at < opened_before,
            conversations.c.conversation_id.not_in(waiting),
        )
        .limit(limit)
    )
    deleted = connection.execute(
        sa.delete(conversations).where(conversations.c.conversation_id.in_(empty))
    )
    return int(deleted.rowcount)
