"""One address that floods: it is bounded and told so, and everybody else is served meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector, WSMsgType

from bot.channels import keys
from bot.channels import socket as socket_door
from bot.conversations.messages import Message
from bot.engine.turns import HandOver
from bot.handing_over import HandOverReason
from tests.house.scripted import result
from tests.house.server import Server
from tests.support.house import Clock
from tests.support.waiting import PATIENCE_S, until

FLOOD, ELSEWHERE = {"X-Forwarded-For": "203.0.113.5"}, {"X-Forwarded-For": "198.51.100.7"}
SOCKETS = 200
WITHIN_S = PATIENCE_S / 2  # held up would be for ever; seconds are told by `bench.attacks floods`


@pytest.fixture
async def shop(open_server: Callable[..., Any]) -> Server:
    opened: Server = await open_server(trusted_proxies=(ip_network("127.0.0.1"),))
    return opened


async def wants_a_person(server: Server, headers: dict[str, str]) -> str:
    """The conversation of a new visitor who waits for a person; "" where none may be made."""
    answer = await server.client.post("/api/chat/session", json={}, headers=headers)
    if answer.status != 200:
        assert answer.status == 429
        assert (await answer.json())["error"]["message"]
        return ""
    conversation = str((await answer.json())["conversation_id"])
    server.app[keys.ORIGINS].heard(conversation, headers["X-Forwarded-For"])
    handing = HandOver(reason=HandOverReason.ASKED, note="")
    server.engine.then(result("马上叫人", hand_over=handing))
    await server.receive(conversation, "转人工")
    await server.app[keys.TURNS].answer(conversation)
    return conversation


async def test_a_flood_of_visitors_is_bounded_and_told_from_who_really_waits(
    shop: Server, clock: Clock
) -> None:
    await shop.signed_in_desk()
    made = [await wants_a_person(shop, FLOOD) for _ in range(300)]
    made_up = [one for one in made if one]
    assert len(made_up) < 200 and made[-1] == ""
    clock.forward(timedelta(minutes=1))
    real = await wants_a_person(shop, ELSEWHERE)
    began = time.monotonic()
    answer = await shop.client.get("/api/desk/conversations")
    listed = [one["conversation_id"] for one in await answer.json()]
    assert time.monotonic() - began < WITHIN_S
    assert listed.index(real) < 10


async def test_beside_many_silent_sockets_others_are_answered(shop: Server) -> None:
    token = (await shop.session())["token"]
    address = shop.client.make_url("/api/chat/socket")
    async with ClientSession(connector=TCPConnector(limit=0)) as flood:  # closing ends them all
        for _ in range(SOCKETS):
            await flood.ws_connect(address)
        buyer = await shop.connect(token)
        began = time.monotonic()
        await buyer.send("在吗")
        assert (await buyer.said_by("bot"))["text"] == "听到:在吗"
        assert time.monotonic() - began < WITHIN_S
        await buyer.ws.close()


async def _opened(shop: Server, token: str, count: int) -> None:
    """So many lines of one talk, each with its reader."""
    conversation = (await shop.session(token=token))["conversation_id"]
    for number in range(1, count + 1):
        await shop.connect(token)
        await until(lambda number=number: shop.app[keys.NEWS].readers(conversation) == number)  # type: ignore[misc]


async def test_one_talk_has_only_so_many_open_lines(shop: Server) -> None:
    """What nobody takes from a line is held in memory: a few hundred of a long talk fill it."""
    token = (await shop.session())["token"]
    await _opened(shop, token, socket_door._MOST_OPEN)
    refused = await shop.connect(token)
    assert (await refused.until("error"))["error"]["code"] == "too_many_open"
    assert (await refused.ws.receive(timeout=60)).type is not WSMsgType.TEXT  # and is shut
    elsewhere = await shop.connect()
    await elsewhere.until("ready")


async def test_without_its_limit_one_talk_could_have_any_number(
    shop: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(socket_door, "_MOST_OPEN", 10_000)
    token = (await shop.session())["token"]
    await _opened(shop, token, 30)


async def test_a_long_talk_is_read_in_pieces_for_a_line(
    shop: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await shop.session()
    for number in range(120):
        await shop.receive(session["conversation_id"], str(number))
    after, sizes = shop.app[keys.CONVERSATIONS].after, []

    async def noted(*asked: Any, **options: Any) -> list[Message]:
        found = await after(*asked, **options)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(shop.app[keys.CONVERSATIONS], "after", noted)
    buyer = await shop.connect(session["token"])
    await buyer.quiet()
    assert [one["text"] for one in buyer.messages("buyer")] == [*map(str, range(120))]
    assert max(sizes) == socket_door._AT_ONCE


async def test_one_who_sends_without_end_uses_up_nobody_elses_share(shop: Server) -> None:
    noisy, quiet = await shop.connect(), await shop.connect()
    for _ in range(100):
        await noisy.send("喂")
    await asyncio.sleep(0)
    began = time.monotonic()
    await quiet.send("在吗")
    assert (await quiet.said_by("bot"))["text"] == "听到:在吗"
    assert time.monotonic() - began < WITHIN_S
    while (await noisy.ws.receive(timeout=60)).type is WSMsgType.TEXT:
        pass
    assert noisy.ws.close_code == 1008  # fifty refused lines, and it is shown the door
    await quiet.ws.close()
