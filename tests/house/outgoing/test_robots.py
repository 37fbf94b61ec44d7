"""Groups' robots against a server that checks what comes as their makers describe it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.alert_settings import AlertKind, AlertTarget
from bot.outgoing.delivery import Delivery, NotNow, Refused
from bot.outgoing.robots import AlertDoor

NOW = datetime(2027, 3, 1, 4, 0, tzinfo=timezone.utc)
SECRET = "SEC0123456789abcdef"
TEXT = "【客服台】1 位买家在等人工。"


def digest(key: str, message: str) -> str:
    found = hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(found).decode()


class Makers:
    """The three makers' servers, each strict about what it is said to be strict about."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.busy = False

    async def dingtalk(self, request: web.Request) -> web.Response:
        stamp, sign = request.query["timestamp"], request.query["sign"]
        is_now = abs(int(stamp) - NOW.timestamp() * 1000) < 3_600_000
        if request.query["access_token"] != "token" or not is_now:
            return web.json_response({"errcode": 300001, "errmsg": "token is not exist"})
        if sign != digest(SECRET, f"{stamp}\n{SECRET}"):
            return web.json_response({"errcode": 310000, "errmsg": "sign not match"})
        if self.busy:
            return web.json_response({"errcode": 130101, "errmsg": "send too fast"})
        body = await request.json()
        assert body["msgtype"] == "text"
        self.said.append(body["text"]["content"])
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def feishu(self, request: web.Request) -> web.Response:
        body = await request.json()
        is_now = abs(int(body["timestamp"]) - NOW.timestamp()) < 3600
        if not is_now or body["sign"] != digest(f"{body['timestamp']}\n{SECRET}", ""):
            return web.json_response({"code": 19021, "msg": "sign match fail"})
        if self.busy:
            return web.json_response({"code": 11232, "msg": "frequency limited"})
        assert body["msg_type"] == "text"
        self.said.append(body["content"]["text"])
        return web.json_response({"code": 0, "msg": "success", "data": {}})

    async def wecom(self, request: web.Request) -> web.Response:
        if request.query["key"] != "token":
            return web.json_response({"errcode": 93000, "errmsg": "invalid webhook url"})
        if self.busy:
            return web.json_response({"errcode": 45009, "errmsg": "api freq out of limit"})
        body = await request.json()
        assert body["msgtype"] == "text"
        self.said.append(body["text"]["content"])
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def webhook(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), request.headers
        message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body.decode()}"
        if headers["webhook-signature"] != f"v1,{digest(SECRET, message)}":
            raise web.HTTPUnauthorized
        if self.busy:
            raise web.HTTPServiceUnavailable
        self.said.append(json.loads(body)["text"])
        return web.Response(text="taken")

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(text="<html>not a robot</html>", content_type="text/html")


ADDRESSES = {
    AlertKind.DINGTALK: "/dingtalk?access_token=token",
    AlertKind.FEISHU: "/feishu",
    AlertKind.WECOM: "/wecom?key=token",
    AlertKind.WEBHOOK: "/webhook",
}


class World:
    def __init__(
        self, makers: Makers, server: BaseTestServer, session: aiohttp.ClientSession
    ) -> None:
        self.makers, self._server, self._session = makers, server, session

    async def tell(self, kind: AlertKind, *, secret: str = SECRET, path: str = "") -> str:
        url = str(self._server.make_url("")).rstrip("/") + (path or ADDRESSES[kind])
        target = AlertTarget(kind=kind, url=url, secret=secret)
        door = AlertDoor(self._session, {"群": target}, lambda: NOW)
        return await door.deliver(delivery())


def delivery(**changed: Any) -> Delivery:
    usual: dict[str, Any] = {
        "delivery_id": 1, "door": "alert", "target": "群", "key": "waiting/7", "buyer_id": "",
        "body": {"type": "desk.waiting", "data": {"waiting": 1}, "text": TEXT},
        "created_at": NOW, "expires_at": None, "attempts": 1,
    }  # fmt: skip
    return Delivery(**{**usual, **changed})


@pytest.fixture
async def world() -> AsyncIterator[World]:
    makers, app = Makers(), web.Application()
    for name in ("dingtalk", "feishu", "wecom", "webhook", "page"):
        app.router.add_post(f"/{name}", getattr(makers, name))
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield World(makers, server, session)


@pytest.mark.parametrize("kind", AlertKind)
async def test_the_group_hears_it(world: World, kind: AlertKind) -> None:
    await world.tell(kind)
    assert world.makers.said == [TEXT]


@pytest.mark.parametrize("kind", [one for one in AlertKind if one.is_signed])
async def test_a_wrong_secret_is_refused_for_good(world: World, kind: AlertKind) -> None:
    """The negative control of the signatures: who checks them turns a wrong one away."""
    with pytest.raises(Refused):
        await world.tell(kind, secret="another")
    assert world.makers.said == []


@pytest.mark.parametrize("kind", AlertKind)
async def test_who_is_busy_is_asked_again_later(world: World, kind: AlertKind) -> None:
    world.makers.busy = True
    with pytest.raises(NotNow):
        await world.tell(kind)


async def test_an_address_that_is_no_robots_is_told(world: World) -> None:
    with pytest.raises(Refused, match="is the address right"):
        await world.tell(AlertKind.WECOM, path="/page")


def test_no_secret_is_printed() -> None:
    target = AlertTarget(kind=AlertKind.WECOM, url="https://x.example/?key=k", secret="s3cret")
    assert "s3cret" not in repr(target) and "key=k" not in repr(target)
