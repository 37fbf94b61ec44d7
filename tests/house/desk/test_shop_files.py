"""Owners see what an import would do before they do it; nobody else touches the shop's data."""

from __future__ import annotations

import io
from typing import Any

import pytest
from aiohttp import FormData
from openpyxl import load_workbook

from bot.channels import keys
from bot.desk.who import ACCOUNTS
from bot.shop.importing import plan
from tests.house.desk.test_owner import kept, sign_in
from tests.house.server import OURS, Server

GOODS = "编号,名称,价格,口味,库存\nnut,夏威夷果,￥29.90,奶油味,12 件\n"


def form(text: str = GOODS, name: str = "商品(1).csv", **fields: str) -> FormData:
    data = FormData(quote_fields=False)  # as browsers send names
    data.add_field("file", text.encode(), filename=name, content_type="text/csv")
    for field, value in fields.items():
        data.add_field(field, value)
    return data


async def post(server: Server, deed: str, data: Any) -> Any:
    return await server.client.post(f"/api/desk/shop/{deed}", data=data, headers=OURS)


async def goods(server: Server) -> set[str]:
    return set((await server.app[keys.DATABASE].read(plan.snapshot))["products"])


async def test_a_plan_is_shown_and_nothing_is_changed(server: Server) -> None:
    await sign_in(server, is_owner=True)
    before = await goods(server)
    answer = await post(server, "plan", form())
    told = await answer.json()
    assert answer.status == 200, told
    assert "商品：新增 1" in told["lines"] and told["gone"] == 0
    assert await goods(server) == before


async def test_what_was_seen_is_imported_and_kept_on_record(server: Server) -> None:
    await sign_in(server, is_owner=True)
    answer = await post(server, "import", form(gone="0"))
    assert answer.status == 200, await answer.text()
    assert "nut" in await goods(server)
    assert ("老板", "shop_import", "") in await kept(server)


async def test_a_mistake_is_told_a_sentence_a_line(server: Server) -> None:
    await sign_in(server, is_owner=True)
    answer = await post(server, "plan", form(GOODS.replace("￥29.90", "面议")))
    error = (await answer.json())["error"]
    assert (answer.status, error["code"]) == (422, "refused")
    assert error["message"].startswith("商品(1).csv:2 价格: “面议”不是金额")


async def test_more_is_never_deleted_than_was_seen(server: Server) -> None:
    await sign_in(server, is_owner=True)
    await post(server, "import", form())
    before = await goods(server)
    other = GOODS.replace("nut,夏威夷果", "box,礼盒")
    answer = await post(server, "import", form(other, replace="1", gone="1"))
    if answer.status == 422:  # open orders of the demo hold its goods
        assert "未发货的订单占着" in (await answer.json())["error"]["message"]
    else:
        assert answer.status == 409
    assert await goods(server) == before


@pytest.mark.parametrize("name", ["../../../etc/商品.csv", "..\\商品.csv"])
async def test_a_file_name_leads_nowhere(server: Server, name: str) -> None:
    await sign_in(server, is_owner=True)
    assert (await post(server, "plan", form(name=name))).status == 200


async def test_the_workbook_is_a_download(server: Server) -> None:
    await sign_in(server, is_owner=True)
    answer = await server.client.get("/api/desk/shop/workbook?blank=1")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(await answer.read()))
    assert book.sheetnames[:2] == ["商品", "规格"]


async def test_a_trades_workbook_is_a_download_and_changes_nothing(server: Server) -> None:
    await sign_in(server, is_owner=True)
    before = await goods(server)
    told = await (await server.client.get("/api/desk/shop/trades")).json()
    assert {"key": "snacks", "name": "零食坚果"} in told["trades"]
    answer = await server.client.get("/api/desk/shop/workbook?trade=snacks")
    book = load_workbook(io.BytesIO(await answer.read()))
    assert "口味" in [cell.value for cell in book["规格"][1]]
    assert await goods(server) == before


async def test_a_trade_that_is_not_there_is_told(server: Server) -> None:
    await sign_in(server, is_owner=True)
    answer = await server.client.get("/api/desk/shop/workbook?trade=../demo")
    assert answer.status == 404
    assert "行当" in (await answer.json())["error"]["message"]


async def test_the_shop_is_emptied_with_the_word_alone(server: Server) -> None:
    await sign_in(server, is_owner=True)
    path = "/api/desk/shop/empty"
    refused = await server.client.post(path, json={"confirm": "好"}, headers=OURS)
    assert refused.status == 422 and await goods(server)
    assert (await server.client.post(path, json={"confirm": "清空"}, headers=OURS)).status == 200
    assert not await goods(server)


@pytest.mark.parametrize("deed", ["plan", "import", "empty"])
async def test_an_agent_who_is_no_owner_does_nothing(server: Server, deed: str) -> None:
    await sign_in(server, is_owner=False)
    assert (await post(server, deed, form())).status == 403


async def test_a_page_of_another_site_does_nothing(server: Server) -> None:
    await sign_in(server, is_owner=True)
    answer = await server.client.post("/api/desk/shop/import", data=form())
    assert answer.status == 403
    assert "nut" not in await goods(server)


@pytest.mark.parametrize("path", ["/api/desk/shop/plan", "/api/chat/pictures"])
async def test_a_form_with_a_broken_head_is_told_so(server: Server, path: str) -> None:
    name = await server.signed_in_desk()
    await server.app[ACCOUNTS].change(name, role="owner")
    token = (await server.session())["token"]
    body = b'--b\r\nContent-Disposition: form-data; name="\x07,/"\r\n\r\n1\r\n--b--\r\n'
    headers = {
        **OURS,
        "Content-Type": "multipart/form-data; boundary=b",
        "Authorization": f"Bearer {token}",
    }
    answer = await server.client.post(path, data=body, headers=headers)
    assert (answer.status, (await answer.json())["error"]["code"]) == (400, "bad_form")
