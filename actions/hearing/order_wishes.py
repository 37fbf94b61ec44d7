"""Wishes that wait until it is known, and proved, which order they are about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears
from bot import asked_for
from bot.handing_over import HandOverReason

Wish = Callable[[Chat], Awaitable[None]]

WHOLE = "whole"  # what `lookup_needs` says where four digits are not enough
_LONGEST = 60  # characters of what was wished, in a note
_WISHES: dict[str, Wish] = {}


def order_wish(name: str) -> Callable[[Wish], Wish]:
    """Registers an answer that needs an order, so that it goes on once the order is known."""

    def register(wish: Wish) -> Wish:
        _WISHES[name] = wish
        return wish

    return register


def waits_for_an_order(wish: str) -> bool:
    """Whether this is answered once the order is known."""
    return wish in _WISHES


def told_tail(chat: Chat) -> str | None:
    """The last four digits of a phone in this message; bare ones count beside an order number."""
    if (tail := chat.turn.value("phone_tail")) is not None:
        return str(tail)[-4:]
    if (phone := chat.turn.value("phone")) is not None:
        return str(phone)[-4:]
    if chat.turn.in_form == "order_lookup_form" or chat.turn.has("order_number"):
        return asked_for.four_digits(chat.turn.text)
    return None


def look_up(chat: Chat, wish: str, *, number: str | None = None, is_whole: bool = False) -> None:
    """Asks a visitor for order number and phone digits; `wish` goes on afterwards. Who has no
    number is shown the other ways.

    `is_whole`: the digits are not enough, so for the whole phone and the receiver's name.
    """
    keep_wish(chat, wish)
    chat.keep("lookup_number", number)
    chat.keep("lookup_phone_tail", told_tail(chat))
    chat.keep("lookup_needs", WHOLE if is_whole else None)
    chat.keep("lookup_phone", None)
    chat.keep("lookup_name", None)
    chat.keep("lookup_failures", None)
    if chat.slot("lookup_has_none") and number is None:
        if leaves_contact(chat):
            return
        chat.reply("utter_no_number_ways")
        chat.keep("handoff_reason", HandOverReason.NO_DATA.value)
        chat.ask("hand_over", "utter_offer_person")
        return
    if hears(chat.turn, "without_number"):  # 没有订单号 鞋开胶了
        chat.keep("lookup_has_none", True)
        chat.reply("utter_where_is_the_number")
    if chat.turn.in_form != "order_lookup_form":
        chat.go_on_with("order_lookup_form")


def leaves_contact(chat: Chat) -> bool:
    """A phone or a name from who has no number: a colleague finds the order by it."""
    turn = chat.turn
    told = [str(turn.value(name)) for name in ("receiver_name", "phone") if turn.has(name)]
    is_free = not turn.in_form or turn.in_form == "order_lookup_form"
    if not (told and is_free and chat.slot("lookup_has_none") and chat.slot("lookup_wish")):
        return False
    if turn.has("order_number") or turn.signed_in:
        return False
    wish = str((chat.slot("lookup_said") or {}).get("text") or "")[:_LONGEST]
    chat.reply("utter_contact_for_search")
    chat.hand_over(HandOverReason.NO_DATA, f"没有订单号，按 {' '.join(told)} 找单：{wish}")
    return True


def keep_wish(chat: Chat, wish: str) -> None:
    chat.keep("lookup_wish", wish)
    told = [
        {"entity": entity["entity"], "value": entity["value"]}
        for entity in chat.turn.entities
        if entity.get("entity") not in ("order_number", "ordinal", "line")
    ]
    chat.keep("lookup_said", {"text": chat.turn.text, "entities": told})


async def go_on_with_wish(chat: Chat, picked: Sequence[Mapping[str, Any]]) -> bool:
    """Answers what waited for an order, with what was said then; False where nothing waits.

    `picked`: the entities that tell which order it is.
    """
    wish = _WISHES.get(chat.slot("lookup_wish") or "")
    if wish is None:
        return False
    said = chat.slot("lookup_said") or {}
    chat.keep("lookup_wish", None)
    chat.keep("lookup_said", None)
    chat.turn = replace(
        chat.turn,
        text=said.get("text") or chat.turn.text,
        entities=(*picked, *said.get("entities", ())),
    )
    await wish(chat)
    chat.keep("lookup_offered", None)
    return True
