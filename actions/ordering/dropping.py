"""The buyer leaves the order form: for now, or to cancel another order than the one being written."""

from __future__ import annotations

from dataclasses import replace

from actions.after_order.cancelling import offer_cancel
from actions.answering.answer import Answer
from actions.answering.talking import plan_undecided
from actions.frame.agreed import PARKED
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.order_access import own_orders
from actions.hearing.pointing import lines_named
from actions.ordering.order_draft import draft_of
from bot.shop.words.goods import Product


class DropOrder(Answer):
    """No pressure; what was said is kept in case the buyer comes back."""

    def name(self) -> str:
        return "action_drop_order"

    async def answer(self, chat: Chat) -> None:
        chat.keep("order_confirmed", None)
        if await _another_is_meant(chat):
            chat.keep("order_shown", PARKED)
            chat.turn = replace(chat.turn, in_form=None, requested_slot=None)
            await offer_cancel(chat)
            return
        chat.keep("order_shown", None)
        chat.reply("utter_order_dropped")
        plan_undecided(chat)


async def _another_is_meant(chat: Chat) -> bool:
    """昨天那件冲锋衣帮我取消, while shoes are being ordered: an order that exists, and not this one."""
    turn = chat.turn
    if turn.intent != "cancel_order":
        return False
    orders = await own_orders(chat)
    if turn.has("order_number", "tracking_number"):
        return True
    if not turn.has("product", "kind"):
        return bool(orders) and hears(turn, "bought")
    drafted = [line.product for line in (await draft_of(chat)).lines]
    if any(_is_named(chat, product) for product in drafted):
        return False
    return any([await lines_named(chat, order) for order in orders])


def _is_named(chat: Chat, product: Product) -> bool:
    turn = chat.turn
    return product.product_id in turn.values("product") or product.kind in turn.values("kind")
