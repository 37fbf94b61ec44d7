"""Offered questions and living order cards over HTTP: the buyer's own orders, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels import keys
from bot.conversations import clicks
from bot.settings import Settings
from bot.shop.words.dealing import ReturnStatus
from bot.shop_settings import Payment
from tests.house.server import Server
from tests.support.house import Clock

UNPAID = "6802000000000201"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def token_of(server: Server, buyer_id: str) -> str:
    answer = await server.client.post("/api/chat/demo/login", json={"buyer_id": buyer_id})
    return str((await answer.json())["token"])


async def offered(server: Server, token: str, query: str = "") -> list[str]:
    answer = await server.client.get(f"/api/chat/questions{query}", headers=bearer(token))
    assert answer.status == 200
    return [one["id"] for one in (await answer.json())["questions"]]


async def unpaid_order(server: Server) -> tuple[str, str]:
    """The number of an order that waits for its payment, and its buyer."""
    buyers = await (await server.client.get("/api/chat/demo/buyers")).json()
    for buyer in buyers:
        for order in await server.app[keys.SHOP].orders_of(buyer["buyer_id"]):
            if order.status.value == "awaiting_payment":
                return order.number, buyer["buyer_id"]
    pytest.fail("the demo shop has no unpaid order any more")


async def test_a_buyer_whose_parcel_is_stuck_is_offered_that_first(server: Server) -> None:
    token = await token_of(server, "buyer-jimo")
    assert (await offered(server, token))[0] == "parcel_late"


async def test_a_visitor_on_a_shoes_page_is_offered_its_size(server: Server) -> None:
    token = (await server.session())["token"]
    assert (await offered(server, token, "?product_id=boot-qiyun"))[0] == "which_size"
    assert "which_size" not in await offered(server, token)


async def test_what_stays_at_hand_comes_with_every_page_and_every_answer(server: Server) -> None:
    token = await token_of(server, "buyer-jimo")
    opened = await server.session(token=token)
    at_hand = {one["title"]: one for one in opened["shortcuts"]}
    assert at_hand["查快递"]["id"] == "parcel_late"
    assert [title for title, one in at_hand.items() if one["fetches_person"]] == ["找人工"]
    socket = await server.connect(token)
    pressed = {"type": "send", "id": "q", "kind": "question", "question": at_hand["查快递"]["id"]}
    await socket.ws.send_json(pressed)
    await server.engine.heard_turns(1)
    (said,) = server.engine.heard[0]
    assert said.payload is not None and said.payload.intent == "logistics_delay"
    assert said.payload.entities["order_number"]
    assert (await server.session(token=token))["shortcuts"] == opened["shortcuts"]
    answer = await server.client.get(
        "/api/chat/questions?product_id=boot-qiyun", headers=bearer(token)
    )
    titles = [one["title"] for one in (await answer.json())["shortcuts"]]
    assert "看尺码" in titles and "看尺码" not in at_hand


async def test_what_the_sheet_of_the_goods_in_view_tells_is_offered_and_asked(
    server: Server,
) -> None:
    session = await server.session(product_id="boot-qiyun")
    facts = [one for one in session["questions"] if one["id"].startswith("fact.")]
    sheet = dict((await server.app[keys.SHOP].product("boot-qiyun")).sheet)  # type: ignore[union-attr]
    assert len(facts) == 2 and all(one["id"].removeprefix("fact.") in sheet for one in facts)
    assert "price" in [one["id"] for one in session["questions"]]
    socket = await server.connect(session["token"])
    await socket.ws.send_json(
        {"type": "send", "id": "q", "kind": "question", "question": facts[0]["id"]}
    )
    await server.engine.heard_turns(1)
    said = server.engine.heard[0][0]
    assert said.text == facts[0]["text"]
    assert said.payload is not None and said.payload.entities == {"product": "boot-qiyun"}


async def test_a_sheets_question_is_nobodys_without_its_product(server: Server) -> None:
    socket = await server.connect()
    await socket.ws.send_json(
        {"type": "send", "id": "q", "kind": "question", "question": "fact.material"}
    )
    assert (await socket.until("error", id="q"))["error"]["code"] == "unknown_question"


async def test_all_of_them_are_there_for_completing(server: Server) -> None:
    token = (await server.session())["token"]
    answer = await server.client.get("/api/chat/questions?all=1", headers=bearer(token))
    every = [one["text"] for one in (await answer.json())["all"]]
    assert "怎么退换货" in every and "我要退货" not in every  # nothing was bought


async def test_a_pressed_question_is_sure_and_about_its_order(server: Server) -> None:
    token = await token_of(server, "buyer-jimo")
    socket = await server.connect(token)
    await socket.ws.send_json(
        {"type": "send", "id": "q", "kind": "question", "question": "parcel_late"}
    )
    assert (await socket.said_by("buyer"))["text"] == "我的快递怎么还没到"
    await server.engine.heard_turns(1)
    payload = server.engine.heard[0][0].payload
    assert payload is not None and payload.intent == "logistics_delay"
    assert payload.entities["order_number"]


async def test_a_cards_button_is_about_its_product(server: Server) -> None:
    socket = await server.connect()
    frame = {"type": "send", "id": "q", "kind": "question", "question": "buy_it"}
    await socket.ws.send_json({**frame, "product_id": "boot-qiyun"})
    await server.engine.heard_turns(1)
    said = server.engine.heard[0][0]
    assert said.payload is not None and said.payload.entities == {"product": "boot-qiyun"}
    assert said.payload.intent == "place_order" and "我要这款（" in said.text


async def test_an_unknown_question_is_refused_kindly(server: Server) -> None:
    socket = await server.connect()
    await socket.ws.send_json({"type": "send", "id": "q", "kind": "question", "question": "no"})
    error = await socket.until("error", id="q")
    assert error["error"]["code"] == "unknown_question"


async def test_the_share_of_clicks_is_counted(server: Server) -> None:
    session = await server.session()
    socket = await server.connect(session["token"])
    await socket.ws.send_json(
        {"type": "send", "id": "a", "kind": "question", "question": "postage"}
    )
    await socket.said_by("bot")
    await socket.send("那好吧")
    await socket.said_by("bot")
    since = server.app[keys.CLOCK]() - timedelta(days=1)
    counted = await server.database.run(clicks.counted, since)
    assert (counted.lines, counted.buttons, counted.questions) == (2, 0, 1)
    assert counted.share == 0.5


async def test_a_card_is_renewed_for_its_buyer_alone(server: Server) -> None:
    number, buyer_id = await unpaid_order(server)
    body = {"numbers": [number]}
    token = await token_of(server, buyer_id)
    answer = await server.client.post("/api/chat/orders", json=body, headers=bearer(token))
    state = (await answer.json())["orders"][0]
    assert (state["number"], state["status_text"]) == (number, "待付款")
    stranger = (await server.session())["token"]
    answer = await server.client.post("/api/chat/orders", json=body, headers=bearer(stranger))
    assert (await answer.json())["orders"] == []


async def test_a_return_card_is_renewed_for_its_buyer_alone(server: Server) -> None:
    shop = server.app[keys.SHOP]
    buyers = await (await server.client.get("/api/chat/demo/buyers")).json()
    found = [
        (buyer["buyer_id"], case)
        for buyer in buyers
        for case in await shop.returns_of(buyer["buyer_id"])
        if case.status is ReturnStatus.OPENED and case.send_to
    ]
    buyer_id, case = found[0]
    body = {"numbers": [], "cases": [case.case_id, "R-of-nobody"]}

    async def told(token: str) -> list[dict[str, Any]]:
        answer = await server.client.post("/api/chat/orders", json=body, headers=bearer(token))
        cases: list[dict[str, Any]] = (await answer.json())["cases"]
        return cases

    token = await token_of(server, buyer_id)
    assert await told(token) == [
        {
            "case_id": case.case_id,
            "status": "opened",
            "status_text": "等待寄回",
            "send_to": case.send_to,
        }
    ]
    await shop.withdraw_return(case.case_id, buyer_id=buyer_id, request_id="enough")
    (now,) = await told(token)
    assert (now["status_text"], now["send_to"]) == ("已撤销", "")
    assert await told((await server.session())["token"]) == []


async def test_the_pay_address_opens_this_order_without_the_buyers_token(
    server: Server, clock: Clock
) -> None:
    number, buyer_id = await unpaid_order(server)
    token = await token_of(server, buyer_id)
    answer = await server.client.post(
        "/api/chat/orders", json={"numbers": [number]}, headers=bearer(token)
    )
    ticket = (await answer.json())["orders"][0]["pay_url"].partition("#ticket=")[2]
    paid = await server.client.post(
        "/api/chat/demo/pay", json={"order_number": number, "ticket": ticket}
    )
    told = await paid.json()
    assert told.get("status") == "paid", told
    other = {"order_number": f"{number[:-1]}9", "ticket": ticket}
    assert (await server.client.post("/api/chat/demo/order", json=other)).status == 401
    opened = await server.session(token=ticket)
    assert not opened["signed_in"]  # a ticket is no token
    clock.forward(timedelta(minutes=31))
    late = {"order_number": number, "ticket": ticket}
    assert (await server.client.post("/api/chat/demo/order", json=late)).status == 401


@pytest.mark.parametrize(
    ("payment", "way"),
    [
        (Payment(), {"pay_text": "请回商城的订单页付款"}),
        (Payment(words="加微信付款"), {"pay_text": "加微信付款"}),
        (
            Payment(link="https://m.example.com/pay?id={number}"),
            {"pay_url": "https://m.example.com/pay?id={number}"},
        ),
    ],
)
async def test_without_the_demo_the_owners_way_to_pay_is_told(
    payment: Payment,
    way: dict[str, str],
    open_server: Callable[..., Any],
    house_settings: Settings,
) -> None:
    server: Server = await open_server(
        demo=False, shop=replace(house_settings.shop, payment=payment)
    )
    demo: Server = await open_server()
    number, buyer_id = await unpaid_order(demo)
    token = server.app[keys.TOKENS].for_buyer(buyer_id, server.app[keys.CLOCK]())
    answer = await server.client.post(
        "/api/chat/orders", json={"numbers": [number]}, headers=bearer(token)
    )
    state = (await answer.json())["orders"][0]
    filled = {name: value.replace("{number}", number) for name, value in way.items()}
    assert {name: state[name] for name in state if name.startswith("pay_")} == filled


async def test_a_buyers_moving_orders_are_tiles_before_the_first_word(server: Server) -> None:
    number, buyer_id = await unpaid_order(server)
    session = await server.session(token=await token_of(server, buyer_id))
    tile = next(one for one in session["orders"] if one["number"] == number)
    assert tile["status_text"] == "待付款" and tile["name"] and tile["pieces"] >= 1
    assert (await server.session())["orders"] == []  # a visitor's


async def test_a_pressed_tile_is_about_that_order_and_ones_own_alone(server: Server) -> None:
    number, buyer_id = await unpaid_order(server)
    socket = await server.connect(await token_of(server, buyer_id))
    await socket.ws.send_json({"type": "send", "id": "t", "kind": "order", "number": number})
    await server.engine.heard_turns(1)
    payload = server.engine.heard[0][0].payload
    assert payload is not None and payload.intent == "order_status"
    assert payload.entities == {"order_number": number}
    stranger = await server.connect()
    await stranger.ws.send_json({"type": "send", "id": "t", "kind": "order", "number": number})
    assert (await stranger.until("error", id="t"))["error"]["code"] == "unknown_order"


async def test_a_product_that_the_buyer_shows_is_a_card(server: Server) -> None:
    socket = await server.connect()
    await socket.ws.send_json(
        {"type": "send", "id": "p", "kind": "product", "product_id": "boot-qiyun"}
    )
    said = await socket.said_by("buyer")
    assert said["kind"] == "card" and said["card"]["type"] == "product"
    assert said["card"]["product_id"] == "boot-qiyun" and said["card"]["has_sizes"]
    assert said["text"].startswith("[商品] ")  # what programs without cards show


async def test_at_night_a_word_for_people_is_offered(server: Server, clock: Clock) -> None:
    token = (await server.session())["token"]
    assert "leave_word" not in await offered(server, token)
    clock.forward(timedelta(hours=12))
    assert (await offered(server, token))[0] == "leave_word"
