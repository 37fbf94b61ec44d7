"""Cancelling an order before it has left; afterwards the ways that are still open."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.frame.agreed import PARKED, keep_shown, shown_in
from actions.frame.cards import order_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import price_text
from actions.hearing.order_wishes import order_wish
from actions.orders.order_state import tell_state
from actions.orders.orders import (
    access_to,
    ask_anyway,
    goods_text,
    in_status,
    order_meant,
    own_orders,
    that_may,
)
from actions.returns.withdrawing import offer_withdrawal, takes_it_back
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, OrderStatus, Verb
from bot.shop.words.errors import RefundChanged, WrongMoment

_NAMES_ONE = ("order_number", "tracking_number", "product", "kind", "ordinal")
_CAN_BE_CANCELLED = that_may(Verb.CANCEL)
_TIERS = (_CAN_BE_CANCELLED, in_status(OrderStatus.SHIPPED), in_status(OrderStatus.DELIVERED))


def _is_open(order: Order) -> bool:
    return _CAN_BE_CANCELLED(order) or order.status is OrderStatus.SHIPPED


class OfferCancel(Answer):
    """Asks once before it counts, and names what can be changed instead."""

    def name(self) -> str:
        return "action_offer_cancel"

    async def answer(self, chat: Chat) -> None:
        if await takes_it_back(chat):
            return  # 取消退货
        if hears(chat.turn, "no_cancel"):
            await keep_order(chat)
        elif not any(map(_is_open, await own_orders(chat))) and (
            not chat.turn.has(*_NAMES_ONE) and await offer_withdrawal(chat)
        ):
            return  # 帮我取消吧, of the one thing that can be: the return
        else:
            await offer_cancel(chat)


@order_wish("cancel_order")
async def offer_cancel(chat: Chat) -> None:
    order = await order_meant(chat, "cancel_order", *_TIERS, must_choose=True)
    if order is not None:
        await offer_cancel_of(chat, order)


async def offer_cancel_of(chat: Chat, order: Order, *, refund_fen: int | None = None) -> None:
    """`refund_fen`: what goes back, where it is not simply what was paid."""
    if _CAN_BE_CANCELLED(order):
        paid_fen = order.total_fen if order.paid_at is not None else 0
        goes_back = paid_fen if refund_fen is None else refund_fen
        keep_shown(chat, "cancel_shown", order.number, total_fen=goes_back)
        chat.keep("cancel_reason", chat.turn.text[:60])
        chat.show(order_card(order))
        ask_anyway(
            chat,
            "cancel_it",
            "utter_ask_cancel_paid" if goes_back else "utter_ask_cancel",
            goods=goods_text(order),
            order_number=order.number,
            refund=price_text(goes_back),
        )
    elif order.status is OrderStatus.SHIPPED:
        _tell_too_late(chat, order)
    elif order.status in (OrderStatus.DELIVERED, OrderStatus.COMPLETED):
        chat.reply("utter_cancel_delivered", goods=goods_text(order), order_number=order.number)
    else:
        await tell_state(chat, order)


def _tell_too_late(chat: Chat, order: Order) -> None:
    """拦截, or wanted again after it was told: a person speaks with the courier, and once that was
    asked for it is told where it stands."""
    if "utter_intercepting" in chat.turn.told_in_talk:
        total = price_text(order.total_fen)
        chat.reply("utter_intercept_stands", goods=goods_text(order), total=total)
    elif hears(chat.turn, "intercept") or "utter_cancel_too_late" in chat.turn.told_before:
        chat.reply("utter_intercepting", goods=goods_text(order))
        chat.hand_over(
            HandOverReason.WRONG_MOMENT, f"拦截退回: 订单 {order.number} 已发出, 买家不要了"
        )
    else:
        chat.reply("utter_cancel_too_late", goods=goods_text(order), order_number=order.number)


class CancelOrder(Answer):
    """The buyer has said yes."""

    def name(self) -> str:
        return "action_cancel_order"

    async def answer(self, chat: Chat) -> None:
        shown = shown_in(chat, "cancel_shown")
        if hears(chat.turn, "no_cancel"):
            await keep_order(chat)
            return
        # A button means the order it was shown for, also an older one; a mere yes the last shown.
        named = chat.turn.value("order_number")
        number = named or (shown.what if shown else None)
        if number is None:
            chat.reply("utter_nothing_to_cancel")
            return
        if chat.turn.intent == "cancel_order" and chat.turn.has(*_NAMES_ONE):
            await offer_cancel(chat)  # perhaps another one than was shown
            return
        if shown is None or shown.what != number or not shown.is_fresh:
            await _offer_again(chat, number)
            return
        chat.keep("cancel_shown", None)
        try:
            order = await chat.shop.cancel_order(
                number,
                access_to(chat, number),
                reason=chat.slot("cancel_reason") or "买家取消",
                expected_refund_fen=shown.total_fen,
                request_id=shown.deed_id,
            )
        except WrongMoment:  # it has left in between
            chat.reply("utter_cancel_too_late", goods="这一单", order_number=number)
            return
        except RefundChanged as error:
            chat.reply("utter_refund_changed")
            await _offer_again(chat, number, refund_fen=error.refund_fen)
            return
        if order.paid_at is not None:
            chat.reply(
                "utter_cancelled_refund", goods=goods_text(order), total=price_text(order.total_fen)
            )
        else:
            chat.reply("utter_cancelled", goods=goods_text(order))
        await _back_to_the_draft(chat)


async def _offer_again(chat: Chat, number: str, refund_fen: int | None = None) -> None:
    order = await chat.shop.order(number, access_to(chat, number))
    if order is None:
        chat.reply("utter_nothing_to_cancel")
    else:
        await offer_cancel_of(chat, order, refund_fen=refund_fen)


class KeepOrder(Answer):
    """The buyer thinks better of it."""

    def name(self) -> str:
        return "action_keep_order"

    async def answer(self, chat: Chat) -> None:
        await keep_order(chat)


async def keep_order(chat: Chat) -> None:
    chat.keep("cancel_shown", None)
    chat.reply("utter_order_kept")
    await _back_to_the_draft(chat)


async def _back_to_the_draft(chat: Chat) -> None:
    """An order was being written when this one came in between: it is offered again."""
    if chat.slot("order_shown") != PARKED or chat.turn.in_form:
        return
    chat.keep("order_shown", None)
    product = await chat.shop.product(str(chat.slot("order_product")))
    if product is not None:
        chat.keep("product_in_talk", product.product_id)
        chat.ask("order_it", "utter_draft_waits", name=product.name)
