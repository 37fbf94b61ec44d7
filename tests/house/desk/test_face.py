"""Greeting, hours and promises written at the desk: looked at as the file is, used at once, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels import keys
from bot.desk.roles import Role
from tests.house.desk.conftest import Desk, SitDown
from tests.house.desk.test_shop_rows import read, save
from tests.house.server import Server


async def face(desk: Desk) -> Any:
    [row] = (await read(desk, "face"))["rows"]
    return row


async def opened(server: Server) -> Any:
    """What a buyer's page is told of the shop as it opens."""
    return (await server.session())["shop"]


async def test_a_greeting_and_hours_count_at_once_and_are_taken_back(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    row = await face(owner)
    before = server.app[keys.FACE].now
    status, saved = await save(
        owner, row, "face",
        **{"greeting.first": "您好，这里是小满果铺", "shop.assistant": "小满",
           "business_hours.sun": "休息", "business_hours.mon": "9：00～18:30",
           "service.ship_from": "山东烟台"},
    )  # fmt: skip
    assert status == 200, saved
    assert "第一次来的买家 " in saved["details"][0] or "机器人自称 " in "".join(saved["details"])
    told = await opened(server)
    assert told["greeting"] == "您好，这里是小满果铺"
    assert "09:00-18:30" in told["hours_text"]
    now = server.app[keys.FACE]
    assert now.now.hours.by_weekday[6] is None
    assert (now.words["assistant"], now.words["ship_from"]) == ("小满", "山东烟台")
    assert (await owner.post(f"shop/changes/{saved['change_id']}/undo"))[0] == 200
    assert server.app[keys.FACE].now == before


@pytest.mark.parametrize(
    ("field", "typed", "what"),
    [
        ("business_hours.mon", "九点到六点", "写成 09:00-22:00"),
        ("business_hours.mon", "18:00-09:00", "写成 09:00-22:00"),
        ("business_hours.closed_on", "春节", "一行写一天"),
        ("greeting.first", "", "没有填"),
        ("greeting.first", "长" * 201, "太长了"),
        ("greeting.known", "{name}您好", "{nickname}"),
        ("greeting.away", "明天见{", "{back}"),
        ("service.refund_within", "收到货以后三个工作日之内", ""),
        ("service.refund_within", "收到货以后的三个工作日之内退", "12"),
        ("unreachable.phone", "找老板", "写能打的电话"),
    ],
)
async def test_what_does_not_do_is_said_at_its_cell(
    server: Server, sit_down: SitDown, field: str, typed: str, what: str
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    status, told = await save(owner, await face(owner), "face", **{field: typed})
    if not what:  # twelve signs are few enough
        assert status == 200
        return
    assert status == 422
    [fault] = told["error"]["faults"]
    assert fault["field"] == field and what in fault["what"]


async def test_of_two_who_write_the_second_is_told_and_others_cells_stay(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    seen = await face(owner)
    status, first = await save(owner, seen, "face", **{"shop.kind": "坚果零食"})
    assert status == 200
    status, told = await save(owner, seen, "face", **{"shop.kind": "茶叶"})
    assert (status, told["error"]["code"]) == (409, "edited_meanwhile")
    status, _ = await save(owner, await face(owner), "face", **{"shop.assistant": "小满"})
    assert status == 200
    await owner.post(f"shop/changes/{first['change_id']}/undo")
    now = server.app[keys.FACE].now
    assert (now.kind, now.assistant) == (server.settings.shop.kind, "小满")


async def test_buyers_hear_the_name_that_the_shops_own_data_tell(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    [shop] = (await read(owner, "shop"))["rows"]
    assert (await save(owner, shop, "shop", name="小满果铺"))[0] == 200
    assert (await opened(server))["name"] == "小满果铺"
    assert server.app[keys.FACE].words["shop_name"] == "小满果铺"


async def test_emptied_the_settings_file_speaks_again(server: Server, sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    await save(owner, await face(owner), "face", **{"shop.assistant": "小满"})
    assert (await owner.post("shop/empty", confirm="清空"))[0] == 200
    assert (await face(owner))["values"]["shop.assistant"] == server.settings.shop.assistant


async def test_only_owners_change_it(sit_down: SitDown) -> None:
    lead = await sit_down("主管", Role.SUPERVISOR)
    row = await face(lead)
    assert (await save(lead, row, "face", **{"shop.assistant": "小满"}))[0] == 403
