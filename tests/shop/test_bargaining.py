"""The ladder's promises, whatever is asked in whatever order."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.shop.rules import bargaining
from bot.shop.rules.bargaining import Floor, Ladder, Rung, Standing, descend, planned_prices, start
from bot.shop.words.dealing import Offer, Step

PRICE = 46900


def _rungs() -> st.SearchStrategy[Rung]:
    return st.one_of(
        st.builds(Rung, step=st.just(Step.VALUE), text=st.just("牛皮做的")),
        st.builds(Rung, step=st.just(Step.GIFT), gift=st.just("袜子")),
        st.builds(Rung, step=st.just(Step.POSTAGE)),
        # One code is one coupon: what it takes off is the same on every rung that gives it.
        st.integers(1, 8000).map(
            lambda off: Rung(step=Step.COUPON, coupon_code=f"C{off}", coupon_off_fen=off)
        ),
        st.builds(Rung, step=st.just(Step.PRICE), cut_fen=st.integers(1, 20000)),
    )


LADDERS = st.builds(
    Ladder,
    rungs=st.lists(_rungs(), max_size=8).map(tuple),
    floor=st.integers(1, PRICE).map(Floor),
    bulk_from=st.integers(2, 30),
)
TRIES = st.lists(
    st.tuples(st.integers(1, 40), st.none() | st.integers(1, PRICE + 1000)), max_size=14
)


def _haggle(
    ladder: Ladder, tries: list[tuple[int, int | None]], prices: list[int] | None = None
) -> list[Offer]:
    standing, offers = start("p", PRICE), []
    for turn, (quantity, ask) in enumerate(tries):
        price = prices[turn % len(prices)] if prices else PRICE
        offer, standing = descend(ladder, standing, price_fen=price, quantity=quantity, ask_fen=ask)
        offers.append(offer)
    return offers


def _coupon_off(ladder: Ladder, offer: Offer) -> int:
    offs = {rung.coupon_code: rung.coupon_off_fen for rung in ladder.rungs if rung.coupon_code}
    return offs.get(offer.coupon_code, 0)


@given(LADDERS, TRIES)
def test_no_offer_reaches_the_floor(ladder: Ladder, tries: list[tuple[int, int | None]]) -> None:
    for offer in _haggle(ladder, tries):
        if offer.off_fen or offer.coupon_code:
            assert ladder.floor.allows(offer.unit_price_fen - _coupon_off(ladder, offer))


@given(LADDERS, TRIES)
def test_each_price_cut_is_smaller_than_the_one_before(
    ladder: Ladder, tries: list[tuple[int, int | None]]
) -> None:
    prices = [PRICE, *(offer.unit_price_fen for offer in _haggle(ladder, tries))]
    cuts = [a - b for a, b in itertools.pairwise(prices) if a != b]
    assert all(later < earlier for earlier, later in itertools.pairwise(cuts))
    assert all(cut > 0 for cut in cuts)


@given(LADDERS, TRIES)
def test_nothing_given_is_taken_back(ladder: Ladder, tries: list[tuple[int, int | None]]) -> None:
    offers = _haggle(ladder, tries)
    for before, after in itertools.pairwise(offers):
        assert after.unit_price_fen <= before.unit_price_fen
        assert after.gift == before.gift or not before.gift
        assert after.coupon_code == before.coupon_code or not before.coupon_code
        assert after.free_postage >= before.free_postage


@given(LADDERS, TRIES)
def test_never_more_is_given_than_asked_to_the_yuan(
    ladder: Ladder, tries: list[tuple[int, int | None]]
) -> None:
    before = PRICE
    for offer, (_, ask) in zip(_haggle(ladder, tries), tries, strict=True):
        if ask is not None:
            assert offer.unit_price_fen >= min(ask - ask % 100, before)
            assert offer.meets_ask == (offer.unit_price_fen <= ask)
        else:
            assert offer.meets_ask is None
        before = offer.unit_price_fen


@given(LADDERS, TRIES)
def test_the_last_offer_is_repeated_for_ever(
    ladder: Ladder, tries: list[tuple[int, int | None]]
) -> None:
    offers = _haggle(ladder, [*tries, *[(1, None)] * 12])
    assert offers[-1].step is Step.LAST and offers[-1].is_last
    assert offers[-1] == offers[-2]


@given(LADDERS, TRIES, st.lists(st.integers(PRICE // 2, PRICE), min_size=1, max_size=5))
def test_a_promise_is_never_dearer_than_todays_price(
    ladder: Ladder, tries: list[tuple[int, int | None]], prices: list[int]
) -> None:
    for turn, offer in enumerate(_haggle(ladder, tries, prices)):
        assert offer.unit_price_fen <= prices[turn % len(prices)]
        assert offer.off_fen == prices[turn % len(prices)] - offer.unit_price_fen


@given(LADDERS, st.integers(0, 100))
def test_bulk_gives_nothing_away(ladder: Ladder, more: int) -> None:
    offer, standing = descend(
        ladder,
        start("p", PRICE),
        price_fen=PRICE,
        quantity=ladder.bulk_from + more,
        ask_fen=None,
    )
    assert (offer.step, offer.off_fen) == (Step.BULK, 0)
    assert standing == start("p", PRICE)


@given(LADDERS, TRIES, st.integers(1, PRICE), st.integers(0, 30000))
def test_figures_asked_for_tell_nothing_of_the_floor(
    ladder: Ladder, tries: list[tuple[int, int | None]], other: int, sale: int
) -> None:
    """Two floors that leave the shop's plan the same leave every answer the same."""
    another = replace(ladder, floor=Floor(other))
    prices = [PRICE, PRICE - sale]
    assume(all(planned_prices(ladder, p) == planned_prices(another, p) for p in prices))
    assert _haggle(ladder, tries) == _haggle(another, tries)
    assert _haggle(ladder, tries, prices) == _haggle(another, tries, prices)


@given(LADDERS, TRIES)
def test_the_plan_is_the_lowest_that_anybody_gets(
    ladder: Ladder, tries: list[tuple[int, int | None]]
) -> None:
    lowest = min(planned_prices(ladder, PRICE).values(), default=PRICE)
    assert all(offer.unit_price_fen >= lowest for offer in _haggle(ladder, tries))


def _searched() -> int:
    """The attack that was: sixty figures, halving the gap, each by a fresh visitor; the lowest that
    is granted."""
    ladder = replace(LADDER, floor=Floor(43750))  # which the last planned cut would reach

    def granted(ask: int) -> bool:
        return bool(_haggle(ladder, [(1, None), (1, None), (1, ask)])[-1].meets_ask)

    low, high = 40000, 43900
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if granted(middle) else (middle, high)
    return high


def test_searching_for_the_floor_finds_the_plan() -> None:
    assert _searched() == 43900


def test_were_figures_held_against_the_floor_itself_the_search_would_find_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control."""
    take = bargaining._take

    def as_asked(
        ladder: Ladder, plan: Any, held: Standing, place: int, price: int, ask: int | None
    ) -> Standing | None:
        after = take(ladder, plan, held, place, price, ask)
        if after is None and ask is not None and ladder.floor.allows(ask):
            offer = replace(held.offer, step=Step.PRICE, unit_price_fen=ask, off_fen=price - ask)
            after = Standing(rung=place + 1, last_cut_fen=1, offer=offer)
        return after

    monkeypatch.setattr(bargaining, "_take", as_asked)
    assert _searched() == 43751


LADDER = Ladder(
    rungs=(
        Rung(step=Step.PRICE, cut_fen=2000),
        Rung(step=Step.PRICE, cut_fen=1000),
        Rung(step=Step.PRICE, cut_fen=500),
    ),
    floor=Floor(43000),
    bulk_from=10,
)


def test_an_ask_within_the_next_step_is_met_exactly() -> None:
    [offer] = _haggle(LADDER, [(1, 45500)])
    assert (offer.unit_price_fen, offer.meets_ask) == (45500, True)


def test_an_ask_below_the_next_step_gets_the_step() -> None:
    [offer] = _haggle(LADDER, [(1, 20000)])
    assert (offer.unit_price_fen, offer.meets_ask) == (44900, False)


def test_an_ask_at_todays_price_needs_no_step() -> None:
    [offer] = _haggle(LADDER, [(1, PRICE)])
    assert (offer.unit_price_fen, offer.meets_ask) == (PRICE, True)


def test_a_step_that_would_reach_the_floor_is_left_out() -> None:
    offers = _haggle(LADDER, [(1, None)] * 4)
    assert [offer.unit_price_fen for offer in offers] == [44900, 43900, 43400, 43400]
    assert [offer.is_last for offer in offers] == [False, False, True, True]


def test_the_floor_hides_in_every_repr() -> None:
    standing = Standing(rung=0, last_cut_fen=None, offer=start("p", PRICE).offer)
    shown = f"{LADDER!r} {LADDER} {LADDER.floor!s} {LADDER.floor!r} {standing!r}"
    assert "43000" not in shown and "430.00" not in shown
