"""Lists of conversations: the desk's pages, and those that nobody will come back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import statements as sql
from bot.conversations import store
from bot.conversations.conversation import Conversation, Status
from bot.conversations.tables import conversations, pictures, sessions

REAL_TALK = 6  # lines; who has talked that much is hardly made up
FLOOD = 100  # who wait at once; a shop with so many real ones has more agents than pages


def in_status(
    connection: Connection,
    statuses: Sequence[Status],
    *,
    mine: str = "",
    behind: Sequence[str] = (),
    limit: int = 200,
    offset: int = 0,
    only_mine: bool = False,
) -> tuple[list[Conversation], int]:
    """A page of them, and how many there are.

    The agent's own first, then who waits: by urgency, the longest waiting first within it,
    `behind` (ids) last of them; then the most recently active. In a flood signed-in buyers and
    those who have really talked come before strangers.
    """
    table = conversations.c
    wanted = on_shelf(statuses)
    if only_mine:
        wanted = sa.and_(wanted, table.assignee == mine)
    is_own = sa.and_(table.assignee == mine, table.assignee != "")
    query = (
        sa.select(*sql.FIELDS)
        .where(wanted)
        .order_by(
            sa.case((is_own, 0), else_=1),
            table.waiting_since.is_(None),
            *in_turn(behind, is_flood=count_waiting(connection) > FLOOD),
            table.last_buyer_at.desc(),
            table.conversation_id,
        )
        .limit(limit)
        .offset(offset)
    )
    count = connection.execute(sa.select(sa.func.count()).where(wanted)).scalar()
    return [store.conversation_of(row) for row in connection.execute(query)], int(count or 0)


def count_waiting(connection: Connection) -> int:
    """How many wait for a person, by the index of the status."""
    return int(connection.execute(_COUNT_WAITING).scalar_one())


def in_turn(behind: Sequence[str], *, is_flood: bool) -> list[Any]:
    """The order of those who wait: by urgency, the longest waiting first within it."""
    table = conversations.c
    is_real = sa.or_(table.signed_in, table.last_seq >= REAL_TALK)
    return [
        sa.case((table.conversation_id.in_(behind), 1), else_=0),
        *([sa.case((is_real, 0), else_=1)] if is_flood else []),
        sa.case((table.waiting_since.is_(None), 0), else_=table.urgency),
        table.waiting_since,
    ]


def on_shelf(statuses: Sequence[Status]) -> sa.ColumnElement[bool]:
    """Those in one of the statuses; a talk with the bot that has ended, by silence or farewell, is
    with the closed ones until the buyer writes again."""
    table = conversations.c
    plain = [one.value for one in statuses if one is not Status.WITH_BOT]
    any_of: list[sa.ColumnElement[bool]] = [table.status.in_(plain)]
    if Status.WITH_BOT in statuses:
        any_of.append(sa.and_(table.conversation_id.in_(_RUNNING), _WITH_BOT))
    if Status.CLOSED in statuses:
        any_of.append(sa.and_(_WITH_BOT, table.session_seq == 0, table.last_seq > 0))
    return sa.or_(*any_of)


_WITH_BOT = conversations.c.status == Status.WITH_BOT.value
# By the index of sessions: few run, while talks that have ended are many.
_RUNNING = sa.select(sessions.c.conversation_id).where(sessions.c.ended_at.is_(None))


_OF_IDS = sa.select(*sql.FIELDS).where(
    conversations.c.conversation_id.in_(sa.bindparam("ids", expanding=True))
)
_COUNT_WAITING = sa.select(sa.func.count()).where(conversations.c.status == Status.WAITING.value)


def of_ids(connection: Connection, ids: Sequence[str]) -> list[Conversation]:
    """Those of the ids that there are, in the order of the ids."""
    rows = connection.execute(_OF_IDS, {"ids": list(ids)})
    found = {row.conversation_id: store.conversation_of(row) for row in rows}
    return [found[one] for one in ids if one in found]


def held(connection: Connection) -> list[tuple[str, str]]:
    """(conversation, agent) of all that agents have."""
    table = conversations.c
    query = sa.select(table.conversation_id, table.assignee).where(
        table.status == Status.WITH_AGENT.value
    )
    return [(row.conversation_id, row.assignee) for row in connection.execute(query)]


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
