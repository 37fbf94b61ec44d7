"""What an order costs: bargained prices, campaigns and coupons, and which of them go together.

Pieces whose price was bargained take no campaign and no public coupon; where the campaign alone
would be cheaper for the buyer than what was bargained, it counts instead. One coupon an order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from bot.shop import tables
from bot.shop.dealing import Offer
from bot.shop.goods import Coupon, Promotion


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A running promotion with its arithmetic."""

    promotion: Promotion
    from_fen: int = 0
    off_fen: int = 0
    gift: str = ""

    def covers(self, product_id: str) -> bool:
        return not self.promotion.product_ids or product_id in self.promotion.product_ids


@dataclass(frozen=True, kw_only=True)
class Item:
    """Some pieces of one product with today's price and what this buyer was promised."""

    product_id: str
    quantity: int
    price_fen: int
    offer: Offer | None = None

    @property
    def is_bargained(self) -> bool:
        return self.offer is not None and bool(self.offer.off_fen or self.offer.coupon_code)


@dataclass(frozen=True, kw_only=True)
class Totals:
    unit_prices: tuple[int, ...]  # in the order of the items
    goods_fen: int
    off_fen: int
    coupon_code: str
    gift: str
    is_postage_promised: bool

    @property
    def paid_fen(self) -> int:
        return self.goods_fen - self.off_fen


def total(
    items: Sequence[Item], campaigns: Sequence[Campaign], coupons: Sequence[Coupon]
) -> Totals:
    """The cheaper of the two ways: as bargained, or by campaigns and coupons alone.

    `coupons`: those this buyer may use, the ones promised in `items` among them.
    """
    promised = {item.offer.coupon_code for item in items if item.offer and item.offer.coupon_code}
    public = [coupon for coupon in coupons if coupon.code not in promised]
    mine = [coupon for coupon in coupons if coupon.code in promised]
    bargained = _sum(items, campaigns, public, mine, bargained=True)
    if not any(item.is_bargained for item in items):
        return bargained
    plain = _sum(items, campaigns, public, [], bargained=False)
    return plain if plain.paid_fen < bargained.paid_fen else bargained


def _sum(
    items: Sequence[Item],
    campaigns: Sequence[Campaign],
    public: Sequence[Coupon],
    mine: Sequence[Coupon],
    *,
    bargained: bool,
) -> Totals:
    units = [
        item.offer.unit_price_fen if bargained and item.offer else item.price_fen for item in items
    ]
    worth = [unit * item.quantity for unit, item in zip(units, items, strict=True)]
    open_items = [
        (item, fen)
        for item, fen in zip(items, worth, strict=True)
        if not (bargained and item.is_bargained)
    ]
    campaign = _best_campaign(open_items, campaigns)
    campaign_off = campaign.off_fen if campaign else 0
    open_fen = sum(fen for _, fen in open_items) - campaign_off
    choices = [(coupon.off_fen, coupon.code) for coupon in public if coupon.from_fen <= open_fen]
    for coupon in mine:
        own = sum(
            fen
            for item, fen in zip(items, worth, strict=True)
            if item.offer and item.offer.coupon_code == coupon.code
        )
        if coupon.from_fen <= own:
            choices.append((coupon.off_fen, coupon.code))
    coupon_off, code = max(choices, default=(0, ""))
    goods = sum(worth)
    gifts = [item.offer.gift for item in items if item.offer and item.offer.gift]
    gifts += [campaign.gift] if campaign and campaign.gift else []
    return Totals(
        unit_prices=tuple(units),
        goods_fen=goods,
        off_fen=min(goods, campaign_off + coupon_off),
        coupon_code=code,
        gift="、".join(dict.fromkeys(gifts)),
        is_postage_promised=any(item.offer and item.offer.free_postage for item in items),
    )


def _best_campaign(
    items: Iterable[tuple[Item, int]], campaigns: Sequence[Campaign]
) -> Campaign | None:
    items, best = list(items), None
    for campaign in campaigns:
        covered = [fen for item, fen in items if campaign.covers(item.product_id)]
        reached = bool(covered) and sum(covered) >= campaign.from_fen
        if reached and (best is None or campaign.off_fen > best.off_fen):
            best = campaign
    return best


def read_campaigns(connection: Connection, day: date) -> tuple[Campaign, ...]:
    """Those that run on this day."""
    table = tables.promotions
    return tuple(
        Campaign(
            promotion=Promotion(
                promotion_id=row.promotion_id,
                title=row.title,
                text=row.text,
                ends_on=row.ends_on,
                product_ids=tuple(row.product_ids),
            ),
            from_fen=row.from_fen,
            off_fen=row.off_fen,
            gift=row.gift,
        )
        for row in connection.execute(select(table).order_by(table.c.position))
        if (row.starts_on or day) <= day <= (row.ends_on or day)
    )


def read_coupons(
    connection: Connection, day: date, buyer_id: str | None, promised: Iterable[str] = ()
) -> tuple[Coupon, ...]:
    """Running coupons: public ones, this buyer's own and the promised; less those used up."""
    table, held = tables.coupons, tables.buyer_coupons
    mine = connection.execute(
        select(held.c.code, held.c.order_number).where(held.c.buyer_id == (buyer_id or ""))
    ).all()
    used = {row.code for row in mine if row.order_number}
    allowed = {row.code for row in mine} | set(promised)
    rows = connection.execute(
        select(table)
        .where(or_(table.c.is_public, table.c.code.in_(allowed)))
        .order_by(table.c.from_fen, table.c.code)
    )
    return tuple(
        Coupon(
            code=row.code,
            title=row.title,
            off_fen=row.off_fen,
            from_fen=row.from_fen,
            ends_on=row.ends_on,
        )
        for row in rows
        if row.code not in used and (row.ends_on is None or day <= row.ends_on)
    )
