"""The deed of a return: the case is opened, told, and given to a person where it is our fault."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.phrasing import price_text, sku_text
from actions.orders.orders import access_to
from actions.orders.return_cases import return_card
from actions.orders.return_road import REMEDY_TEXTS, SLOTS, Road
from actions.returns.return_refusals import fault_reason, report_note
from bot.shop.words.dealing import Remedy


async def open_case(chat: Chat, road: Road) -> None:
    """The deed; what is our fault also goes to a person, with all the evidence.

    Raises RefundChanged.
    """
    assert road.remedy is not None and road.reason is not None and road.agreed is not None
    case = await chat.shop.open_return(
        road.order.number,
        access_to(chat, road.order.number),
        road.line.line_id,
        reason=road.reason,
        remedy=road.remedy,
        photos=road.photos,
        wanted=road.wanted or _same_again(road),
        expected_refund_fen=road.agreed.total_fen if road.refund_fen is not None else None,
        request_id=road.agreed.deed_id,
    )
    note = report_note(chat, road, f"希望{REMEDY_TEXTS[road.remedy]}, 退货单 {case.case_id}")
    for slot in (*SLOTS, "return_line"):
        chat.keep(slot, None)
    chat.keep("return_case_opened", case.case_id)
    chat.show(return_card(case))
    chat.reply(
        f"utter_return_opened_{road.remedy.value}",
        case=case.case_id,
        refund=price_text(case.refund_fen),
        wanted=case.wanted,
    )
    if road.remedy in (Remedy.REFUND, Remedy.EXCHANGE):
        pays = "buyer" if case.buyer_pays_postage else "shop"
        chat.reply(f"utter_return_postage_{pays}")
    if road.terms.is_our_fault:
        chat.hand_over(fault_reason(road), note)


def _same_again(road: Road) -> str:
    if road.remedy in (Remedy.EXCHANGE, Remedy.RESEND):
        return sku_text(road.line.colour, road.line.size)
    return ""
