"""A buyer's earlier talks: when each was, how it ended, and what it began with."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import sessions as session_rules
from bot.conversations.joining import ids_of_buyer
from bot.conversations.messages import Author
from bot.conversations.tables import conversations, messages, sessions
from bot.desk.masking import masked_text

MOST_TALKS = 20
_GIST = 60  # characters
_ENDED = {
    session_rules.Ended.CLOSED.value: "客服结束",
    session_rules.Ended.SILENCE.value: "买家没再说话",
}


def talks_of(connection: Connection, buyer_id: str) -> list[dict[str, Any]]:
    """The newest first, the one that goes on among them; three words of its first line."""
    first = messages.alias("first")
    query = (
        sa.select(
            sessions.c.conversation_id,
            sessions.c.first_seq,
            sessions.c.last_seq,
            sessions.c.began_at,
            sessions.c.ended_at,
            sessions.c.ended_by,
            sessions.c.person_was_in,
            first.c.text,
        )
        .join(conversations, conversations.c.conversation_id == sessions.c.conversation_id)
        .outerjoin(
            first,
            sa.and_(
                first.c.conversation_id == sessions.c.conversation_id,
                first.c.seq == sessions.c.first_seq,
                first.c.author == Author.BUYER.value,
            ),
        )
        .where(conversations.c.conversation_id.in_(ids_of_buyer(buyer_id)))
        .order_by(sessions.c.began_at.desc())
        .limit(MOST_TALKS)
    )
    return [
        {
            "conversation_id": row.conversation_id,
            "first_seq": row.first_seq,
            "last_seq": row.last_seq,
            "began_at": row.began_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            "ended_text": _ENDED.get(row.ended_by, "说完了" if row.ended_at else "还在聊"),
            "person_was_in": bool(row.person_was_in),
            "text": masked_text((row.text or "")[:_GIST]),
        }
        for row in connection.execute(query)
    ]
