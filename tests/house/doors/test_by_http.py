"""The chat without a WebSocket: the same lines, once each, in order."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from bot.channels import keys
from tests.house.server import Server
from tests.support.waiting import PATIENCE_S, until


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def hear(server: Server, token: str, after: int = 0, wait: int = 0) -> dict[str, Any]:
    answer = await server.client.get(
        f"/api/chat/messages?after={after}&wait={wait}", headers=bearer(token)
    )
    assert answer.status == 200
    told: dict[str, Any] = await answer.json()
    return told


async def say(server: Server, token: str, own_id: str, text: str) -> dict[str, Any]:
    frame = {"type": "send", "id": own_id, "kind": "text", "text": text}
    answer = await server.client.post("/api/chat/messages", json=frame, headers=bearer(token))
    told: dict[str, Any] = await answer.json()
    return told


async def until_bot(server: Server, token: str) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    give_up = time.monotonic() + PATIENCE_S
    while not any(one["from"] == "bot" for one in heard):
        assert time.monotonic() < give_up, heard
        last = max((one["seq"] for one in heard), default=0)
        heard += (await asyncio.wait_for(hear(server, token, last, 5), 60))["messages"]
    return heard


async def test_a_line_is_acknowledged_and_its_answer_is_waited_for(server: Server) -> None:
    token = (await server.session())["token"]
    assert await say(server, token, "a", "在吗") == {"type": "ack", "id": "a", "seq": 1}
    assert [one["text"] for one in await until_bot(server, token)] == ["在吗", "听到:在吗"]


async def test_a_line_sent_twice_is_answered_once(server: Server) -> None:
    token = (await server.session())["token"]
    first, second = [await say(server, token, "a", "在吗") for _ in range(2)]
    assert first == second
    assert [one["text"] for one in await until_bot(server, token)] == ["在吗", "听到:在吗"]


async def test_who_waits_hears_at_once_and_no_longer_than_asked(server: Server) -> None:
    session = await server.session()
    waiting = asyncio.create_task(hear(server, session["token"], 0, 20))
    await until(lambda: server.app[keys.NEWS].is_read(session["conversation_id"]))
    await server.receive(session["conversation_id"], "包邮吗")
    told = await asyncio.wait_for(waiting, 15)
    assert [one["text"] for one in told["messages"]] == ["包邮吗"]
    assert (await asyncio.wait_for(hear(server, session["token"], 1, 1), 15))["messages"] == []


async def test_it_is_told_which_conversation_that_is_and_who_answers(server: Server) -> None:
    session = await server.session()
    told = await hear(server, session["token"])
    assert told["conversation_id"] == session["conversation_id"]
    assert told["status"] == "with_bot"
    waiting = asyncio.create_task(hear(server, session["token"], 0, 20))
    await until(lambda: server.app[keys.NEWS].is_read(session["conversation_id"]))
    await server.app[keys.CONVERSATIONS].take(session["conversation_id"], "小李")
    assert (await asyncio.wait_for(waiting, 15))["status"] == "with_agent"


async def test_asking_opens_no_conversation(server: Server) -> None:
    token, _ = server.app[keys.TOKENS].for_visitor(server.app[keys.CLOCK]())
    assert (await hear(server, token))["messages"] == []
    running = server.app[keys.CONVERSATIONS].running
    who = server.app[keys.TOKENS].read(token)
    assert await running(buyer_id=who.buyer_id, channel="web") is None


async def test_a_line_too_long_a_wrong_token_and_a_wrong_number_are_refused(server: Server) -> None:
    token = (await server.session())["token"]
    assert (await say(server, token, "a", "长" * 5001))["error"]["code"] == "too_long"
    assert (await say(server, token, "b", "长" * 5000))["seq"] == 1
    assert (await say(server, "no", "c", "在吗"))["error"]["code"] == "bad_token"
    answer = await server.client.get("/api/chat/messages?after=x", headers=bearer(token))
    assert answer.status == 422


async def test_asking_without_end_is_slowed_down(server: Server) -> None:
    token = (await server.session())["token"]
    server.app[keys.POLL_RATE]._per_second = 0.0  # a slow machine asks slowly
    answers = [
        await server.client.get("/api/chat/messages?after=0", headers=bearer(token))
        for _ in range(30)
    ]
    assert answers[0].status == 200 and answers[-1].status == 429


async def test_a_house_that_closes_lets_go_who_waits(server: Server) -> None:
    session = await server.session()
    waiting = asyncio.create_task(hear(server, session["token"], 0, 20))
    await until(lambda: server.app[keys.NEWS].is_read(session["conversation_id"]))
    server.app[keys.NEWS].close()
    assert (await asyncio.wait_for(waiting, 15))["messages"] == []
