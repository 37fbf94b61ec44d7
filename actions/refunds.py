"""Where a refund or return stands."""

from __future__ import annotations

import re

from actions.answer import Answer
from actions.chat import Chat
from actions.order_state import tell_state
from actions.order_wishes import look_up, order_wish
from actions.orders import in_status, order_meant, own_orders
from actions.parcel_news import is_coming_back, tell_coming_back
from actions.return_cases import tell_case
from bot.shop.dealing import Order, OrderStatus, ReturnCase, Right


class TellRefund(Answer):
    def name(self) -> str:
        return "action_tell_refund"

    async def answer(self, chat: Chat) -> None:
        await tell_refund(chat)


_PROGRESS = re.compile(
    r"多久.{0,4}(退|到账)|什么时候.{0,4}(退|到账)|几天.{0,3}(退|到账)|到账|寄回去?了|还没退|退了吗|退了没"
)


def asks_progress(text: str) -> bool:
    """寄回去了多久退钱 asks about a return, and begins none."""
    return _PROGRESS.search(text) is not None


@order_wish("refund_status")
async def tell_refund(chat: Chat) -> None:
    """By how things stand: a case, what is on its way back, a cancelled paid order; else asks."""
    if chat.turn.has("order_number"):
        order = await order_meant(chat, "refund_status")
        if order is None:
            return
        orders = [order]
    else:
        seen = await own_orders(chat)
        orders = [order for order in seen if order.right is Right.CHANGE]
        if seen and not orders:  # four digits do not tell what goes back
            number = chat.slot("order_in_talk") or seen[0].number
            look_up(chat, "refund_status", number=number, is_whole=True)
            return
    if not orders and not chat.turn.signed_in:
        look_up(chat, "refund_status")
        return
    case = await _newest_case(chat, orders)
    if case is not None:
        tell_case(chat, case)
        return
    comes_back = next((one for one in orders if is_coming_back(one)), None)
    cancelled = [one for one in orders if _is_cancelled(one) and one.paid_at is not None]
    if comes_back is not None:
        tell_coming_back(chat, comes_back)
    elif cancelled:
        await tell_state(chat, cancelled[0])
    elif any(map(_is_under_way, orders)):
        chat.reply("utter_refund_or_parcel")  # 那双鞋什么时候到 sounds alike
    else:
        chat.reply("utter_no_return_case")


_is_under_way = in_status(OrderStatus.SHIPPED)
_is_cancelled = in_status(OrderStatus.CANCELLED)


async def _newest_case(chat: Chat, orders: list[Order]) -> ReturnCase | None:
    numbers = {order.number for order in orders}
    cases = [
        case
        for buyer_id in {order.buyer_id for order in orders}
        for case in await chat.shop.returns_of(buyer_id)
        if case.order_number in numbers
    ]
    return max(cases, key=lambda case: case.opened_at, default=None)
