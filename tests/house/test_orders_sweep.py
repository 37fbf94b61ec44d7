"""An order nobody pays is closed by the running house, and its pieces are sold again."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.clock_watch import ClockWatch
from bot.database import DatabaseUnavailable
from bot.settings import Settings
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.words.dealing import Access, OrderStatus, Receiver, WantedLine
from bot.working import keep_orders
from tests.support.house import Clock, copied_database
from tests.support.waiting import until


async def test_an_unpaid_order_gives_its_pieces_back(
    tmp_path: Path, settings: Settings, seeded: Path
) -> None:
    clock = Clock.today("14:30", settings)
    database = copied_database(seeded, tmp_path)
    shop = EmbeddedShop(database, clock=clock)
    product = next(one for one in await shop.products() if one.skus[0].stock > 1)
    sku = product.skus[0]
    wanted = WantedLine(product_id=product.product_id, colour=sku.colour, size=sku.size)
    receiver = Receiver(name="鹿晓晓", phone="13800001001", address="浙江省杭州市文三西路88号")
    order = await shop.place_order(
        [wanted], buyer_id="buyer-lulu", receiver=receiver, note="", request_id="sweep"
    )
    clock.forward(timedelta(days=30))
    sweep = asyncio.create_task(
        keep_orders(BackOffice(database, clock=clock), ClockWatch(clock), every_s=0.05)
    )

    async def is_back() -> bool:
        fresh = await shop.product(product.product_id)
        return fresh is not None and fresh.skus[0].stock == sku.stock

    await until(is_back)
    sweep.cancel()
    closed = await shop.order(order.number, Access(buyer_id="buyer-lulu"))
    database.close()
    assert closed is not None and closed.status is OrderStatus.CLOSED


async def test_the_sweep_outlives_a_database_that_is_away(
    tmp_path: Path, settings: Settings, seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def down(*_: Any, **__: Any) -> Any:
        nonlocal tries
        tries += 1
        raise DatabaseUnavailable("gone")

    database = copied_database(seeded, tmp_path)
    clock = Clock.today("14:30", settings)
    office = BackOffice(database, clock=clock)
    monkeypatch.setattr(database, "run", down)
    sweep = asyncio.create_task(keep_orders(office, ClockWatch(clock), every_s=0.01))
    await until(lambda: tries > 3)
    assert not sweep.done()
    sweep.cancel()
    database.close()


def test_a_clock_that_jumps_is_noticed_once_and_one_that_runs_is_not() -> None:
    wall, steady = [datetime(2026, 5, 6, tzinfo=timezone.utc)], [0.0]
    watch = ClockWatch(lambda: wall[0], steady=lambda: steady[0])

    def after(on_the_wall: timedelta, steadily: timedelta) -> bool:
        wall[0] += on_the_wall
        steady[0] += steadily.total_seconds()
        return watch.has_jumped()

    minutes, days = timedelta(minutes=5), timedelta(days=3)
    assert not watch.has_jumped()
    assert not after(minutes, minutes)
    assert after(minutes + days, minutes)
    assert not after(minutes, minutes)
    assert after(minutes - days, minutes)


async def test_nothing_is_closed_in_the_round_after_the_clock_has_jumped() -> None:
    class Office:
        rounds = 0

        async def close_overdue_orders(self) -> list[str]:
            self.rounds += 1
            return []

        async def complete_old_orders(self) -> None: ...

        async def forget_old_requests(self) -> None: ...

    class Jumped:
        def has_jumped(self) -> bool:
            return True

    office: Any = Office()
    watch: Any = Jumped()
    sweep = asyncio.create_task(keep_orders(office, watch, every_s=0.01))
    await asyncio.sleep(0.1)
    sweep.cancel()
    assert office.rounds == 0
