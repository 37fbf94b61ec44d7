"""What the shop's people do for a buyer with money: another price before it is paid, a coupon, a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import insert, or_, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import offers, orders, return_cases, tables
from bot.shop.embedded.coupons import USED
from bot.shop.embedded.till import Till
from bot.shop.words.codec import encode
from bot.shop.words.dealing import ReturnCase, ReturnStatus, Verb
from bot.shop.words.errors import (
    BeyondLimit,
    PriceChanged,
    RefundChanged,
    UnknownCoupon,
    WrongMoment,
)
from bot.shop.words.goods import Coupon
from bot.shop.words.quotes import SavedBy, Saving

TITLE = "客服优惠"  # as buyers read it on the order


@dataclass(frozen=True, kw_only=True)
class PriceChange:
    """`total_fen` is to be paid, postage included; `seen_fen` is what the agent saw before."""

    total_fen: int
    seen_fen: int
    most_percent: int | None = None  # that may come off; None: all but a fen


def change_price(till: Till, number: str, wanted: PriceChange) -> None:
    """Of an unpaid order; the full price again takes the change back.

    Raises WrongMoment, PriceChanged, BeyondLimit with the sums between which it may be.
    """
    orders.hold(till.connection, number, Verb.CHANGE_PRICE, till.now)
    order = orders.read_order(till.connection, number, till.now, till.zone)
    if order.total_fen != wanted.seen_fen:
        raise PriceChanged(order.total_fen)
    before = sum(one.off_fen for one in order.savings if one.by is SavedBy.AGENT)
    full_fen = order.total_fen + before
    percent = 100 if wanted.most_percent is None else wanted.most_percent
    least_fen = max(1, full_fen - full_fen * percent // 100)
    if not least_fen <= wanted.total_fen <= full_fen:
        raise BeyondLimit(least_fen, full_fen)
    off_fen = full_fen - wanted.total_fen
    savings = tuple(one for one in order.savings if one.by is not SavedBy.AGENT)
    if off_fen:
        savings += (Saving(by=SavedBy.AGENT, off_fen=off_fen, title=TITLE),)
    orders.change(
        till.connection,
        number,
        off_fen=order.off_fen - before + off_fen,
        total_fen=wanted.total_fen,
        savings=encode(savings),
    )


def coupons_to_give(connection: Connection, buyer_id: str, day: date) -> Sequence[Coupon]:
    """What runs and this buyer has not had, the smallest first."""
    table, held = tables.coupons, tables.buyer_coupons
    had = select(held.c.code).where(held.c.buyer_id == buyer_id)
    rows = connection.execute(
        select(table)
        .where(table.c.code.not_in(had), or_(table.c.ends_on.is_(None), table.c.ends_on >= day))
        .order_by(table.c.off_fen, table.c.code)
    )
    return [_coupon(row) for row in rows]


def give_coupon(
    connection: Connection, buyer_id: str, code: str, day: date, most_fen: int | None
) -> Coupon:
    """Raises UnknownCoupon, BeyondLimit, WrongMoment where this buyer has had it."""
    offers.lock_promises(connection, buyer_id)
    row = connection.execute(select(tables.coupons).where(tables.coupons.c.code == code)).first()
    if row is None or (row.ends_on is not None and row.ends_on < day):
        raise UnknownCoupon(code)
    if most_fen is not None and row.off_fen > most_fen:
        raise BeyondLimit(0, most_fen)
    held = tables.buyer_coupons
    had = select(held.c.code).where(held.c.buyer_id == buyer_id, held.c.code == code)
    if connection.execute(had).first() is not None:
        raise WrongMoment(USED)
    connection.execute(
        insert(held).values(buyer_id=buyer_id, code=code, order_number=None, is_given=True)
    )
    return _coupon(row)


def settle_case(
    till: Till,
    case_id: str,
    status: ReturnStatus,
    *,
    buyer_id: str,
    seen_refund_fen: int,
    most_refund_fen: int | None,
) -> ReturnCase:
    """Raises UnknownCase, WrongMoment, RefundChanged, BeyondLimit."""
    case = return_cases.move(till.connection, case_id, status, now=till.now, buyer_id=buyer_id)
    if status is not ReturnStatus.REFUNDED:
        return case
    if case.refund_fen != seen_refund_fen:
        raise RefundChanged(case.refund_fen)
    if most_refund_fen is not None and case.refund_fen > most_refund_fen:
        raise BeyondLimit(0, most_refund_fen)
    return replace(case, refunded_at=till.now)


def _coupon(row: object) -> Coupon:
    names = ("code", "title", "off_fen", "from_fen", "ends_on", "stacks")
    return Coupon(**{name: getattr(row, name) for name in names})
