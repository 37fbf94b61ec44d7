"""跟旁边那件比哪个好: the goods in talk beside their nearest, which has no name in the line."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat, button
from actions.frame.heard import hears
from actions.frame.phrasing import join_text
from actions.hearing.for_whom import gender_meant, is_for
from actions.hearing.profile import profile_of
from bot.shop.words.goods import Product, ProductQuery

_LOOKED_AT, _MOST = 12, 2
_NAMING = ("product", "kind", "category", "ordinal")


def means_a_neighbour(chat: Chat) -> bool:
    """旁边那件, and no other name of goods."""
    return hears(chat.turn, "beside_it") and not chat.turn.has(*_NAMING)


async def neighbours(chat: Chat, product: Product) -> list[Product]:
    """The one seen side by side with it; else the others of its kind, for whom it is, best sellers
    first; what was turned down is none."""
    row = [str(one) for one in chat.slot("product_row") or chat.slot("product_shown") or ()]
    others = [one for one in row if one != product.product_id]
    if product.product_id in row and len(others) == 1:
        seen = await chat.shop.product(others[0])
        return [seen] if seen is not None else []
    before_id = chat.slot("product_before")
    before = await chat.shop.product(str(before_id)) if before_id else None
    if before is not None and before.kind == product.kind and before != product:
        return [before]
    return await others_of_kind(chat, product)


async def others_of_kind(chat: Chat, product: Product) -> list[Product]:
    """For whom it is, best sellers first; what was turned down is none."""
    gender = product.gender or gender_meant(chat)
    query = ProductQuery(kind=product.kind, in_stock_only=False, limit=_LOOKED_AT)
    found = [one.product for one in await chat.shop.recommend(query, chat.turn.buyer_id)]
    refused = profile_of(chat).refused
    return [
        one
        for one in found
        if one.product_id not in (product.product_id, *refused) and is_for(one, gender)
    ]


def ask_which_beside(chat: Chat, product: Product, others: Sequence[Product]) -> None:
    """Several are as near: two of them are buttons, and pressing one compares."""
    if not others:
        chat.ask("like_it", "utter_only_of_its_kind", name=product.name, kind=product.kind)
        return
    buttons = [
        button(one.name, "ask_product", product=[product.product_id, one.product_id], cue="compare")
        for one in others[:_MOST]
    ]
    names = join_text([one.name for one in others[:_MOST]])
    chat.ask("like_it", "utter_which_beside", buttons, name=product.name, names=names)
