"""Beside a chat, and the deeds of agents with orders, money and cases: each once, kept, in its limits."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.channels import keys
from bot.desk.roles import Role
from bot.shop.embedded.tables import orders
from bot.shop.words.dealing import Access, Receiver, WantedLine
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.server import Server

POLES = WantedLine(product_id="pole-biluan", colour="蓝色", size="", quantity=2)
HOME = Receiver(name="王小明", phone="13900002222", address="浙江省杭州市西湖区文三路88号")


class Talk:
    """A visitor's conversation that an agent has taken, with an unpaid order of the visitor's."""

    def __init__(self, server: Server, desk: Desk, opened: str, buyer_id: str, number: str) -> None:
        self.server, self.desk, self.id = server, desk, opened
        self.buyer_id, self.number = buyer_id, number

    async def beside(self) -> Any:
        status, shown = await self.desk.get(f"conversations/{self.id}/beside")
        assert status == 200, shown
        return shown

    async def at_order(self, deed: str, **body: Any) -> tuple[int, Any]:
        body.setdefault("id", uuid.uuid4().hex)
        return await self.desk.at(self.id, f"orders/{self.number}/{deed}", **body)

    async def pay(self) -> None:
        shop = self.server.app[keys.SHOP]
        await shop.pay_order(self.number, Access(buyer_id=self.buyer_id), request_id="pay")

    async def total(self) -> int:
        order = (await self.server.app[keys.SHOP].orders_of(self.buyer_id))[0]
        return order.total_fen

    async def lines(self) -> list[Any]:
        return await self.server.app[keys.CONVERSATIONS].history(self.id)


async def taken(server: Server, sit_down: SitDown, role: Role = Role.AGENT) -> Talk:
    desk = await sit_down("小李", role)
    opened = str((await server.session())["conversation_id"])
    await server.receive(opened, "在吗")
    found = await server.app[keys.CONVERSATIONS].find(opened)
    order = await server.app[keys.SHOP].place_order(
        [POLES], buyer_id=found.buyer_id, receiver=HOME, note="", request_id="p"
    )
    assert (await desk.at(opened, "take"))[0] == 200
    return Talk(server, desk, opened, found.buyer_id, order.number)


async def test_what_stands_beside_a_chat(server: Server, sit_down: SitDown) -> None:
    talk = await taken(server, sit_down)
    shown = await talk.beside()
    order = shown["orders"][0]
    assert (order["number"], order["may_change_price"]) == (talk.number, True)
    assert "13900002222" not in str(shown) and "文三路" not in str(shown)
    goods = shown["goods"][0]
    assert goods["product_id"] == "pole-biluan"
    assert any(one["stock"] > 0 and one["price"].endswith("元") for one in goods["skus"])
    assert shown["talks"][0]["text"] == "在吗"
    assert "floor" not in str(shown)


async def test_a_receiver_is_seen_whole_by_a_press_that_is_kept(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down, Role.OWNER)
    status, told = await talk.at_order("reveal")
    assert (status, told["phone"]) == (200, HOME.phone)
    _, log = await talk.desk.get("reveals")
    assert log[0]["what"] == "receiver"


async def test_an_address_is_quoted_then_changed_once_and_told(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down)
    new = {"address": "浙江省宁波市鄞州区中山东路1号"}
    _, quoted = await talk.at_order("address/quote", **new)
    same = {"id": "a1", "total_fen": quoted["total_fen"], **new}
    assert (await talk.at_order("address", **same))[0] == 200
    assert (await talk.at_order("address", **same))[0] == 200
    order = (await server.app[keys.SHOP].orders_of(talk.buyer_id))[0]
    assert order.receiver.address == new["address"]
    cards = [one for one in await talk.lines() if one.card]
    assert [one.card["number"] for one in cards] == [talk.number]


async def test_an_address_is_refused_once_the_order_is_packed(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down)
    await talk.pay()
    from bot.desk.deeds import OFFICE

    office = server.app[OFFICE]
    assert office is not None
    await office.pack_order(talk.number)
    status, answer = await talk.at_order("address", address="杭州市余杭区1号", total_fen=1)
    assert (status, answer["error"]["code"]) == (409, "wrong_moment")
    assert not (await talk.beside())["orders"][0]["may_change_address"]


@pytest.mark.parametrize(
    ("role", "percent", "status"),
    [
        (Role.AGENT, 10, 200),
        (Role.AGENT, 11, 403),
        (Role.SUPERVISOR, 30, 200),
        (Role.SUPERVISOR, 31, 403),
        (Role.OWNER, 99, 200),
    ],
)
async def test_a_price_is_changed_within_the_roles_limit(
    server: Server, sit_down: SitDown, role: Role, percent: int, status: int
) -> None:
    talk = await taken(server, sit_down, role)
    before = await talk.total()
    wanted = before - before * percent // 100
    answer = await talk.at_order("price", total_fen=wanted, seen_fen=before)
    assert answer[0] == status, answer
    assert await talk.total() == (wanted if status == 200 else before)


async def test_a_changed_price_counts_once_adds_up_and_can_be_taken_back(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down, Role.OWNER)
    before = await talk.total()
    for _ in range(2):
        await talk.at_order("price", id="p1", total_fen=before - 500, seen_fen=before)
    order = (await server.app[keys.SHOP].orders_of(talk.buyer_id))[0]
    assert order.total_fen == before - 500
    assert order.total_fen == order.goods_fen - order.off_fen + order.postage_fen
    status, answer = await talk.at_order("price", total_fen=before - 900, seen_fen=before)
    assert (status, answer["error"]["code"]) == (409, "price_changed")
    await talk.at_order("price", total_fen=before, seen_fen=before - 500)
    order = (await server.app[keys.SHOP].orders_of(talk.buyer_id))[0]
    assert (order.total_fen, "客服优惠" in str(order.savings)) == (before, False)


async def test_what_an_order_says_was_taken_off_adds_up_though_it_says_not_for_what(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down, Role.OWNER)
    before = await talk.total()
    await server.app[keys.DATABASE].run(
        lambda connection: connection.execute(
            orders.update()
            .where(orders.c.number == talk.number)
            .values(savings=[], off_fen=4000, total_fen=before - 4000)
        )
    )
    await talk.at_order("price", total_fen=before - 9000, seen_fen=before - 4000)
    shown = next(o for o in (await talk.beside())["orders"] if o["number"] == talk.number)
    assert shown["savings"] == ["客服优惠 -50元", "优惠 -40元"]
    card = next(one.card for one in reversed(await talk.lines()) if one.card)
    assert [one["off_text"] for one in card["savings"]] == ["-50元", "-40元"]


async def test_two_who_change_a_price_at_once_do_not_both_succeed(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down, Role.OWNER)
    before = await talk.total()
    answers = await asyncio.gather(
        *(talk.at_order("price", total_fen=before - cut, seen_fen=before) for cut in (100, 200))
    )
    assert sorted(status for status, _ in answers) == [200, 409]


async def test_a_paid_order_keeps_its_price(server: Server, sit_down: SitDown) -> None:
    talk = await taken(server, sit_down, Role.OWNER)
    await talk.pay()
    total = await talk.total()
    status, answer = await talk.at_order("price", total_fen=total - 100, seen_fen=total)
    assert (status, answer["error"]["code"]) == (409, "wrong_moment")


async def test_a_coupon_is_given_once_within_the_limit(server: Server, sit_down: SitDown) -> None:
    talk = await taken(server, sit_down)
    coupons = (await talk.beside())["coupons"]
    fits = next(one for one in coupons if one["is_within_limit"])
    given = await talk.desk.at(talk.id, "coupon", id="c1", code=fits["code"])
    assert given[0] == 200, given
    status, answer = await talk.desk.at(talk.id, "coupon", id="c2", code=fits["code"])
    assert (status, answer["error"]["code"]) == (409, "had_already")
    mine = await server.app[keys.SHOP].coupons(talk.buyer_id)
    assert fits["code"] in [one.code for one in mine]
    for large in (one for one in coupons if not one["is_within_limit"]):
        status, answer = await talk.desk.at(talk.id, "coupon", id="c3", code=large["code"])
        assert (status, answer["error"]["code"]) == (403, "beyond_limit")


async def test_remedies_are_offered_as_buttons_and_a_case_is_opened(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down, Role.OWNER)
    await talk.pay()
    line = (await talk.beside())["orders"][0]["goods"][0]["line_id"]
    wish = {"line_id": line, "reason": "no_reason"}
    _, found = await talk.at_order("terms", **wish)
    assert found["allowed"] and found["remedies"][0]["remedy"] == "refund_only"
    assert (await talk.at_order("offer", **wish))[0] == 200
    assert [one.title for one in (await talk.lines())[-1].buttons] == [found["remedies"][0]["text"]]
    first = found["remedies"][0]
    wrong = {**wish, "remedy": first["remedy"], "refund_fen": first["refund_fen"] + 1}
    status, answer = await talk.at_order("return", **wrong)
    assert (status, answer["error"]["code"]) == (409, "refund_changed")
    right = {**wrong, "refund_fen": first["refund_fen"]}
    status, case = await talk.at_order("return", **right)
    assert (status, case["status"]) == (200, "opened")
    status, done = await talk.desk.at(
        talk.id,
        f"cases/{case['case_id']}",
        id="s1",
        status="refunded",
        refund_fen=case["refund_fen"],
    )
    assert (status, done["status_text"]) == (200, "已退款")
    assert "退款办好了" in (await talk.lines())[-1].text


async def test_a_refund_above_the_limit_is_left_as_it_was(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down)
    await talk.pay()
    shop = server.app[keys.SHOP]
    await shop.cancel_order(
        talk.number, Access(buyer_id=talk.buyer_id), reason="不要了", request_id="x"
    )
    case = (await talk.beside())["cases"][0]
    limit = (await talk.beside())["limits"]["refund_fen"]
    status, answer = await talk.desk.at(
        talk.id,
        f"cases/{case['case_id']}",
        id="s1",
        status="refunded",
        refund_fen=case["refund_fen"],
    )
    beyond = case["refund_fen"] > limit
    assert status == (403 if beyond else 200), answer
    kept = (await talk.beside())["cases"][0]["status"]
    assert kept == ("opened" if beyond else "refunded")


async def test_a_remark_is_for_colleagues_alone(server: Server, sit_down: SitDown) -> None:
    talk = await taken(server, sit_down)
    status, told = await talk.at_order("remarks", text="易碎，多包一层")
    assert (status, told[0]["text"]) == (200, "易碎，多包一层")
    assert (await talk.beside())["orders"][0]["remarks"][0]["agent"] == "小李"
    assert "易碎" not in str([one.for_buyer() for one in await talk.lines()])


async def test_cards_go_to_the_buyer(server: Server, sit_down: SitDown) -> None:
    talk = await taken(server, sit_down)
    assert (await talk.at_order("card"))[0] == 200
    assert (await talk.desk.at(talk.id, "products/boot-qiyun/card", id="k1"))[0] == 200
    kinds = [one.card["type"] for one in await talk.lines() if one.card]
    assert kinds == ["order", "product"]
    status, answer = await talk.desk.at(talk.id, "products/nothing/card", id="k2")
    assert (status, answer["error"]["code"]) == (404, "unknown_product")


async def test_a_buyers_attributes_are_changed_and_forgotten(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down)
    await talk.desk.at(talk.id, "attributes", height_cm="165")
    attributes = (await talk.beside())["buyer"]["attributes"]
    assert attributes == [{"name": "height_cm", "label": "身高（厘米）", "value": "165"}]
    await talk.desk.at(talk.id, "attributes", height_cm="")
    assert (await talk.beside())["buyer"]["attributes"] == []
    assert (await talk.desk.at(talk.id, "attributes", shoe="1"))[0] == 422


@pytest.mark.parametrize(
    ("name", "written", "stored", "shown"),
    [
        ("fit", "宽松", "loose", "宽松"),
        ("foot_shape", "脚宽，脚背高", "wide,high_instep", "脚宽、脚背高"),
        ("height_cm", "165厘米", "165", "165"),
        ("weight_kg", "52.5 KG", "52.5", "52.5"),
        ("use", "爬山、露营", "爬山、露营", "爬山、露营"),
        ("fit", "随便", None, None),
        ("height_cm", "一米六", None, None),
        ("foot_mm", "1.2.3", None, None),
    ],
)
async def test_an_agent_writes_attributes_in_words_and_the_bot_can_reckon_with_them(
    server: Server, sit_down: SitDown, name: str, written: str, stored: str, shown: str
) -> None:
    talk = await taken(server, sit_down)
    status, _ = await talk.desk.at(talk.id, "attributes", **{name: written})
    buyer = await server.app[keys.SHOP].buyer(talk.buyer_id)
    assert (buyer.attribute(name) if buyer else None) == stored
    assert status == (200 if stored else 422)
    if stored:
        assert (await talk.beside())["buyer"]["attributes"][0]["value"] == shown


async def test_no_deed_is_done_in_a_talk_that_is_not_the_agents(
    server: Server, sit_down: SitDown
) -> None:
    talk = await taken(server, sit_down)
    other = await sit_down("小王")
    total = await talk.total()
    deeds: dict[str, dict[str, Any]] = {
        f"orders/{talk.number}/price": {"total_fen": total - 1, "seen_fen": total},
        f"orders/{talk.number}/address": {"address": "x", "total_fen": total},
        f"orders/{talk.number}/card": {},
        f"orders/{talk.number}/terms": {"line_id": "1", "reason": "size"},
        f"orders/{talk.number}/offer": {"line_id": "1", "reason": "size"},
        f"orders/{talk.number}/return": {"line_id": "1", "reason": "size"},
        "coupon": {"code": "x"},
        "products/boot-qiyun/card": {},
        "cases/TH1": {"status": "refunded"},
    }
    for path, body in deeds.items():
        status, answer = await other.at(talk.id, path, id="i1", **body)
        assert (status, answer["error"]["code"]) == (409, "not_yours"), path


async def test_no_deed_reaches_another_buyers_order(server: Server, sit_down: SitDown) -> None:
    talk = await taken(server, sit_down)
    foreign = "orders/6802000000000401"
    for deed in ("card", "reveal", "remarks", "price", "address", "terms"):
        body = {"id": "i", "text": "x", "total_fen": 1, "seen_fen": 1, "address": "x"}
        body |= {"line_id": "1", "reason": "size"}
        status, answer = await talk.desk.at(talk.id, f"{foreign}/{deed}", **body)
        assert (status, answer["error"]["code"]) == (404, "unknown_order"), deed


async def test_deeds_leave_a_row(server: Server, sit_down: SitDown) -> None:
    talk = await taken(server, sit_down, Role.OWNER)
    total = await talk.total()
    await talk.at_order("price", total_fen=total - 100, seen_fen=total)
    await talk.at_order("card")
    await talk.at_order("remarks", text="x")
    _, log = await talk.desk.get("audit")
    assert [one["deed"] for one in log][:3] == ["remark", "card", "price"]
    assert "改到" in log[2]["about"]


async def _frames(desk: Desk, session: ClientSession) -> Any:
    origin = {"Origin": desk.address}
    return await session.ws_connect(f"{desk.address}/api/desk/socket", headers=origin)


async def _next(ws: Any, kind: str) -> Any:
    while True:
        frame = await asyncio.wait_for(ws.receive_json(), 60)
        if frame["type"] == kind:
            return frame


async def test_who_looks_is_told_and_forgotten(server: Server, sit_down: SitDown) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    opened = await waiting(server)
    mine, other = await _frames(lee, lee.client), await _frames(wang, wang.client)
    await other.send_json({"type": "looking", "conversation_id": opened})
    assert (await _next(other, "looking"))["agents"] == ["小王"]
    await mine.send_json({"type": "looking", "conversation_id": opened})
    assert (await _next(other, "looking"))["agents"] == ["小李", "小王"]
    await mine.send_json({"type": "looking", "conversation_id": "of nobody"})
    assert (await _next(other, "looking"))["agents"] == ["小王"]
    await mine.send_json({"type": "looking", "conversation_id": opened})
    assert (await _next(other, "looking"))["agents"] == ["小李", "小王"]
    await mine.close()
    assert (await _next(other, "looking"))["agents"] == ["小王"]
    for broken in ("[", '{"type": "looking", "conversation_id": 1}'):
        await other.send_str(broken)
        assert (await _next(other, "pong"))["type"] == "pong"
    await other.close()
