"""那怎么办, after a figure that goods miss or a day that a parcel misses: a way, and no question."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.context import show_products
from actions.hearing.goods_facts import says
from actions.hearing.profile import profile_of
from actions.hearing.sheet import topics_of
from bot.amounts import helpers
from bot.shop.words.goods import Product, ProductQuery

_LOOKED_AT = 60
_MISSED = ("utter_figure_short", "utter_figure_too_much")
_TIGHT = "utter_delivery_tight"


async def tell_what_then(chat: Chat) -> bool:
    """False where nothing was missed just now."""
    told = chat.turn.told_before
    if not hears(chat.turn, "what_then"):
        return False
    is_of_delivery = any(one.startswith("utter_delivery_") for one in told)
    is_needed = is_of_delivery and chat.slot("region_in_talk") and profile_of(chat).needed_by
    if _TIGHT in told or (is_needed and not topics_of(chat.turn.text)):
        chat.reply("utter_tight_what_then")
        return True
    if not set(_MISSED) & set(told) or not profile_of(chat).figures:
        return False
    product_id = chat.slot("product_in_talk")
    product = await chat.shop.product(product_id) if product_id else None
    if product is None:
        return False
    await _tell_help(chat, product)
    return True


async def _tell_help(chat: Chat, product: Product) -> None:
    """Goods to wear or use beside these; else that nothing here goes so far."""
    words = tuple(word for of, _ in profile_of(chat).figures for word in helpers(of))
    query = ProductQuery(category=product.category, limit=_LOOKED_AT)
    for one in await chat.shop.recommend(query, chat.turn.buyer_id) if words else ():
        other = one.product
        is_other = other.product_id != product.product_id and other.kind != product.kind
        if is_other and (clause := says(other, words)) and _may_be_worn(product, other):
            show_products(chat, [product.product_id, other.product_id])
            chat.keep("product_in_talk", product.product_id)
            chat.reply("utter_figure_helped", name=product.name, other=other.name, fact=clause)
            return
    chat.reply("utter_figure_no_help", name=product.name)


def _may_be_worn(product: Product, other: Product) -> bool:
    """By the same person; what is too warm or too cold by itself may still lie below."""
    return not product.gender or other.gender in ("", product.gender)
