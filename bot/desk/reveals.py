"""Who has seen a phone or an address in full, and when: written down before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Message
from bot.conversations.service import UnknownConversation
from bot.desk.tables import reveals


class NothingThere(Exception):
    """The conversation has no such line, or no summary."""


@dataclass(frozen=True, kw_only=True)
class Reveal:
    """One press. `seq`: the line that was shown; None = the summary of the hand-over."""

    agent: str
    at: datetime
    conversation_id: str
    buyer_id: str
    seq: int | None

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.isoformat()}


def reveal_message(
    connection: Connection, conversation_id: str, seq: int, agent: str, now: datetime
) -> Message:
    """The whole line. Raises UnknownConversation, NothingThere."""
    conversation = _existing(connection, conversation_id)
    message = store.by_seq(connection, conversation_id, seq)
    if message is None:
        raise NothingThere
    _note(connection, conversation, seq, agent, now)
    return message


def reveal_summary(
    connection: Connection, conversation_id: str, agent: str, now: datetime
) -> dict[str, Any]:
    """The whole summary. Raises UnknownConversation, NothingThere."""
    conversation = _existing(connection, conversation_id)
    if conversation.summary is None:
        raise NothingThere
    _note(connection, conversation, None, agent, now)
    return dict(conversation.summary)


def newest_reveals(connection: Connection, *, limit: int = 200, offset: int = 0) -> list[Reveal]:
    table = reveals.c
    columns = (table.agent, table.at, table.conversation_id, table.buyer_id, table.seq)
    query = sa.select(*columns).order_by(table.reveal_id.desc()).limit(limit).offset(offset)
    return [Reveal(**row._mapping) for row in connection.execute(query)]


def _existing(connection: Connection, conversation_id: str) -> Conversation:
    conversation = store.find(connection, conversation_id)
    if conversation is None:
        raise UnknownConversation(conversation_id)
    return conversation


def _note(
    connection: Connection, conversation: Conversation, seq: int | None, agent: str, now: datetime
) -> None:
    connection.execute(
        reveals.insert().values(
            agent=agent,
            at=now,
            conversation_id=conversation.conversation_id,
            buyer_id=conversation.buyer_id,
            seq=seq,
        )
    )
