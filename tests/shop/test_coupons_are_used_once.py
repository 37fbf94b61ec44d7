"""A coupon is taken off once, stays with the goods it was promised for, and is never promised twice."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import Any

import pytest

from bot.database import Database
from bot.shop.embedded import offers, selling
from bot.shop.embedded.coupons import use_coupon
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing.importer import import_files
from bot.shop.words.dealing import Access, Offer, Order, WantedLine
from bot.shop.words.errors import WrongMoment
from tests.shop.conftest import DEMO, Clock, House
from tests.shop.test_contract import HOME

LAOQI = "buyer-laoqi"  # was given LAOYOU15: 15 off from 150
OURS = "LAOYOU15"
SHOE, PACK = "shoe-chengye", "pack-xiaoxi-28"  # whose ladders both hold that coupon
ME = Access(buyer_id="v")


async def _haggle(house: House, product_id: str, buyer_id: str = "v") -> Offer:
    """All the way down."""
    for turn in range(9):
        offer = await house.shop.bargain(
            product_id, buyer_id=buyer_id, quantity=1, ask_fen=None, request_id=f"{turn}"
        )
    return offer


async def _any_of(house: House, product_id: str) -> WantedLine:
    product = await house.shop.product(product_id)
    assert product is not None
    sku = next(sku for sku in product.skus if sku.stock > 3)
    return WantedLine(product_id=product_id, colour=sku.colour, size=sku.size)


async def _place(
    shop: Any, wanted: WantedLine, request_id: str = "p", buyer_id: str = "v"
) -> Order:
    order: Order = await shop.place_order(
        [wanted], buyer_id=buyer_id, receiver=HOME, note="", request_id=request_id
    )
    return order


async def _off(house: House, wanted: WantedLine, buyer_id: str = "v") -> int:
    order = await house.shop.quote_order([wanted], buyer_id=buyer_id, receiver=HOME)
    return order.off_fen


async def test_a_coupon_promised_for_one_thing_is_promised_for_no_other(house: House) -> None:
    assert (await _haggle(house, SHOE)).coupon_code == OURS
    assert (await _haggle(house, PACK)).coupon_code == ""


async def test_a_used_coupon_is_promised_no_more(house: House) -> None:
    first = await _haggle(house, SHOE)
    await _place(house.shop, await _any_of(house, SHOE))
    standing = await house.shop.standing_offer(SHOE, buyer_id="v")
    assert first.coupon_code == OURS and standing is not None and standing.coupon_code == ""
    second = await _haggle(house, PACK)
    assert second.coupon_code == ""
    order = await house.shop.quote_order([await _any_of(house, PACK)], buyer_id="v", receiver=HOME)
    assert order.goods_fen - order.off_fen <= second.unit_price_fen


async def test_a_coupon_out_of_a_bargain_stays_with_its_goods(house: House) -> None:
    await _haggle(house, SHOE)
    shoe, boot = await _any_of(house, SHOE), await _any_of(house, "boot-qiyun")
    before = await _off(house, boot)
    order = await _place(house.shop, shoe)
    await house.shop.cancel_order(order.number, ME, reason="", request_id="c")
    assert OURS not in {coupon.code for coupon in await house.shop.coupons("v")}
    assert await _off(house, boot) == before
    assert await _off(house, shoe) == order.off_fen == 1500


async def test_a_coupon_that_was_given_comes_back(house: House) -> None:
    boot = await _any_of(house, "boot-qiyun")
    order = await _place(house.shop, boot, buyer_id=LAOQI)
    assert order.off_fen == 1500
    assert OURS not in {coupon.code for coupon in await house.shop.coupons(LAOQI)}
    mine = Access(buyer_id=LAOQI)
    await house.shop.cancel_order(order.number, mine, reason="", request_id="c")
    assert OURS in {coupon.code for coupon in await house.shop.coupons(LAOQI)}


async def test_importing_the_buyers_again_frees_no_coupon(house: House) -> None:
    boot = await _any_of(house, "boot-qiyun")
    await _place(house.shop, boot, buyer_id=LAOQI)
    import_files(house.database, [DEMO / "shop.yml", DEMO / "buyers.yml"], now=house.clock.now)
    assert OURS not in {coupon.code for coupon in await house.shop.coupons(LAOQI)}


# -- two orders at once, with one coupon between them


def _doorstep(monkeypatch: pytest.MonkeyPatch, *, waits_s: float = 0.5) -> None:
    """Lets the use of a coupon wait until a second order stands there too, or gives up waiting."""
    barrier = threading.Barrier(2, timeout=waits_s)

    def late(*arguments: Any) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait()
        use_coupon(*arguments)

    monkeypatch.setattr(selling, "use_coupon", late)


async def _two_at_once(database: Database) -> list[Any]:
    shop = EmbeddedShop(database, clock=Clock())
    wanted = WantedLine(product_id="boot-qiyun", colour="黑色", size="41")
    return await asyncio.gather(
        *(_place(shop, wanted, f"p{i}", LAOQI) for i in range(2)), return_exceptions=True
    )


async def test_two_orders_at_once_take_a_coupon_off_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _doorstep(monkeypatch)
    placed = await _two_at_once(database)
    assert sorted(order.off_fen for order in placed) == [1000, 1500]  # the other has a public one


@pytest.mark.postgres
async def test_without_the_lock_both_orders_reach_for_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; the database then refuses the second, which fails for nothing.

    The second waits for the first one's goods and never meets it: the first gives up waiting
    well before the database would give up the second.
    """
    database = Database(postgres_url)
    try:
        _doorstep(monkeypatch, waits_s=2)
        monkeypatch.setattr(offers, "lock", lambda *_: None)
        placed = await _two_at_once(database)
        assert sum(isinstance(one, WrongMoment) for one in placed) == 1
    finally:
        database.close()
