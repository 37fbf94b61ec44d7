"""Goods that are not this shop's: heard, honestly told once, and remembered as what the talk is about."""

from __future__ import annotations

from actions.chat import Chat
from actions.heard import hears
from actions.turn import Turn

_OWN = ("product", "kind", "category", "ordinal")
# Asked so, a name of goods asks whether we have them, also where others are looked at.
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
