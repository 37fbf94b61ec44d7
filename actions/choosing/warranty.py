"""How long goods are covered, and until which day what this buyer owns is."""

from __future__ import annotations

from datetime import date

from actions.answering.answer import Answer
from actions.answering.plain import looks_first
from actions.choosing.repairs import tells_of_repair
from actions.frame.chat import Chat
from actions.frame.clock import local, today
from actions.hearing.order_wishes import order_wish
from actions.orders.asking import ask_which_product, can_wait
from actions.orders.orders import order_meant, own_orders
from actions.orders.owned import product_owned
from bot.shop.words.dealing import Right
from bot.shop.words.goods import Product


class TellWarranty(Answer):
    def name(self) -> str:
        return "action_tell_warranty"

    async def answer(self, chat: Chat) -> None:
        await tell_warranty(chat)


@can_wait("warranty")
async def tell_warranty(chat: Chat) -> None:
    if await tells_of_repair(chat):
        return
    product = await product_owned(chat)
    if product is None:
        await ask_which_product(chat, "warranty")
    elif await _tell_own(chat, product):
        if fact := product.fact("warranty"):
            chat.reply("utter_warranty_fact", name=product.name, fact=fact)
    elif fact := product.fact("warranty"):
        chat.reply("utter_warranty_fact", name=product.name, fact=fact)
    elif product.warranty_months:
        chat.reply("utter_warranty", name=product.name, months=product.warranty_months)
    else:
        chat.reply("utter_no_warranty", name=product.name, days=product.return_days)


@order_wish("ask_warranty")
async def _tell_of_an_order(chat: Chat) -> None:
    """Of the order that was agreed to be meant."""
    if await order_meant(chat, "ask_warranty", right=Right.SEE) is not None:
        await tell_warranty(chat)


@looks_first("faq/ask_warranty.how", "faq/ask_warranty.cost")
async def tell_own_first(chat: Chat) -> bool:
    """Whether the own goods are still covered; the plain answer follows."""
    if await tells_of_repair(chat):
        return True
    product = None if chat.turn.in_form else await product_owned(chat)
    if product is not None:
        await _tell_own(chat, product)
    return False


async def _tell_own(chat: Chat, product: Product) -> bool:
    """False where this buyer has not received it, or it has no warranty."""
    signed = await _signed_on(chat, product)
    if signed is None or not product.warranty_months:
        return False
    until = _months_after(signed, product.warranty_months)
    chat.reply(
        "utter_warranty_own" if until >= today() else "utter_warranty_over",
        name=product.name,
        months=product.warranty_months,
        signed=_long_day(signed),
        until=_long_day(until),
    )
    return True


async def _signed_on(chat: Chat, product: Product) -> date | None:
    for order in await own_orders(chat):
        has_it = any(line.product_id == product.product_id for line in order.lines)
        if has_it and order.signed_at is not None:
            return local(order.signed_at).date()
    return None


def _months_after(day: date, months: int) -> date:
    """The same day of the month, or the month's last one: 31 August and six months is 28 February."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, min(day.day, 28))


def _long_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
