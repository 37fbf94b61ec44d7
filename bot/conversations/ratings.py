"""What buyers say of a talk with a person: asked once at its end, answered by one tap.

Inside their caller's transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Message, system_line
from bot.conversations.tables import messages, ratings

LONGEST_WORDS = 200
_ASKED = "这次服务您满意吗？点一下就好"
_NEWEST = 50  # of the buyers' words


class Score(Enum):
    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"

    @property
    def text(self) -> str:
        return _TEXTS[self]


_TEXTS = {Score.GOOD: "满意", Score.FAIR: "一般", Score.BAD: "不满意"}


class NothingToRate(Exception):
    """No such line asks this buyer for a rating."""


def ask(
    connection: Connection, ended: Conversation, agent: str, *, since: int, now: datetime
) -> list[Message]:
    """The card that asks of the talk since message `since`; none where the agent said nothing."""
    spoken = (
        sa.select(messages.c.agent_name)
        .where(
            messages.c.conversation_id == ended.conversation_id,
            messages.c.seq >= since,
            messages.c.author == Author.AGENT.value,
            messages.c.agent == agent,
            messages.c.taken_back_at.is_(None),
        )
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    name = connection.execute(spoken).scalar()
    if name is None:
        return []
    choices = [{"score": one.value, "text": one.text} for one in Score]
    card = {"type": "rating", "agent_name": name or agent, "choices": choices}
    line = replace(system_line(ended.conversation_id, _ASKED, now), card=card)
    stored = store.append(connection, line)
    connection.execute(
        ratings.insert().values(
            conversation_id=ended.conversation_id,
            seq=stored.seq,
            agent=agent,
            asked_at=now,
            score="",
            words="",
        )
    )
    return [stored]


def rate(
    connection: Connection,
    conversation_id: str,
    seq: int,
    score: Score,
    words: str,
    now: datetime,
) -> Message:
    """The card with its answer; a second tap replaces the first. Raises NothingToRate."""
    this = (ratings.c.conversation_id == conversation_id, ratings.c.seq == seq)
    values = {"score": score.value, "words": words, "rated_at": now}
    if not connection.execute(ratings.update().where(*this).values(**values)).rowcount:
        raise NothingToRate(conversation_id)
    line = store.by_seq(connection, conversation_id, seq)
    assert line is not None and line.card is not None  # a rating goes with its line
    card = {**line.card, "score": score.value, "words": words}
    connection.execute(
        messages.update()
        .where(messages.c.conversation_id == conversation_id, messages.c.seq == seq)
        .values(card=card)
    )
    return replace(line, card=card)


def tally(connection: Connection, since: datetime, *, agent: str = "") -> dict[str, Any]:
    """Of talks that ended since then: how many were asked, what they said, by agent; and the words.

    `agent`: that one's alone; "" = everybody's.
    """
    query = sa.select(ratings).where(ratings.c.asked_at >= since)
    if agent:
        query = query.where(ratings.c.agent == agent)
    rows = connection.execute(query.order_by(ratings.c.asked_at.desc())).all()
    agents = sorted({row.agent for row in rows})
    return {
        **_counted(rows),
        "agents": [
            {"agent": one, **_counted([row for row in rows if row.agent == one])} for one in agents
        ],
        "words": [
            {
                "conversation_id": row.conversation_id,
                "agent": row.agent,
                "score": row.score,
                "words": row.words,
                "rated_at": row.rated_at.isoformat(),
            }
            for row in rows
            if row.words
        ][:_NEWEST],
    }


def _counted(rows: list[Any]) -> Mapping[str, int]:
    scores = Counter(row.score for row in rows if row.score)
    return {
        "asked": len(rows),
        "rated": scores.total(),
        **{one.value: scores[one.value] for one in Score},
    }
