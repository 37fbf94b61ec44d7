"""Who has not signed in holds little of the stock without paying, and not for long."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.database import Database
from bot.shop.embedded import buyers, visitors
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing.importer import import_files
from bot.shop.words.dealing import Access, Order, OrderStatus, Receiver, WantedLine
from bot.shop.words.errors import VisitorLimit
from tests.shop.conftest import Clock, House
from tests.shop.test_contract import HOME

BOOT = WantedLine(product_id="boot-qiyun", colour="黑色", size="41")


async def _place(
    shop: Any,
    buyer_id: str = "visitor:7",
    *,
    pieces: int = 1,
    receiver: Receiver = HOME,
    request_id: str = "p",
) -> Order:
    order: Order = await shop.place_order(
        [replace(BOOT, quantity=pieces)],
        buyer_id=buyer_id,
        receiver=receiver,
        note="",
        request_id=request_id,
    )
    return order


async def _stock(house: House) -> int:
    product = await house.shop.product("boot-qiyun")
    assert product is not None
    return next(sku.stock for sku in product.skus if sku.sku_id == "boot-qiyun/黑色/41")


async def test_a_visitors_pieces_are_free_again_after_half_an_hour(house: House) -> None:
    before = await _stock(house)
    order = await _place(house.shop, pieces=5)
    assert order.pays_until == house.clock.now + timedelta(minutes=30)
    house.clock.advance(minutes=31)
    closed = await house.shop.order(order.number, Access(buyer_id="visitor:7"))
    assert closed is not None and closed.status is OrderStatus.CLOSED
    assert order.number in await house.office.close_overdue_orders()
    assert await _stock(house) == before


async def test_a_third_unpaid_order_waits_for_a_payment(any_house: House) -> None:
    first = await _place(any_house.shop, request_id="1")
    await _place(any_house.shop, request_id="2")
    with pytest.raises(VisitorLimit) as caught:
        await _place(any_house.shop, request_id="3")
    assert (caught.value.of, caught.value.most) == ("orders", 2)
    mine = Access(buyer_id="visitor:7")
    await any_house.shop.pay_order(first.number, mine, request_id="pay")
    await _place(any_house.shop, request_id="3")


async def test_many_visitors_with_one_phone_are_one(house: House) -> None:
    for turn in range(2):
        await _place(house.shop, f"visitor:{turn}")
    with pytest.raises(VisitorLimit):
        await _place(house.shop, "visitor:9")
    other = replace(HOME, phone="13900007777")
    await _place(house.shop, "visitor:9", receiver=other)
    await _place(house.shop, "buyer-lulu")  # she is signed in, whoever else uses her phone


async def test_a_visitor_takes_five_pieces_at_most(any_house: House) -> None:
    with pytest.raises(VisitorLimit) as caught:
        await _place(any_house.shop, pieces=6)
    assert (caught.value.of, caught.value.most) == ("pieces", 5)
    order = await _place(any_house.shop, pieces=5)
    wanted = replace(BOOT, quantity=6)
    mine = Access(buyer_id="visitor:7")
    with pytest.raises(VisitorLimit):
        await any_house.shop.change_line(order.number, mine, "1", wanted, request_id="l")


async def test_a_signed_in_buyer_has_the_shops_day(house: House) -> None:
    order = await _place(house.shop, "buyer-lulu", pieces=7)
    assert order.pays_until == house.clock.now + timedelta(hours=24)


async def test_the_shop_may_set_it_otherwise(house: House, tmp_path: Any) -> None:
    path = tmp_path / "shop.yml"
    text = (
        "{name: 店, visitor_pays_within_minutes: 90, visitor_unpaid_orders: 1, visitor_pieces: 9}"
    )
    path.write_text(f"shop: {text}\n", "utf-8")
    import_files(house.database, [path], now=house.clock.now)
    order = await _place(house.shop, pieces=9)
    assert order.pays_until == house.clock.now + timedelta(minutes=90)
    with pytest.raises(VisitorLimit):
        await _place(house.shop, request_id="2")


# -- at once: five visitors with one phone


async def _at_once(database: Database) -> int:
    shop = EmbeddedShop(database, clock=Clock())
    results = await asyncio.gather(
        *(_place(shop, f"visitor:{i}") for i in range(5)), return_exceptions=True
    )
    return sum(isinstance(result, Order) for result in results)


def _doorstep(monkeypatch: pytest.MonkeyPatch, *, waits_s: float = 0.5) -> None:
    """Lets an order wait at its end until three stand there, or gives up waiting."""
    barrier, keep = threading.Barrier(3, timeout=waits_s), buyers.keep_receiver

    def late(*arguments: Any) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait()
        keep(*arguments)

    monkeypatch.setattr(buyers, "keep_receiver", late)


async def test_at_once_two_are_placed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _doorstep(monkeypatch)
    assert await _at_once(database) == 2


@pytest.mark.postgres
async def test_without_the_lock_more_are_placed(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; reserving is left out too, for a SKU's row makes orders take turns."""
    database = Database(postgres_url)
    try:
        monkeypatch.setattr(visitors, "lock", lambda *_: None)
        monkeypatch.setattr("bot.shop.embedded.orders.reserve", lambda *_: None)
        _doorstep(monkeypatch, waits_s=5)
        assert await _at_once(database) > 2
    finally:
        database.close()
