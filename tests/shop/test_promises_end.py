"""A bargained price stands for a week, and never below a floor that rose meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.shop.embedded import offers, tables
from bot.shop.words.dealing import Offer, Step, WantedLine
from tests.shop.conftest import House
from tests.shop.test_contract import HOME

BOOT = WantedLine(product_id="boot-qiyun", colour="黑色", size="41")
PRICE, LAST = 46900, 43100


async def _try(house: House, request_id: str) -> Offer:
    return await house.shop.bargain(
        "boot-qiyun", buyer_id="v", quantity=1, ask_fen=None, request_id=request_id
    )


async def _unit(house: House) -> int:
    order = await house.shop.quote_order([BOOT], buyer_id="v", receiver=HOME)
    return order.lines[0].unit_price_fen


@pytest_asyncio.fixture
async def bargained(house: House) -> House:
    for turn in range(8):
        offer = await _try(house, f"r{turn}")
    assert offer.unit_price_fen == LAST
    return house


async def test_after_a_week_the_ladder_begins_anew(bargained: House) -> None:
    bargained.clock.advance(days=6, hours=23)
    assert await _unit(bargained) == LAST
    bargained.clock.advance(hours=2)
    assert await _unit(bargained) == PRICE
    assert await bargained.shop.standing_offer("boot-qiyun", buyer_id="v") is None
    assert (await _try(bargained, "later")).step is Step.VALUE


async def test_a_floor_that_rose_ends_what_stands_below_it(bargained: House) -> None:
    await bargained.database.run(_raise_floor, 44000)
    assert await _unit(bargained) == PRICE
    offers = [await _try(bargained, f"again{turn}") for turn in range(8)]
    assert offers[-1].unit_price_fen > 44000


async def test_a_floor_that_rose_less_leaves_it(bargained: House) -> None:
    await bargained.database.run(_raise_floor, 43000)
    assert await _unit(bargained) == LAST


async def test_without_its_end_and_the_look_at_the_floor_a_promise_would_stand_for_ever(
    bargained: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(offers, "LASTS", timedelta(days=3650))
    monkeypatch.setattr(offers, "_still_good", lambda standing, *_: standing)
    await bargained.database.run(_raise_floor, 44000)
    bargained.clock.advance(days=8)
    assert await _unit(bargained) == LAST


def _raise_floor(connection: Any, fen: int) -> None:
    table = tables.ladders
    connection.execute(
        update(table).where(table.c.product_id == "boot-qiyun").values(floor_fen=fen)
    )
