"""Sessions of the chat page, its history, the demo shop front, and who may call from where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.channels import keys
from bot.database import DatabaseUnavailable
from tests.house.server import Server
from tests.support.house import Clock

ELSEWHERE = {"Origin": "https://other.example"}


async def test_somebody_new_gets_a_token_and_a_greeting(server: Server) -> None:
    opened = await server.session()
    assert not opened["signed_in"]
    assert opened["shop"]["greeting"] == server.settings.shop.greeting.first
    assert opened["messages"] == []


async def test_the_token_leads_back_to_the_conversation_and_its_messages(server: Server) -> None:
    first = await server.session()
    await server.receive(first["conversation_id"], "在吗")
    again = await server.session(token=first["token"])
    assert again["conversation_id"] == first["conversation_id"]
    assert [message["text"] for message in again["messages"]] == ["在吗"]


async def test_a_known_buyer_is_greeted_by_name(server: Server) -> None:
    opened = await server.session(token=await server.buyer_token())
    assert opened["signed_in"]
    assert "又见面" in opened["shop"]["greeting"]


async def test_a_token_that_ran_out_opens_as_somebody_new(server: Server) -> None:
    opened = await server.session(token="e30.e30.e30")
    assert opened["token"] != "e30.e30.e30"


async def test_at_night_the_notice_says_when_people_are_back(server: Server, clock: Clock) -> None:
    clock.now = Clock.today("23:30", server.settings).now
    shop = (await server.session())["shop"]
    assert not shop["is_open"]
    assert "明天" in shop["notice"]


async def test_history_goes_back_page_by_page(server: Server) -> None:
    opened = await server.session()
    for number in range(60):
        await server.receive(opened["conversation_id"], str(number))
    headers = {"Authorization": f"Bearer {opened['token']}"}
    answer = await server.client.get("/api/chat/history?before=11", headers=headers)
    assert [one["seq"] for one in (await answer.json())["messages"]] == [*range(1, 11)]


@pytest.mark.parametrize("before", ["", "x", "-1", "²", "１", "1e3", "9" * 30])
async def test_a_wrong_page_number_is_refused(server: Server, before: str) -> None:
    headers = {"Authorization": f"Bearer {(await server.session())['token']}"}
    answer = await server.client.get(
        "/api/chat/history", params={"before": before}, headers=headers
    )
    assert answer.status == 422


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x", "Basic x", "Bearer \xff"])
async def test_history_needs_a_token(server: Server, authorization: str) -> None:
    headers = {"Authorization": authorization}
    answer = await server.client.get("/api/chat/history?before=5", headers=headers)
    assert answer.status == 401


async def test_nobody_becomes_a_visitor_or_a_stranger_by_demo_login(server: Server) -> None:
    for buyer_id in ("visitor:x", "nobody", ""):
        answer = await server.client.post("/api/chat/demo/login", json={"buyer_id": buyer_id})
        assert answer.status == 404


@pytest.mark.parametrize("path", ["buyers", "login", "order", "pay"])
async def test_without_the_demo_its_doors_are_not_there(
    open_server: Callable[..., Any], path: str
) -> None:
    server = await open_server(demo=False)
    method = "GET" if path == "buyers" else "POST"
    answer = await server.client.request(method, f"/api/chat/demo/{path}", json={})
    assert answer.status == 404


async def test_another_buyers_order_is_not_shown_for_paying(server: Server) -> None:
    visitor = (await server.session())["token"]
    codes = set()
    for number in ("20260101000001", "no such order"):
        answer = await server.client.post(
            "/api/chat/demo/pay", json={"order_number": number, "token": visitor}
        )
        codes.add((answer.status, (await answer.json())["error"]["code"]))
    assert codes == {(404, "unknown_order")}


async def test_the_shop_window_shows_everything_and_no_floor(server: Server) -> None:
    answer = await server.client.get("/api/chat/products")
    tiles = await answer.json()
    assert len(tiles) >= 24
    assert "floor" not in await answer.text()
    one = await server.client.get(f"/api/chat/products/{tiles[0]['product_id']}")
    assert "floor" not in await one.text()
    assert (await one.json())["name"] == tiles[0]["name"]


async def test_pages_of_any_origin_may_chat(server: Server) -> None:
    answer = await server.client.options("/api/chat/session", headers=ELSEWHERE)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    answer = await server.client.post("/api/chat/session", json={}, headers=ELSEWHERE)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_refusal_can_be_read_from_any_origin_too(server: Server) -> None:
    answer = await server.client.get("/api/chat/history?before=1", headers=ELSEWHERE)
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (401, "*")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("OPTIONS", "/api/desk/login"),
        ("GET", "/api/desk/me"),
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/"),
    ],
)
async def test_nothing_else_crosses_origins(server: Server, method: str, path: str) -> None:
    answer = await server.client.request(method, path, headers=ELSEWHERE)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/chat/nothing", 404), ("DELETE", "/api/chat/session", 405)],
)
async def test_unknown_addresses_have_the_one_error_shape(
    server: Server, method: str, path: str, status: int
) -> None:
    answer = await server.client.request(method, path)
    assert answer.status == status
    assert set((await answer.json())["error"]) == {"code", "message"}


async def test_a_fault_of_ours_is_told_without_its_message(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("13800138000")

    monkeypatch.setattr(server.app[keys.CONVERSATIONS], "open", broken)
    answer = await server.client.post("/api/chat/session", json={})
    assert answer.status == 500
    assert "13800138000" not in await answer.text()


async def test_an_unavailable_database_is_a_503(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(server.database, "run", down)
    answer = await server.client.post("/api/chat/session", json={})
    assert (answer.status, (await answer.json())["error"]["code"]) == (503, "unavailable")


async def test_the_house_says_that_it_lives_and_is_ready(server: Server) -> None:
    assert (await server.client.get("/healthz")).status == 200
    ready = await server.client.get("/readyz")
    assert await ready.json() == {"status": "ready", "model": "scripted"}


async def test_without_its_database_the_house_lives_but_is_not_ready(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(server.database, "run", down)
    assert (await server.client.get("/healthz")).status == 200
    assert (await server.client.get("/readyz")).status == 503


async def test_an_old_link_leads_back_to_the_shop(server: Server) -> None:
    answer = await server.client.get("/goods/last-year")
    page = await answer.text()
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "没有找到这个页面" in page
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert 'href="../"' in page  # seen from /goods/…, under whatever path the house stands


async def test_a_product_that_is_gone_has_no_page(server: Server) -> None:
    answer = await server.client.get("/p/boot-of-last-year")
    page = await answer.text()
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "没有找到这件商品" in page and "<h1>" in page and "<main>" in page
    assert (await server.client.get("/p/boot-qiyun")).status == 200


async def test_a_page_that_is_only_read_says_so(server: Server) -> None:
    answer = await server.client.post("/desk")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
    assert "链接可能旧了" not in await answer.text()


async def test_an_unknown_address_of_the_api_answers_programs(server: Server) -> None:
    answer = await server.client.get("/api/last-year")
    assert answer.status == 404
    assert (await answer.json())["error"]["code"] == "not_found"
