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
