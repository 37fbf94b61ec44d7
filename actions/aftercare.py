"""Using, washing and keeping what was bought, its warranty, and a price that fell afterwards."""

from __future__ import annotations

from actions.answer import Answer
from actions.asking import ask_which_product, can_wait
from actions.bargaining import bargain
from actions.chat import Chat
from actions.context import talk_of
from actions.elsewhere import strange_goods
from actions.handoff import offer_person
from actions.order_wishes import order_wish
from actions.orders import SENT, in_status, lines_named, order_meant, own_orders
from actions.phrasing import price_text
from actions.sheet import facts_asked, topics_of
from actions.talking import is_about_buying
from bot.handing_over import HandOverReason
from bot.shop.dealing import OrderStatus
from bot.shop.goods import Product

_TOPICS = ("care", "usage")
_sent = in_status(*SENT)
_paid = in_status(OrderStatus.PAID, OrderStatus.PACKED, *SENT)


class TellUsage(Answer):
    def name(self) -> str:
        return "action_tell_usage"

    async def answer(self, chat: Chat) -> None:
        await tell_usage(chat)


@can_wait("usage")
async def tell_usage(chat: Chat) -> None:
    """From the product's own sheet; what it does not say is not made up."""
    product = await _product_owned(chat)
    if product is None:
        await ask_which_product(chat, "usage")
        return
    text = chat.turn.text or chat.slot("product_question_said") or ""
    topics = [topic for topic in topics_of(text) if topic in _TOPICS]
    facts = [fact for topic in topics if (fact := product.fact(topic))]
    facts = facts or facts_asked(text, product)
    facts = facts or [fact for topic in _TOPICS if (fact := product.fact(topic))][:1]
    for fact in facts:
        chat.reply("utter_usage", name=product.name, fact=fact)
    if not facts:
        chat.reply("utter_usage_unknown", name=product.name)
        offer_person(chat, HandOverReason.NO_DATA)


class TellWarranty(Answer):
    def name(self) -> str:
        return "action_tell_warranty"

    async def answer(self, chat: Chat) -> None:
        await tell_warranty(chat)


@can_wait("warranty")
async def tell_warranty(chat: Chat) -> None:
    product = await _product_owned(chat)
    if product is None:
        await ask_which_product(chat, "warranty")
    elif fact := product.fact("warranty"):
        chat.reply("utter_warranty_fact", name=product.name, fact=fact)
    elif product.warranty_months:
        chat.reply("utter_warranty", name=product.name, months=product.warranty_months)
    else:
        chat.reply("utter_no_warranty", name=product.name)


async def _product_owned(chat: Chat) -> Product | None:
    """The product meant; where none is in talk, the one thing that was bought last."""
    talk = await talk_of(chat)
    if talk.product is not None or strange_goods(chat):
        return talk.product  # 打印机怎么连 is not about what was bought here
    bought = [order for order in await own_orders(chat) if _sent(order)]
    if bought and len(bought[0].lines) == 1:
        return await chat.shop.product(bought[0].lines[0].product_id)
    return None


class ProtectPrice(Answer):
    def name(self) -> str:
        return "action_protect_price"

    async def answer(self, chat: Chat) -> None:
        await protect_price(chat)


@order_wish("price_protection")
async def protect_price(chat: Chat) -> None:
    """Compares with today's price; where it fell, a person settles the difference."""
    if not await own_orders(chat) and is_about_buying(chat):
        await bargain(chat)  # 五包就便宜了四块钱, of nothing bought yet
        return
    order = await order_meant(chat, "price_protection", _paid)
    if order is None:
        return
    lines = await lines_named(chat, order) or list(order.lines)
    fallen = []
    for line in lines:
        product = await chat.shop.product(line.product_id)
        if product is not None and product.price_fen < line.unit_price_fen:
            fallen.append((line.name, line.unit_price_fen, product.price_fen))
    if not fallen:
        chat.reply("utter_price_not_fallen", name=lines[0].name)
        return
    name, paid, now = fallen[0]
    chat.reply("utter_price_fallen", name=name, paid=price_text(paid), now=price_text(now))
    note = f"价保: 订单 {order.number} {name} 买时 {price_text(paid)}, 现价 {price_text(now)}"
    chat.hand_over(HandOverReason.MONEY, note)
