"""薄的那件呢: which one is said by what it is like, and what was asked before is asked of it."""

from __future__ import annotations

from dataclasses import replace

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.goods.products import choose_product, tell_about, tell_product
from actions.goods.stock import check_stock
from actions.hearing.context import show_products
from actions.hearing.references import described, only_describes
from actions.hearing.sheet import topics_of
from actions.orders.asking import answer_named
from bot.dialogue.matter import Matter
from bot.shop.words.goods import Product

_AS = {"ask_price": "price", "size_advice": "size", "bargain": "price"}
_TWO = 2
_ASKED_IN_WORDS = ("ask_product", "ask_quality", "ask_usage")


async def picks_by_price(chat: Chat) -> bool:
    """就便宜的那个: picks the cheaper of those shown; a question about it is none."""
    if not hears(chat.turn, "cheaper_one", "dearer_one") or chat.turn.asks:
        return False
    if len(chat.slot("product_shown") or []) < _TWO:
        return False
    await choose_product(chat)
    return True


async def goes_on_with_that_one(chat: Chat) -> bool:
    """False where the line says more than the description, or that fits none of what was seen."""
    turn = chat.turn
    if turn.in_form or not only_describes(turn) or (one := await described(chat)) is None:
        return False
    chat.keep("product_in_talk", one.product_id)
    if not turn.asks:
        await choose_product(chat)  # 那就薄的那件
        return True
    await ask_of(chat, one)
    return True


async def ask_of(chat: Chat, one: Product) -> None:
    """What was asked last, of these goods."""
    matter = Matter.of_slot(chat.slot("matter"))
    asked = matter.intent if matter is not None and not matter.is_settled else ""
    chat.keep("product_in_talk", one.product_id)
    show_products(chat, [one.product_id])
    if asked in _AS:
        await answer_named(_AS[asked], chat)
    elif asked == "stock_check":
        await check_stock(chat)
    elif matter is not None and asked in _ASKED_IN_WORDS and _asks_a_fact(matter.text):
        chat.turn = replace(chat.turn, text=matter.text)
        await tell_product(chat)
    else:
        tell_about(chat, one)


def _asks_a_fact(text: str) -> bool:
    """防水吗 can be asked of the next one; 有什么区别 was asked of both."""
    return bool(text) and topics_of(text) != ["difference"]
