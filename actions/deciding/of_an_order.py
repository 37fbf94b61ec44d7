"""Whether what a buyer tells is of an order that exists, or of goods that are looked for."""

from __future__ import annotations

from actions.answering.talking import is_before_buying
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.elsewhere import says_bought
from actions.hearing.order_access import own_orders

_LOOKING = ("like_it", "which_product", "measures", "region")


def tells_of_what_was_bought(turn: Turn) -> bool:
    """我在你们店买的帐篷漏水 chooses no tent to buy."""
    is_bought = says_bought(turn) or (hears(turn, "last_one") and turn.has("return_reason"))
    return is_bought and turn.has("product", "kind")


def is_served(chat: Chat) -> bool:
    """The talk is about an order: 北京的 says where something is, and asks for no postage."""
    return chat.turn.signed_in and not is_before_buying(chat)


def only_tells_of_an_order(chat: Chat) -> bool:
    """我老公也下了一单, 公司报销用: told of an order, where no goods are looked for."""
    is_looking = chat.slot("product_shown") or chat.slot("open_question") in _LOOKING
    is_buying = hears(chat.turn, "buying", "then_buy", "other_goods")
    return is_served(chat) and not (is_looking or is_buying or chat.turn.asks)


def is_free_for_goods(chat: Chat) -> bool:
    """Nothing of an order is open that a name of goods could belong to."""
    is_asked = chat.turn.in_form or chat.slot("open_question") == "which_order"
    return not is_asked and is_before_buying(chat)


async def is_about_what_was_bought(chat: Chat) -> bool:
    """A buyer who talks of an order, or who has one and has looked at no goods."""
    if not chat.turn.signed_in:
        return False
    if not is_before_buying(chat):
        return True
    return not chat.slot("product_shown") and bool(await own_orders(chat))
