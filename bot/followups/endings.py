"""What ends a kind before it is said: one small question each, by the name it has in followups.yml.

Those that the shop can answer stand here; `answered`, `complained` and `reviewed` are read from the
house's own rows (`looking.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.followups.kinds import Kind
from bot.followups.rules import FollowUp
from bot.shop.words.dealing import Order, OrderStatus, ReturnCase, ReturnStatus
from bot.shop.words.goods import Product

_OPEN_CASE = (ReturnStatus.OPENED, ReturnStatus.GOODS_SENT, ReturnStatus.GOODS_RECEIVED)
_OVER = (OrderStatus.CANCELLED, OrderStatus.CLOSED)
_BOUGHT = (
    OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.DELIVERED,
    OrderStatus.COMPLETED,
)  # fmt: skip
_SAME_TIME = timedelta(days=1)  # paid within it, another order of the same goods is the one meant


@dataclass(frozen=True, kw_only=True)
class Case:
    """A follow-up with what the shop says of its matter now."""

    follow_up: FollowUp
    subject: str
    order: Order | None
    product: Product | None
    # Of the buyer, newest first; read where the kind can end by them.
    orders: Sequence[Order]
    returns: Sequence[ReturnCase]


def first_ending(case: Case, kind: Kind) -> str:
    """The name of an ending that has come; "" where none has."""
    if case.subject == "order" and case.order is None:
        return "over"
    if case.subject == "product" and case.product is None and "product_id" in case.follow_up.about:
        return "over"
    return next(
        (name for name, has_come in ENDINGS.items() if name in kind.ends_when and has_come(case)),
        "",
    )


def is_not_yet(case: Case, kind: Kind) -> bool:
    if case.follow_up.about.get("matter") == "ship" and case.order is not None:
        return case.order.status is OrderStatus.PACKED and not case.order.ships_late
    if "on_time" in kind.ends_when and case.order is not None:
        return case.order.parcel is None or not case.order.parcel.is_late
    return "out_of_stock" in kind.ends_when and not wanted_stock(case)


def wanted_stock(case: Case) -> int:
    """Pieces of what the buyer waits for."""
    about = case.follow_up.about
    if case.product is None:
        return 0
    meant = case.product.skus_like(str(about.get("colour") or ""), str(about.get("size") or ""))
    return sum(sku.stock for sku in meant)


def _paid(case: Case) -> bool:
    return case.order is None or case.order.status is not OrderStatus.AWAITING_PAYMENT


def _bought_otherwise(case: Case) -> bool:
    """The same goods were ordered anew: who took 41 for 39 does not forget to pay the 39."""
    order = case.order
    if order is None:
        return False
    goods = {line.product_id for line in order.lines}
    return any(
        other.number != order.number
        and goods <= {line.product_id for line in other.lines}
        and _stands_for(other, order)
        for other in case.orders
    )


def _stands_for(other: Order, order: Order) -> bool:
    if other.status in _OVER:
        return False
    if other.paid_at is not None:
        return abs(other.paid_at - order.created_at) < _SAME_TIME
    return other.created_at > order.created_at


def _bought_since(case: Case) -> bool:
    return any(
        order.created_at > case.follow_up.planned_at and order.status not in _OVER
        for order in case.orders
    )


def _bought_it(case: Case) -> bool:
    """These goods, since they were asked for."""
    product_id = case.follow_up.about.get("product_id")
    return any(
        order.created_at > case.follow_up.planned_at
        and order.status not in _OVER
        and any(line.product_id == product_id for line in order.lines)
        for order in case.orders
    )


def _signed(case: Case) -> bool:
    return case.order is None or case.order.status is not OrderStatus.SHIPPED


def _over(case: Case) -> bool:
    return case.order is None or case.order.status not in _BOUGHT


def _case_open(case: Case) -> bool:
    """Something of this order goes back, or went back."""
    number = str(case.follow_up.about.get("order_number") or "")
    return any(
        one.status in _OPEN_CASE
        or (one.order_number == number and one.status is not ReturnStatus.WITHDRAWN)
        for one in case.returns
    )


def _no_care(case: Case) -> bool:
    return case.product is None or not (case.product.fact("care") or case.product.fact("usage"))


def _price_back(case: Case) -> bool:
    before = case.follow_up.about.get("before_fen")
    return case.product is None or not isinstance(before, int) or case.product.price_fen >= before


def _kept(case: Case) -> bool:
    """The order has left, or is no more; other promises end by the house's own rows."""
    if case.follow_up.about.get("matter") != "ship" or case.order is None:
        return False
    return case.order.status not in (OrderStatus.PAID, OrderStatus.PACKED)


def _not_refunded(case: Case) -> bool:
    return case.follow_up.about.get("status") != ReturnStatus.REFUNDED.value


ENDINGS: dict[str, Callable[[Case], bool]] = {
    "paid": _paid,
    "bought_otherwise": _bought_otherwise,
    "bought_since": _bought_since,
    "bought_it": _bought_it,
    "signed": _signed,
    "over": _over,
    "case_open": _case_open,
    "no_care": _no_care,
    "price_back": _price_back,
    "not_refunded": _not_refunded,
    "kept": _kept,
}
