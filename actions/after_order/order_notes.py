"""What the shop shall mind about an order: noted where the buyer says yes to it, and only then."""

from __future__ import annotations

from typing import Any

from actions.after_order.cancelling import offer_cancel_of
from actions.answering.answer import Answer
from actions.frame.agreed import keep_shown, shown_in
from actions.frame.chat import Chat, button
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.order_wishes import order_wish
from actions.orders.asking import answer_named
from actions.orders.orders import (
    access_to,
    ask_anyway,
    goods_text,
    order_meant,
    own_orders,
    that_may,
)
from bot.shop.words.dealing import Order, OrderStatus, Verb

_LONGEST_NOTE = 100
_BETWEEN = "；"
_AROUND = " ,，。.:：~、"
_may_be_noted = that_may(Verb.ADD_NOTE)


def with_note(before: str | None, note: str) -> str:
    """Notes of one order stand beside each other; what stands there already is not said twice."""
    kept = [one for one in (before or "").split(_BETWEEN) if one]
    new = note.strip()[:_LONGEST_NOTE]
    return _BETWEEN.join([*kept, *([] if new in kept else [new])])[: 2 * _LONGEST_NOTE]


def note_said(turn: Turn) -> str:
    """放门口 of 麻烦帮我备注一下放门口 谢谢; what a button carries is the note itself."""
    if "said" in turn.pressed:
        return turn.text
    note = turn.text
    for one in turn.entities:
        if one.get("value") == "note_frame":
            note = note.replace(str(one.get("words") or "\n"), "\n")
    parts = [part.strip(_AROUND) for part in note.split("\n")]
    return " ".join(part for part in parts if len(part) > 1) or turn.text


class NoteOrder(Answer):
    """包装好点, 一起发: kept with the order, or for the order that is still to come."""

    def name(self) -> str:
        return "action_note_order"

    async def answer(self, chat: Chat) -> None:
        await note_order(chat)


@order_wish("order_note")
async def note_order(chat: Chat) -> None:
    if await _is_the_button(chat):
        return
    if hears(chat.turn, "is_done"):
        if not await _tells_note(chat):
            await answer_named("order", chat)
        return
    note = note_said(chat.turn)[:_LONGEST_NOTE]
    has_open_order = any(map(_may_be_noted, await own_orders(chat)))
    if not chat.turn.has("order_number") and not has_open_order:
        sent = await _under_way(chat)
        if sent is not None and hears(chat.turn, "intercept"):
            await offer_cancel_of(chat, sent)  # 别给我送了
            return
        if sent is not None:
            chat.reply("utter_note_too_late", goods=goods_text(sent))
            return
        chat.keep("order_note", with_note(chat.slot("order_note"), note))
        chat.reply("utter_note_kept_for_order")
        return
    order = await order_meant(chat, "order_note", _may_be_noted, must_choose=True)
    if order is None:
        return
    if not _may_be_noted(order):
        chat.reply("utter_note_too_late", goods=goods_text(order))
        return
    _offer(chat, order, note)


async def _tells_note(chat: Chat) -> bool:
    """备注好了吗, of an order that has a note."""
    number = chat.slot("order_in_talk")
    noted = [one for one in await own_orders(chat) if one.note]
    order = next((one for one in noted if one.number == number), None)
    if order is not None:
        chat.reply("utter_note_stands", goods=goods_text(order), note=order.note)
    return order is not None


async def _under_way(chat: Chat) -> Order | None:
    """What the talk is about, where it has left already and nothing to buy is talked of."""
    if chat.slot("product_in_talk") or chat.turn.product_in_view or chat.turn.in_form:
        return None
    sent = [one for one in await own_orders(chat) if one.status is OrderStatus.SHIPPED]
    number = chat.slot("order_in_talk")
    return next((one for one in sent if one.number == number), sent[0] if sent else None)


def _offer(chat: Chat, order: Order, note: str) -> None:
    """Shows order and note; the button carries both, so that it means these wherever it stands."""
    keep_shown(chat, "order_note_offered", f"{order.number}|{note}")
    yes = button("对，备注上", "order_note", order_number=order.number, said=note)
    no = button("不用了", "deny")
    ask_anyway(chat, "note_it", "utter_ask_note", [yes, no], goods=goods_text(order), note=note)


async def _is_the_button(chat: Chat) -> bool:
    """Order and note of the very question that was asked: a yes. Of an older one: not this."""
    turn, shown = chat.turn, shown_in(chat, "order_note_offered")
    if "said" not in turn.pressed or shown is None or not shown.is_fresh:
        return False
    if shown.what != f"{turn.value('order_number')}|{turn.text}":
        return False
    await _add_offered(chat)
    return True


async def offer_note(chat: Chat, note: str, response: str, **values: Any) -> None:
    """Asks whether `note` shall be written on the order that takes it, or on the one to come."""
    order = next(filter(_may_be_noted, await own_orders(chat)), None)
    keep_shown(chat, "order_note_offered", f"{order.number if order else ''}|{note}")
    ask_anyway(chat, "note_it", response, **values)


class AddOfferedNote(Answer):
    """The buyer said yes to the note."""

    def name(self) -> str:
        return "action_add_offered_note"

    async def answer(self, chat: Chat) -> None:
        await _add_offered(chat)


async def _add_offered(chat: Chat) -> None:
    shown = shown_in(chat, "order_note_offered")
    if shown is None:
        chat.reply("utter_all_right")
        return
    number, _, note = shown.what.partition("|")
    chat.keep("order_note_offered", None)
    if not number:
        chat.keep("order_note", with_note(chat.slot("order_note"), note))
        chat.reply("utter_note_kept_for_order")
        return
    access = access_to(chat, number)
    if not shown.is_fresh:
        order = await chat.shop.order(number, access)
        if order is None:
            chat.reply("utter_order_unknown")
        else:
            _offer(chat, order, note)
        return
    order = await chat.shop.add_note(number, access, note, request_id=shown.deed_id)
    chat.reply("utter_note_added", goods=goods_text(order), note=note)


async def takes_notes(chat: Chat) -> bool:
    return any(map(_may_be_noted, await own_orders(chat)))
