"""The bot's word beside a line that a person answers: how it is made, and what agents do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.messages import Author, Message
from bot.conversations.tables import messages
from bot.desk.tables import suggestions_used

_COUNTED = timedelta(days=30)


def used(suggestion_seq: int, agent: str, now: datetime) -> Callable[[Connection, Message], None]:
    """Writes down, with the agent's line, that it came of this suggestion; edited or as it was."""

    def write(connection: Connection, said: Message) -> None:
        this = (
            messages.c.conversation_id == said.conversation_id,
            messages.c.seq == suggestion_seq,
            messages.c.author == Author.SUGGESTION.value,
        )
        text = connection.execute(sa.select(messages.c.text).where(*this)).scalar()
        if text is None:
            return  # no suggestion of this talk: the line goes all the same
        known = sa.select(suggestions_used.c.seq).where(
            suggestions_used.c.conversation_id == said.conversation_id,
            suggestions_used.c.seq == suggestion_seq,
        )
        if connection.execute(known).first() is None:
            connection.execute(
                suggestions_used.insert().values(
                    conversation_id=said.conversation_id,
                    seq=suggestion_seq,
                    agent=agent,
                    at=now,
                    was_edited=text.strip() != said.text.strip(),
                )
            )

    return write


def tally(connection: Connection, now: datetime) -> dict[str, Any]:
    """{"accepted", "edited", "ignored"} of the last thirty days."""
    since = now - _COUNTED
    query = (
        sa.select(suggestions_used.c.was_edited, sa.func.count())
        .where(suggestions_used.c.at >= since)
        .group_by(suggestions_used.c.was_edited)
    )
    counts = {bool(was_edited): count for was_edited, count in connection.execute(query)}
    made = sa.select(sa.func.count()).where(
        messages.c.author == Author.SUGGESTION.value, messages.c.at >= since
    )
    accepted, edited = counts.get(False, 0), counts.get(True, 0)
    total = int(connection.execute(made).scalar_one())
    return {
        "accepted": accepted,
        "edited": edited,
        "ignored": max(0, total - accepted - edited),
    }
