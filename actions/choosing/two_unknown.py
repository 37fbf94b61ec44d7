"""这两个有什么区别, and neither was named or shown: asked which two, and no single one is told of."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.elsewhere import strange_goods

_TWO = 2
_NAMING = ("product", "kind", "category", "goods", "colour", "ordinal")


def asks_which_two(chat: Chat) -> bool:
    """False where one is talked of, two were shown, or the line names any."""
    turn = chat.turn
    if turn.in_form or not (hears(turn, "the_two") and hears(turn, "compare", "decide")):
        return False
    if strange_goods(chat):
        return False  # of a page that is not ours
    is_known = chat.slot("product_in_talk") or turn.product_in_view or turn.has(*_NAMING)
    if is_known or len(chat.slot("product_shown") or []) >= _TWO:
        return False
    chat.keep("product_question", "product")
    chat.ask("which_product", "utter_which_two")
    return True
