"""Figures of how buyers ask: what they ask first, and how much of it is pressed instead of typed.

Every function works inside its caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.messages import Author
from bot.conversations.tables import messages, sessions, wishes

# Payloads of what is neither typed nor pressed.
_SENT = ("send_picture", "view_product")


@dataclass(frozen=True, kw_only=True)
class Clicks:
    """Buyers' lines of words, and how many of them were pressed."""

    lines: int
    buttons: int  # under a message of ours
    questions: int  # offered by the page

    @property
    def share(self) -> float:
        return (self.buttons + self.questions) / self.lines if self.lines else 0.0


def first_wishes(connection: Connection, since: datetime) -> list[tuple[str, int]]:
    """(intent, how often) of the first wish of each session that began since then."""
    query = (
        sa.select(wishes.c.intent, sa.func.count())
        .select_from(
            sessions.join(
                wishes,
                sa.and_(
                    wishes.c.conversation_id == sessions.c.conversation_id,
                    wishes.c.seq == sessions.c.first_seq,
                    wishes.c.ordinal == 0,
                ),
            )
        )
        .where(sessions.c.began_at >= since, wishes.c.intent != "")
        .group_by(wishes.c.intent)
    )
    return [(str(intent), int(count)) for intent, count in connection.execute(query)]


def next_wishes(connection: Connection, since: datetime) -> list[tuple[str, str, int]]:
    """(intent, what was wished next, in how many talks); of another matter, and before a session's end."""
    order = (wishes.c.seq, wishes.c.ordinal)
    wished = (
        sa.select(
            wishes.c.conversation_id,
            wishes.c.intent,
            sa.func.lead(wishes.c.intent)
            .over(partition_by=wishes.c.conversation_id, order_by=order)
            .label("following"),
            sa.func.lead(wishes.c.seq)
            .over(partition_by=wishes.c.conversation_id, order_by=order)
            .label("following_seq"),
        )
        .where(wishes.c.asked_at >= since, wishes.c.is_continuation.is_(False))
        .subquery()
    )
    begins = sa.and_(
        sessions.c.conversation_id == wished.c.conversation_id,
        sessions.c.first_seq == wished.c.following_seq,
    )
    query = (
        sa.select(
            wished.c.intent,
            wished.c.following,
            sa.func.count(sa.distinct(wished.c.conversation_id)),
        )
        .select_from(wished.outerjoin(sessions, begins))
        .where(
            sessions.c.first_seq.is_(None),
            wished.c.intent != "",
            wished.c.following != "",
            wished.c.intent != wished.c.following,
        )
        .group_by(wished.c.intent, wished.c.following)
    )
    return [(one, following, int(count)) for one, following, count in connection.execute(query)]


def last_intent(connection: Connection, conversation_id: str) -> str:
    """What the last wish of a conversation was read as; "" where there is none."""
    query = (
        sa.select(wishes.c.intent)
        .where(wishes.c.conversation_id == conversation_id)
        .order_by(wishes.c.seq.desc(), wishes.c.ordinal.desc())
        .limit(1)
    )
    return str(connection.execute(query).scalar() or "")


def counted(connection: Connection, since: datetime) -> Clicks:
    """Of all conversations since then."""
    query = sa.select(messages.c.payload, messages.c.pressed_seq).where(
        messages.c.author == Author.BUYER.value,
        messages.c.at >= since,
        messages.c.picture.is_(None) | (sa.cast(messages.c.picture, sa.Text) == "null"),
    )
    rows: Sequence[sa.engine.Row] = connection.execute(query).all()
    words = [row for row in rows if (row.payload or {}).get("intent") not in _SENT]
    buttons = sum(row.pressed_seq is not None for row in words)
    questions = sum(row.pressed_seq is None and bool(row.payload) for row in words)
    return Clicks(lines=len(words), buttons=buttons, questions=questions)
