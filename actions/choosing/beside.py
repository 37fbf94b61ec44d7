"""What the shop sells beside goods that are talked of or were bought."""

from __future__ import annotations

from typing import Any

from actions.frame.cards import product_card
from actions.frame.chat import Chat
from actions.hearing.context import show_products, talk_of
from actions.hearing.profile import profile_of
from actions.orders.owned import is_owned_meant, product_owned
from bot.shop.words.goods import Product, Recommendation


async def goes_beside_own(chat: Chat) -> bool:
    """还要配点什么, of what was just bought: from what its own sheet says goes with it."""
    if chat.turn.in_form or chat.turn.has("product", "kind", "category"):
        return False
    product = await product_owned(chat) if is_owned_meant(chat) else (await talk_of(chat)).product
    return product is not None and await recommend_beside(chat, product)


async def recommend_beside(chat: Chat, product: Product) -> bool:
    """有没有能配套的: what the shop sells beside these goods, less what was turned down."""
    found = []
    for product_id in product.goes_with:
        other = await chat.shop.product(product_id)
        if other is None or product_id in profile_of(chat).refused:
            continue
        if any(sku.stock > 0 for sku in other.skus):
            reason = next(iter(other.selling_points), other.kind)
            found.append(Recommendation(product=other, reason=reason))
    if not found:
        return False
    best = found[0]
    chat.show(product_card(best.product, best.reason))
    show_products(chat, [product.product_id, best.product.product_id])
    chat.keep("product_in_talk", product.product_id)
    values: dict[str, Any] = {
        "name": product.name,
        "other": best.product.name,
        "reason": best.reason,
    }
    chat.ask("like_it", "utter_goes_beside", **values)
    return True
