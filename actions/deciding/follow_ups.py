"""The buyer's answer to a message that we sent later: the road goes on from there."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.frame.cards import order_card
from actions.frame.chat import Chat
from actions.frame.clock import moment_text
from actions.frame.phrasing import price_text
from actions.goods.products import choose_product
from actions.hearing.context import show_products
from actions.orders.orders import access_to
from bot.shop.words.dealing import OrderStatus, Right


class AnsweredUnpaid(Answer):
    """Yes: the pay link again. No: why not, with ways out."""

    def name(self) -> str:
        return "action_follow_up_unpaid"

    async def answer(self, chat: Chat) -> None:
        about = chat.slot("followup_about") or {}
        number = chat.turn.value("order_number") or about.get("order_number") or ""
        order = await chat.shop.order(number, access_to(chat, number)) if number else None
        if order is None or order.right is Right.SEE:
            chat.reply("utter_unpaid_order_elsewhere")
        elif order.status is not OrderStatus.AWAITING_PAYMENT:
            chat.show(order_card(order))
            chat.reply("utter_unpaid_no_more")
        elif chat.turn.intent == "hold_on":
            closes = moment_text(order.pays_until) if order.pays_until else "订单关闭"
            chat.reply("utter_unpaid_waits", closes=closes)
        elif chat.turn.intent in ("deny", "hesitate"):
            chat.reply("utter_unpaid_why", order_number=order.number)
        else:
            chat.show(order_card(order))
            chat.reply("utter_pay_now", total=price_text(order.total_fen))


class AnsweredNotWell(Answer):
    """No to 用着怎么样: what is wrong, with the ways out."""

    def name(self) -> str:
        return "action_follow_up_not_well"

    async def answer(self, chat: Chat) -> None:
        number = (chat.slot("followup_about") or {}).get("order_number") or ""
        chat.reply("utter_not_well_what", order_number=number)


class AnsweredUndecided(Answer):
    """Yes: on with the goods. No: friendly, and nothing more."""

    def name(self) -> str:
        return "action_follow_up_undecided"

    async def answer(self, chat: Chat) -> None:
        product_id = (chat.slot("followup_about") or {}).get("product_id")
        if chat.turn.intent == "deny" or not product_id:
            chat.reply("utter_undecided_no")
            return
        show_products(chat, [product_id])
        await choose_product(chat)
