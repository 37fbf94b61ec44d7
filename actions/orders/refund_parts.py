"""Parts of 退款: why it is not there yet, what comes back beside it, how long it takes at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.frame.chat import Chat
from actions.frame.clock import near_day_text, today
from actions.frame.heard import hears
from actions.frame.phrasing import price_text
from actions.orders.return_cases import return_card
from bot.dialogue.files import read_matters
from bot.dialogue.matter import Matter
from bot.dialogue.reading import meaning_length
from bot.shop.words.dealing import Reason, Remedy, ReturnCase, ReturnStatus

_STATES = frozenset(
    (
        "utter_return_goods_sent",
        "utter_return_waits_for_goods",
        "utter_refund_in_hand",
        "utter_refund_arrived_not_yet",
        "utter_refund_goes_back",
        "utter_refund_why_goods_sent",
        "utter_refund_why_goods_received",
    )
)
_MONEY = frozenset(
    ("utter_faq/refund_status.where", "utter_faq/price_protection.where", "utter_refund_goes_back")
)
_BARE = 5  # characters: 那要几天呢
_WAITS = (ReturnStatus.OPENED, ReturnStatus.GOODS_SENT, ReturnStatus.GOODS_RECEIVED)


def tell_part_of_case(chat: Chat, case: ReturnCase) -> bool:
    """收到了为什么不退, 运费也退我吗, of a case under way; False where the whole state is asked."""
    turn = chat.turn
    if case.status not in _WAITS:
        return False
    due = near_day_text(case.refund_due_on) if case.refund_due_on else "近几天"
    values: dict[str, Any] = {
        "name": case.name,
        "refund": price_text(case.refund_fen),
        "due": due,
    }
    if hears(turn, "if_late"):
        chat.reply("utter_refund_if_late", **values)
    elif (
        hears(turn, "arrived_yet")
        and case.refund_fen
        and case.status is not ReturnStatus.GOODS_RECEIVED
    ):
        chat.reply("utter_refund_arrived_not_yet", **values)
    elif turn.intent != "return_policy" and hears(turn, "postage", "return_postage"):
        chat.reply(f"utter_return_postage_{'buyer' if case.buyer_pays_postage else 'shop'}_of_case")
    elif hears(turn, "why_so") and case.refund_fen:
        chat.show(return_card(case))
        chat.reply(f"utter_refund_why_{case.status.value}", **values)
    elif _asks_when(chat) and case.refund_fen and _is_ahead(case.refund_due_on):
        is_here = case.status is not ReturnStatus.OPENED
        chat.show(return_card(case))
        chat.reply("utter_refund_due" if is_here else "utter_refund_why_opened", **values)
    else:
        return False
    return True


def tells_of_money(chat: Chat) -> bool:
    """多久到, behind where the money goes back to: no parcel is asked for."""
    is_named = chat.turn.has("region", "address", "product", "kind", "courier")
    if is_named or not _MONEY & set(chat.turn.told_before):
        return False
    chat.reply("utter_faq/refund_status.where")
    return True


def tell_how_long(chat: Chat) -> bool:
    """钱几天能退给我, while a return is written down or an order shall be cancelled: no case yet."""
    if chat.turn.in_form == "return_form":
        reason, remedy = chat.slot("return_reason"), chat.slot("return_remedy")
        if reason == Reason.NOT_RECEIVED.value:
            chat.reply("utter_refund_takes_lost")
        elif remedy == Remedy.EXCHANGE.value:
            chat.reply("utter_exchange_takes")
        elif reason == Reason.DEFECT.value and not remedy and not hears(chat.turn, "refund_when"):
            chat.reply("utter_aftersale_takes")
        else:
            chat.reply("utter_refund_takes")
        return True
    if chat.turn.has("order_number", "tracking_number"):
        return False
    matter = Matter.of_slot(chat.slot("matter"))
    if matter is not None and matter.intent == "refund_status":
        matter = Matter.of_slot(chat.slot("matter_parked"))
    asks_when = hears(chat.turn, "refund_when", "how_soon", "how_soon_done")
    if chat.slot("open_question") == "cancel_it" or _is(matter, "cancel_order"):
        chat.reply("utter_refund_takes_unsent")
    elif asks_when and matter is not None and matter.intent in _RETURNS:
        is_broken = _is(matter, "report_defect") and not hears(chat.turn, "refund_when")
        chat.reply("utter_aftersale_takes" if is_broken else "utter_refund_takes")
    else:
        return False
    return True


async def tell_how_long_here(chat: Chat) -> bool:
    """要几天, half understood, while a return or exchange is written down."""
    is_bare = hears(chat.turn, "how_soon") and meaning_length(chat.turn.text) <= _BARE
    return chat.turn.in_form == "return_form" and is_bare and tell_how_long(chat)


def _asks_when(chat: Chat) -> bool:
    """哪天退, behind the state that was told in this talk; the state first."""
    is_told = bool(_STATES & set(chat.turn.told_before))
    return is_told and (hears(chat.turn, "how_soon") or chat.turn.intent == "refund_status")


def _is_ahead(day: date | None) -> bool:
    return day is not None and day >= today()


_RETURNS = read_matters().after_sale - {"refund_status", "price_protection", "ask_warranty"}


def _is(matter: Matter | None, intent: str) -> bool:
    return matter is not None and matter.intent == intent
