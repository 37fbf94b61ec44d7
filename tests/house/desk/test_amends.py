"""Owners see what was given this month to who waited for a late parcel; agents do not."""

from __future__ import annotations

from typing import Any

from bot.channels.keys import CLOCK
from bot.database import Database
from bot.desk.roles import Role
from bot.shop.embedded import tables
from tests.house.desk.conftest import SitDown
from tests.house.server import Server
from tests.shop.test_amends import limit


async def given(database: Database, at: Any) -> None:
    row = {"order_number": "1", "buyer_id": "b", "code": "LAOYOU15", "off_fen": 1500}
    await database.run(lambda c: c.execute(tables.amends.insert().values(**row, given_at=at)))


async def test_an_owner_sees_the_month_and_its_limits(server: Server, sit_down: SitDown) -> None:
    boss = await sit_down("老板", Role.OWNER)
    assert await boss.get("amends") == (200, {"amends": None})
    await limit(server.database, late_coupons_a_month=30)
    await given(server.database, server.app[CLOCK]())
    status, shown = await boss.get("amends")
    month = shown["amends"]
    assert (status, month["given"], month["off_fen"]) == (200, 1, 1500)
    assert (month["at_most"], month["per_buyer"], month["coupon"]) == (30, None, "老友专享券")


async def test_an_agent_does_not(sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    assert (await lee.get("amends"))[0] == 403
