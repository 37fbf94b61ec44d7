"""An answer that the buyer pressed as no help: what was heard in its turn is for the trainers to see."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.messages import Author
from bot.conversations.tables import messages, wishes
from bot.dialogue.outcome import Outcome

_TRIED = [outcome.value for outcome in Outcome if outcome.tries_to_help]


def mark(connection: Connection, conversation_id: str, seq: int, now: datetime) -> bool:
    """The bot's line `seq` was no help. Whether there is such a line; pressed twice it is once."""
    line = sa.select(messages.c.turn_id).where(
        messages.c.conversation_id == conversation_id,
        messages.c.seq == seq,
        messages.c.author == Author.BOT.value,
    )
    turn_id = connection.execute(line).scalar()
    if turn_id:  # a follow-up belongs to no turn
        of_it = sa.and_(
            wishes.c.conversation_id == conversation_id,
            wishes.c.turn_id == turn_id,
            wishes.c.outcome.in_(_TRIED),  # of 几号发货 谢谢 the thanks were answered well enough
            wishes.c.unhelpful_at.is_(None),
        )
        connection.execute(sa.update(wishes).where(of_it).values(unhelpful_at=now))
        its_lines = sa.and_(
            messages.c.conversation_id == conversation_id, messages.c.turn_id == turn_id
        )
        connection.execute(sa.update(messages).where(its_lines).values(may_be_doubted=False))
    return turn_id is not None
