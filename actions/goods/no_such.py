"""A colour that goods do not come in is said to be none, whatever was asked of it."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from actions.frame.phrasing import join_text
from actions.hearing.context import Talk

MOST_NAMED = 8  # values of an axis that are told one by one


def tells_no_such_colour(chat: Chat, talk: Talk) -> bool:
    """紫色的有吗, 那灰的吧 多少钱; False where this line names no colour, or one that there is."""
    product = talk.product
    if product is None or not talk.colour or not talk.said_colours or talk.has_colour:
        return False
    colours = all_of(product.colours) or "一种"
    chat.reply("utter_no_such_colour", name=product.name, what=talk.colour, colours=colours)
    return True


def all_of(values: Sequence[str]) -> str:
    """Each of them; of a long list the first ones and how many there are."""
    if len(values) <= MOST_NAMED:
        return join_text(list(values))
    return f"{join_text(list(values[:MOST_NAMED]))}等{len(values)}种"
