"""Writes down what came of a turn: all of it in one transaction, or nothing of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.engine import Connection

from bot.conversations import sessions, store, waits, wishes
from bot.conversations.attempts import AnsweredBy, Attempt, Tried, end
from bot.conversations.beside_note import Fit, suggested
from bot.conversations.conversation import Conversation, Status
from bot.conversations.messages import Author, Message, StoredButton
from bot.conversations.ports import Planner
from bot.conversations.queue import Place
from bot.conversations.reading import Reading
from bot.conversations.sessions import Ended
from bot.conversations.summary import summarise
from bot.conversations.wishes_heard import takes_back, tries_to_help, wishes_of
from bot.engine.turns import Button, Payload, Reply, TurnResult, Understood

log = structlog.get_logger(__name__)

FAREWELL = "goodbye"  # the intent


def finish(
    connection: Connection,
    read: Reading,
    result: TurnResult,
    *,
    now: datetime,
    planner: Planner,
    fit: Fit = Fit.SAID,
    by_house: Sequence[Reply] = (),
    place: Place | None = None,
    tried: Tried | None = None,
) -> tuple[Conversation, list[Message]]:
    """Stores replies, memory, owner and plans of a turn; the conversation as it is then.

    Where a person took over while the bot was thinking (and perhaps gave back since), the replies
    become suggestions, and what they asked was not asked: the memory stays as it was. The same
    where the turn does not `fit` beside a person who is waited for; `by_house` is said instead.
    `place`: in the queue, of a turn that hands over; `tried`: where two models answer side by side.
    Raises MemoryMoved where another process has answered some of the lines, or the memory was
    written since it was read: nothing is written then, and what is left has to be read anew.
    """
    turn_id = read.attempt.turn_id
    conversation_id = read.conversation.conversation_id
    conversation = store.find(connection, conversation_id, lock=True)
    assert conversation is not None  # conversations are not deleted
    seqs = [message.seq for message in read.pending]
    fates = store.fates(connection, conversation_id, seqs)
    if any(fate.turn_id for fate in fates):
        raise store.MemoryMoved(conversation_id)
    may_speak = conversation.bot_may_answer and all(fate.is_pending for fate in fates)
    is_ours = may_speak and fit is Fit.SAID
    if not is_ours and read.is_beside_note:
        urgent = result.hand_over
        result = suggested(result) if fit is not Fit.QUIET else replace(result, replies=())
        if may_speak and urgent is not None:
            conversation = conversation.urge(urgent.reason)
            store.save(connection, conversation)
    if may_speak and read.wants_bot and conversation.status is Status.WAITING:
        conversation = conversation.give_back()
        waits.end(connection, conversation_id, waits.EndedBy.BUYER, now)
    author = Author.BOT if is_ours else Author.SUGGESTION
    spoken = [(Author.BOT, reply) for reply in by_house] if may_speak else []
    replies = [
        bubble(conversation_id, reply, author, turn_id, now)
        for reply in _with_cards(result.replies)
    ]
    if is_ours and tries_to_help(result):
        replies = [replace(one, may_be_doubted=True) for one in replies]
    told = [bubble(conversation_id, reply, by, turn_id, now) for by, reply in spoken]
    said = [store.append(connection, one) for one in (*told, *replies)]
    store.settle(connection, conversation_id, seqs, turn_id, [*map(_stored, result.understood)])
    by = AnsweredBy.BOT if is_ours else AnsweredBy.AGENT
    end(connection, read.attempt, by, now, tried=tried)
    _keep_wishes(connection, read, result, said, is_ours=is_ours, now=now)
    if is_ours:
        version = read.conversation.version
        store.save_memory(connection, conversation_id, result.memory, version)
        conversation = replace(conversation, question=_question(read.conversation, result))
        takes_leave = conversation.is_with_bot and _takes_leave(result)
        if takes_leave and not store.pending(connection, conversation_id):
            conversation = sessions.end(connection, conversation, Ended.FAREWELL, now)
        store.save(connection, conversation)
    if read.opts_out or result.opts_out:
        planner.opt_out(connection, conversation, now)
    if is_ours:
        if result.hand_over is not None and conversation.is_with_bot:
            conversation = _hand_over(connection, conversation, result, place, now)
        planner.after_turn(connection, conversation, result, now)
    if read.refuses:  # after the plans of this very turn, which it takes back too
        planner.refuse(connection, conversation, now, after_follow_up=read.after_follow_up)
    return conversation, said


def caught_up(
    connection: Connection,
    read: Conversation,
    told: Sequence[Reply],
    memory: str,
    *,
    now: datetime,
) -> tuple[Conversation, list[Message]]:
    """The bot is back after a person: nothing is open, and what was done is told.

    Raises MemoryMoved.
    """
    conversation = store.find(connection, read.conversation_id, lock=True)
    assert conversation is not None  # conversations are not deleted
    if not (conversation.person_was_in and conversation.bot_may_answer):
        return conversation, []
    store.save_memory(connection, read.conversation_id, memory, read.version)
    conversation = replace(conversation, person_was_in=False, question="")
    store.save(connection, conversation)
    said = [
        store.append(connection, bubble(read.conversation_id, reply, Author.BOT, "", now))
        for reply in told
    ]
    return conversation, said


def lost_turn_told(
    connection: Connection, lost: Attempt, lines: Sequence[Reply], *, now: datetime
) -> list[Message]:
    """A turn that died while a person took over: the agent reads what it has done."""
    end(connection, lost, AnsweredBy.AGENT, now)
    return [
        store.append(
            connection, bubble(lost.conversation_id, reply, Author.SUGGESTION, lost.turn_id, now)
        )
        for reply in lines
    ]


def spoken_again(message: Message) -> Reply:
    """What was said before as a reply of now."""
    return Reply(
        text=message.text,
        buttons=tuple(
            Button(
                title=button.title,
                payload=None if button.payload is None else Payload(**button.payload),
            )
            for button in message.buttons
        ),
        card=message.card,
        response=message.response,
        question=message.question,
        beside_cards=message.beside_cards,
    )


def _with_cards(replies: Sequence[Reply]) -> Sequence[Reply]:
    """Where no goods are shown (any more), the words have to tell of them."""
    if any(reply.card and reply.card.get("type") == "product" for reply in replies):
        return replies
    return [replace(reply, beside_cards="") for reply in replies]


def _question(before: Conversation, result: TurnResult) -> str:
    """What stands open now. Where the same was left open and not asked again, its buttons stay."""
    is_asked = any(reply.question for reply in result.replies)
    if result.question.partition(":")[0] == before.question.partition(":")[0] and not is_asked:
        return before.question
    return result.question


def bubble(
    conversation_id: str, reply: Reply, author: Author, turn_id: str, now: datetime
) -> Message:
    """A reply of the engine as a message that has no number yet."""
    buttons = tuple(
        StoredButton(
            title=button.title,
            payload=None
            if button.payload is None
            else {"intent": button.payload.intent, "entities": dict(button.payload.entities)},
        )
        for button in reply.buttons
    )
    return Message(
        conversation_id=conversation_id,
        seq=0,
        message_id=f"bot-{uuid.uuid4().hex}",
        author=author,
        at=now,
        text=reply.text,
        buttons=buttons,
        picture={"url": reply.image} if reply.image else None,
        card=reply.card,
        response=reply.response,
        question=reply.question,
        turn_id=turn_id,
        beside_cards=reply.beside_cards,
    )


def _keep_wishes(
    connection: Connection,
    read: Reading,
    result: TurnResult,
    said: Sequence[Message],
    *,
    is_ours: bool,
    now: datetime,
) -> None:
    heard = wishes_of(read, result, said, is_ours=is_ours, now=now)
    if not is_ours:
        wishes.keep_beside_person(connection, heard)
        return
    wishes.keep(connection, heard)
    for wish, understood in zip(heard, result.understood, strict=False):
        if takes_back(understood):
            wishes.correct(connection, wish)


def _takes_leave(result: TurnResult) -> bool:
    """The buyer's last word was a farewell, and nothing is left open."""
    if result.hand_over is not None or result.question or not result.understood:
        return False
    return result.understood[-1].intent == FAREWELL


def _hand_over(
    connection: Connection,
    conversation: Conversation,
    result: TurnResult,
    place: Place | None,
    now: datetime,
) -> Conversation:
    assert result.hand_over is not None
    conversation_id = conversation.conversation_id
    summary = summarise(
        result.hand_over.reason,
        result.hand_over.note,
        store.before(connection, conversation_id, limit=30),
        result.facts,
    )
    reason = result.hand_over.reason.value
    waiting = conversation.hand_over(
        reason,
        summary,
        now,
        urgency=result.hand_over.reason.urgency,
        promised_for=place.promised_for if place else None,
    )
    store.save(connection, waiting)
    waits.begin(connection, waiting, in_hours=place is None or place.in_hours)
    log.info("conversation.handed_over", conversation=conversation_id, reason=reason)
    return waiting


def _stored(understood: Understood) -> Mapping[str, Any]:
    return {
        "text": understood.text,
        "intent": understood.intent,
        "confidence": round(understood.confidence, 4),
        "entities": list(understood.entities),
        "ranking": [list(one) for one in understood.ranking],
        "decided_by": understood.decided_by,
        "is_continuation": understood.is_continuation,
        "outcome": understood.outcome,
    }
