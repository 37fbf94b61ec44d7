"""再加一双袜子, 登山杖也要: one more line beside those of the order that is written."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from actions.frame.heard import detail, hears
from actions.frame.turn import Turn
from actions.hearing.counted import counted_among, counted_instead, measure_word
from actions.hearing.order_lines import SaidLine, products_said
from actions.ordering.order_draft import Draft, Line, keep_lines
from actions.ordering.order_edits import completed, line_of, merged
from actions.ordering.order_mending import mended
from bot.shop.rules.measure_words import is_counted_by

_NAMING = ("product", "kind", "category")


async def adds(chat: Chat, draft: Draft, said: Sequence[SaidLine]) -> bool:
    """再加一双袜子, 登山杖也要: one more line beside the others."""
    turn = chat.turn
    is_more = hears(turn, "add_line")
    names_goods = turn.has(*_NAMING)
    if hears(turn, "change", "not") or not (is_more or names_goods) or len(said) != 1:
        return False
    counted = counted_among(turn, [one.product for one in draft.lines])
    here = draft.lines[counted[0] if len(counted) == 1 else draft.at]
    [product] = await products_said(chat, said, [one.product for one in draft.lines], here.product)
    if product is None:
        return False
    held = [line for line in draft.lines if line.product.product_id == product.product_id]
    if names_goods and not held:
        # 还是要林步吧: goods of the same kind come instead, other goods and 再加一双 beside.
        if not (is_more or _is_counted_otherwise(turn, here)) and (
            product.category == here.product.category
        ):
            return False
    elif not is_more or not turn.has("colour", "size") or not here.is_chosen:
        return False
    line = line_of(product, said[0])
    if held and not names_goods:
        line = completed([line, here])[0]
    lines = merged([*draft.lines, line])
    there = mended(chat, lines, draft.lines)
    if there == lines:
        chat.reply("utter_line_added", what=line.text, quantity=line.quantity)
    keep_lines(chat, there, len(lines) - 1)
    return True


def _is_counted_otherwise(turn: Turn, here: Line) -> bool:
    """来双手套, while a lamp is ordered, puts none in its place: no lamp comes by the pair."""
    word = str(detail(turn, "quantity", "unit") or "")
    return bool(word) and not is_counted_by(here.product, word)


async def adds_counted(chat: Chat, draft: Draft) -> bool:
    """再加一双, while a jacket is ordered and socks were talked of beside it: no second jacket."""
    turn, word = chat.turn, measure_word(chat.turn)
    if not word or detail(turn, "quantity", "role") != "add":
        return False
    in_talk, shown = chat.slot("product_in_talk"), chat.slot("product_shown") or ()
    beside = [in_talk, *shown, chat.slot("product_before")]
    here = [line.product for line in draft.lines]
    if any(is_counted_by(one, word) for one in here):
        return False
    found = await counted_instead(chat, [here[draft.at].product_id, *beside])
    if found is None:
        return False
    line = line_of(found, SaidLine(quantity=int(turn.value("quantity") or 1)))
    chat.reply("utter_line_added", what=line.text, quantity=line.quantity)
    keep_lines(chat, [*draft.lines, line], len(draft.lines))
    return True
