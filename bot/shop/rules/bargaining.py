"""The bargaining ladder: pure rules for giving way a little less each time (以退为进).

What always holds: the price stays above the floor, with the ladder's own coupon counted in; each
price cut is smaller than the one before; nothing is taken back; never more is given than asked, to
the yuan. Which rungs there are is settled by the shop's plan and today's price, never by what a
buyer asks: whoever varies the figure learns the ladder, and nothing of the floor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.shop.words.dealing import Offer, Step

YUAN = 100


class Floor:
    """A floor price that shows itself in no repr, log line or error message."""

    __slots__ = ("_fen",)

    def __init__(self, fen: int) -> None:
        self._fen = fen

    def allows(self, fen: int) -> bool:
        """Strictly above: so the floor itself is never said as a price either."""
        return fen > self._fen

    def __repr__(self) -> str:
        return "Floor(hidden)"


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One thing the shop may give; which fields count depends on `step`."""

    step: Step  # VALUE, GIFT, COUPON, POSTAGE or PRICE
    text: str = ""
    gift: str = ""
    coupon_code: str = ""
    coupon_off_fen: int = 0
    coupon_from_fen: int = 0
    cut_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Ladder:
    rungs: tuple[Rung, ...]
    floor: Floor
    bulk_from: int  # pieces from which a person decides
    gone_coupons: frozenset[str] = frozenset()  # which this buyer has used, or has been promised


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far one buyer has come down one ladder."""

    rung: int  # rungs already passed
    last_cut_fen: int | None  # None: the price has not been cut yet
    offer: Offer


def start(product_id: str, price_fen: int) -> Standing:
    offer = Offer(product_id=product_id, step=Step.VALUE, unit_price_fen=price_fen, off_fen=0)
    return Standing(rung=0, last_cut_fen=None, offer=offer)


def at_price(offer: Offer, price_fen: int) -> Offer:
    """The promise seen from today's price: it is kept, and never dearer than for everybody."""
    unit = min(price_fen, offer.unit_price_fen)
    return replace(offer, unit_price_fen=unit, off_fen=price_fen - unit)


def descend(
    ladder: Ladder, standing: Standing, *, price_fen: int, quantity: int, ask_fen: int | None
) -> tuple[Offer, Standing]:
    """The answer to one more try of the buyer, and where the buyer stands after it."""
    held = replace(standing, offer=at_price(standing.offer, price_fen))
    plan = planned_prices(ladder, price_fen)
    if quantity >= ladder.bulk_from:
        met = None if ask_fen is None else ask_fen >= held.offer.unit_price_fen
        return replace(held.offer, step=Step.BULK, meets_ask=met), standing
    if ask_fen is not None and ask_fen >= held.offer.unit_price_fen:
        step = Step.PRICE if held.rung == 0 else held.offer.step
        return replace(held.offer, step=step, meets_ask=True), standing
    for place in range(held.rung, len(ladder.rungs)):
        after = _take(ladder, plan, held, place, price_fen, ask_fen)
        if after is not None:
            is_last = not any(
                _take(ladder, plan, after, later, price_fen, None)
                for later in range(after.rung, len(ladder.rungs))
            )
            after = replace(after, offer=replace(after.offer, is_last=is_last))
            met = None if ask_fen is None else after.offer.unit_price_fen <= ask_fen
            return replace(after.offer, meets_ask=met), after
    met = None if ask_fen is None else False
    last = replace(held.offer, step=Step.LAST, is_last=True, value_text="")
    return replace(last, meets_ask=met), replace(held, rung=len(ladder.rungs), offer=last)


def planned_prices(ladder: Ladder, price_fen: int) -> dict[int, int]:
    """The price apiece after each rung when all are taken as planned, by the rung's place.

    Coupons and cuts that would reach the floor this way are left out, for every buyer alike.
    """
    unit, coupon_off, cut, prices = price_fen, 0, None, {}
    for place, rung in enumerate(ladder.rungs):
        if rung.step is Step.COUPON and not coupon_off:
            if rung.coupon_from_fen > unit or not ladder.floor.allows(unit - rung.coupon_off_fen):
                continue
            coupon_off = rung.coupon_off_fen
        elif rung.step is Step.PRICE:
            planned = _smaller(rung.cut_fen, cut)
            if planned <= 0 or not ladder.floor.allows(unit - planned - coupon_off):
                continue
            unit, cut = unit - planned, planned
        prices[place] = unit
    return prices


def _take(
    ladder: Ladder,
    plan: dict[int, int],
    held: Standing,
    place: int,
    price_fen: int,
    ask_fen: int | None,
) -> Standing | None:
    """The standing after this rung; None where the rung has nothing (more) to give."""
    rung, offer, cut = ladder.rungs[place], held.offer, held.last_cut_fen
    if place not in plan:
        return None
    if rung.step is Step.VALUE and rung.text:
        offer = replace(offer, step=Step.VALUE, value_text=rung.text)
    elif rung.step is Step.GIFT and rung.gift and not offer.gift:
        offer = replace(offer, step=Step.GIFT, gift=rung.gift, value_text="")
    elif rung.step is Step.POSTAGE and not offer.free_postage:
        offer = replace(offer, step=Step.POSTAGE, free_postage=True, value_text="")
    elif (
        rung.step is Step.COUPON
        and not offer.coupon_code
        and rung.coupon_code not in ladder.gone_coupons
        and rung.coupon_from_fen <= offer.unit_price_fen
        and offer.unit_price_fen >= plan[place]
        and ladder.floor.allows(offer.unit_price_fen - rung.coupon_off_fen)
    ):
        offer = replace(offer, step=Step.COUPON, coupon_code=rung.coupon_code, value_text="")
    elif rung.step is Step.PRICE:
        planned = _smaller(rung.cut_fen, cut)
        lowest = offer.unit_price_fen - planned
        if planned <= 0 or lowest < plan[place]:
            return None
        # Never so while the ladder stays as it is; a ladder that was changed meanwhile may be lower.
        if not ladder.floor.allows(lowest - coupon_off_of(ladder, offer)):
            return None
        unit = lowest if ask_fen is None else max(lowest, ask_fen - ask_fen % YUAN)
        cut = offer.unit_price_fen - unit
        offer = replace(
            offer, step=Step.PRICE, unit_price_fen=unit, off_fen=price_fen - unit, value_text=""
        )
    else:
        return None
    return Standing(rung=place + 1, last_cut_fen=cut, offer=offer)


def _smaller(planned: int, before: int | None) -> int:
    """The planned cut, or a smaller one where the cut before was smaller than planned."""
    if before is None or planned < before:
        return planned
    cut = before - 1
    return cut - cut % YUAN if cut >= YUAN else cut


def coupon_off_of(ladder: Ladder, offer: Offer) -> int:
    if not offer.coupon_code:
        return 0
    return max(
        (rung.coupon_off_fen for rung in ladder.rungs if rung.coupon_code == offer.coupon_code),
        default=0,
    )
