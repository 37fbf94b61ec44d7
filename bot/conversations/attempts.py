"""Turns as rows: what a try reads is written down before it thinks, and read again by the next.

A turn may do its deed (an order) and be lost before its answer is stored. The next try has to hear
the same lines and nothing else, or it would understand something else and never tell of the deed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.messages import Author, Message
from bot.conversations.tables import conversations, messages, turns

MOST_ATTEMPTS = 2  # what is lost twice would be lost a third time: it goes to a person


class Side(Enum):
    """Of two models that answer side by side."""

    PRESENT = "present"  # the one that answered all chats before
    NEW = "new"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Which of two models has a turn to answer."""

    trial: int  # number of the release that is tried
    side: Side


class AnsweredBy(Enum):
    BOT = "bot"
    AGENT = "agent"  # a person had taken over: what the bot said is a suggestion
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try at a turn; `attempts` counts it."""

    turn_id: str
    conversation_id: str
    first_seq: int
    last_seq: int
    started_at: datetime
    attempts: int

    @property
    def is_retry(self) -> bool:
        return self.attempts > 1

    @property
    def is_one_too_many(self) -> bool:
        return self.attempts > MOST_ATTEMPTS


def begin(
    connection: Connection,
    conversation_id: str,
    pending: Sequence[Message],
    up_to: int | None,
    now: datetime,
) -> tuple[Attempt, list[Message]]:
    """The try and the lines it may hear: those of a lost turn, or else all (up to message `up_to`)
    that are pending; there is one at least.
    """
    for lost in _open(connection, conversation_id):
        lines = [one for one in pending if lost.first_seq <= one.seq <= lost.last_seq]
        if lines:
            again = replace(lost, attempts=lost.attempts + 1)
            _change(connection, again.turn_id, attempts=again.attempts)
            return again, lines
        end(connection, lost, AnsweredBy.NOBODY, now)  # its lines were answered by another turn
    pending = [one for one in pending if up_to is None or one.seq <= up_to]
    attempt = Attempt(
        turn_id=uuid.uuid4().hex,
        conversation_id=conversation_id,
        first_seq=pending[0].seq,
        last_seq=pending[-1].seq,
        started_at=now,
        attempts=1,
    )
    connection.execute(
        turns.insert().values(
            turn_id=attempt.turn_id,
            conversation_id=conversation_id,
            first_seq=attempt.first_seq,
            last_seq=attempt.last_seq,
            asked_at=pending[0].at,
            started_at=now,
            answered_by=AnsweredBy.NOBODY.value,
            attempts=1,
        )
    )
    return attempt, pending


def end(
    connection: Connection,
    attempt: Attempt,
    by: AnsweredBy,
    now: datetime,
    *,
    tried: Tried | None = None,
) -> None:
    """`tried`: of which model's answer it is, where two answer side by side."""
    told = {"trial": tried.trial, "side": tried.side.value} if tried else {}
    _change(connection, attempt.turn_id, answered_at=now, answered_by=by.value, **told)


def give_another_try(connection: Connection, attempt: Attempt, now: datetime) -> None:
    """This try was no failure: somebody else was quicker to write, and perhaps to answer."""
    left = sa.select(sa.func.count()).where(
        messages.c.conversation_id == attempt.conversation_id,
        messages.c.seq.between(attempt.first_seq, attempt.last_seq),
        messages.c.is_pending == sa.true(),
    )
    if connection.execute(left).scalar_one():
        _change(connection, attempt.turn_id, attempts=attempt.attempts - 1)
    else:
        end(connection, attempt, AnsweredBy.NOBODY, now)


def lost_to_people(connection: Connection, before: datetime) -> list[Attempt]:
    """Turns begun before then that never ended, in conversations where a person took over."""
    query = (
        sa.select(turns)
        .join(conversations, conversations.c.conversation_id == turns.c.conversation_id)
        .where(
            turns.c.answered_at.is_(None),
            turns.c.started_at <= before,
            ~sa.exists().where(
                messages.c.conversation_id == turns.c.conversation_id,
                messages.c.seq.between(turns.c.first_seq, turns.c.last_seq),
                messages.c.is_pending == sa.true(),
            ),
        )
    )
    return [_attempt(row) for row in connection.execute(query)]


def unheard_since(connection: Connection, conversation_id: str) -> datetime | None:
    """When the first turn began of which the buyer has heard nothing, a person being in charge."""
    told = sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0)).where(
        messages.c.conversation_id == conversation_id, messages.c.author == Author.BOT.value
    )
    query = sa.select(sa.func.min(turns.c.started_at)).where(
        turns.c.conversation_id == conversation_id,
        turns.c.answered_by != AnsweredBy.BOT.value,
        turns.c.last_seq > told.scalar_subquery(),
    )
    found: datetime | None = connection.execute(query).scalar()
    return found


def _open(connection: Connection, conversation_id: str) -> list[Attempt]:
    query = sa.select(turns).where(
        turns.c.conversation_id == conversation_id, turns.c.answered_at.is_(None)
    )
    return [_attempt(row) for row in connection.execute(query.order_by(turns.c.first_seq))]


def _change(connection: Connection, turn_id: str, **values: object) -> None:
    connection.execute(turns.update().where(turns.c.turn_id == turn_id).values(**values))


def _attempt(row: sa.engine.Row) -> Attempt:
    return Attempt(
        turn_id=row.turn_id,
        conversation_id=row.conversation_id,
        first_seq=row.first_seq,
        last_seq=row.last_seq,
        started_at=row.started_at,
        attempts=row.attempts,
    )
