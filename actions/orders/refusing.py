"""The buyer will not take what is on its way: what to say at the door, and when the money is back."""

from __future__ import annotations

from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import price_text
from actions.orders.orders import goods_text, in_status, own_orders
from bot.shop.words.dealing import Order, OrderStatus, Right

# Behind what was said of refusing, these go on with it: 多久, 运费扣吗, 快递不给退呢.
_GOING_ON = (
    "postage",
    "return_postage",
    "refund_when",
    "refund_how",
    "how_soon",
    "courier_unwilling",
)
_TOLD = {
    "utter_refusing",
    "utter_refusing_money",
    "utter_refusing_postage",
    "utter_refusing_courier",
}
_is_under_way = in_status(OrderStatus.SHIPPED)


def tell_refusing(chat: Chat, order: Order) -> None:
    """Once how it goes; asked on, what about the money and the postage."""
    chat.keep("order_in_talk", order.number)
    values: dict[str, Any] = {"goods": goods_text(order), "refund": price_text(order.total_fen)}
    if hears(chat.turn, "courier_unwilling"):
        chat.reply("utter_refusing_courier", **values)
    elif hears(chat.turn, "postage", "return_postage"):
        chat.reply("utter_refusing_postage", **values)
    elif (
        hears(chat.turn, "refund_when", "refund_how", "how_soon")
        or chat.turn.intent == "refund_status"
    ):
        chat.reply("utter_refusing_money", **values)
    elif "utter_refusing" in chat.turn.told_before:
        chat.reply("utter_refusing_courier", **values)
    else:
        chat.reply("utter_refusing", **values)


async def tell_refusing_own(chat: Chat) -> bool:
    """拒收可以吗, 拒收了钱怎么退, of what is on its way; False where nothing is, or it is not said."""
    goes_on = hears(chat.turn, *_GOING_ON) and _TOLD & set(chat.turn.told_before)
    if not hears(chat.turn, "refuse") and not goes_on:
        return False
    number = chat.slot("order_in_talk")
    sent = [one for one in await own_orders(chat) if _is_under_way(one)]
    sent = [one for one in sent if one.right is Right.CHANGE]
    order = next((one for one in sent if one.number == number), sent[0] if sent else None)
    if order is None:
        return False
    tell_refusing(chat, order)
    return True
