"""What is said of a return case that is open: its card and how far it has come."""

from __future__ import annotations

from typing import Any

from actions.frame.cards import Card
from actions.frame.chat import Chat
from actions.frame.clock import near_day_text, today
from actions.frame.phrasing import day_text, price_text
from actions.orders.return_road import REMEDY_TEXTS
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, Remedy, ReturnCase, ReturnStatus
from bot.shop.words.status_words import COMES_BACK, case_text, send_to

_OVER = (
    ReturnStatus.REFUNDED,
    ReturnStatus.EXCHANGED,
    ReturnStatus.DECLINED,
    ReturnStatus.WITHDRAWN,
)


def return_card(case: ReturnCase) -> Card:
    card = {
        "type": "return",
        "case_id": case.case_id,
        "name": case.name,
        "status_text": case_text(case),
        "remedy_text": REMEDY_TEXTS[case.remedy] + (f"：{case.wanted}" if case.wanted else ""),
        "refund_text": price_text(case.refund_fen) if case.refund_fen else "",
    }
    if address := send_to(case):
        card["send_to"] = address
    return card


async def case_of(chat: Chat, order: Order, line_id: str) -> ReturnCase | None:
    """The newest case of this order line; its right was checked with the order."""
    cases = [
        case
        for case in await chat.shop.returns_of(order.buyer_id)
        if case.order_number == order.number and (not line_id or case.line_id in (line_id, ""))
    ]
    return max(cases, key=lambda case: case.opened_at, default=None)


async def open_case_of(chat: Chat, order: Order) -> ReturnCase | None:
    """The newest case of the order that is not over yet."""
    case = await case_of(chat, order, "")
    return None if case is None or case.status in _OVER else case


def tell_case(chat: Chat, case: ReturnCase) -> None:
    """Card first, then what happens next; an overdue refund goes to a person."""
    chat.show(return_card(case))
    chat.keep("order_in_talk", case.order_number)
    values: dict[str, Any] = {
        "name": case.name,
        "refund": price_text(case.refund_fen),
        "due": near_day_text(case.refund_due_on) if case.refund_due_on else "近几天",
    }
    if case.status is ReturnStatus.REFUNDED:
        day = day_text(case.refunded_at.date()) if case.refunded_at else "日前"
        chat.reply("utter_refunded", day=day, **values)
        if chat.turn.value("remedy") == Remedy.RESEND.value and case.remedy is not Remedy.RESEND:
            chat.reply("utter_refunded_not_resent", day=day)
            chat.keep("handoff_reason", HandOverReason.MONEY.value)
            chat.ask("hand_over", "utter_offer_person")
    elif case.status is ReturnStatus.DECLINED:
        chat.reply("utter_return_declined", **values)
        chat.hand_over(HandOverReason.MONEY, f"退货单 {case.case_id} 未通过, 买家来问")
    elif case.status in (ReturnStatus.WITHDRAWN, ReturnStatus.EXCHANGED):
        response = "withdrawn" if case.status is ReturnStatus.WITHDRAWN else "exchanged"
        chat.reply(f"utter_return_{response}", **values)
    elif case.refund_fen and case.refund_due_on and case.refund_due_on < today():
        chat.reply("utter_refund_overdue", **values)
        chat.hand_over(
            HandOverReason.MONEY, f"退货单 {case.case_id} 应退 {values['refund']}, 已过预计日期"
        )
    else:
        _tell_under_way(chat, case, values)


def _tell_under_way(chat: Chat, case: ReturnCase, values: dict[str, Any]) -> None:
    is_exchange = case.remedy in (Remedy.EXCHANGE, Remedy.RESEND)
    if case.status is ReturnStatus.OPENED and case.remedy in COMES_BACK:
        response = (
            "utter_exchange_waits_for_goods" if is_exchange else "utter_return_waits_for_goods"
        )
        chat.reply(response, **values)
    elif case.status is ReturnStatus.GOODS_SENT:
        chat.reply(
            "utter_exchange_goods_sent" if is_exchange else "utter_return_goods_sent", **values
        )
    else:
        chat.reply("utter_exchange_in_hand" if is_exchange else "utter_refund_in_hand", **values)
