"""What the house says of itself between two turns: a follow-up to the buyer, a draft to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.conversation import Conversation, Status
from bot.conversations.finishing import bubble
from bot.conversations.messages import Author, Message
from bot.conversations.news import News
from bot.conversations.ports import Answers
from bot.conversations.service import announce
from bot.conversations.summary import summarise
from bot.database import Database
from bot.engine.turns import FOLLOW_UP
from bot.handing_over import HandOverReason

StillHolds = Callable[[Connection, Message, str], bool]
"""Asked with the stored message and which wording of the response it is."""

_LINES_READ = 30  # of the chat, for the summary


class _TakenBack(Exception):
    """Rolls back words whose reason has gone."""


@dataclass(frozen=True, kw_only=True)
class FirstWords:
    """What is needed to speak."""

    database: Database
    engine: Answers
    news: News
    clock: Callable[[], datetime]


async def interject(
    hands: FirstWords,
    conversation_id: str,
    message_id: str,
    response: str,
    values: dict[str, Any],
    slots: dict[str, Any],
    still_holds: StillHolds,
    also_waiting: bool = False,
) -> bool:
    """Says something between two turns, with the slots that its answer will need.

    `still_holds` is asked in the writing transaction; False, or a person in the chat, or a
    buyer's line that came in meanwhile, takes it back. Whether it was said. A conversation
    that was closed stays closed: the buyer finds the message on return. `also_waiting`: it may
    be said to who waits for a person, too.
    """
    found, memory = await hands.database.read(store.with_memory, conversation_id)
    if found is None:
        return False
    reply = await hands.engine.words(response, **values)
    noted = await hands.engine.note(
        conversation_id,
        memory,
        said_by_us=(reply,),
        slots=slots,
        person_left=found.person_was_in,
    )

    def write(connection: Connection) -> tuple[Conversation, Message] | None:
        conversation = store.find(connection, conversation_id, lock=True)
        if conversation is None:
            return None
        if conversation.status not in (Status.WITH_BOT, Status.CLOSED) and not (
            also_waiting and conversation.status is Status.WAITING
        ):
            return None
        if store.pending(connection, conversation_id):
            return None
        message = replace(
            bubble(conversation_id, reply, Author.BOT, "", hands.clock()),
            message_id=message_id,
            question=f"{FOLLOW_UP}:{message_id}",
        )
        stored = store.append(connection, message)
        if not still_holds(connection, stored, reply.wording):
            raise _TakenBack
        store.save_memory(connection, conversation_id, noted, found.version)
        conversation = replace(conversation, question=message.question, person_was_in=False)
        store.save(connection, conversation)
        return conversation, stored

    return await _written(hands, write)


async def leave_to_person(
    hands: FirstWords,
    conversation_id: str,
    message_id: str,
    response: str,
    values: dict[str, Any],
    still_holds: StillHolds,
) -> bool:
    """Puts a draft before the shop's people, and the conversation with it. Whether it was done."""
    reply = await hands.engine.words(response, **values)

    def write(connection: Connection) -> tuple[Conversation, Message] | None:
        conversation = store.find(connection, conversation_id, lock=True)
        if conversation is None:
            return None
        if conversation.status is Status.CLOSED:
            conversation = conversation.reopen()
        if conversation.is_with_bot:
            recent = store.before(connection, conversation_id, limit=_LINES_READ)
            summary = summarise(HandOverReason.REVIEW, str(values.get("note", "")), recent, {})
            conversation = conversation.hand_over(
                HandOverReason.REVIEW.value, summary, hands.clock()
            )
            store.save(connection, conversation)
            store.leave_to_people(connection, conversation_id)
        draft = bubble(conversation_id, reply, Author.SUGGESTION, "", hands.clock())
        stored = store.append(connection, replace(draft, message_id=message_id))
        if not still_holds(connection, stored, reply.wording):
            raise _TakenBack
        return conversation, stored

    return await _written(hands, write)


async def _written(
    hands: FirstWords, write: Callable[[Connection], tuple[Conversation, Message] | None]
) -> bool:
    try:
        written = await hands.database.run(write)
    except (_TakenBack, store.MemoryMoved):
        return False
    if written is None:
        return False
    announce(hands.news, written[0], [written[1]])
    return True
