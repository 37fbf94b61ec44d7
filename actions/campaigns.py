"""Campaigns and coupons that stand for this buyer now."""

from __future__ import annotations

from actions.cards import coupon_card
from actions.chat import Chat
from actions.phrasing import day_text, join_text
from bot.shop.goods import Product, Promotion

SHOWN = 2


async def tell_campaigns(chat: Chat, product: Product | None) -> bool:
    """Those of the product, or of the shop where it is None; False where there are none."""
    promotions = await chat.shop.promotions(product.product_id if product else None)
    coupons = await chat.shop.coupons(chat.turn.buyer_id)
    if promotions:
        lines = [_line(promotion) for promotion in promotions[:SHOWN]]
        chat.reply("utter_promotion", what=join_text(lines))
    for coupon in coupons[:SHOWN]:
        chat.show(coupon_card(coupon))
    if coupons:
        chat.reply("utter_coupons")
    return bool(promotions or coupons)


def _line(promotion: Promotion) -> str:
    until = f"（{day_text(promotion.ends_on)}结束）" if promotion.ends_on else ""
    return f"{promotion.title}{until}"
