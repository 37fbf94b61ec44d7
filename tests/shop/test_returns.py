"""The rules of returns as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from bot.shop.rules.returns import Case, judge, refund_of
from bot.shop.words.dealing import (
    Order,
    OrderLine,
    OrderStatus,
    Parcel,
    ParcelState,
    Reason,
    Receiver,
    Remedy,
)

NOW = datetime(2026, 3, 18, 2, 0, tzinfo=timezone.utc)
TODAY = date(2026, 3, 18)
LINE = OrderLine(
    line_id="1", product_id="p", sku_id="s", name="栖云", colour="", size="", quantity=2,
    unit_price_fen=10000,
)  # fmt: skip
ORDER = Order(
    number="1", buyer_id="b", status=OrderStatus.DELIVERED, lines=(LINE,), goods_fen=20000,
    postage_fen=800, off_fen=3000, total_fen=17800, gift="", note="", receiver=Receiver(),
    created_at=NOW, paid_at=NOW,
)  # fmt: skip


def case_of(
    reason: str,
    *,
    days: int | None = 2,
    status: OrderStatus = OrderStatus.DELIVERED,
    returnable: str = "seven_days",
    warranty_months: int = 0,
    return_days: int = 7,
    has_open_case: bool = False,
) -> Case:
    return Case(
        order=replace(ORDER, status=status),
        line=LINE,
        reason=Reason(reason),
        today=TODAY,
        signed_on=None if days is None else TODAY - timedelta(days=days),
        returnable=returnable,
        warranty_months=warranty_months,
        return_days=return_days,
        has_open_case=has_open_case,
    )


REFUND, EXCHANGE, PARTIAL, RESEND, ONLY = (
    Remedy.REFUND, Remedy.EXCHANGE, Remedy.PARTIAL_REFUND, Remedy.RESEND, Remedy.REFUND_ONLY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "remedies", "buyer_pays", "photos"),
    [
        (case_of("no_reason"), (REFUND, EXCHANGE), True, 0),
        (case_of("size"), (EXCHANGE, REFUND), True, 0),
        (case_of("defect"), (EXCHANGE, REFUND, PARTIAL), False, 2),
        (case_of("wrong_item"), (RESEND, REFUND, PARTIAL), False, 1),
        (case_of("not_received"), (RESEND, ONLY), False, 0),
        (case_of("no_reason", days=7), (REFUND, EXCHANGE), True, 0),  # the last day counts
        (case_of("no_reason", returnable="unopened_only"), (REFUND, EXCHANGE), True, 0),
        (case_of("defect", returnable="custom_made"), (EXCHANGE, REFUND, PARTIAL), False, 2),
        (case_of("defect", returnable="clearance"), (EXCHANGE, REFUND, PARTIAL), False, 2),
        (case_of("defect", returnable="unopened_only"), (EXCHANGE, REFUND, PARTIAL), False, 2),
        (case_of("defect", days=100, warranty_months=12), (EXCHANGE,), False, 2),
        (case_of("no_reason", status=OrderStatus.PAID, days=None), (ONLY,), False, 0),
        (case_of("no_reason", status=OrderStatus.PACKED, days=None), (ONLY,), False, 0),
    ],
)
def test_allowed(case: Case, remedies: tuple[Remedy, ...], buyer_pays: bool, photos: int) -> None:
    terms = judge(case)
    assert terms.allowed
    assert terms.remedies == remedies
    assert (terms.buyer_pays_postage, terms.needs_photos) == (buyer_pays, photos)


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        (case_of("no_reason", days=8), "too_late"),
        (case_of("size", days=8), "too_late"),
        (case_of("defect", days=8), "too_late"),
        (case_of("defect", days=400, warranty_months=12), "too_late"),
        (case_of("wrong_item", days=30, warranty_months=12), "too_late"),
        (case_of("opened"), "opened"),
        (case_of("size", returnable="unopened_only"), "opened"),
        (case_of("no_reason", returnable="custom_made"), "custom_made"),
        (case_of("size", returnable="custom_made", days=30), "custom_made"),
        (case_of("no_reason", returnable="clearance"), "clearance"),
        (case_of("no_reason", status=OrderStatus.SHIPPED, days=None), "not_signed"),
        (case_of("defect", status=OrderStatus.SHIPPED, days=None), "not_signed"),
        (case_of("not_received", status=OrderStatus.SHIPPED, days=None), "not_signed"),
        (case_of("no_reason", status=OrderStatus.AWAITING_PAYMENT, days=None), "not_paid"),
        (case_of("no_reason", status=OrderStatus.CLOSED, days=None), "not_paid"),
        (case_of("no_reason", status=OrderStatus.CANCELLED, days=None), "already_open"),
        (case_of("no_reason", has_open_case=True), "already_open"),
    ],
)
def test_refused(case: Case, refusal: str) -> None:
    terms = judge(case)
    assert (terms.allowed, terms.refusal, terms.remedies) == (False, refusal, ())


def test_hygiene_goods_must_be_unopened() -> None:
    assert judge(case_of("no_reason", returnable="unopened_only")).only_unopened


def test_the_seven_days_start_the_day_after_signing() -> None:
    assert judge(case_of("no_reason", days=0)).until == TODAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("state", "is_late", "allowed"),
    [
        (ParcelState.STALLED, True, True),
        (ParcelState.IN_TRANSIT, True, True),
        (ParcelState.RETURNED, False, True),
        (ParcelState.IN_TRANSIT, False, False),
    ],
)
def test_a_parcel_under_way_counts_as_lost_when_late(
    state: ParcelState, is_late: bool, allowed: bool
) -> None:
    parcel = Parcel(
        courier="", courier_phone="", tracking_number="", state=state, shipped_at=NOW,
        due_on=TODAY, new_due_on=None, is_late=is_late, delay_reason="", events=(),
    )  # fmt: skip
    case = case_of("not_received", status=OrderStatus.SHIPPED, days=None)
    case = replace(case, order=replace(case.order, parcel=parcel))
    assert judge(case).allowed is allowed


@pytest.mark.parametrize(
    ("remedy", "fen"),
    [
        (Remedy.REFUND, 17000),  # what was paid for the goods
        (Remedy.REFUND_ONLY, 17800),  # nothing was sent: postage too
        (Remedy.PARTIAL_REFUND, 2550),  # 15 %
        (Remedy.EXCHANGE, 0),
        (Remedy.RESEND, 0),
    ],
)
def test_the_refund_is_the_share_of_what_was_paid(remedy: Remedy, fen: int) -> None:
    assert refund_of(ORDER, LINE, remedy, 15) == fen
