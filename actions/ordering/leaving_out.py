"""A line that the order shall do without: whether one is meant, and which."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.ordering.order_draft import draft_of
from actions.ordering.order_edits import Change, left_out, refused_beside
from actions.ordering.order_goods import ask_which

_NAMING = ("product", "kind", "category", "goods", "colour", "size", "ordinal", "order_number")
_SENT_BACK = ("return_request", "exchange_request", "report_wrong_item")


async def leaves_a_line_out(chat: Chat) -> bool:
    """袜子不要了 of the order being written asks for no money back, and ends no order of shoes."""
    lines = (await draft_of(chat)).lines
    if lines and await refused_beside(chat, lines):
        return True
    return len(lines) > 1 and await left_out(chat, lines) is not None


async def asks_what_is_left_out(chat: Chat) -> bool:
    """包不要了, of an order of several, and no name of them is heard in it: which one is asked."""
    turn, draft = chat.turn, await draft_of(chat)
    names_it = turn.has(*_NAMING)
    likely = turn.ranking[:1] if turn.intent == "nlu_half_sure" else (turn.intent,)
    is_one = hears(turn, "pointing") or set(likely) <= set(_SENT_BACK)
    is_off = hears(turn, "called_off", "unwanted", "leave_out") and is_one
    if len(draft.lines) < 2 or names_it or not is_off or turn.questions:
        return False
    ask_which(chat, draft, range(len(draft.lines)), Change(quantity=0))
    return True
