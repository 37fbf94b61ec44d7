"""What a line wishes of goods beside their kind: others, cheaper or better ones, a price they may have."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import detail, hears
from actions.frame.turn import Turn


def names_a_budget(chat: Chat) -> bool:
    return bool(detail(chat.turn, "money", "role") == "budget")


def wants_others(chat: Chat) -> bool:
    """还有别的吗, after goods were shown; 还有别的颜色吗 asks for stock."""
    was_shown = chat.slot("product_shown") or chat.slot("product_in_talk")
    return bool(was_shown) and hears(chat.turn, "other_goods")


def wishes_quality(turn: Turn) -> bool:
    """要轻便的: what the goods shall be like."""
    return hears(turn, "quality_wish")


def asks_fitness(turn: Turn) -> bool:
    """两个人够用吗: a yes or no about the one that is looked at; 有适合的吗 asks for others."""
    return hears(turn, "fitness") and not hears(turn, "have", "which", "other_goods")


def wants_cheaper_goods(turn: Turn) -> bool:
    """太贵了,有便宜的吗: other goods rather than another price."""
    return hears(turn, "cheaper_goods")


def wants_better(turn: Turn) -> bool:
    """有没有再好一点的, 价格不是问题: a grade above what was shown."""
    return hears(turn, "better_grade")
