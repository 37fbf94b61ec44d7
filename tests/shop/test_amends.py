"""Who waits for a late parcel gets the coupon that the owner has named: once, and only then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.shop.embedded import tables
from bot.shop.embedded.house import HOUSE
from bot.shop.words.dealing import Access, Order, ParcelEvent
from bot.shop.words.errors import WrongMoment
from tests.shop.conftest import House

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
