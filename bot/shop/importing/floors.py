"""Holds prices against the floors: no sale price, coupon or campaign may undo what a ladder keeps.

The messages never say the floor itself: an owner's file may be read by many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.importing.cells import Problem, Row
from bot.shop.rules.pricing import Campaign, Item, total
from bot.shop.words.dealing import Step
from bot.shop.words.goods import Coupon, Promotion

MOST_PIECES = 20  # looked at; campaigns and coupons weigh most where they are just reached

SALE = "活动价再减去议价的让价和券，就到底价或更低了，请提高活动价，或减少让价"
COUPON = "议价里用了这张券，让价加上它就到底价或更低了，请减小面额，或减少让价"
LADDER = "让价加上券（有活动价的按活动价算）就到底价或更低了，请减少让价或换一张券"
STACKED = "买 {pieces} 件“{name}”时，活动和券叠加会到底价或更低；如果不是有意的，请调小优惠"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """The rows of this import, by the key of what they describe."""

    products: dict[str, Row]
    promotions: dict[str, Row]
    coupons: dict[str, Row]


@dataclass(frozen=True, kw_only=True)
class _Guarded:
    """A product with a ladder, as it stands in the shop now."""

    product_id: str
    name: str
    floor_fen: int
    cuts_fen: int
    codes: tuple[str, ...]
    prices: dict[str, int]  # by promotion; "" is the price without any

    @property
    def lowest_price_fen(self) -> int:
        return min(self.prices.values())


def check(connection: Connection, day: date, incoming: Incoming) -> list[Problem]:
    """Complains into the rows' problems where a ladder would reach its floor.

    Returns warnings: where campaigns and coupons alone would. What this import does not touch is
    left alone.
    """
    coupons = _coupons(connection, day)
    campaigns = _campaigns(connection, day)
    warnings = []
    for guarded in refuse(connection, day, incoming):
        if not _is_touched(incoming, guarded, campaigns):
            continue
        stacked = _stacked(guarded, campaigns, tuple(coupons.values()))
        row = _row_of(incoming, guarded, campaigns, stacked.code) if stacked else None
        if stacked is not None and row is not None:
            what = STACKED.format(pieces=stacked.pieces, name=guarded.name)
            warnings.append(Problem(file=row.file, row=row.row, column="优惠", what=what))
    return warnings


def refuse(connection: Connection, day: date, incoming: Incoming) -> list[_Guarded]:
    """The complaints of `check` alone; all goods that have a ladder."""
    coupons = _coupons(connection, day)
    found = list(_guarded(connection, day))
    for guarded in found:
        off = max((coupons[code].off_fen for code in guarded.codes if code in coupons), default=0)
        for promotion_id, price in guarded.prices.items():
            if price - guarded.cuts_fen - off <= guarded.floor_fen:
                _refuse(incoming, guarded, promotion_id)
    return found


def _is_touched(incoming: Incoming, guarded: _Guarded, campaigns: Sequence[Campaign]) -> bool:
    """Whether a row of this import has to do with what these goods cost."""
    return (
        guarded.product_id in incoming.products
        or bool(incoming.coupons)
        or any(
            one.promotion.promotion_id in incoming.promotions and one.covers(guarded.product_id)
            for one in campaigns
        )
    )


def _refuse(incoming: Incoming, guarded: _Guarded, promotion_id: str) -> None:
    """At the row of this import that brought it about, the nearest first."""
    if promotion_id in incoming.promotions:
        row = incoming.promotions[promotion_id].row_of("sale_prices")
        row.refuse(guarded.product_id, SALE)
    elif guarded.product_id in incoming.products:
        row = incoming.products[guarded.product_id]
        row.refuse("bargaining" if "bargaining" in row.cells else "cuts", LADDER)
    else:
        for code in guarded.codes:
            if code in incoming.coupons:
                incoming.coupons[code].refuse("off", COUPON)


@dataclass(frozen=True, kw_only=True)
class _Stacked:
    """So many pieces at once, with this coupon, cost no more apiece than the floor."""

    pieces: int
    code: str


def _row_of(
    incoming: Incoming, guarded: _Guarded, campaigns: Sequence[Campaign], code: str
) -> Row | None:
    """The row of this import that has to do with it: a campaign's, the product's, the coupon's."""
    touched = [
        incoming.promotions[campaign.promotion.promotion_id]
        for campaign in campaigns
        if campaign.covers(guarded.product_id)
        and campaign.promotion.promotion_id in incoming.promotions
    ]
    rows = (*touched, incoming.products.get(guarded.product_id), incoming.coupons.get(code))
    return next((row for row in rows if row is not None), None)


def _stacked(
    guarded: _Guarded, campaigns: Sequence[Campaign], coupons: Sequence[Coupon]
) -> _Stacked | None:
    """The fewest pieces at which one of them costs no more than the floor."""
    for pieces in range(1, MOST_PIECES + 1):
        item = Item(
            product_id=guarded.product_id, quantity=pieces, price_fen=guarded.lowest_price_fen
        )
        totals = total([item], campaigns, coupons)
        if totals.paid_fen <= guarded.floor_fen * pieces:
            return _Stacked(pieces=pieces, code=totals.coupon_code)
    return None


def _guarded(connection: Connection, day: date) -> Iterator[_Guarded]:
    sales: dict[str, dict[str, int]] = {}
    for row in connection.execute(select(tables.promotions)):
        if row.ends_on is None or row.ends_on >= day:
            for sold, fen in row.sale_prices.items():  # a product, or one SKU of it
                of_product = sales.setdefault(sold.split("/")[0], {})
                of_product[row.promotion_id] = min(fen, of_product.get(row.promotion_id, fen))
    products, ladders, skus = tables.products.c, tables.ladders.c, tables.skus.c
    cheapest = {
        row.product_id: row.price_fen
        for row in connection.execute(
            select(skus.product_id, func.min(skus.price_fen).label("price_fen"))
            .where(skus.price_fen.is_not(None))
            .group_by(skus.product_id)
        )
    }
    for row in connection.execute(
        select(products.product_id, products.name, products.price_fen, ladders.floor_fen,
               ladders.rungs)
        .join(tables.ladders, ladders.product_id == products.product_id)
        .order_by(products.position)
    ):  # fmt: skip
        on_sale = sales.get(row.product_id, {})
        price = min(row.price_fen, cheapest.get(row.product_id, row.price_fen))
        yield _Guarded(
            product_id=row.product_id,
            name=row.name,
            floor_fen=row.floor_fen,
            cuts_fen=sum(_fen(rung) for rung in row.rungs if rung["step"] == Step.PRICE.value),
            codes=tuple(rung["coupon_code"] for rung in row.rungs if rung.get("coupon_code")),
            prices={"": price} | {one: min(fen, price) for one, fen in on_sale.items()},
        )


def _fen(rung: dict[str, Any]) -> int:
    return int(rung["cut_fen"])


def _coupons(connection: Connection, day: date) -> dict[str, Coupon]:
    """Those that can still be used, private ones too: somebody has them."""
    return {
        row.code: Coupon(
            code=row.code,
            title=row.title,
            off_fen=row.off_fen,
            from_fen=row.from_fen,
            ends_on=row.ends_on,
            stacks=row.stacks,
        )
        for row in connection.execute(select(tables.coupons))
        if row.ends_on is None or row.ends_on >= day
    }


def _campaigns(connection: Connection, day: date) -> list[Campaign]:
    """Those that run now or will."""
    return [
        Campaign(
            promotion=Promotion(
                promotion_id=row.promotion_id,
                title=row.title,
                text=row.text,
                ends_on=row.ends_on,
                product_ids=tuple(row.product_ids),
                stacks=row.stacks,
            ),
            from_fen=row.from_fen,
            off_fen=row.off_fen,
        )
        for row in connection.execute(select(tables.promotions))
        if row.off_fen and (row.ends_on is None or row.ends_on >= day)
    ]
