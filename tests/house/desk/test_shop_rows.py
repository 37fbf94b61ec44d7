"""The shop's data at the desk: who leads sees it, owners change it, each change is on record and undone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels import keys
from bot.desk.roles import Role
from bot.nlu.catalogue import current_catalogue
from tests.house.desk.conftest import Desk, SitDown
from tests.house.server import Server
from tests.support.waiting import until

POLE = "pole-biluan"
KINDS = ("products", "skus", "sizes", "coupons", "promotions", "postage", "shop", "face")


async def read(desk: Desk, kind: str, q: str = "", **more: str) -> Any:
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    status, found = await desk.get(f"shop/rows?kind={kind}&q={q}{asked}")
    assert status == 200, found
    return found


async def pole(desk: Desk) -> Any:
    rows = (await read(desk, "products", POLE))["rows"]
    return next(one for one in rows if one["key"] == POLE)


async def save(desk: Desk, row: Any, kind: str = "products", **values: str) -> tuple[int, Any]:
    told = {"kind": kind, "key": row["key"], "mark": row["mark"], "values": values}
    return await desk.post("shop/rows", **told)


async def test_every_kind_is_listed_searched_and_paged(sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    for kind in KINDS:
        found = await read(owner, kind)
        assert found["rows"] and found["groups"] and found["may_edit"]
        assert len(found["rows"]) <= 50 and found["total"] >= len(found["rows"])
    all_skus = await read(owner, "skus")
    second = await read(owner, "skus", offset="50")
    assert {one["key"] for one in second["rows"]}.isdisjoint(one["key"] for one in all_skus["rows"])
    its = await read(owner, "skus", of=POLE)
    assert {one["key"].split("/")[0] for one in its["rows"]} == {POLE}
    assert (await read(owner, "products", "没有这样的货"))["total"] == 0


async def test_a_new_price_is_what_the_shop_tells_and_what_the_bot_hears(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    before = current_catalogue().version
    status, saved = await save(owner, await pole(owner), price="339", nicknames="碧落杖")
    assert status == 200, saved
    assert "价格" in saved["details"][0] or "价格" in "".join(saved["details"])
    product = await server.app[keys.SHOP].product(POLE)
    assert product is not None and product.price_fen == 33900
    await until(lambda: current_catalogue().version != before)  # its names are understood by now


async def test_who_leads_sees_all_but_floors_and_changes_nothing(sit_down: SitDown) -> None:
    owner, lead = await sit_down("老板", Role.OWNER), await sit_down("主管", Role.SUPERVISOR)
    mine, theirs = await read(owner, "products"), await read(lead, "products")
    assert any("floor" in one["values"] for one in mine["rows"])
    told = str(theirs)
    assert not theirs["may_edit"] and "floor" not in told and "cuts" not in told
    row = await pole(lead)
    assert (await save(lead, row, price="339"))[0] == 403
    removing = {"kind": "products", "key": row["key"], "mark": row["mark"]}
    assert (await lead.post("shop/rows/remove", **removing))[0] == 403
    assert (await lead.post("shop/changes/1/undo"))[0] == 403
    assert (await lead.get("shop/changes"))[0] == 200


@pytest.mark.parametrize("role", [Role.AGENT, Role.TRAINER])
async def test_others_see_nothing_of_it(sit_down: SitDown, role: Role) -> None:
    desk = await sit_down("小李", role)
    for path in ("shop/rows?kind=products", "shop/changes", "orders"):
        assert (await desk.get(path))[0] == 403


async def test_what_is_wrong_is_told_at_its_cell(sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    status, told = await save(owner, await pole(owner), price="面议", weight_g="很重")
    assert (status, told["error"]["code"]) == (422, "refused")
    assert {one["field"] for one in told["error"]["faults"]} == {"price", "weight_g"}


async def test_what_is_odd_is_asked_about_once(sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    row = await pole(owner)
    status, told = await save(owner, row, price="3290")
    assert (status, told["error"]["code"]) == (409, "looks_odd")
    told = {"kind": "products", "key": row["key"], "mark": row["mark"], "values": {"price": "3290"}}
    status, saved = await owner.post("shop/rows", **told, is_sure=True)
    assert (status, saved["row"]["values"]["price"]) == (200, "3290")


async def test_the_second_editor_gets_the_row_as_it_is_now(sit_down: SitDown) -> None:
    owner, other = await sit_down("老板", Role.OWNER), await sit_down("老板娘", Role.OWNER)
    seen = await pole(other)
    assert (await save(owner, await pole(owner), price="339"))[0] == 200
    status, told = await save(other, seen, drawbacks="重一些")
    assert (status, told["error"]["code"]) == (409, "edited_meanwhile")
    assert told["error"]["row"]["values"]["price"] == "339"
    status, saved = await save(other, told["error"]["row"], drawbacks="重一些")
    assert (status, saved["row"]["values"]["price"]) == (200, "339")


async def test_each_change_is_on_record_and_taken_back(server: Server, sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    was = (await pole(owner))["values"]["price"]
    _, saved = await save(owner, await pole(owner), price="339")
    _, log = await owner.get("shop/changes")
    [one] = log["changes"]
    assert (one["change_id"], one["agent"], one["is_undone"]) == (saved["change_id"], "老板", False)
    assert (await owner.post(f"shop/changes/{one['change_id']}/undo"))[0] == 200
    assert (await pole(owner))["values"]["price"] == was
    status, told = await owner.post(f"shop/changes/{one['change_id']}/undo")
    assert (status, told["error"]["code"]) == (409, "cannot_undo")
    _, audit = await owner.get("audit")
    deeds = [each for each in audit if each["deed"] == "shop_row"]
    assert len(deeds) == 2 and deeds[1]["about"].endswith("339")


async def test_a_row_is_added_and_deleted(sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    values = {"code": "XIN5", "title": "新客5元", "off": "5", "from": "50", "public": "是"}
    status, saved = await owner.post("shop/rows", kind="coupons", values=values)
    assert status == 200, saved
    row = saved["row"]
    assert (await owner.post("shop/rows", kind="coupons", values=values))[0] == 422
    told = {"kind": "coupons", "key": row["key"], "mark": row["mark"]}
    status, gone = await owner.post("shop/rows/remove", **told)
    assert status == 200
    assert (await read(owner, "coupons", "XIN5"))["total"] == 0
    assert (await owner.post(f"shop/changes/{gone['change_id']}/undo"))[0] == 200
    assert (await read(owner, "coupons", "XIN5"))["total"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "buyers", "values": {"a": "b"}},
        {"kind": "products", "values": {}},
        {"kind": "products", "values": {"price": 3}},
        {"kind": "products", "values": {"name": "长" * 4001}},
        {"kind": "products", "key": "x" * 201, "values": {"price": "3"}},
    ],
)
async def test_what_is_no_row_is_refused(sit_down: SitDown, body: dict[str, Any]) -> None:
    owner = await sit_down("老板", Role.OWNER)
    status, told = await owner.post("shop/rows", **body)
    assert (status, told["error"]["code"]) == (422, "bad_field")


async def test_a_supervisor_may_ask_the_bot_about_goods_in_view(
    server: Server, sit_down: SitDown
) -> None:
    lead = await sit_down("主管", Role.SUPERVISOR)
    status, found = await lead.post("try", lines=["多少钱"], product=POLE)
    assert status == 200, found
    agent = await sit_down("小李")
    assert (await agent.post("try", lines=["多少钱"]))[0] == 403
