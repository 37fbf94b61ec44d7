"""The JSON API at its edges: token, bad bodies, one error shape, and a backend that misbehaves."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from jsonschema import Draft4Validator

from bot.shop.wire.api import routes
from bot.shop.wire.api_document import FILE, render
from bot.shop.wire.endpoints import ENDPOINTS, ROOT
from bot.shop.wire.faults import FAULTS, body_of, error_from, fault_of
from bot.shop.wire.remote import RemoteShop
from bot.shop.words.dealing import Access, Offer
from bot.shop.words.errors import OutOfStock, ShopUnavailable, WrongMoment
from bot.shop.words.port import Shop
from tests.shop.conftest import TOKEN, House, served

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest_asyncio.fixture
async def api(house: House) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    async with served(house.shop) as base, aiohttp.ClientSession() as session:
        yield session, base + ROOT


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Bearer"}],
)
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.verb)
async def test_every_endpoint_demands_the_token(
    api: tuple[aiohttp.ClientSession, str], endpoint: Any, headers: dict[str, str]
) -> None:
    session, root = api
    async with session.request(endpoint.method, root + endpoint.path, headers=headers) as answer:
        assert answer.status == 401
        assert (await answer.json())["error"]["code"] == "unauthorised"


BARGAIN = {"buyer_id": "b", "quantity": 1, "ask_fen": None, "request_id": "r"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        "null",
        json.dumps({}),
        json.dumps({**BARGAIN, "quantity": "1"}),
        json.dumps({**BARGAIN, "quantity": True}),
        json.dumps({**BARGAIN, "quantity": None}),
        json.dumps({**BARGAIN, "ask_fen": 1.5}),
        json.dumps({**BARGAIN, "floor_fen": 1}),
        json.dumps({**BARGAIN, "buyer_id": {"$ne": ""}}),
        json.dumps({**BARGAIN, "buyer_id": "b" * 70000}),
        b"\xff\xfe",
    ],
)
async def test_a_bad_body_is_a_bad_request(
    api: tuple[aiohttp.ClientSession, str], body: str | bytes
) -> None:
    session, root = api
    url = f"{root}/products/boot-qiyun/offers"
    async with session.post(url, data=body, headers=HEADERS) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["code"] == "bad_request"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/orders/6802000000000401/lines/1/return-terms", {"reason": "because"}),
        ("/order-quotes", {"wanted": [], "buyer_id": "b", "receiver": {}}),
        ("/orders/6802000000000401/reading", {"access": {"buyer_id": "buyer-daxiong"}}),
    ],
)
async def test_nothing_wrong_ends_in_a_server_error(
    api: tuple[aiohttp.ClientSession, str], path: str, body: dict[str, Any]
) -> None:
    session, root = api
    body = {"access": {"buyer_id": "buyer-lulu"}, **body}
    if path == "/order-quotes":
        del body["access"]
    async with session.post(root + path, json=body, headers=HEADERS) as answer:
        assert answer.status in (200, 400, 404)


@pytest.mark.parametrize("quantity", [0, -1, 1000])
async def test_an_impossible_quantity_is_a_bad_request(
    api: tuple[aiohttp.ClientSession, str], quantity: int
) -> None:
    session, root = api
    line = {"product_id": "tee-sugan", "colour": "黑色", "size": "L", "quantity": quantity}
    body = {"wanted": [line], "buyer_id": "b", "receiver": {}}
    async with session.post(f"{root}/order-quotes", json=body, headers=HEADERS) as answer:
        assert answer.status == 400


class _Broken:
    def __getattr__(self, verb: str) -> Any:
        async def fail(**values: Any) -> None:
            raise RuntimeError("secret inside")

        return fail


async def test_a_broken_verb_tells_nothing_of_its_inside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken: Any = _Broken()
    async with (
        served(broken) as base,
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.get(f"{base}{ROOT}/promotions") as answer,
    ):
        assert answer.status == 500
        assert "secret" not in await answer.text()
    assert "promotions failed" in caplog.text


def test_an_api_without_a_token_does_not_start(house: House) -> None:
    with pytest.raises(ValueError, match="token"):
        routes(house.shop, token="")


def test_every_verb_of_the_port_has_an_endpoint() -> None:
    verbs = {name for name, _ in inspect.getmembers(Shop, inspect.isfunction) if name[0] != "_"}
    assert {endpoint.verb for endpoint in ENDPOINTS} == verbs - {"__init__"}


def test_every_fault_comes_back_as_itself() -> None:
    from bot.shop.words.dealing import WantedLine

    wanted = WantedLine(product_id="p", colour="黑色", size="40")
    for error in (OutOfStock(wanted, 2), WrongMoment("shipped")):
        fault = fault_of(error)
        back = error_from(body_of(fault.code, fault.message, fault.details(error)))
        assert type(back) is type(error) and vars(back) == vars(error)
    assert len({fault.code for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"error": None}, {"error": {"code": "?"}},
     {"error": {"code": "out_of_stock"}}, {"error": {"code": "wrong_moment", "details": []}}],
)  # fmt: skip
def test_an_error_nobody_can_read_means_unavailable(body: Any) -> None:
    assert isinstance(error_from(body), ShopUnavailable)


async def _call(answer: web.Response | None, time_limit: float = 0.3) -> None:
    async def view(request: web.Request) -> web.Response:
        if answer is None:
            await asyncio.sleep(1)
        return answer or web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", view)
    server = TestServer(app)
    await server.start_server()
    try:
        async with RemoteShop(str(server.make_url("")), TOKEN, time_limit=time_limit) as shop:
            await shop.standing_offer("p", buyer_id="b")
    finally:
        await server.close()


@pytest.mark.parametrize(
    "answer",
    [
        None,  # too slow
        web.Response(text="<html>"),
        web.json_response({"unit_price_fen": 1}),
        web.json_response([1, 2]),
        web.json_response({"error": {}}, status=502),
        web.Response(status=302, headers={"Location": "http://elsewhere.example/"}),
    ],
    ids=["slow", "html", "wrong shape", "list", "gateway", "redirect"],
)
async def test_a_backend_that_misbehaves_is_unavailable(answer: web.Response | None) -> None:
    with pytest.raises(ShopUnavailable):
        await _call(answer)


async def test_a_backend_that_is_not_there_is_unavailable() -> None:
    async with RemoteShop("http://127.0.0.1:1", TOKEN) as shop:
        with pytest.raises(ShopUnavailable):
            await shop.order("1", Access(buyer_id="b"))


async def test_a_strange_buyer_id_stays_one_part_of_the_path(house: House) -> None:
    async with served(house.shop) as base, RemoteShop(base, TOKEN) as shop:
        strange = "visitor:/../?a=b&c#ü 中文%2F"
        given: Offer = await shop.bargain(
            "boot-qiyun", buyer_id=strange, quantity=1, ask_fen=None, request_id="r"
        )
        held = await shop.standing_offer("boot-qiyun", buyer_id=strange)
        assert held is not None and held.value_text == given.value_text


# -- the OpenAPI page


def test_the_page_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == render(), "run: python -m bot.shop.wire.api_document"


def test_the_page_has_exactly_the_served_routes(house: House) -> None:
    page = yaml.safe_load(FILE.read_text("utf-8"))
    written = {(m.upper(), ROOT + path) for path, ms in page["paths"].items() for m in ms}
    served_routes = {
        (route.method, route.path.replace(":[^/]+", ""))
        for route in routes(house.shop, token=TOKEN)
    }
    assert written == served_routes


def test_the_page_is_valid_openapi() -> None:
    # The validator's code wants a newer jsonschema than Rasa allows; its schema does not.
    spec = importlib.util.find_spec("openapi_spec_validator")
    assert spec is not None and spec.origin is not None
    schema = Path(spec.origin).parent / "resources" / "schemas" / "v3.0" / "schema.json"
    page = yaml.safe_load(FILE.read_text("utf-8"))
    errors = list(Draft4Validator(json.loads(schema.read_text("utf-8"))).iter_errors(page))
    assert errors == []


def test_the_page_refers_to_nothing_that_is_missing() -> None:
    page = yaml.safe_load(FILE.read_text("utf-8"))

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if "$ref" in node else []
            return own + [ref for value in node.values() for ref in references(value)]
        if isinstance(node, list):
            return [ref for value in node for ref in references(value)]
        return []

    for reference in set(references(page)):
        at: Any = page
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]
        assert at


async def test_answers_have_the_shapes_the_page_promises(
    api: tuple[aiohttp.ClientSession, str],
) -> None:
    page = yaml.safe_load(FILE.read_text("utf-8"))
    session, root = api
    access = {"access": {"buyer_id": "buyer-lulu"}}
    calls = [
        ("GET", "/products/boot-qiyun", None, "Product"),
        ("POST", "/orders/6802000000000401/reading", access, "Order"),
        ("POST", "/products/boot-qiyun/offers", BARGAIN, "Offer"),
        ("GET", "/buyers/buyer-laoqi", None, "Buyer"),
        ("POST", "/postage-quotes", {"region": "拉萨"}, "PostageQuote"),
    ]
    for method, path, body, name in calls:
        async with session.request(method, root + path, json=body, headers=HEADERS) as answer:
            value = await answer.json()
        schema = page["components"]["schemas"][name]
        assert set(value) == set(schema["properties"])
        assert set(schema.get("required", ())) <= set(value)
