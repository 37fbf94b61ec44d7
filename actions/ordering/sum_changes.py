"""A line behind a sum of several goods that changes one of them: the sum is told anew."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from actions.ordering.order_draft import Line
from actions.ordering.order_edits import change_said
from bot.shop.words.goods import Product

_NAMING = ("product", "kind", "category")


def changes_the_sum(chat: Chat) -> bool:
    """垫子要两个, 我妈的换39, behind a sum of several: it is told anew, and nothing is ordered yet."""
    turn = chat.turn
    is_summed = len(chat.slot("goods_in_talk") or ()) > 1 and not turn.in_form
    is_one = turn.has(*_NAMING, "person") and change_said(turn).is_any
    is_other = turn.questions or turn.has("money", "discount", "height_cm", "weight_kg")
    return is_summed and is_one and not is_other


def holds_all(held: Sequence[Line], named: Sequence[Line]) -> bool:
    known = [line.product for line in held]
    return all(line.product in known for line in named)


def is_in_sum(chat: Chat, product: Product) -> bool:
    """Whether these goods were summed up with others."""
    told = [one.get("product") for one in chat.slot("goods_in_talk") or ()]
    return product.product_id in told and len(told) > 1
