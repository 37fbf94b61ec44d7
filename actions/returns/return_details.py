"""What a buyer tells while a return is written down: kept for the person who comes, not heard as
another wish."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import join_text
from actions.orders.return_road import REMEDY_TEXTS, Road
from bot.shop.words.dealing import Reason, Remedy

_MOST, _LONGEST = 6, 60  # lines kept, characters of each
_REPORTS = ("report_defect", "report_wrong_item")
# Said without asking anything, these only tell more of what came.
_TELLING = (
    "inform",
    "deny",
    "ask_product",
    "ask_quality",
    "ask_promotion",
    "ask_usage",
    "bargain",
    "stock_check",
    "size_advice",
    "place_order",
    "order_note",
    "ask_invoice",
    "logistics_delay",
    "parcel_not_received",
    "nlu_half_sure",
    "nlu_fallback",
)
_PROMISED = ("ask_promotion", "bargain")  # 满150送四条 那一条也没有
# Asked of no goods, these are about what came, and we do not know: 正常吗, 补丁有吗.
_OF_WHAT_CAME = ("ask_product", "ask_quality", "stock_check", "size_advice", "ask_recommendation")
_NAMED = ("product", "kind", "category", "colour", "size", "size_step")
_COURTESIES = ("affirm", "thank", "goodbye", "hold_on", "praise", "greet")
_BARE = 4  # characters: 没有呢 is a mere no


def take_detail(chat: Chat, road: Road) -> bool:
    """袋子里只有一份, 洗了两次: heard, and kept for whoever decides. False for what asks or wishes."""
    turn = chat.turn
    if hears(turn, "which_way"):
        ways = join_text([REMEDY_TEXTS[one] for one in road.terms.remedies])
        chat.reply("utter_return_ways", ways=ways)
        _keep(chat)
        return True
    if _asks_of_what_came(chat, road):
        _keep(chat)
        chat.reply("utter_return_question_noted")
        return True
    if not _only_tells(chat):
        return False
    _keep(chat)
    is_missing = road.reason is Reason.WRONG_ITEM and turn.intent in _PROMISED
    was_told = "utter_missing_promised" in turn.told_before
    chat.reply(
        "utter_missing_promised" if is_missing and not was_told else "utter_return_detail_noted"
    )
    return True


def details_text(chat: Chat) -> str:
    """All of it in one line; "" where nothing was told."""
    return "；".join(chat.slot("return_details") or ())


def _only_tells(chat: Chat) -> bool:
    turn = chat.turn
    if not turn.text or turn.has("order_number", "tracking_number", "phone", "picture"):
        return False
    if turn.intent in _REPORTS:
        return True
    if turn.intent not in _TELLING or turn.asks:
        return False
    if turn.intent == "ask_invoice" and not turn.has("product", "kind", "goods"):
        return False  # 发票上写的也是头灯 speaks for what was bought
    if turn.intent == "deny" and len(turn.text) <= _BARE:
        return False
    return not (
        turn.intent.startswith("nlu_") and turn.ranking[:1] and turn.ranking[0] in _COURTESIES
    )


def _asks_of_what_came(chat: Chat, road: Road) -> bool:
    turn = chat.turn
    intent = turn.intent
    if intent == "nlu_half_sure" and turn.ranking:
        intent = turn.ranking[0]
    if intent not in _OF_WHAT_CAME or not turn.asks or turn.has(*_NAMED):
        return False
    return road.reason is not None and road.remedy is not Remedy.EXCHANGE


def _keep(chat: Chat) -> None:
    told = list(chat.slot("return_details") or ())
    chat.keep("return_details", [*told, chat.turn.text[:_LONGEST]][-_MOST:])
