"""Using, washing and keeping what was bought, and a price that fell afterwards."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.answering.handoff import offer_person
from actions.answering.plain import answer_plainly
from actions.answering.talking import is_about_buying, looks_at_goods
from actions.bargaining.bargaining import bargain
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import price_text
from actions.hearing.order_wishes import order_wish
from actions.hearing.pointing import lines_named
from actions.hearing.sheet import facts_asked, topics_of
from actions.orders.asking import answer_named, ask_which_product, can_wait
from actions.orders.orders import SENT, in_status, order_meant, own_orders
from actions.orders.owned import product_owned
from actions.orders.price_claims import keep_difference, tells_of_claim
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import OrderStatus, Right

_TOPICS = ("care", "usage")
_paid = in_status(OrderStatus.PAID, OrderStatus.PACKED, *SENT)


class TellUsage(Answer):
    def name(self) -> str:
        return "action_tell_usage"

    async def answer(self, chat: Chat) -> None:
        await tell_usage(chat)


@can_wait("usage")
async def tell_usage(chat: Chat) -> None:
    """From the product's own sheet; what it does not say is not made up."""
    product = await product_owned(chat)
    asks_else = set(topics_of(chat.turn.text)) - set(_TOPICS)
    if product is None and asks_else and chat.turn.has("kind", "category"):
        await answer_named("product", chat)  # 你们冲锋衣静水压多少
        return
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
        chat.note_unwritten(product.product_id)
        offer_person(chat, HandOverReason.NO_DATA)


@order_wish("ask_usage")
async def _tell_usage_of_an_order(chat: Chat) -> None:
    """Of the order that was agreed to be meant."""
    if await order_meant(chat, "ask_usage", right=Right.SEE) is not None:
        await tell_usage(chat)


class ProtectPrice(Answer):
    def name(self) -> str:
        return "action_protect_price"

    async def answer(self, chat: Chat) -> None:
        await protect_price(chat)


def _paid_by_the_buyer(chat: Chat) -> int | None:
    """What the buyer says to have paid, where the line names one sum alone; in fen."""
    sums = chat.turn.values("money")
    is_told = len(sums) == 1 and hears(chat.turn, "when_bought")
    return int(sums[0]) if is_told else None


@order_wish("price_protection")
async def protect_price(chat: Chat) -> None:
    """Compares with today's price; where it fell, a person settles the difference."""
    if not await own_orders(chat) and (is_about_buying(chat) or looks_at_goods(chat)):
        if chat.turn.questions:
            await answer_plainly(chat, "faq/price_protection.how_long")  # 买了降价给补吗
        else:
            await bargain(chat)  # 五包就便宜了四块钱, of nothing bought yet
        return
    if tells_of_claim(chat):
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
    told = _paid_by_the_buyer(chat)
    if told is not None and told not in {line.unit_price_fen for line in lines}:
        keep_difference(chat)
        chat.reply(
            "utter_price_paid_differs",
            name=lines[0].name,
            told=price_text(told),
            paid=price_text(lines[0].unit_price_fen),
        )
        offer_person(chat, HandOverReason.MONEY)
        return
    if not fallen:
        product = await chat.shop.product(lines[0].product_id)
        chat.reply(
            "utter_price_not_fallen",
            name=lines[0].name,
            paid=price_text(lines[0].unit_price_fen),
            now=price_text(product.price_fen if product else lines[0].unit_price_fen),
        )
        return
    name, paid, now = fallen[0]
    chat.reply("utter_price_fallen", name=name, paid=price_text(paid), now=price_text(now))
    note = f"价保: 订单 {order.number} {name} 买时 {price_text(paid)}, 现价 {price_text(now)}"
    chat.hand_over(HandOverReason.MONEY, note)
