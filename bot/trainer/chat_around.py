"""The chat around a row of the inbox, and what a person answered there; phones stay hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.messages import Author
from bot.conversations.tables import messages, wishes
from bot.desk.masking import masked_text
from bot.trainer.inbox import Row

BEFORE, BEHIND = 3, 3  # lines
_WHO = {
    Author.BUYER.value: "买家",
    Author.BOT.value: "机器人",
    Author.AGENT.value: "客服",
    Author.SYSTEM.value: "提示",
}


def with_chats(connection: Connection, rows: Sequence[Row]) -> list[Row]:
    """The same rows, each with the chat around one of its lines: one that a person answered, where
    there is one."""
    return [_with_chat(connection, row) for row in rows]


def _with_chat(connection: Connection, row: Row) -> Row:
    places = [(one, int(seq)) for one, _, seq in (chat.rpartition(":") for chat in row.chats)]
    answered = [_answer(connection, *place) for place in places]
    best = next((at for at, one in enumerate(answered) if one[0]), 0)
    answer, agent = answered[best] if answered else ("", "")
    around = _around(connection, *places[best]) if places else ()
    return replace(row, around=around, answer=answer, agent=agent)


def _answer(connection: Connection, conversation_id: str, seq: int) -> tuple[str, str]:
    """(text, agent) of what a person said to it; ("", "") where nobody did."""
    query = (
        sa.select(messages.c.text, messages.c.agent)
        .select_from(
            wishes.join(
                messages,
                sa.and_(
                    messages.c.conversation_id == wishes.c.conversation_id,
                    messages.c.seq == wishes.c.answer_seq,
                ),
            )
        )
        .where(
            wishes.c.conversation_id == conversation_id,
            wishes.c.seq == seq,
            wishes.c.answered_by == "agent",
            messages.c.author == Author.AGENT.value,
        )
    )
    found = connection.execute(query.limit(1)).first()
    return (masked_text(found.text), found.agent) if found else ("", "")


def _around(connection: Connection, conversation_id: str, seq: int) -> tuple[tuple[str, str], ...]:
    query = (
        sa.select(messages.c.author, messages.c.text)
        .where(
            messages.c.conversation_id == conversation_id,
            messages.c.seq.between(seq - BEFORE, seq + BEHIND),
            messages.c.author.in_(list(_WHO)),
            messages.c.text != "",
        )
        .order_by(messages.c.seq)
    )
    return tuple(
        (_WHO[row.author], masked_text(row.text.replace("\n", " ")))
        for row in connection.execute(query)
    )
