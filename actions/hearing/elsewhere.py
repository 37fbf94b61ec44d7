"""Goods that are not this shop's: heard, honestly told once, and remembered as what the talk is about."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn

_OWN = ("product", "kind", "category", "ordinal")
# Asked so, a name of goods asks whether we have them, also where others are looked at.
_SURE = 0.5  # chance of the likeliest meaning
# Half understood, these ask for goods all the same where strange ones are meant.
LOOKING = ("stock_check", "ask_product", "ask_recommendation", "ask_price", "ask_quality")
_NAMING = (*LOOKING, "size_advice", "place_order", "inform", "out_of_scope")
_ASKS_FOR_GOODS = ("stock_check", "ask_recommendation", "ask_price", "place_order")


def named_elsewhere(turn: Turn) -> str:
    """What this message names that the catalogue does not know: goods, or a page's number; ""."""
    return str(turn.value("goods") or turn.value("item_number") or number_of_a_page(turn))


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
    if turn.has(*_OWN) or looks_elsewhere:
        chat.keep("product_strange", None)
        return ""
    named = named_elsewhere(turn)
    if turn.has("use") and turn.asks and not named:  # 那有什么玩水的: any such thing of ours
        chat.keep("product_strange", None)
        return ""
    is_free = not (
        chat.slot("product_in_talk") or turn.product_in_view or chat.slot("product_shown")
    )
    if named and (is_free or turn.intent in _ASKS_FOR_GOODS):
        chat.keep("product_strange", named)
    return str(chat.slot("product_strange") or "")


def says_bought(turn: Turn) -> bool:
    """我买的电饭煲: an order is to be found, not goods to be sold."""
    return hears(turn, "bought")


def is_number(goods: str) -> bool:
    """Whether a page's number stands for the goods: 547812093365, A10235."""
    return goods.isascii() and any(one.isdigit() for one in goods)


def tell_strange(chat: Chat, goods: str) -> None:
    """Says of goods, or of a page by its number, that they are not this shop's."""
    if not is_number(goods):
        chat.reply("utter_not_sold_here", goods=goods)
    elif named_elsewhere(chat.turn) == goods:
        chat.reply("utter_number_not_ours", number=goods)
    else:
        chat.reply("utter_which_page", number=goods)


def is_strange_meant(chat: Chat, in_talk: str | None) -> bool:
    """Goods that are not ours are named in this line, or surely still what it asks for."""
    turn = chat.turn
    is_sure = turn.chances[0] >= _SURE and not turn.has("order_number")
    return in_talk is None and bool(named_elsewhere(turn) or is_sure) and bool(strange_goods(chat))


def names_strange(chat: Chat, likeliest: str) -> bool:
    """粽子, or 记录仪的app叫什么: named in this very line, where nothing of an order is wished."""
    is_after_one = chat.turn.in_form or chat.slot("open_question") == "which_order"
    named = named_elsewhere(chat.turn)
    is_naming = bool(named) and (likeliest in _NAMING or named == chat.turn.text.strip())
    return is_naming and not is_after_one and bool(strange_goods(chat))
