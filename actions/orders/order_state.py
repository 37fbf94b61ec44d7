"""How an order stands, said state by state."""

from __future__ import annotations

from actions.frame.cards import order_card
from actions.frame.chat import Chat
from actions.frame.clock import moment_text, near_day_text
from actions.frame.phrasing import price_text
from actions.orders.orders import goods_text
from actions.orders.parcel_news import tell_parcel
from actions.orders.return_cases import open_case_of, tell_case
from bot.shop.words.dealing import Order, OrderStatus, Right
from bot.shop.words.status_words import STATUS_TEXTS


async def tell_state(chat: Chat, order: Order) -> None:
    """Card first, then one line: what it means and what comes next.

    Of an order of which something is on its way back, that case is what happens.
    """
    if order.shipped_at is not None and (case := await open_case_of(chat, order)) is not None:
        tell_case(chat, case)
        return
    if order.status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED) and order.parcel is not None:
        tell_parcel(chat, order)
        return
    if order.right is Right.CHANGE:
        chat.show(order_card(order))
    elif order.status not in (OrderStatus.PAID, OrderStatus.PACKED):
        chat.reply("utter_order_state_only", status=STATUS_TEXTS[order.status])
        return
    if order.status in (OrderStatus.PAID, OrderStatus.PACKED):
        await tell_when_it_ships(chat, order)
    elif order.status is OrderStatus.AWAITING_PAYMENT:
        promise = await chat.shop.shipping_promise()
        chat.reply(
            "utter_order_awaiting_payment",
            goods=goods_text(order),
            until=moment_text(order.pays_until) if order.pays_until else "关闭",
            cutoff=promise.cutoff,
            day=near_day_text(promise.ships_on),
        )
    elif order.status is OrderStatus.CANCELLED:
        _tell_cancelled(chat, order)
    elif order.status is OrderStatus.CLOSED:
        chat.reply("utter_order_closed", goods=goods_text(order))
    else:
        chat.reply("utter_order_done", goods=goods_text(order))


async def tell_when_it_ships(chat: Chat, order: Order) -> None:
    """Of one that is paid and still here, by the shop's calendar."""
    day = await ship_day_text(chat, order)
    if order.ships_late:
        chat.reply(
            "utter_order_ship_overdue",
            goods=goods_text(order),
            day=day,
            order_number=order.number,
        )
    elif order.status is OrderStatus.PACKED:
        chat.reply("utter_order_packed", goods=goods_text(order), day=day)
    else:
        chat.reply("utter_order_paid", goods=goods_text(order), day=day)


def _tell_cancelled(chat: Chat, order: Order) -> None:
    if order.paid_at is not None:
        chat.reply(
            "utter_order_cancelled_refund",
            goods=goods_text(order),
            total=price_text(order.total_fen),
        )
    else:
        chat.reply("utter_order_cancelled", goods=goods_text(order))


async def ship_day_text(chat: Chat, order: Order) -> str:
    """The day that the shop promised for this order; for an unpaid one, for paying now."""
    day = order.ships_on or (await chat.shop.shipping_promise()).ships_on
    return near_day_text(day)
