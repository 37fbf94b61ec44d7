"""A visitor proves an order by its number and the phone, then is answered.

To hear how it stands the phone's last four digits are enough; for what changes something, or while
the shop is guessed at, the whole phone and the receiver's name are asked for.
"""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.answering.form import FormReader, give_up, wants_to_stop, was_given_up
from actions.answering.handoff import offer_person
from actions.answering.question import Question
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.order_wishes import WHOLE, go_on_with_wish, leaves_contact, told_tail
from actions.orders.lookup_details import (
    WHERE,
    has_none,
    is_stuck,
    mark_none,
    take_detail,
)
from actions.orders.orders import keep_proof
from bot import asked_for
from bot.handing_over import HandOverReason
from bot.shop.words.errors import ProofNeeded

_MOST_FAILURES = 2
_LONGEST_NAME = 20


class ReadOrderLookup(FormReader):
    """Reads what was asked for at once or one after the other."""

    def name(self) -> str:
        return "validate_order_lookup_form"

    async def read(self, chat: Chat) -> bool:
        if wants_to_stop(chat):
            give_up(chat)
            return True
        if chat.slot("lookup_needs") == WHOLE:
            return _take_whole(chat)
        if leaves_contact(chat):
            give_up(chat, is_told=True)
            return True
        number, tail = chat.turn.value("order_number"), told_tail(chat)
        if number is None and tail is None:
            return _has_no_number(chat)
        if number is not None:
            chat.keep("lookup_number", str(number))
        if tail is not None:
            chat.keep("lookup_phone_tail", tail)
        return True

    async def next_slot(self, chat: Chat) -> str | None:
        if (lacking := _lacking(chat)) is not None:
            return lacking
        number, is_whole = chat.slot("lookup_number"), chat.slot("lookup_needs") == WHOLE
        access = (
            chat.turn.access(phone=chat.slot("lookup_phone"), name=chat.slot("lookup_name"))
            if is_whole
            else chat.turn.access(chat.slot("lookup_phone_tail"))
        )
        try:
            order = await chat.shop.order(number, access)
        except ProofNeeded:
            chat.keep("lookup_needs", WHOLE)
            return _lacking(chat)
        if order is not None:
            keep_proof(chat, order.number, access)
            chat.keep("order_in_talk", order.number)
            return None
        failures = (chat.slot("lookup_failures") or 0) + 1
        chat.keep("lookup_failures", failures)
        for slot in ("lookup_phone_tail", "lookup_phone", "lookup_name"):
            chat.keep(slot, None)
        if not is_whole:
            chat.keep("lookup_number", None)
        chat.reply("utter_order_not_matching_whole" if is_whole else "utter_order_not_matching")
        if failures >= _MOST_FAILURES:
            give_up(chat, is_told=True)
            return None
        return _lacking(chat)


def _has_no_number(chat: Chat) -> bool:
    """没单号: where it stands is told once; who has looked and still has none needs a person, and so
    does who tells which goods it is instead. What is told is kept for what waits."""
    turn = chat.turn
    is_none = _says_none(chat)
    is_no = turn.intent == "deny" or (turn.intent == "nlu_half_sure" and turn.ranking[0] == "deny")
    if has_none(chat):  # 看过了 没有, 那咋办
        is_none = is_none or is_no or hears(turn, "not_yet", "what_then")
    if has_none(chat) and is_none:
        _leave_to_a_person(chat)
        return True
    if is_none:
        mark_none(chat)
        chat.reply(WHERE)
        return True
    if not take_detail(chat):
        return False
    if is_stuck(chat):
        chat.reply("utter_no_number_noted")
        _leave_to_a_person(chat)
    else:
        chat.reply("utter_lookup_detail_noted")
    return True


def _says_none(chat: Chat) -> bool:
    return hears(chat.turn, "no_number", "without_number")


def _leave_to_a_person(chat: Chat) -> None:
    chat.keep("lookup_failures", _MOST_FAILURES)
    give_up(chat, is_told=True)


def _lacking(chat: Chat) -> str | None:
    """The slot to ask for next; None where all is there to be tried."""
    is_whole = chat.slot("lookup_needs") == WHOLE
    needed = ("lookup_phone", "lookup_name") if is_whole else ("lookup_phone_tail",)
    return next((slot for slot in ("lookup_number", *needed) if not chat.slot(slot)), None)


def _take_whole(chat: Chat) -> bool:
    """The whole phone and the name; where the name alone was asked for, plain words are one."""
    turn = chat.turn
    phone = turn.value("phone")
    name = turn.value("receiver_name") or asked_for.name_before_phone(turn.text)
    is_said_plainly = turn.intent == "inform" or turn.intent.startswith("nlu_")
    if name is None and turn.requested_slot == "lookup_name" and is_said_plainly:
        name = turn.text.strip() if len(turn.text.strip()) <= _LONGEST_NAME else None
    for slot, value in (
        ("lookup_number", turn.value("order_number")),
        ("lookup_phone", phone),
        ("lookup_name", name),
    ):
        if value:
            chat.keep(slot, str(value))
    return bool(phone or name or turn.has("order_number"))


class AskLookupNumber(Question):
    """Number and phone digits at once, or the number alone where the phone is told."""

    def name(self) -> str:
        return "action_ask_lookup_number"

    async def ask(self, chat: Chat) -> None:
        if has_none(chat):  # who cannot give one is not asked again
            if not chat.turn.has_answer:
                chat.reply("utter_no_number_ways")
            return
        is_half = bool(chat.slot("lookup_phone_tail"))
        chat.reply("utter_ask_order_number_only" if is_half else "utter_ask_lookup_number")


class AnswerLookup(Answer):
    """The order is proved: the wish that waited goes on."""

    def name(self) -> str:
        return "action_answer_lookup"

    async def answer(self, chat: Chat) -> None:
        chat.keep("lookup_number", None)
        for slot in ("lookup_phone_tail", "lookup_phone", "lookup_name", "lookup_needs"):
            chat.keep(slot, None)
        if (chat.slot("lookup_failures") or 0) >= _MOST_FAILURES:
            chat.keep("lookup_failures", None)
            was_given_up(chat)
            offer_person(chat, HandOverReason.NO_DATA)
        elif not was_given_up(chat):
            # The phone was told as a proof only, not as a receiver's new one.
            number = {"entity": "order_number", "value": chat.slot("order_in_talk")}
            await go_on_with_wish(chat, [number])


class ChooseOrder(Answer):
    """One of several orders or goods was picked."""

    def name(self) -> str:
        return "action_choose_order"

    async def answer(self, chat: Chat) -> None:
        if not await go_on_with_wish(chat, chat.turn.entities):
            chat.reply("utter_all_right")
