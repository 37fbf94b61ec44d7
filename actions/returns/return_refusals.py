"""Why the rules refuse a return, kindly, with what is still possible."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.frame.chat import Chat
from actions.frame.phrasing import day_text
from actions.orders.return_cases import case_of, tell_case
from actions.orders.return_road import REASON_TEXTS, Road
from actions.returns.return_details import details_text
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Reason

_SAID = {
    "too_late": "utter_return_too_late",
    "opened": "utter_return_opened_goods",
    "custom_made": "utter_return_custom_made",
    "clearance": "utter_return_clearance",
    "fresh": "utter_return_fresh",
    "not_signed": "utter_return_not_signed",
}


async def tell_refusal(chat: Chat, road: Road) -> None:
    refusal = road.terms.refusal
    if refusal == "already_open":
        case = await case_of(chat, road.order, road.line.line_id)
        if case is not None:
            chat.reply("utter_return_already_open", name=road.line.name)
            tell_case(chat, case)
            return
    if road.terms.is_our_fault:
        chat.reply("utter_our_fault_looked_at")
        chat.hand_over(fault_reason(road), report_note(chat, road, "系统规则不能直接受理"))
        return
    if refusal not in _SAID:
        chat.reply("utter_return_by_person")
        offer_person(chat, HandOverReason.NO_DATA)
        return
    until = day_text(road.terms.until) if road.terms.until else ""
    chat.reply(
        _SAID[refusal],
        name=road.line.name,
        until=until,
        order_number=road.order.number,
        line=road.line.line_id,
    )


def report_note(chat: Chat, road: Road, what: str) -> str:
    """For the person who comes: everything the buyer has already said."""
    reason = REASON_TEXTS[road.reason] if road.reason else "退换货"
    told = details_text(chat)
    return (
        f"{reason}: {road.line.name}, 订单 {road.order.number}, 照片 {len(road.photos)} 张, {what}"
        + (f"; 买家说: {told}" if told else "")
    )


def fault_reason(road: Road) -> HandOverReason:
    """Why a fault of ours goes to a person: who judges it wants to know whether it can be seen."""
    if road.reason is Reason.NOT_RECEIVED:
        return HandOverReason.MONEY
    return HandOverReason.DEFECT if road.photos else HandOverReason.DEFECT_UNSEEN
