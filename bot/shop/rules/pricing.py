"""What an order costs: bargained prices, campaigns and coupons, and which of them go together.

Pieces whose price was bargained take no campaign and no public coupon; where the campaign alone
would be cheaper for the buyer than what was bargained, it counts instead. One coupon an order. A
campaign and a coupon count together only where both may (`stacks`); else what takes off more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.shop.words.dealing import Offer
from bot.shop.words.goods import Coupon, Promotion
from bot.shop.words.quotes import NextStep, SavedBy, Saving


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
    """Some pieces of one product with today's price and what this buyer was promised.

    `offer`'s price is of the cheapest SKU, `dearer_fen` is what this one costs more.
    """

    product_id: str
    quantity: int
    price_fen: int
    offer: Offer | None = None
    dearer_fen: int = 0

    @property
    def is_bargained(self) -> bool:
        return self.offer is not None and bool(self.offer.off_fen or self.offer.coupon_code)


@dataclass(frozen=True, kw_only=True)
class Totals:
    unit_prices: tuple[int, ...]  # in the order of the items
    goods_fen: int
    off_fen: int
    offs: tuple[int, ...]  # each item's share of `off_fen`
    savings: tuple[Saving, ...]  # bargain, campaign, coupon, as far as they count
    gifts: tuple[str, ...]
    is_postage_promised: bool
    next_step: NextStep | None

    @property
    def paid_fen(self) -> int:
        return self.goods_fen - self.off_fen

    @property
    def coupon_code(self) -> str:
        return next((saving.code for saving in self.savings if saving.code), "")

    @property
    def gift(self) -> str:
        return "、".join(self.gifts)


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
        item.offer.unit_price_fen + item.dearer_fen if bargained and item.offer else item.price_fen
        for item in items
    ]
    worth = [unit * item.quantity for unit, item in zip(units, items, strict=True)]
    is_open = [not (bargained and item.is_bargained) for item in items]
    open_items = [
        (item, fen) for item, fen, free in zip(items, worth, is_open, strict=True) if free
    ]
    own = {
        coupon.code: sum(
            fen
            for item, fen in zip(items, worth, strict=True)
            if item.offer and item.offer.coupon_code == coupon.code
        )
        for coupon in mine
    }
    before = sum(fen for _, fen in open_items)
    campaign, coupon = _best_pair(
        [None, *(one for one in campaigns if _is_reached(one, open_items))],
        before,
        public,
        [coupon for coupon in mine if coupon.from_fen <= own[coupon.code]],
    )
    campaign_off = campaign.off_fen if campaign else 0
    open_fen = before - campaign_off
    goods = sum(worth)
    campaign_off = min(goods, campaign_off)
    coupon_off = min(goods - campaign_off, coupon.off_fen if coupon else 0)
    savings = _savings(items, goods, campaign, campaign_off, coupon, coupon_off)
    return Totals(
        unit_prices=tuple(units),
        goods_fen=goods,
        off_fen=campaign_off + coupon_off,
        offs=shares(
            campaign_off + coupon_off,
            worth,
            [(item.product_id, item.quantity) for item in items],
        ),
        savings=savings,
        gifts=_gifts(
            items,
            [
                campaign,
                *(one for one in _giving(open_items, campaigns) if go_together(one, coupon)),
            ],
        ),
        is_postage_promised=any(item.offer and item.offer.free_postage for item in items),
        next_step=_next_step(open_items, campaigns, public, campaign, coupon, open_fen),
    )


def go_together(campaign: Campaign | None, coupon: Coupon | None) -> bool:
    """Whether one order may take both; nothing goes with everything."""
    return campaign is None or coupon is None or (campaign.promotion.stacks and coupon.stacks)


def _best_pair(
    campaigns: Sequence[Campaign | None],
    open_fen: int,
    public: Sequence[Coupon],
    mine: Sequence[Coupon],
) -> tuple[Campaign | None, Coupon | None]:
    """The reached campaign and the coupon that together take most off.

    `open_fen`: what the pieces that take campaigns and public coupons are worth. Of equals the
    shop's first campaign that takes something off, and the coupon with the largest value.
    """

    def weight(pair: tuple[int, Campaign | None, Coupon | None]) -> tuple[object, ...]:
        place, campaign, coupon = pair
        campaign_off, coupon_off = _off(campaign), _off(coupon)
        return (
            campaign_off + coupon_off, campaign_off, campaign is not None, -place,
            coupon.code if coupon else "",
        )  # fmt: skip

    pairs = []
    for place, campaign in enumerate(campaigns):
        usable = [one for one in public if one.from_fen <= open_fen - _off(campaign)]
        pairs += [
            (place, campaign, coupon)
            for coupon in (None, *usable, *mine)
            if go_together(campaign, coupon)
        ]
    _, campaign, coupon = max(pairs, key=weight)
    return campaign, coupon


def _off(what: Campaign | Coupon | None) -> int:
    return what.off_fen if what else 0


def _savings(
    items: Sequence[Item],
    goods_fen: int,
    campaign: Campaign | None,
    campaign_off: int,
    coupon: Coupon | None,
    coupon_off: int,
) -> tuple[Saving, ...]:
    bargained = sum(item.price_fen * item.quantity for item in items) - goods_fen
    found = [Saving(by=SavedBy.BARGAIN, off_fen=bargained)]
    if campaign is not None:
        title = campaign.promotion.title
        found.append(Saving(by=SavedBy.CAMPAIGN, off_fen=campaign_off, title=title))
    if coupon is not None:
        found.append(
            Saving(by=SavedBy.COUPON, off_fen=coupon_off, title=coupon.title, code=coupon.code)
        )
    return tuple(saving for saving in found if saving.off_fen or saving.code)


def _gifts(items: Sequence[Item], campaigns: Iterable[Campaign | None]) -> tuple[str, ...]:
    """Promised ones, in the order of the goods' ids, whatever came first; then the campaigns'."""
    promised = sorted(
        (item.product_id, item.offer.gift) for item in items if item.offer and item.offer.gift
    )
    given = [campaign.gift for campaign in campaigns if campaign is not None and campaign.gift]
    return tuple(dict.fromkeys([*(gift for _, gift in promised), *given]))


def _giving(
    open_items: Iterable[tuple[Item, int]], campaigns: Iterable[Campaign]
) -> list[Campaign]:
    """Campaigns that give something and take nothing off go beside any other."""
    open_items = list(open_items)
    return [
        campaign
        for campaign in campaigns
        if campaign.gift and not campaign.off_fen and _is_reached(campaign, open_items)
    ]


def _next_step(
    open_items: Sequence[tuple[Item, int]],
    campaigns: Sequence[Campaign],
    public: Sequence[Coupon],
    campaign: Campaign | None,
    coupon: Coupon | None,
    open_fen: int,
) -> NextStep | None:
    """The nearest campaign or coupon that a little more would bring; None: there is none."""
    campaign_off, coupon_off = _off(campaign), _off(coupon)
    found = []
    for one in campaigns:
        covered = [fen for item, fen in open_items if one.covers(item.product_id)]
        least = campaign_off if go_together(one, coupon) else campaign_off + coupon_off
        if covered and one.off_fen > least and sum(covered) < one.from_fen:
            missing = one.from_fen - sum(covered)
            found.append((missing, -one.off_fen, SavedBy.CAMPAIGN, one.promotion.title))
    for reachable in public:
        least = coupon_off if go_together(campaign, reachable) else campaign_off + coupon_off
        if open_items and reachable.off_fen > least and open_fen < reachable.from_fen:
            missing = reachable.from_fen - open_fen
            found.append((missing, -reachable.off_fen, SavedBy.COUPON, reachable.title))
    if not found:
        return None
    missing, off, by, title = min(found, key=lambda one: (*one[:2], one[3]))
    return NextStep(by=by, title=title, off_fen=-off, missing_fen=missing)


def shares(
    off_fen: int, worth: Sequence[int], names: Sequence[tuple[object, ...]]
) -> tuple[int, ...]:
    """`off_fen` divided by worth, to the fen; what is left over goes to the largest remainders.

    `names` settle ties, so that the order of the lines does not matter.
    """
    whole = sum(worth)
    if not whole:
        return tuple(0 for _ in worth)
    parts = [off_fen * fen // whole for fen in worth]
    rests = [off_fen * fen % whole for fen in worth]
    by_rest = sorted(range(len(worth)), key=lambda place: (-rests[place], str(names[place])))
    for place in by_rest[: off_fen - sum(parts)]:
        parts[place] += 1
    return tuple(parts)


def _is_reached(campaign: Campaign, items: Iterable[tuple[Item, int]]) -> bool:
    covered = [fen for item, fen in items if campaign.covers(item.product_id)]
    return bool(covered) and sum(covered) >= campaign.from_fen
