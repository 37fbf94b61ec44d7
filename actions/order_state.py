"""How an order stands, said state by state."""

from __future__ import annotations

from datetime import date, time, timedelta

from actions.cards import order_card
from actions.chat import Chat
from actions.clock import local, moment_text, near_day_text, today
from actions.orders import goods_text
from actions.parcel_news import tell_parcel
from actions.phrasing import price_text
from bot.shop.dealing import Order, OrderStatus
from bot.shop.goods import ShippingPromise


async def tell_state(chat: Chat, order: Order) -> None:
    """Card first, then one line: what it means and what comes next."""
    if order.status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED) and order.parcel is not None:
        tell_parcel(chat, order)
        return
    chat.show(order_card(order))
    if order.status in (OrderStatus.PAID, OrderStatus.PACKED):
        await _tell_when_it_ships(chat, order)
    elif order.status is OrderStatus.AWAITING_PAYMENT:
        promise = await chat.shop.shipping_promise()
        chat.reply(
            "utter_order_awaiting_payment",
            goods=goods_text(order),
            until=moment_text(order.pays_until) if order.pays_until else "关闭",
            cutoff=promise.cutoff,
        )
    elif order.status is OrderStatus.CANCELLED:
        _tell_cancelled(chat, order)
    elif order.status is OrderStatus.CLOSED:
        chat.reply("utter_order_closed", goods=goods_text(order))
    else:
        chat.reply("utter_order_done", goods=goods_text(order))


async def _tell_when_it_ships(chat: Chat, order: Order) -> None:
    due = ships_on(order, await chat.shop.shipping_promise())
    if is_overdue(due):
        chat.reply("utter_order_ship_overdue", goods=goods_text(order), day=near_day_text(due))
    elif order.status is OrderStatus.PACKED:
        chat.reply("utter_order_packed", goods=goods_text(order), day=near_day_text(due))
    else:
        chat.reply("utter_order_paid", goods=goods_text(order), day=near_day_text(due))


def _tell_cancelled(chat: Chat, order: Order) -> None:
    if order.paid_at is not None:
        chat.reply(
            "utter_order_cancelled_refund",
            goods=goods_text(order),
            total=price_text(order.total_fen),
        )
    else:
        chat.reply("utter_order_cancelled", goods=goods_text(order))


def ships_on(order: Order, promise: ShippingPromise) -> date:
    """The day on which a paid order should leave (or should have left), by the cut-off time."""
    paid = local(order.paid_at or order.created_at)
    is_in_time = paid.time() < time.fromisoformat(promise.cutoff)
    due = paid.date() if is_in_time else paid.date() + timedelta(days=1)
    if is_overdue(due):
        return due
    # Within a day of it the shop's own promise knows about Sundays and holidays.
    return promise.ships_on if due > today() else max(due, today())


def is_overdue(due: date) -> bool:
    """A day of grace: the shop may have been closed on the day itself."""
    return due + timedelta(days=1) < today()
