"""A signed webhook against a real server: what it gets, and what its answers mean."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.outgoing import signature, webhook
from bot.outgoing.delivery import Delivery, NotNow, Refused, Unsure
from bot.outgoing.webhook import Target, WebhookDoor

NOW = datetime(2027, 3, 1, 4, 0, tzinfo=timezone.utc)
KEY = b"0123456789abcdef0123456789abcdef"
SECRET = signature.PREFIX + base64.b64encode(KEY).decode()


class Receiver:
    """Answers with the status it is told to and keeps what it got."""

    def __init__(self) -> None:
        self.status, self.pause_s = 200, 0.0
        self.headers: dict[str, str] = {}
        self.got: list[tuple[dict[str, str], bytes]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        await asyncio.sleep(self.pause_s)
        return web.Response(status=self.status, headers=self.headers, text="taken")


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    one = Receiver()
    app = web.Application()
    app.router.add_post("/hook", one.take)
    async with TestServer(app) as server:
        yield one, str(server.make_url("/hook"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def door(session: aiohttp.ClientSession, url: str) -> WebhookDoor:
    return WebhookDoor(session, {"shop": Target(url=url, secret=SECRET)}, lambda: NOW)


def delivery(**changed: Any) -> Delivery:
    usual: dict[str, Any] = {
        "delivery_id": 1, "door": "webhook", "target": "shop", "key": "follow-up-7",
        "buyer_id": "", "body": {"type": "follow_up.sent", "data": {"kind": "发货"}},
        "created_at": NOW, "expires_at": None, "attempts": 1,
    }  # fmt: skip
    return Delivery(**{**usual, **changed})


async def test_the_body_is_signed_so_that_the_receiver_can_check_it(
    receiver: tuple[Receiver, str], session: aiohttp.ClientSession
) -> None:
    one, url = receiver
    assert await door(session, url).deliver(delivery()) == "taken"
    headers, body = one.got[0]
    identity, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    digest = hmac.new(KEY, f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert stamp == str(int(NOW.timestamp()))
    assert '"kind": "发货"' in body.decode() and '"type": "follow_up.sent"' in body.decode()


async def test_every_try_bears_the_same_id(
    receiver: tuple[Receiver, str], session: aiohttp.ClientSession
) -> None:
    one, url = receiver
    await door(session, url).deliver(delivery())
    await door(session, url).deliver(delivery(attempts=2))
    await door(session, url).deliver(delivery(key="follow-up-8"))
    first, second, other = (headers["webhook-id"] for headers, _ in one.got)
    assert first == second != other


@pytest.mark.parametrize(
    ("status", "raised"), [(500, NotNow), (429, NotNow), (404, Refused), (302, Refused)]
)
async def test_what_an_answer_means(
    receiver: tuple[Receiver, str],
    session: aiohttp.ClientSession,
    status: int,
    raised: type[Exception],
) -> None:
    one, url = receiver
    one.status, one.headers = status, {"Retry-After": "90", "Location": "/hook"}
    with pytest.raises(raised) as caught:
        await door(session, url).deliver(delivery())
    assert len(one.got) == 1  # a redirect is not followed
    if isinstance(caught.value, NotNow):
        assert caught.value.after == timedelta(seconds=90)


async def test_nobody_there_is_not_now_and_no_answer_is_unsure(
    receiver: tuple[Receiver, str], session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotNow):
        await door(session, f"http://127.0.0.1:{unused_port()}/hook").deliver(delivery())
    one, url = receiver
    one.pause_s = 1.0
    monkeypatch.setattr(webhook, "_WITHIN", aiohttp.ClientTimeout(total=0.2))
    with pytest.raises(Unsure):
        await door(session, url).deliver(delivery())


async def test_a_target_that_the_settings_no_longer_name_is_refused(
    session: aiohttp.ClientSession,
) -> None:
    with pytest.raises(Refused):
        await door(session, "http://127.0.0.1:1/").deliver(delivery(target="gone"))


def test_addresses_and_secrets_stand_in_no_log() -> None:
    shown = repr(Target(url="https://example.com/hook?key=abc", secret=SECRET))
    assert "abc" not in shown and SECRET not in shown
