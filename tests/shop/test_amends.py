"""Who waits for a late parcel gets the coupon that the owner has named: within the owner's limits, and only then."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.shop.embedded import amends, tables
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.embedded.house import HOUSE
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import import_files
from bot.shop.words.dealing import Access, Order, ParcelEvent
from bot.shop.words.errors import AMENDS_SPENT, NO_AMENDS, WrongMoment
from bot.shop.words.goods import Coupon
from tests.shop.conftest import Clock, House

JIMO, LATE = "buyer-jimo", "6802000000000405"
HERS = Access(buyer_id=JIMO)


async def allow(database: Database, code: str) -> None:
    def write(connection: Connection) -> None:
        table = tables.settings
        its = table.c.name == HOUSE
        value: dict[str, Any] = (
            connection.execute(table.select().where(its)).one()._mapping["value"]
        )
        connection.execute(table.update().where(its).values(value={**value, "late_coupon": code}))

    await database.run(write)


async def late(house: House) -> Order:
    order = await house.shop.order(LATE, HERS)
    assert order is not None and order.parcel is not None and order.parcel.is_late
    return order


async def test_it_is_told_given_once_and_told_no_more(any_house: House) -> None:
    assert (await late(any_house)).amends == ""
    with pytest.raises(WrongMoment):
        await any_house.shop.make_amends(LATE, HERS, request_id="a0")
    await allow(any_house.database, "LAOYOU15")
    assert (await late(any_house)).amends == "老友专享券"
    coupon = await any_house.shop.make_amends(LATE, HERS, request_id="a1")
    assert (coupon.code, coupon.off_fen) == ("LAOYOU15", 1500)
    assert await any_house.shop.make_amends(LATE, HERS, request_id="a1") == coupon
    with pytest.raises(WrongMoment):
        await any_house.shop.make_amends(LATE, HERS, request_id="a2")
    assert (await late(any_house)).amends == ""
    assert coupon in await any_house.shop.coupons(JIMO)


async def test_four_digits_of_the_phone_neither_see_nor_get_it(house: House) -> None:
    await allow(house.database, "LAOYOU15")
    phone = (await late(house)).receiver.phone
    seen = await house.shop.order(LATE, Access(phone_tail=phone[-4:], asker="x"))
    assert seen is not None and seen.amends == ""


async def test_what_has_come_gets_none(house: House) -> None:
    await allow(house.database, "LAOYOU15")
    event = ParcelEvent(at=house.clock() + timedelta(0), text="快件已签收，签收人：本人", place="")
    await house.office.record_parcel_event(LATE, event)
    order = await house.shop.order(LATE, HERS)
    assert order is not None and order.amends == ""


@pytest.mark.parametrize("code", ["XIATIAN20", "NO-SUCH"])  # over, and taken away since
async def test_a_coupon_that_does_not_run_is_not_promised(house: House, code: str) -> None:
    await allow(house.database, code)
    assert (await late(house)).amends == ""


# -- the owner's limits of a month


async def limit(database: Database, **limits: int) -> None:
    def write(connection: Connection) -> None:
        table = tables.settings
        its = table.c.name == HOUSE
        value = dict(connection.execute(table.select().where(its)).one()._mapping["value"])
        connection.execute(table.update().where(its).values(value={**value, **limits}))

    await allow(database, "LAOYOU15")
    await database.run(write)


async def another_late_one(database: Database, number: str, buyer_id: str) -> None:
    """The same late parcel, of another order and buyer."""

    def copy(connection: Connection) -> None:
        for table, column in (
            (tables.orders, "number"),
            (tables.order_lines, "order_number"),
            (tables.parcels, "order_number"),
            (tables.parcel_events, "order_number"),
        ):
            rows = connection.execute(table.select().where(table.c[column] == LATE)).all()
            for row in rows:
                changed = {**row._mapping, column: number}
                if "buyer_id" in table.c:
                    changed["buyer_id"] = buyer_id
                connection.execute(table.insert().values(**changed))

    await database.run(copy)


async def used(database: Database, buyer_id: str) -> None:
    held = tables.buyer_coupons
    its = (held.c.buyer_id == buyer_id, held.c.code == "LAOYOU15")
    await database.run(
        lambda c: c.execute(held.update().where(*its).values(order_number="an-order"))
    )


async def test_the_shop_gives_no_more_in_a_month_than_its_owner_says(any_house: House) -> None:
    await limit(any_house.database, late_coupons_a_month=1)
    await another_late_one(any_house.database, "6802000000000998", "buyer-lulu")
    lulus = Access(buyer_id="buyer-lulu")
    assert (await late(any_house)).amends == "老友专享券"
    await any_house.shop.make_amends("6802000000000998", lulus, request_id="l1")
    assert (await late(any_house)).amends == ""
    with pytest.raises(WrongMoment) as refused:
        await any_house.shop.make_amends(LATE, HERS, request_id="a1")
    assert refused.value.status == AMENDS_SPENT
    found = await any_house.office.amends_of_month()
    assert found is not None
    assert (found.month, found.coupon, found.given, found.off_fen, found.at_most) == (
        "2026-03", "老友专享券", 1, 1500, 1,
    )  # fmt: skip


async def test_the_month_is_the_shops_own(house: House) -> None:
    await limit(house.database, late_coupons_a_month=1)
    await another_late_one(house.database, "6802000000000998", "buyer-lulu")
    lulus = Access(buyer_id="buyer-lulu")
    house.clock.now = datetime(2026, 3, 31, 15, 59, tzinfo=timezone.utc)  # 23:59 in the shop
    await house.shop.make_amends("6802000000000998", lulus, request_id="l1")
    assert (await late(house)).amends == ""
    house.clock.advance(minutes=1)
    assert (await late(house)).amends == "老友专享券"
    found = await house.office.amends_of_month()
    assert found is not None and (found.month, found.given) == ("2026-04", 0)


async def test_a_buyer_gets_so_many_a_month_each_when_the_last_is_used(house: House) -> None:
    await limit(house.database, late_coupons_per_buyer=2)
    for number in ("6802000000000997", "6802000000000998", "6802000000000999"):
        await another_late_one(house.database, number, JIMO)
    await house.shop.make_amends(LATE, HERS, request_id="1")
    with pytest.raises(WrongMoment):  # the first is still in her hands
        await house.shop.make_amends("6802000000000997", HERS, request_id="2")
    await used(house.database, JIMO)
    assert "LAOYOU15" not in [one.code for one in await house.shop.coupons(JIMO)]
    await house.shop.make_amends("6802000000000998", HERS, request_id="3")
    assert "LAOYOU15" in [one.code for one in await house.shop.coupons(JIMO)]
    await used(house.database, JIMO)
    with pytest.raises(WrongMoment) as refused:
        await house.shop.make_amends("6802000000000999", HERS, request_id="4")
    assert refused.value.status == AMENDS_SPENT
    with pytest.raises(WrongMoment) as again:  # never two for one order
        await house.shop.make_amends(LATE, HERS, request_id="5")
    assert again.value.status == NO_AMENDS


async def test_without_a_limit_for_each_a_buyer_has_it_once(house: House) -> None:
    await limit(house.database)
    await another_late_one(house.database, "6802000000000998", JIMO)
    await house.shop.make_amends(LATE, HERS, request_id="1")
    await used(house.database, JIMO)
    house.clock.advance(days=40)
    with pytest.raises(WrongMoment) as refused:
        await house.shop.make_amends("6802000000000998", HERS, request_id="2")
    assert refused.value.status == NO_AMENDS


async def test_the_limits_come_in_with_the_shop_and_a_wrong_one_is_told(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "shop.yml"
    limits = "late_coupon: LAOYOU15, late_coupons_a_month: 30, late_coupons_per_buyer: 1"
    path.write_text(f"shop: {{name: 店, {limits}}}\n", "utf-8")
    import_files(house.database, [path], now=house.clock.now)
    found = await house.office.amends_of_month()
    assert found is not None and (found.at_most, found.per_buyer) == (30, 1)
    path.write_text("shop: {name: 店, late_coupons_a_month: 0}\n", "utf-8")
    with pytest.raises(ImportRefused, match="late_coupons_a_month"):
        import_files(house.database, [path], now=house.clock.now)


# -- at once: two buyers, one coupon left (SQLite writes by turns anyway)


def _between(monkeypatch: pytest.MonkeyPatch, *, waits_s: float) -> None:
    """Whoever may have the coupon waits for the other before it is written down."""
    barrier, write = threading.Barrier(2, timeout=waits_s), sa.update

    def late_update(*arguments: Any) -> Any:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait()
        return write(*arguments)

    monkeypatch.setattr(amends, "update", late_update)


async def _at_once(url: str) -> int:
    database = Database(url)
    try:
        await limit(database, late_coupons_a_month=1)
        await another_late_one(database, "6802000000000998", "buyer-lulu")
        shop = EmbeddedShop(database, clock=Clock())
        results = await asyncio.gather(
            shop.make_amends(LATE, HERS, request_id="1"),
            shop.make_amends("6802000000000998", Access(buyer_id="buyer-lulu"), request_id="2"),
            return_exceptions=True,
        )
    finally:
        database.close()
    return sum(isinstance(one, Coupon) for one in results)


@pytest.mark.postgres
async def test_two_who_choose_at_once_get_one_where_one_is_left(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _between(monkeypatch, waits_s=0.5)
    assert await _at_once(postgres_url) == 1


@pytest.mark.postgres
async def test_without_its_lock_both_would_get_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _between(monkeypatch, waits_s=30)
    monkeypatch.setattr(amends, "lock", lambda *arguments: None)
    assert await _at_once(postgres_url) == 2
