"""Who has seen a phone or an address in full, and when: written down before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
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


class What(Enum):
    MESSAGE = "message"  # one line
    SUMMARY = "summary"  # of the hand-over
    EXPORT = "export"  # all that is kept of the buyer
    ERASE = "erase"
    SIGN_OUT = "sign_out"  # the buyer's tokens were taken back
    RECEIVER = "receiver"  # of an order
    SHOP_IMPORT = "shop_import"  # of no buyer: the shop's own data were changed
    SHOP_EMPTY = "shop_empty"


@dataclass(frozen=True, kw_only=True)
class Reveal:
    """One press; `seq`: the line that was shown."""

    agent: str
    at: datetime
    conversation_id: str
    buyer_id: str  # "erased" once the buyer's data are gone
    what: What
    seq: int | None

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.isoformat(), "what": self.what.value}


def reveal_message(
    connection: Connection, conversation_id: str, seq: int, agent: str, now: datetime
) -> Message:
    """The whole line. Raises UnknownConversation, NothingThere."""
    conversation = existing(connection, conversation_id)
    message = store.by_seq(connection, conversation_id, seq)
    if message is None:
        raise NothingThere
    note(connection, conversation, What.MESSAGE, agent, now, seq=seq)
    return message


def reveal_summary(
    connection: Connection, conversation_id: str, agent: str, now: datetime
) -> dict[str, Any]:
    """The whole summary. Raises UnknownConversation, NothingThere."""
    conversation = existing(connection, conversation_id)
    if conversation.summary is None:
        raise NothingThere
    note(connection, conversation, What.SUMMARY, agent, now)
    return dict(conversation.summary)


def newest_reveals(connection: Connection, *, limit: int = 200, offset: int = 0) -> list[Reveal]:
    table = reveals.c
    names = ("agent", "at", "conversation_id", "buyer_id", "what", "seq")
    columns = [table[name] for name in names]
    query = sa.select(*columns).order_by(table.reveal_id.desc()).limit(limit).offset(offset)
    rows = connection.execute(query)
    return [Reveal(**{**row._mapping, "what": What(row.what)}) for row in rows]


def existing(connection: Connection, conversation_id: str) -> Conversation:
    conversation = store.find(connection, conversation_id)
    if conversation is None:
        raise UnknownConversation(conversation_id)
    return conversation


def note(
    connection: Connection,
    conversation: Conversation,
    what: What,
    agent: str,
    now: datetime,
    *,
    seq: int | None = None,
) -> None:
    connection.execute(
        reveals.insert().values(
            agent=agent,
            at=now,
            conversation_id=conversation.conversation_id,
            buyer_id=conversation.buyer_id,
            what=what.value,
            seq=seq,
        )
    )


def note_order(
    connection: Connection, what: What, agent: str, buyer_id: str, now: datetime
) -> None:
    """What was shown of an order, of no conversation."""
    connection.execute(
        reveals.insert().values(
            agent=agent, at=now, conversation_id="", buyer_id=buyer_id, what=what.value, seq=None
        )
    )


def note_shop(connection: Connection, what: What, agent: str, now: datetime) -> None:
    """What was done to the shop's data: of no conversation and no buyer."""
    connection.execute(
        reveals.insert().values(
            agent=agent, at=now, conversation_id="", buyer_id="", what=what.value, seq=None
        )
    )
