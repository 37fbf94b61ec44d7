"""Waits for a person as rows, and what is true of the queue: who stands before whom, how long it takes.

Inside their caller's transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from statistics import median

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.conversation import Conversation, Status
from bot.conversations.tables import conversations, waits

_NEWEST, _FEWEST = 20, 3  # waits that the usual one is read from; fewer say nothing
_KNOWN_FOR = timedelta(days=14)


class EndedBy(Enum):
    AGENT = "agent"  # somebody took it
    BUYER = "buyer"  # who went back to the bot
    BOT = "bot"  # an agent gave it to the bot
    CLOSED = "closed"


def begin(connection: Connection, waiting: Conversation, *, in_hours: bool) -> None:
    connection.execute(
        waits.insert().values(
            conversation_id=waiting.conversation_id,
            since=waiting.waiting_since,
            reason=waiting.hand_over_reason,
            in_hours=in_hours,
            promised_for=waiting.promised_for,
            ended_by="",
            agent="",
        )
    )


def began_in_hours(connection: Connection, conversation_id: str) -> bool:
    """Whether people were in when the running wait began; true where there is none."""
    query = sa.select(waits.c.in_hours).where(
        waits.c.conversation_id == conversation_id, waits.c.ended_at.is_(None)
    )
    found = connection.execute(query).scalar()
    return True if found is None else bool(found)


def end(
    connection: Connection, conversation_id: str, by: EndedBy, now: datetime, *, agent: str = ""
) -> None:
    """The running wait, if there is one."""
    connection.execute(
        waits.update()
        .where(waits.c.conversation_id == conversation_id, waits.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=by.value, agent=agent)
    )


def moved(connection: Connection, before: Conversation, after: Conversation, now: datetime) -> None:
    """Ends the wait that a move of the conversation ends."""
    if before.status is not Status.WAITING or after.status is Status.WAITING:
        return
    by = {
        Status.WITH_AGENT: EndedBy.AGENT,
        Status.WITH_BOT: EndedBy.BOT,
        Status.CLOSED: EndedBy.CLOSED,
    }[after.status]
    end(connection, before.conversation_id, by, now, agent=after.assignee)


def usual(connection: Connection, now: datetime) -> timedelta | None:
    """How long buyers wait as a rule while people are in; None where too few waits are known."""
    query = (
        sa.select(waits.c.since, waits.c.ended_at)
        .where(
            waits.c.ended_at > now - _KNOWN_FOR,
            waits.c.ended_by == EndedBy.AGENT.value,
            waits.c.in_hours == sa.true(),
        )
        .order_by(waits.c.ended_at.desc())
        .limit(_NEWEST)
    )
    lengths = [(row.ended_at - row.since).total_seconds() for row in connection.execute(query)]
    return timedelta(seconds=median(lengths)) if len(lengths) >= _FEWEST else None


def ahead_of(connection: Connection, urgency: int, since: datetime | None) -> int:
    """How many wait before a conversation of this urgency that waits since then; None: from now on."""
    table = conversations.c
    earlier = table.urgency == urgency
    if since is not None:
        earlier = sa.and_(earlier, table.waiting_since < since)
    query = (
        sa.select(sa.func.count())
        .select_from(conversations)
        .where(
            table.status == Status.WAITING.value,
            sa.or_(table.urgency < urgency, earlier),
        )
    )
    return int(connection.execute(query).scalar() or 0)
