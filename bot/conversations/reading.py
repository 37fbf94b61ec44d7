"""What a turn starts from: the buyer's unanswered lines, read together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.attempts import Attempt, begin
from bot.conversations.conversation import Conversation, Status
from bot.conversations.house_rules import ruled
from bot.conversations.messages import Message
from bot.conversations.ports import OptOuts
from bot.conversations.presses import Heard, sort_presses
from bot.conversations.private_numbers import has_hidden, has_hidden_code, without_masks
from bot.conversations.reflexes import SAID_ALONE, TOO_LONG, is_too_long, reflex
from bot.engine.turns import Payload, Said
from bot.nlu.opting_out import read_opting_out
from bot.nlu.while_waiting import read_while_waiting

# Why numbers are hidden or links left alone; once is enough where there is something to answer.
TOLD_OF_NUMBERS, TOLD_OF_CODES = "utter_numbers_hidden", "utter_codes_hidden"
NO_LINKS = "utter_no_links"
OPT_OUT = "stop_follow_up"  # the intent behind 退订; no free text is classified as it


@dataclass(frozen=True)
class Reading:
    """What a turn starts from."""

    attempt: Attempt
    conversation: Conversation
    memory: str
    pending: tuple[Message, ...]
    said: tuple[Said, ...]  # for the engine
    reflexes: tuple[str, ...]  # responses that answer without it
    repeated: tuple[Message, ...]  # what was said before and is said once more after them
    opts_out: bool
    refuses: bool  # 不买了: what was planned to win the buyer back has lost its reason
    after_follow_up: bool  # the last thing said to the buyer
    is_beside_note: bool = False  # a person is waited for: only what is sure is answered
    wants_bot: bool = False  # 算了不用人工了
    asks_how_long: bool = False  # 还要等多久, while a person is waited for


def read(
    connection: Connection,
    conversation_id: str,
    up_to: int | None,
    opt_outs: OptOuts,
    now: datetime,
) -> Reading | None:
    """None where nothing waits for the bot, or a person answers.

    What is read is written down, and read alike when this turn has to be tried again.
    """
    conversation = store.find(connection, conversation_id, lock=True)
    if conversation is None or not conversation.bot_may_answer:
        return None
    waiting = store.pending(connection, conversation_id)
    if not any(up_to is None or one.seq <= up_to for one in waiting):
        return None
    attempt, pending = begin(connection, conversation_id, waiting, up_to, now)
    after_follow_up = opt_outs.was_last(connection, conversation)
    heard = sort_presses(connection, conversation, pending)
    is_waiting = conversation.status is Status.WAITING
    waiting_lines = _OfWaiting.of(heard.lines) if is_waiting else _OfWaiting(heard.lines)
    said, reflexes = spoken(waiting_lines.lines, after_follow_up=after_follow_up)
    if is_waiting:
        reflexes = [name for name in reflexes if name not in SAID_ALONE]
    for told in (TOLD_OF_NUMBERS, TOLD_OF_CODES, NO_LINKS):
        if said and told in reflexes and store.has_said(connection, conversation_id, told):
            reflexes.remove(told)
    return Reading(
        attempt,
        conversation,
        store.memory_of(connection, conversation_id),
        tuple(pending),
        tuple(said),
        (*reflexes, *heard.reflexes),
        heard.repeated,
        any(one.payload is not None and one.payload.intent == OPT_OUT for one in said),
        any(
            read_opting_out(message.text, after_follow_up=after_follow_up).refuses
            for message in pending
            if message.payload is None
        ),
        after_follow_up,
        is_beside_note=is_waiting and not waiting_lines.wants_bot,
        wants_bot=waiting_lines.wants_bot,
        asks_how_long=waiting_lines.asks_how_long,
    )


@dataclass(frozen=True)
class _OfWaiting:
    """Lines without what they say of the waiting, and that."""

    lines: Sequence[Heard]
    wants_bot: bool = False
    asks_how_long: bool = False

    @classmethod
    def of(cls, lines: Sequence[Heard]) -> _OfWaiting:
        kept: list[Heard] = []
        wants = asks = False
        for message, question in lines:
            if message.payload is not None:
                kept.append(Heard(message, question))
                continue
            found = read_while_waiting(message.text)
            wants, asks = wants or found.wants_bot, asks or found.asks_how_long
            if found.rest:
                kept.append(Heard(replace(message, text=found.rest), question))
        return cls(kept, wants, asks)


def spoken(lines: Sequence[Heard], *, after_follow_up: bool) -> tuple[list[Said], list[str]]:
    """Lines of a burst read together, with the reflexes (responses) that some call for instead."""
    said: list[Said] = []
    reflexes: list[str] = []
    for message, question in lines:
        request_id = f"{message.conversation_id}:{message.seq}"
        if message.payload is not None:
            payload = Payload(**message.payload)
            said.append(
                Said(request_id=request_id, text=message.text, payload=payload, question=question)
            )
            continue
        text = message.text
        opting = read_opting_out(text, after_follow_up=after_follow_up)
        if opting.opts_out:
            payload = Payload(intent=OPT_OUT)
            said.append(Said(request_id=request_id, text=text, payload=payload))
            text = opting.rest
            if not text:
                continue
        if has_hidden(text):
            reflexes.append(TOLD_OF_CODES if has_hidden_code(text) else TOLD_OF_NUMBERS)
            text = without_masks(text)
            if not text:
                continue
        if (called_for := reflex(text)) is not None:
            reflexes.append(called_for)
            continue
        by_house = ruled(text)
        reflexes += by_house.replies
        text = by_house.text
        if by_house.product_id:
            payload = Payload(intent="view_product", entities={"product": by_house.product_id})
            said.append(Said(request_id=request_id, text=message.text, payload=payload))
        if not text:
            continue
        if said and said[-1].payload is None:
            said[-1] = replace(said[-1], text=f"{said[-1].text}\n{text}")
        else:
            said.append(Said(request_id=request_id, text=text))
    is_told = bool(said)
    # A burst may be too long though each line is short. None of it is read then: the line that
    # takes the others back may be the one beyond the limit.
    if any(one.payload is None and is_too_long(one.text) for one in said):
        said = [one for one in said if one.payload is not None]
        reflexes.append(TOO_LONG)
    if is_told:
        reflexes = [name for name in reflexes if name not in SAID_ALONE]
    return said, list(dict.fromkeys(reflexes))
