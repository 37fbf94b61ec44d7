"""What the rules allow after buying: seven days, their exceptions, remedies, who pays the way."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from bot.shop.words.dealing import (
    Order,
    OrderLine,
    OrderStatus,
    ParcelState,
    Reason,
    Remedy,
    ReturnStatus,
    ReturnTerms,
)

USUAL_DAYS = 7
KEEPS_SHORT = frozenset({"fresh"})  # rules under which a fault has to be told within a day or two
ONLY_SEALED = frozenset({"unopened_only", "hygienic"})

PHOTOS_OF_DEFECT = 2  # the whole, and the spot
PHOTOS_OF_WRONG_ITEM = 1


class Refusal(Enum):
    TOO_LATE = "too_late"
    OPENED = "opened"
    CUSTOM_MADE = "custom_made"
    CLEARANCE = "clearance"
    FRESH = "fresh"  # food that does not keep
    NOT_SIGNED = "not_signed"
    NOT_PAID = "not_paid"
    ALREADY_OPEN = "already_open"
    NOT_SENT = "not_sent"


# Reasons for which the shop pays the way back.
OUR_FAULT = frozenset({Reason.DEFECT, Reason.WRONG_ITEM, Reason.NOT_RECEIVED})

# A case in one of these is over and no longer stands in the way of another.
OVER = frozenset({ReturnStatus.DECLINED, ReturnStatus.WITHDRAWN})


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the rules go by: one order line, its product's rule, and the day it is judged on."""

    order: Order
    line: OrderLine
    reason: Reason
    today: date
    signed_on: date | None
    returnable: str = "seven_days"
    warranty_months: int = 0
    return_days: int = USUAL_DAYS
    has_open_case: bool = False


def judge(case: Case) -> ReturnTerms:
    """The terms, with all remedies to choose from; a refusal says which rule it is."""
    if case.has_open_case:
        return _refuse(case, Refusal.ALREADY_OPEN)
    status = case.order.status
    if status in (OrderStatus.DRAFT, OrderStatus.AWAITING_PAYMENT, OrderStatus.CLOSED):
        return _refuse(case, Refusal.NOT_PAID)
    if status is OrderStatus.CANCELLED:
        paid = case.order.paid_at is not None
        return _refuse(case, Refusal.ALREADY_OPEN if paid else Refusal.NOT_PAID)
    if status in (OrderStatus.PAID, OrderStatus.PACKED):
        # Nothing has left that could come back: giving the money back *is* cancelling. Of several
        # goods one alone is taken out by a person, who also sees to it that the others are sent.
        if len(case.order.lines) > 1:
            return _refuse(case, Refusal.NOT_SENT)
        return _allow(case, (Remedy.REFUND_ONLY,), until=None, buyer_pays=False)
    if case.reason is Reason.NOT_RECEIVED:
        return _judge_not_received(case)
    if case.signed_on is None:
        return _refuse(case, Refusal.NOT_SIGNED)
    if case.reason in (Reason.DEFECT, Reason.WRONG_ITEM):
        return _judge_our_fault(case, case.signed_on)
    return _judge_change_of_mind(case, case.signed_on)


def last_day(signed_on: date, days: int) -> date:
    """The last of the days, the day of signing not counted."""
    return signed_on + timedelta(days=days)


def _judge_not_received(case: Case) -> ReturnTerms:
    parcel = case.order.parcel
    is_lost = parcel is not None and (
        parcel.is_late or parcel.state in (ParcelState.RETURNED, ParcelState.RETURNING)
    )
    if case.signed_on is None and not is_lost:
        return _refuse(case, Refusal.NOT_SIGNED)  # it is on its way and in time
    return _allow(case, (Remedy.RESEND, Remedy.REFUND_ONLY), until=None, buyer_pays=False)


def _judge_our_fault(case: Case, signed_on: date) -> ReturnTerms:
    until = last_day(signed_on, case.return_days)
    is_defect = case.reason is Reason.DEFECT
    photos = PHOTOS_OF_DEFECT if is_defect else PHOTOS_OF_WRONG_ITEM
    if case.today <= until:
        first = Remedy.EXCHANGE if is_defect else Remedy.RESEND
        remedies = (first, Remedy.REFUND, Remedy.PARTIAL_REFUND)
        return _allow(case, remedies, until=until, buyer_pays=False, photos=photos)
    warranty_until = _months_later(signed_on, case.warranty_months)
    if is_defect and case.today <= warranty_until:
        return _allow(
            case, (Remedy.EXCHANGE,), until=warranty_until, buyer_pays=False, photos=photos
        )
    return _refuse(case, Refusal.TOO_LATE, until)


def _judge_change_of_mind(case: Case, signed_on: date) -> ReturnTerms:
    until = last_day(signed_on, case.return_days)
    if case.returnable == "custom_made":
        return _refuse(case, Refusal.CUSTOM_MADE, until)
    if case.returnable == "clearance":
        return _refuse(case, Refusal.CLEARANCE, until)
    if case.returnable == "fresh":
        return _refuse(case, Refusal.FRESH, until)
    if case.today > until:
        return _refuse(case, Refusal.TOO_LATE, until)
    needs_seal = case.returnable in ONLY_SEALED
    is_opened = case.reason is Reason.OPENED and case.returnable != "opened_too"
    # Who knows that the size is wrong has tried it on.
    if is_opened or (needs_seal and case.reason is Reason.SIZE):
        return _refuse(case, Refusal.OPENED, until)
    remedies = (Remedy.EXCHANGE, Remedy.REFUND)
    if case.reason is Reason.NO_REASON:
        remedies = (Remedy.REFUND, Remedy.EXCHANGE)
    return _allow(case, remedies, until=until, buyer_pays=True, only_unopened=needs_seal)


def _allow(
    case: Case,
    remedies: tuple[Remedy, ...],
    *,
    until: date | None,
    buyer_pays: bool,
    photos: int = 0,
    only_unopened: bool = False,
) -> ReturnTerms:
    return ReturnTerms(
        order_number=case.order.number,
        line_id=case.line.line_id,
        allowed=True,
        remedies=remedies,
        until=until,
        buyer_pays_postage=buyer_pays,
        needs_photos=photos,
        only_unopened=only_unopened,
        is_our_fault=case.reason in OUR_FAULT,
    )


def _refuse(case: Case, refusal: Refusal, until: date | None = None) -> ReturnTerms:
    return ReturnTerms(
        order_number=case.order.number,
        line_id=case.line.line_id,
        allowed=False,
        remedies=(),
        until=until,
        refusal=refusal.value,
        is_our_fault=case.reason in OUR_FAULT,
    )


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def refund_of(order: Order, line: OrderLine, remedy: Remedy, partial_percent: int) -> int:
    """Fen to give back: the line's share of what was paid; postage only if nothing was sent."""
    if remedy in (Remedy.EXCHANGE, Remedy.RESEND):
        return 0
    worth = line.unit_price_fen * line.quantity
    share = worth - (order.off_fen * worth // order.goods_fen if order.goods_fen else 0)
    if remedy is Remedy.PARTIAL_REFUND:
        return share * partial_percent // 100
    if remedy is Remedy.REFUND_ONLY and len(order.lines) == 1:
        return share + order.postage_fen
    return share
