"""Goods that are not this shop's: heard, honestly told once, and remembered as what the talk is about.

The one place that knows: goods named and not ours, named and in an order, or none named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from bot.shop.rules.speaking import names
from bot.shop.words.dealing import Order
from bot.shop.words.goods import Product

_OWN = ("product", "kind", "category")
_OF_ITSELF = ("contents", "material", "warranty", "care")
_HEAD = 2  # last characters of a name of goods: what sort of thing it is
# Asked so, a name of goods asks whether we have them, also where others are looked at.
_HAGGLING = frozenset(("bargain", "ask_promotion"))
_GIFTS = frozenset(("utter_gift_in_general", "utter_no_gift_with_all"))
_DENIED = frozenset(("utter_not_sold_here", "utter_number_not_ours", "utter_which_page"))
_PAGE = frozenset(("utter_number_not_ours", "utter_which_page"))
_SURE = 0.5  # chance of the likeliest meaning
# Half understood, these ask for goods all the same where strange ones are meant.
LOOKING = ("stock_check", "ask_product", "ask_recommendation", "ask_price", "ask_quality")
_NAMING = (*LOOKING, "size_advice", "place_order", "inform", "out_of_scope")
_ASKS_FOR_GOODS = ("stock_check", "ask_recommendation", "ask_price", "place_order")


def named_elsewhere(turn: Turn) -> str:
    """What this message names that the catalogue does not know: goods, or a page's number; ""."""
    goods = next((str(one["value"]) for one in _goods_meant(turn)), "")
    return str(goods or turn.value("item_number") or number_of_a_page(turn))


def _goods_meant(turn: Turn) -> list[Mapping[str, Any]]:
    """Not what the goods are only used with (用充电宝充可以不); and of who is a known buyer or looks at
    goods no part that many goods have, as long as it is not asked for by itself (有充电线吗)."""
    said = [
        one for one in turn.entities if one.get("entity") == "goods" and one.get("role") != "beside"
    ]
    has_goods = turn.signed_in or turn.product_in_view
    if has_goods and turn.intent not in _ASKS_FOR_GOODS:
        return [one for one in said if not _is_accessory(turn, one)]
    return said


def number_of_a_page(turn: Turn) -> str:
    """Digits that nothing calls an order's, as long as shops number their goods; "" without."""
    likely = (
        str(one["value"])
        for one in turn.entities
        if one.get("entity") == "order_number" and one.get("like") == "item"
    )
    return next(likely, "")


def strange_goods(chat: Chat) -> str:
    """The goods meant, in the buyer's word, where the shop does not sell them; "" otherwise.

    They stay the goods in talk until some of ours are named or looked at: nothing of ours is
    guessed for a buyer of something else.
    """
    turn = chat.turn
    looks_elsewhere = turn.product_in_view and turn.product_in_view != chat.slot("product_viewed")
    picks = turn.has("ordinal") or (hears(turn, "this_one") and not named_elsewhere(turn))
    is_picked = picks and chat.slot("product_shown")  # 第三款, 那就它吧, of ours
    if names_own(chat) or is_picked or looks_elsewhere:
        chat.keep("product_strange", None)
        return ""
    named = named_elsewhere(turn)
    if turn.has("use") and turn.asks and not named:  # 那有什么玩水的: any such thing of ours
        chat.keep("product_strange", None)
        return ""
    is_free = not (
        chat.slot("product_in_talk") or turn.product_in_view or chat.slot("product_shown")
    )
    is_haggling = bool(_HAGGLING & {turn.intent, *turn.ranking[:2]})
    if named and is_haggling and _GIFTS & set(turn.told_before):
        return named  # 什么坚果啊, of what might come with it: nothing that is to be bought
    if named and (is_free or turn.intent in _ASKS_FOR_GOODS):
        chat.keep("product_strange", named)
    return str(chat.slot("product_strange") or "")


def names_own(chat: Chat) -> bool:
    """Goods of ours are named, and not to tell them from those that are none: 头灯是你们说的,我说电脑."""
    turn, strange = chat.turn, chat.slot("product_strange")
    return turn.has(*_OWN) and (not strange or strange not in turn.values("goods"))


async def strange_named(chat: Chat, orders: Sequence[Order]) -> list[str]:
    """Goods that this line names and that are neither ours nor told of in the data of what was
    bought or is looked at: 电脑, and not the 充电线 of a lamp or what any goods have."""
    turn = chat.turn
    heard = [
        (str(one["value"]), str(one.get("part") or ""))
        for one in _goods_meant(turn)
        if not _is_accessory(turn, one)
    ]
    remembered = str(chat.slot("product_strange") or "")
    remembered = "" if is_number(remembered) else remembered
    if remembered and remembered in turn.text:
        heard.append((remembered, ""))  # 别的电脑都行, of who told of one
    if not heard or names_own(chat):
        return []
    ids = [line.product_id for order in orders for line in order.lines]
    ids += [str(one) for one in (chat.slot("product_in_talk"), turn.product_in_view) if one]
    found = [await chat.shop.product(one) for one in dict.fromkeys(ids)]
    known = [one for one in found if one is not None]
    words = [
        word
        for word, part in heard
        if not any(_is_of(one, word) or (part and names(one, part)) for one in known)
    ]
    is_told_by_part = all(part for _, part in heard)  # 屏幕碎了, of the phone that was named
    return [remembered] if words and is_told_by_part and remembered else list(dict.fromkeys(words))


def _is_accessory(turn: Turn, goods: Mapping[str, Any]) -> bool:
    """充电器, 包装袋: they come with goods of many shops and tell of none."""
    return any(
        one.get("value") == "accessory"
        and one.get("start", 0) <= goods.get("start", -1)
        and goods.get("end", 0) <= one.get("end", 0)
        for one in turn.entities
        if one.get("entity") == "cue"
    )


def _is_of(product: Product, word: str) -> bool:
    """The goods themselves, or what is in their box or of what they are made; not what they are
    good for: 手机 of a 手机壳, 电脑 that a pack has room for."""
    lines = [product.fact(topic) or "" for topic in _OF_ITSELF]
    head = word[-_HEAD:]
    is_beside = head in product.kind and not product.kind.endswith(head)
    return any(word in one for one in lines) or (head in product.name and not is_beside)


def says_bought(turn: Turn) -> bool:
    """我买的电饭煲: an order is to be found, not goods to be sold."""
    return hears(turn, "bought")


def is_what_came(turn: Turn) -> bool:
    """Of what was reported wrong: 收到的是牛奶 was sent by mistake and is in no order; 送的牛奶没收到,
    我买的牛奶 is looked for in them."""
    is_missing = hears(turn, "missing") or turn.value("return_reason") == "not_received"
    return not (says_bought(turn) or is_missing)


def is_number(goods: str) -> bool:
    """Whether a page's number stands for the goods: 547812093365, A10235."""
    return goods.isascii() and any(one.isdigit() for one in goods)


def tell_strange(chat: Chat, goods: str) -> None:
    """Says of goods, or of a page by its number, that they are not this shop's."""
    if not is_number(goods):
        chat.reply("utter_not_sold_here", goods=goods)
    elif hears(chat.turn, "ones_before") and _PAGE & chat.turn.told_in_talk:
        chat.reply("utter_none_of_them_ours")  # 前面两款, of numbers that are none of ours either
    elif named_elsewhere(chat.turn) == goods:
        chat.reply("utter_number_not_ours", number=goods)
    else:
        chat.reply("utter_which_page", number=goods)


def is_strange_meant(chat: Chat, in_talk: str | None) -> bool:
    """Goods that are not ours are named in this line, or surely still what it asks for."""
    turn = chat.turn
    is_sure = turn.chances[0] >= _SURE and not turn.has("order_number")
    return in_talk is None and bool(named_elsewhere(turn) or is_sure) and bool(strange_goods(chat))


def only_tells_of_strange(turn: Turn) -> bool:
    """家里用的也是它 挺顺手: of goods that were said to be none of ours, and nothing is asked."""
    was_told = bool(_DENIED & turn.told_in_talk)
    return was_told and not turn.asks and not named_elsewhere(turn) and not says_bought(turn)


def names_strange(chat: Chat, likeliest: str) -> bool:
    """粽子, or 记录仪的app叫什么: named in this very line, where nothing of an order is wished."""
    is_after_one = chat.turn.in_form or chat.slot("open_question") == "which_order"
    named = named_elsewhere(chat.turn)
    is_naming = bool(named) and (likeliest in _NAMING or named == chat.turn.text.strip())
    return is_naming and not is_after_one and bool(strange_goods(chat))
