"""What the shop shall mind about an order: noted where the buyer says so, and only then."""

from __future__ import annotations

from typing import Any

from actions.answer import Answer
from actions.chat import Chat
from actions.order_wishes import order_wish
from actions.orders import access_to, ask_anyway, goods_text, order_meant, own_orders, that_may
from bot.shop.dealing import Verb

_LONGEST_NOTE = 100
_BETWEEN = "；"
_may_be_noted = that_may(Verb.ADD_NOTE)


def with_note(before: str | None, note: str) -> str:
    """Notes of one order stand beside each other; what stands there already is not said twice."""
    kept = [one for one in (before or "").split(_BETWEEN) if one]
    new = note.strip()[:_LONGEST_NOTE]
    return _BETWEEN.join([*kept, *([] if new in kept else [new])])[: 2 * _LONGEST_NOTE]


class NoteOrder(Answer):
    """包装好点, 一起发: kept with the order, or for the order that is still to come."""

    def name(self) -> str:
        return "action_note_order"

    async def answer(self, chat: Chat) -> None:
        await note_order(chat)


@order_wish("order_note")
async def note_order(chat: Chat) -> None:
    note = chat.turn.text[:_LONGEST_NOTE]
    has_open_order = any(map(_may_be_noted, await own_orders(chat)))
    if not chat.turn.has("order_number") and not has_open_order:
        chat.keep("order_note", with_note(chat.slot("order_note"), note))
        chat.reply("utter_note_kept_for_order")
        return
    order = await order_meant(chat, "order_note", _may_be_noted, must_choose=True)
    if order is None:
        return
    if not _may_be_noted(order):
        chat.reply("utter_note_too_late", goods=goods_text(order))
        return
    await chat.shop.add_note(
        order.number, access_to(chat, order.number), note, request_id=chat.turn.request_id
    )
    chat.reply("utter_note_added", goods=goods_text(order), note=note)


async def offer_note(chat: Chat, note: str, response: str, **values: Any) -> None:
    """Asks whether `note` shall be written on the order that takes it, or on the one to come."""
    order = next(filter(_may_be_noted, await own_orders(chat)), None)
    chat.keep("order_note_offered", {"number": order.number if order else None, "note": note})
    ask_anyway(chat, "note_it", response, **values)


class AddOfferedNote(Answer):
    """The buyer said yes to the note."""

    def name(self) -> str:
        return "action_add_offered_note"

    async def answer(self, chat: Chat) -> None:
        offered = chat.slot("order_note_offered") or {}
        chat.keep("order_note_offered", None)
        number, note = offered.get("number"), str(offered.get("note") or "")
        if not note:
            chat.reply("utter_all_right")
        elif number is None:
            chat.keep("order_note", with_note(chat.slot("order_note"), note))
            chat.reply("utter_note_kept_for_order")
        else:
            order = await chat.shop.add_note(
                number, access_to(chat, number), note, request_id=chat.turn.request_id
            )
            chat.reply("utter_note_added", goods=goods_text(order), note=note)
