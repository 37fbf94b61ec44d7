"""Whether a line speaks of goods that are none of the buyer's orders as of something bought."""

from __future__ import annotations

from collections.abc import Sequence

from actions.answering.handoff import is_with_a_person
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.elsewhere import is_what_came, says_bought
from bot.dialogue.files import read_matters
from bot.dialogue.reading import meaning_length
from bot.dialogue.situations import COURTESIES

ASKED = frozenset(
    ("utter_goods_not_in_orders", "utter_order_holds_other", "utter_only_with_our_order")
)
SHORTER = "utter_goods_in_no_order"
TOLD = ASKED | {SHORTER, "utter_not_ours_still"}
HALF = ("nlu_half_sure", "nlu_fallback")
NO_GOODS = COURTESIES | {"ask_human", "hesitate", "small_talk", "unsafe", "faq/ask_bot"}
_LOOKING = ("stock_check", "ask_price", "ask_recommendation", "bargain", "place_order")
_OF_GOODS = ("ask_product", "ask_quality", "ask_price")  # … asked on, once it was said
_ASKS_FOR = ("stock_check", "ask_price", "ask_recommendation", "ask_product", "ask_quality")
_FAINT = 0.4
_LETS_BE = ("stop", "called_off", "nothing_more", "no_deed", "keeps_it", "without_number")
_MERE = 4  # characters: 我知道了


def is_concerned(chat: Chat, named: Sequence[str], wish: str, has_orders: bool) -> bool:
    """Whether the line speaks of goods that are none of ours as of something bought."""
    turn = chat.turn
    was_told = bool(TOLD & turn.told_in_talk)
    is_known = was_told or "utter_not_sold_here" in turn.told_in_talk
    if named and is_known and chat.slot("product_strange") in named:  # named once more
        if was_told and wish == "inform" and says_bought(turn):
            return True  # 投影仪啊 上周买的那个: told again, and of no order of ours
        before_buying = _ASKS_FOR if was_told else read_matters().presale
        return wish not in (*before_buying, "inform", "ask_human")
    if named and turn.text.strip() in named:
        return False  # 粽子, and nothing else: looked for
    if named:
        return _is_told_of(turn, wish, has_orders)
    return _goes_on(chat, wish, was_told)


def _is_told_of(turn: Turn, wish: str, has_orders: bool) -> bool:
    """Whether goods named in this line are told of as bought, and not looked for."""
    is_told = says_bought(turn) or hears(turn, "missing") or turn.has("return_reason")
    if wish == "report_wrong_item" and is_what_came(turn):
        return False
    if says_bought(turn) and not has_orders:
        return False  # an order is looked for
    is_free = wish not in NO_GOODS and wish not in (*_LOOKING, *read_matters().parcel)
    if turn.intent in HALF:
        return is_told or (is_free and wish not in (*read_matters().presale, "inform"))
    return is_free and (is_told or wish in read_matters().bought)


def _goes_on(chat: Chat, wish: str, was_told: bool) -> bool:
    """Whether a line that names no goods still speaks of those that are none of ours."""
    turn, bought = chat.turn, read_matters().bought
    if turn.intent in HALF and turn.asks and is_with_a_person(chat, *TOLD) and _is_faint(turn):
        return wish not in NO_GOODS  # 没买的可以补吗: no guess beside what is theirs
    if turn.intent in HALF and was_told and turn.asks:
        return wish in bought or wish in (*_OF_GOODS, "inform", "out_of_scope", "affirm", "deny")
    if turn.intent in HALF:
        return was_told and (wish in bought or _tells_on(turn, wish))
    if wish == "deny" and chat.slot("open_question") == "which_order":
        return was_told and not hears(turn, *_LETS_BE)  # 没电, or that it is none of these
    if wish in NO_GOODS:
        return False
    if wish == "inform":
        return was_told and chat.slot("open_question") == "which_order"  # told, and none picked
    return wish in bought or (was_told and wish in _OF_GOODS)


def _is_faint(turn: Turn) -> bool:
    matters = read_matters()
    others = (*_LOOKING, *matters.parcel, *matters.invoice)
    return turn.chances[0] < _FAINT and not set(turn.ranking[:2]) & set(others)


def _tells_on(turn: Turn, wish: str) -> bool:
    """别的键都好的 就这两个按了没用, half understood: how it is with them, and nothing agreed to."""
    is_long = meaning_length(turn.text) > _MERE and not hears(turn, *_LETS_BE)
    return is_long and wish in ("affirm", "deny", "inform")
