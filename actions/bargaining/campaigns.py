"""Campaigns and coupons that stand for this buyer now."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.cards import coupon_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import day_text, join_text
from actions.hearing.asked_words import wanted
from bot.shop.words.goods import Product, Promotion

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


async def tells_whether_true(chat: Chat) -> bool:
    """一块钱秒杀是真的吗: ours are those of our pages, told by name; for others nobody here can vouch.

    False where it was not asked, or goods of ours are talked of.
    """
    turn = chat.turn
    is_of_goods = chat.slot("product_in_talk") or turn.product_in_view
    if not hears(turn, "is_it_true") or is_of_goods or turn.has("product", "kind"):
        return False
    if await tell_campaign_asked(chat, None):
        return True
    promotions = await chat.shop.promotions(None)
    lines = [_line(promotion) for promotion in promotions[:SHOWN]]
    response = "utter_offer_true" if lines else "utter_offer_true_none"
    chat.reply(response, what=join_text(lines))
    return True


async def tell_until_when(chat: Chat, product: Product | None) -> bool:
    """活动到几号: the last day of each that has one; False where it was not asked, or none has."""
    if not hears(chat.turn, "until_when"):
        return False
    promotions = await chat.shop.promotions(product.product_id if product else None)
    ends = [f"{one.title}到{day_text(one.ends_on)}为止" for one in promotions if one.ends_on]
    if ends:
        chat.reply("utter_campaign_until", what="，".join(ends[:SHOWN]))
    return bool(ends)


async def tell_campaign_asked(
    chat: Chat, product: Product | None, *, is_promo: bool = False
) -> bool:
    """满多少送小样, 能和券一起用吗: the owner's own words of the campaign that speaks of it; False
    where none does."""
    promotions = await chat.shop.promotions(product.product_id if product else None)
    own = f"{product.name}{product.kind}{product.category}" if product and not is_promo else ""
    asked = [one.word for one in wanted(chat.turn.text) if not one.is_without]
    asked = [one for one in asked if one not in own]  # 换一种坚果吗, of a box of nuts
    if hears(chat.turn, "stacking"):
        meant = [one for one in promotions if not one.stacks] or list(promotions)
    else:
        meant = [one for one in promotions if _speaks(one, asked)]
    texts = [one.text for one in meant[:SHOWN] if one.text]
    for text in texts:
        chat.reply("utter_campaign_text", text=text.rstrip("。"))
    if texts or hears(chat.turn, "stacking"):
        return bool(texts)
    coupons = await chat.shop.coupons(chat.turn.buyer_id)
    fitting = [one for one in coupons if any(word in one.title for word in asked)]
    for coupon in fitting[:SHOWN]:
        chat.show(coupon_card(coupon))
        chat.reply("utter_coupon_meant", title=coupon.title)
    return bool(fitting)


def _speaks(promotion: Promotion, asked: Sequence[str]) -> bool:
    return any(word in f"{promotion.title}{promotion.text}" for word in asked)


def _line(promotion: Promotion) -> str:
    until = f"（{day_text(promotion.ends_on)}结束）" if promotion.ends_on else ""
    return f"{promotion.title}{until}"
