"""Reads and writes conversations; every function works inside its caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import statements as sql
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author, Message, StoredButton
from bot.conversations.tables import conversations, messages


def find(
    connection: Connection, conversation_id: str, *, lock: bool = False
) -> Conversation | None:
    """`lock` keeps other writers out until the transaction ends (PostgreSQL; SQLite has one)."""
    query = sql.FIND_TO_CHANGE if lock else sql.FIND
    row = connection.execute(query, {"of_conversation": conversation_id}).first()
    return conversation_of(row) if row else None


def newest_of_buyer(connection: Connection, buyer_id: str, channel: str) -> Conversation | None:
    row = connection.execute(sql.NEWEST, {"buyer": buyer_id, "door": channel}).first()
    return conversation_of(row) if row else None


def add(connection: Connection, conversation: Conversation) -> None:
    connection.execute(conversations.insert().values(**_row(conversation), memory=""))


def save(connection: Connection, conversation: Conversation) -> None:
    """Everything but `last_seq` and `read_seq`, which only move ahead, and the memory's version."""
    row = _row(conversation)
    del row["last_seq"], row["read_seq"], row["version"]
    connection.execute(sql.CHANGE, {"of_conversation": conversation.conversation_id, **row})


def memory_of(connection: Connection, conversation_id: str) -> str:
    return str(connection.execute(sql.MEMORY, {"of_conversation": conversation_id}).scalar_one())


def with_memory(connection: Connection, conversation_id: str) -> tuple[Conversation | None, str]:
    """The conversation and the bot's memory of it, both of the same moment."""
    found = find(connection, conversation_id)
    return found, "" if found is None else memory_of(connection, conversation_id)


class MemoryMoved(Exception):
    """Somebody else has written the memory since it was read."""


def save_memory(connection: Connection, conversation_id: str, memory: str, version: int) -> None:
    """`version` is the one that was read with it. Raises MemoryMoved."""
    which = {"of_conversation": conversation_id, "version_read": version, "memory": memory}
    if not connection.execute(sql.KEEP_MEMORY, which).rowcount:
        raise MemoryMoved(conversation_id)


def append(connection: Connection, message: Message, *, is_pending: bool = False) -> Message:
    """Gives the message the conversation's next number and stores it."""
    which = {"of_conversation": message.conversation_id}
    connection.execute(sql.COUNT_UP, which)
    seq = connection.execute(sql.LAST_SEQ, which).scalar_one()
    numbered = replace(message, seq=seq)
    connection.execute(
        sql.APPEND,
        {
            "conversation_id": numbered.conversation_id,
            "seq": seq,
            "message_id": numbered.message_id,
            "author": numbered.author.value,
            "at": numbered.at,
            "text": numbered.text,
            "buttons": [{"title": b.title, "payload": b.payload} for b in numbered.buttons] or None,
            "picture": numbered.picture,
            "card": numbered.card,
            "payload": numbered.payload,
            "pressed_seq": numbered.pressed_seq,
            "pressed_index": numbered.pressed_index,
            "question": numbered.question,
            "response": numbered.response,
            "agent": numbered.agent,
            "agent_name": numbered.agent_name,
            "turn_id": numbered.turn_id,
            "understood": list(numbered.understood) or None,
            "takes_back": numbered.takes_back,
            "taken_back_at": numbered.taken_back_at,
            "beside_cards": numbered.beside_cards,
            "may_be_doubted": numbered.may_be_doubted,
            "is_pending": is_pending,
        },
    )
    return numbered


def by_message_id(connection: Connection, conversation_id: str, message_id: str) -> Message | None:
    which = {"of_conversation": conversation_id, "own_id": message_id}
    return _first(connection, sql.BY_MESSAGE_ID, which)


def by_seq(connection: Connection, conversation_id: str, seq: int) -> Message | None:
    return _first(connection, sql.BY_SEQ, {"of_conversation": conversation_id, "number": seq})


def of_turn(
    connection: Connection, conversation_id: str, turn_id: str, *, after: int
) -> list[Message]:
    """What the bot answered in a turn to the buyer's message `after`, in order."""
    which = {"of_conversation": conversation_id, "turn": turn_id, "number": after}
    return _many(connection, sql.OF_TURN, which)


def unasked_before(connection: Connection, conversation_id: str, seq: int) -> list[Message]:
    """What agents and follow-ups said between the buyer's message `seq` and the one before it."""
    return _many(
        connection, sql.UNASKED_BEFORE, {"of_conversation": conversation_id, "number": seq}
    )


def asking(connection: Connection, conversation_id: str, question: str) -> Message | None:
    """The newest message that asks this."""
    query = sa.select(messages).where(sql.OF_THIS, messages.c.question == question)
    which = {"of_conversation": conversation_id}
    return _first(connection, query.order_by(messages.c.seq.desc()).limit(1), which)


def pressed_before(connection: Connection, press: Message) -> Message | None:
    """The first time that the button of this line was pressed, if this is not it."""
    query = sa.select(messages).where(
        sql.OF_THIS,
        messages.c.pressed_seq == press.pressed_seq,
        messages.c.pressed_index == press.pressed_index,
        messages.c.seq < press.seq,
    )
    which = {"of_conversation": press.conversation_id}
    return _first(connection, query.order_by(messages.c.seq).limit(1), which)


def read_up_to(connection: Connection, conversation_id: str, seq: int) -> bool:
    """People have read up to message `seq`; False where it was so before, or there is none."""
    which = {"of_conversation": conversation_id, "number": seq}
    return bool(connection.execute(sql.READ_UP_TO, which).rowcount)


def newest_of_buyer_lines(connection: Connection, conversation_id: str) -> int:
    """`seq` of the buyer's newest line; 0 where there is none."""
    query = sa.select(sa.func.max(messages.c.seq)).where(
        sql.OF_THIS, messages.c.author == Author.BUYER.value
    )
    return int(connection.execute(query, {"of_conversation": conversation_id}).scalar() or 0)


def first_unanswered(connection: Connection, conversation_id: str) -> Message | None:
    """The buyer's first line since anybody of the shop spoke; the reply clock starts with it."""
    answered = sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0)).where(
        sql.OF_THIS,
        messages.c.author.in_([Author.AGENT.value, Author.BOT.value]),
        messages.c.taken_back_at.is_(None),
    )
    query = sa.select(messages).where(
        sql.OF_THIS,
        messages.c.author == Author.BUYER.value,
        messages.c.seq > answered.scalar_subquery(),
    )
    which = {"of_conversation": conversation_id}
    return _first(connection, query.order_by(messages.c.seq).limit(1), which)


def taking_back(connection: Connection, conversation_id: str, seq: int) -> Message | None:
    """The line that says that line `seq` is taken back."""
    query = sa.select(messages).where(sql.OF_THIS, messages.c.takes_back == seq)
    return _first(connection, query, {"of_conversation": conversation_id})


def forget_line(connection: Connection, conversation_id: str, seq: int, now: datetime) -> None:
    """Its number stays; what was said is gone."""
    this = (messages.c.conversation_id == conversation_id, messages.c.seq == seq)
    gone = {"text": "", "picture": None, "card": None, "taken_back_at": now}
    connection.execute(messages.update().where(*this).values(**gone))


def after(
    connection: Connection, conversation_id: str, seq: int, *, limit: int = 500
) -> list[Message]:
    """Messages past `seq`, oldest first."""
    query = sa.select(messages).where(sql.OF_THIS, messages.c.seq > seq)
    which = {"of_conversation": conversation_id}
    return _many(connection, query.order_by(messages.c.seq).limit(limit), which)


def before(
    connection: Connection, conversation_id: str, seq: int | None = None, *, limit: int = 50
) -> list[Message]:
    """The last `limit` messages ahead of `seq` (or of the end), oldest first."""
    query = sa.select(messages).where(messages.c.conversation_id == conversation_id)
    if seq is not None:
        query = query.where(messages.c.seq < seq)
    rows = connection.execute(query.order_by(messages.c.seq.desc()).limit(limit)).all()
    return [message_of(row) for row in reversed(rows)]


def pending(
    connection: Connection, conversation_id: str, *, up_to: int | None = None
) -> list[Message]:
    found = _many(connection, sql.PENDING, {"of_conversation": conversation_id})
    wanted = [one for one in found if up_to is None or one.seq <= up_to]
    return sorted(wanted, key=lambda message: message.seq)


def has_said(
    connection: Connection, conversation_id: str, *responses: str, since: datetime | None = None
) -> bool:
    """Whether the buyer has been given one of these in this conversation (since then)."""
    query = sa.select(messages.c.seq).where(
        messages.c.conversation_id == conversation_id,
        messages.c.response.in_(responses),
        messages.c.author == Author.BOT.value,
    )
    if since is not None:
        query = query.where(messages.c.at > since)
    return connection.execute(query.limit(1)).first() is not None


def with_pending(connection: Connection, before: datetime | None = None) -> list[str]:
    """Conversations in which a buyer waits for the bot (since `before`), e.g. after a crash."""
    query = (
        sa.select(conversations.c.conversation_id)
        .join(messages, messages.c.conversation_id == conversations.c.conversation_id)
        .where(
            messages.c.is_pending == sa.true(),
            conversations.c.status.in_([Status.WITH_BOT.value, Status.WAITING.value]),
        )
        .distinct()
    )
    if before is not None:
        query = query.where(messages.c.at < before)
    return list(connection.execute(query).scalars())


def settle(
    connection: Connection,
    conversation_id: str,
    seqs: Sequence[int],
    turn_id: str,
    understood: Sequence[Mapping[str, Any]] = (),
) -> None:
    """The buyer's messages have been answered by this turn (or by a person: turn_id "")."""
    which = {"of_conversation": conversation_id}
    connection.execute(sql.SETTLE, {**which, "numbers": list(seqs), "turn": turn_id})
    if understood:
        connection.execute(sql.UNDERSTAND, {**which, "number": seqs[-1], "what": list(understood)})


def leave_to_people(connection: Connection, conversation_id: str) -> None:
    """What waits for the bot is a person's now."""
    waiting = [message.seq for message in pending(connection, conversation_id)]
    if waiting:
        settle(connection, conversation_id, waiting, "")


def leave_to_bot(connection: Connection, conversation_id: str, after: int) -> None:
    """The buyer's lines past `after`, which the agent who gives back has not seen."""
    this = (messages.c.conversation_id == conversation_id, messages.c.seq > after)
    unread = (messages.c.author == Author.BUYER.value, messages.c.turn_id == "")
    connection.execute(messages.update().where(*this, *unread).values(is_pending=True))


@dataclass(frozen=True)
class Fate:
    """What has become of a buyer's message."""

    is_pending: bool
    turn_id: str  # "" while nothing, or a person, has answered it


def fates(connection: Connection, conversation_id: str, seqs: Sequence[int]) -> list[Fate]:
    which = {"of_conversation": conversation_id, "numbers": list(seqs)}
    return [Fate(row.is_pending, row.turn_id) for row in connection.execute(sql.FATES, which)]


def _first(connection: Connection, query: Any, which: Mapping[str, Any]) -> Message | None:
    row = connection.execute(query, which).first()
    return message_of(row) if row else None


def _many(connection: Connection, query: Any, which: Mapping[str, Any]) -> list[Message]:
    return [message_of(row) for row in connection.execute(query, which)]


def _row(conversation: Conversation) -> dict[str, Any]:
    values = {column.name: getattr(conversation, column.name) for column in sql.FIELDS}
    values["status"] = conversation.status.value
    return values


def conversation_of(row: Any) -> Conversation:
    values = dict(row._mapping)
    values["status"] = Status(values["status"])
    return Conversation(**values)


def message_of(row: Any) -> Message:
    values = dict(row._mapping)
    del values["is_pending"]
    values["author"] = Author(values["author"])
    values["buttons"] = tuple(StoredButton(**button) for button in values["buttons"] or ())
    values["understood"] = tuple(values["understood"] or ())
    return Message(**values)
