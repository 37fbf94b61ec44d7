"""Cancelling an order before it has left; afterwards the ways that are still open."""

from __future__ import annotations

import re

from actions.agreed import keep_shown, shown_in
from actions.answer import Answer
from actions.cards import order_card
from actions.chat import Chat
from actions.order_state import tell_state
from actions.order_wishes import order_wish
from actions.orders import access_to, ask_anyway, goods_text, in_status, order_meant, that_may
from actions.phrasing import price_text
from bot.shop.dealing import Order, OrderStatus, Verb
from bot.shop.port import WrongMoment

_CAN_BE_CANCELLED = that_may(Verb.CANCEL)
_TIERS = (_CAN_BE_CANCELLED, in_status(OrderStatus.SHIPPED), in_status(OrderStatus.DELIVERED))


class OfferCancel(Answer):
    """Asks once before it counts, and names what can be changed instead."""

    def name(self) -> str:
        return "action_offer_cancel"

    async def answer(self, chat: Chat) -> None:
        if says_not_to(chat.turn.text):
            keep_order(chat)
        else:
            await offer_cancel(chat)


@order_wish("cancel_order")
async def offer_cancel(chat: Chat) -> None:
    order = await order_meant(chat, "cancel_order", *_TIERS, must_choose=True)
    if order is not None:
        await offer_cancel_of(chat, order)


async def offer_cancel_of(chat: Chat, order: Order) -> None:
    if _CAN_BE_CANCELLED(order):
        keep_shown(chat, "cancel_shown", order.number)
        chat.keep("cancel_reason", chat.turn.text[:60])
        chat.show(order_card(order))
        ask_anyway(
            chat,
            "cancel_it",
            "utter_ask_cancel",
            goods=goods_text(order),
            order_number=order.number,
        )
    elif order.status is OrderStatus.SHIPPED:
        chat.reply("utter_cancel_too_late", goods=goods_text(order), order_number=order.number)
    elif order.status in (OrderStatus.DELIVERED, OrderStatus.COMPLETED):
        chat.reply("utter_cancel_delivered", goods=goods_text(order), order_number=order.number)
    else:
        await tell_state(chat, order)


class CancelOrder(Answer):
    """The buyer has said yes."""

    def name(self) -> str:
        return "action_cancel_order"

    async def answer(self, chat: Chat) -> None:
        shown = shown_in(chat, "cancel_shown")
        if says_not_to(chat.turn.text):
            keep_order(chat)
            return
        # A button means the order it was shown for, also an older one; a mere yes the last shown.
        pressed = chat.turn.value("order_number") if chat.turn.intent == "confirm_cancel" else None
        number = pressed or (shown.what if shown else None)
        if number is None:
            chat.reply("utter_nothing_to_cancel")
            return
        is_shown = shown is not None and shown.what == number
        if not pressed and shown is not None and not shown.is_fresh:
            await _offer_again(chat, number)
            return
        chat.keep("cancel_shown", None)
        try:
            order = await chat.shop.cancel_order(
                number,
                access_to(chat, number),
                reason=chat.slot("cancel_reason") or "买家取消",
                request_id=shown.deed_id if shown and is_shown else chat.turn.request_id,
            )
        except WrongMoment:  # it has left in between
            chat.reply("utter_cancel_too_late", goods="这一单", order_number=number)
            return
        if order.paid_at is not None:
            chat.reply(
                "utter_cancelled_refund", goods=goods_text(order), total=price_text(order.total_fen)
            )
        else:
            chat.reply("utter_cancelled", goods=goods_text(order))


async def _offer_again(chat: Chat, number: str) -> None:
    order = await chat.shop.order(number, access_to(chat, number))
    if order is None:
        chat.reply("utter_nothing_to_cancel")
    else:
        await offer_cancel_of(chat, order)


class KeepOrder(Answer):
    """The buyer thinks better of it."""

    def name(self) -> str:
        return "action_keep_order"

    async def answer(self, chat: Chat) -> None:
        keep_order(chat)


_NOT_TO = re.compile(r"(不|别|先别|不用|不要|不想)(给我|帮我)?取消")


def says_not_to(text: str) -> bool:
    """算了不取消了 is about cancelling, and a no."""
    return _NOT_TO.search(text) is not None


def keep_order(chat: Chat) -> None:
    chat.keep("cancel_shown", None)
    chat.reply("utter_order_kept")
