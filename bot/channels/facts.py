"""What is known of a buyer at this moment that hints at what they will ask: orders, page, hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.shop.words.dealing import Order, OrderStatus, ReturnCase, ReturnStatus
from bot.shop.words.goods import Product

_LATELY = timedelta(days=7)
_IN_USE = timedelta(days=90)
_OPEN_CASES = (ReturnStatus.OPENED, ReturnStatus.GOODS_SENT, ReturnStatus.GOODS_RECEIVED)


@dataclass(frozen=True, kw_only=True)
class Moment:
    facts: frozenset[str]  # names of `questions.SITUATIONS`
    orders: dict[str, Order]  # by fact: the newest order that it is about
    astir: tuple[Order, ...]  # newest first, each that some fact is about
    product: Product | None

    @property
    def sheet(self) -> tuple[str, ...]:
        """What is told of the product in view, by topic or by the shop's own column."""
        return () if self.product is None else tuple(name for name, _ in self.product.sheet)


def moment_of(
    orders: Sequence[Order],
    cases: Sequence[ReturnCase],
    product: Product | None,
    now: datetime,
    zone: ZoneInfo,
    *,
    has_campaign: bool = False,
) -> Moment:
    """`orders` newest first; empty for a visitor whom the shop does not know."""
    about: dict[str, Order] = {}
    astir: list[Order] = []
    for order in orders:
        found = _facts_of(order, now)
        for fact in found:
            about.setdefault(fact, order)
        if found and found != ["had_it"]:
            astir.append(order)
    facts = set(about) | ({"bought"} if orders else {"newcomer"})
    if any(case.status in _OPEN_CASES for case in cases):
        facts.add("case_open")
    if has_campaign:
        facts.add("campaign")
    if product is not None:
        facts.add("on_product")
        if product.size_chart is not None and product.size_chart.rows:
            facts.add("sized")
    if not 7 <= now.astimezone(zone).hour < 23:
        facts.add("night")
    return Moment(facts=frozenset(facts), orders=about, astir=tuple(astir), product=product)


def _facts_of(order: Order, now: datetime) -> list[str]:
    match order.status:
        case OrderStatus.AWAITING_PAYMENT:
            return ["unpaid"]
        case OrderStatus.PAID | OrderStatus.PACKED:
            return ["to_ship", "ships_late"] if order.ships_late else ["to_ship"]
        case OrderStatus.SHIPPED:
            late = order.parcel is not None and order.parcel.is_late
            return ["on_the_way", "parcel_late"] if late else ["on_the_way"]
        case OrderStatus.DELIVERED | OrderStatus.COMPLETED:
            signed = order.signed_at
            if signed is None or now - signed > _IN_USE:
                return []
            return ["signed"] if now - signed <= _LATELY else ["had_it"]
    return []
