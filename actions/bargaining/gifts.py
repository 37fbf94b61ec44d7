"""Presents: what is wished for as one, what a buyer believes to come with the goods, and what does."""

from __future__ import annotations

from dataclasses import replace

from actions.bargaining.objections import mark_told, was_told
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import join_text
from actions.frame.turn import Turn
from actions.hearing.context import goods_of_own_order, talk_of
from actions.hearing.elsewhere import strange_goods
from bot.shop.words.dealing import WantedLine
from bot.shop.words.goods import Product

_NAMING = ("product", "kind", "category", "quantity", "colour", "goods")


def asks_for_gift(turn: Turn) -> bool:
    return hears(turn, "gift", "claims_gift")


def leave_out_gift(chat: Chat) -> None:
    """送双袜子吧, 买鞋不是送袜子吗: what is wished as a present is not what the talk is about."""
    turn, in_talk = chat.turn, chat.slot("product_in_talk") or chat.turn.product_in_view
    if not asks_for_gift(turn):
        return
    begins = min(
        int(one.get("start") or 0)
        for one in turn.entities
        if one.get("value") in ("gift", "claims_gift")
    )
    kept = [
        one
        for one in turn.entities
        if one.get("entity") not in _NAMING
        or (not in_talk and int(one.get("start") or 0) < begins)
        or (one.get("entity") == "product" and int(one.get("start") or 0) < begins)
    ]
    chat.turn = replace(turn, entities=tuple(kept))


def stands_by_it(chat: Chat) -> bool:
    """我看详情页写的, after we told that nothing comes with it: checked once more, and kindly."""
    was_denied = {"utter_no_gift_with_it", "utter_no_gift_with_all"} & set(chat.turn.told_before)
    if not was_denied or not hears(chat.turn, "shop_said", "claims_gift"):
        return False
    chat.ask("take_offer", "utter_claim_stands")
    return True


async def tells_gift_asked(chat: Chat) -> bool:
    """那袜子送不送, while an order is written: told, and nothing is put into the order or haggled for.

    False where the line asks nothing of the kind.
    """
    turn = chat.turn
    if turn.in_form != "order_form" or not asks_for_gift(turn) or not turn.questions:
        return False
    leave_out_gift(chat)
    product = (await talk_of(chat)).product
    if product is None:
        return False
    await _tell_by_the_shop(chat, product)
    return True


async def tell_what_comes_with_it(chat: Chat, product: Product | None) -> bool:
    """Whether a present belongs to these goods today, told once; False where it was not asked so."""
    turn = chat.turn
    is_plea = hears(turn, "will_do")  # 送我个小礼物行不行 wishes for one
    asks_so = hears(turn, "claims_gift") or (hears(turn, "gift") and turn.questions and not is_plea)
    mark = f"{product.product_id if product else ''}:gift"
    if not asks_so or was_told(chat, mark):
        return False
    mark_told(chat, mark)
    if product is None:
        chat.reply("utter_no_gift_with_all")
        return True
    await _tell_by_the_shop(chat, product)
    return True


async def tells_gift_of_own_order(chat: Chat) -> bool:
    """那你送我什么, of what was just ordered: what comes with those goods, and no talk of prices."""
    if not asks_for_gift(chat.turn) or chat.turn.in_form or strange_goods(chat):
        return False
    product_id = await goods_of_own_order(chat)
    product = await chat.shop.product(product_id) if product_id else None
    if product is None:
        return False
    await _tell_by_the_shop(chat, product)
    return True


async def _tell_by_the_shop(chat: Chat, product: Product) -> None:
    """By the campaigns of today, and by what this buyer was promised."""
    one = WantedLine(product_id=product.product_id, colour="", size="")
    quote = await chat.shop.quote([one], buyer_id=chat.turn.buyer_id)
    if quote.gifts:
        chat.reply("utter_gift_with_it", name=product.name, gift=join_text(list(quote.gifts)))
    else:
        chat.reply("utter_no_gift_with_it", name=product.name)
