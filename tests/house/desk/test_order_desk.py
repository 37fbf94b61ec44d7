"""The shop's orders at the desk: found by who leads, worked by owners, each deed on record."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels import keys
from bot.desk.roles import Role
from bot.shop.words.dealing import Order, OrderStatus, Receiver, WantedLine
from tests.house.desk.conftest import SitDown
from tests.house.server import Server

HOME = Receiver(name="王小明", phone="13900002222", address="浙江省杭州市西湖区文三路88号")


async def placed(server: Server, quantity: int = 2, request: str = "p") -> Order:
    return await server.app[keys.SHOP].place_order(
        [
            WantedLine(product_id="boot-qiyun", colour="黑色", size="41"),
            WantedLine(product_id="pole-biluan", colour="蓝色", size="", quantity=quantity),
        ],
        buyer_id="visitor:0007",
        receiver=HOME,
        note="",
        request_id=request,
    )


async def test_an_order_goes_its_whole_way_from_this_page(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    order = await placed(server)
    path = f"orders/{order.number}"
    status, shown = await owner.get(path)
    assert status == 200 and shown["may"] == ["paid", "close"]
    assert "13900002222" not in str(shown) and "文三路" not in str(shown)
    status, shown = await owner.post(f"{path}/paid", id="a", total_fen=order.total_fen)
    assert (status, shown["order"]["status"]) == (200, "paid")
    assert {"ship", "cancel", "refund"} <= set(shown["may"])
    status, told = await owner.post(f"{path}/ship", courier="中通", tracking_number="75")
    assert status == 422
    status, shown = await owner.post(f"{path}/ship", courier="中通", tracking_number="ZT 7588 001")
    assert (status, shown["order"]["parcel"]["tracking_number"]) == (200, "ZT7588001")
    _, shown = await owner.post(f"{path}/ship", courier="顺丰", tracking_number="SF100200")
    assert shown["order"]["parcel"]["tracking_number"] == "SF100200"
    _, found = await owner.get("orders?q=SF100200")
    assert [one["number"] for one in found["orders"]] == [order.number]
    status, shown = await owner.post(f"{path}/signed")
    assert (status, shown["order"]["status"]) == (200, "delivered")
    most = shown["lines_left_fen"]["2"]
    status, told = await owner.post(
        f"{path}/refund", id="r", line_id="2", refund_fen=most + 1, reason="少发一支"
    )
    assert (status, told["error"]["code"]) == (409, "beyond_limit")
    status, shown = await owner.post(
        f"{path}/refund", id="r", line_id="2", refund_fen=most, reason="少发一支"
    )
    assert status == 200 and shown["lines_left_fen"]["2"] == 0
    _, audit = await owner.get("audit")
    told = [one["about"] for one in audit if one["deed"] == "order"]
    assert len(told) == 5 and all(order.number in one for one in told)


async def test_an_unpaid_order_is_closed_with_a_reason(server: Server, sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    path = f"orders/{(await placed(server)).number}"
    assert (await owner.post(f"{path}/close", id="a", reason=""))[0] == 422
    status, shown = await owner.post(f"{path}/close", id="a", reason="买家不要了")
    assert (status, shown["close_reason"], shown["may"]) == (200, "买家不要了", [])
    status, told = await owner.post(f"{path}/close", id="b", reason="再关一次")
    assert (status, told["error"]["code"]) == (409, "wrong_moment")


async def test_a_paid_order_is_cancelled_and_its_money_settled(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    order = await placed(server)
    path = f"orders/{order.number}"
    await owner.post(f"{path}/paid", id="a", total_fen=order.total_fen)
    wrong = {"id": "c", "reason": "缺货", "refund_fen": order.total_fen - 1}
    assert (await owner.post(f"{path}/cancel", **wrong))[0] == 409
    right = {"id": "d", "reason": "缺货", "refund_fen": order.total_fen}
    status, shown = await owner.post(f"{path}/cancel", **right)
    assert (status, shown["order"]["status"]) == (200, "cancelled")
    [case] = shown["cases"]
    settled = {"id": "e", "status": "refunded", "refund_fen": case["refund_fen"]}
    status, shown = await owner.post(f"{path}/cases/{case['case_id']}", **settled)
    assert (status, shown["cases"][0]["status"]) == (200, "refunded")
    assert (await owner.post(f"{path}/cases/TH0", **settled))[0] == 404


async def test_who_leads_reads_orders_and_works_none(server: Server, sit_down: SitDown) -> None:
    lead = await sit_down("主管", Role.SUPERVISOR)
    order = await placed(server)
    path = f"orders/{order.number}"
    status, found = await lead.get("orders")
    assert status == 200 and not found["may_edit"]
    assert (await lead.get(path))[0] == 200
    deeds: dict[str, dict[str, Any]] = {
        "paid": {"id": "a", "total_fen": order.total_fen},
        "ship": {"courier": "中通", "tracking_number": "ZT7588001"},
        "signed": {},
        "close": {"id": "a", "reason": "x"},
        "cancel": {"id": "a", "reason": "x", "refund_fen": 0},
        "refund": {"id": "a", "line_id": "1", "refund_fen": 1, "reason": "x"},
        "reveal": {},
        "cases/TH1": {"id": "a", "status": "refunded", "refund_fen": 0},
    }
    for deed, body in deeds.items():
        assert (await lead.post(f"{path}/{deed}", **body))[0] == 403, deed
    now = await server.app[keys.SHOP].orders_of("visitor:0007")
    assert now[0].status is OrderStatus.AWAITING_PAYMENT


async def test_the_receiver_is_shown_and_who_looked_is_kept(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    order = await placed(server)
    status, told = await owner.post(f"orders/{order.number}/reveal")
    assert (status, told["phone"]) == (200, HOME.phone)
    _, log = await owner.get("reveals")
    assert (log[0]["what"], log[0]["buyer_id"]) == ("receiver", "visitor:0007")


@pytest.mark.parametrize("path", ["orders?status=draft", "orders?offset=x", "orders?status=%25"])
async def test_what_is_no_question_is_refused(sit_down: SitDown, path: str) -> None:
    owner = await sit_down("老板", Role.OWNER)
    assert (await owner.get(path))[0] == 422
    assert (await owner.get("orders/0"))[0] == 404
