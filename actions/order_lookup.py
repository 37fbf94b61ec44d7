"""A visitor proves an order by its number and the phone's last four digits, then is answered."""

from __future__ import annotations

from actions.answer import Answer
from actions.chat import Chat
from actions.form import FormReader, give_up, wants_to_stop, was_given_up
from actions.handoff import offer_person
from actions.order_wishes import go_on_with_wish, told_tail
from actions.orders import keep_proof
from actions.question import Question
from bot.handing_over import HandOverReason

_MOST_FAILURES = 2
_NO_NUMBER_WORDS = ("不记得", "忘了", "找不到", "没有单号", "不知道", "没订单号", "记不得")


class ReadOrderLookup(FormReader):
    """Reads both at once or one after the other."""

    def name(self) -> str:
        return "validate_order_lookup_form"

    async def read(self, chat: Chat) -> bool:
        if wants_to_stop(chat):
            give_up(chat)
            return True
        number, tail = chat.turn.value("order_number"), told_tail(chat)
        if number is None and tail is None:
            if any(word in chat.turn.text for word in _NO_NUMBER_WORDS):
                chat.reply("utter_where_is_the_number")
                return True
            return False
        if number is not None:
            chat.keep("lookup_number", str(number))
        if tail is not None:
            chat.keep("lookup_phone_tail", tail)
        return True

    async def next_slot(self, chat: Chat) -> str | None:
        number, tail = chat.slot("lookup_number"), chat.slot("lookup_phone_tail")
        if not number:
            return "lookup_number"
        if not tail:
            return "lookup_phone_tail"
        order = await chat.shop.order(number, chat.turn.access(tail))
        if order is not None:
            keep_proof(chat, order.number, tail)
            chat.keep("order_in_talk", order.number)
            return None
        failures = (chat.slot("lookup_failures") or 0) + 1
        chat.keep("lookup_failures", failures)
        chat.keep("lookup_number", None)
        chat.keep("lookup_phone_tail", None)
        chat.reply("utter_order_not_matching")
        if failures >= _MOST_FAILURES:
            give_up(chat, is_told=True)
            return None
        return "lookup_number"


class AskLookupNumber(Question):
    """Number and phone digits at once, or the number alone where the phone is told."""

    def name(self) -> str:
        return "action_ask_lookup_number"

    async def ask(self, chat: Chat) -> None:
        is_half = bool(chat.slot("lookup_phone_tail"))
        chat.reply("utter_ask_order_number_only" if is_half else "utter_ask_lookup_number")


class AnswerLookup(Answer):
    """The order is proved: the wish that waited goes on."""

    def name(self) -> str:
        return "action_answer_lookup"

    async def answer(self, chat: Chat) -> None:
        chat.keep("lookup_number", None)
        chat.keep("lookup_phone_tail", None)
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
