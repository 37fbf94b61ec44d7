"""Who writes is seen on the other side: the buyer's by the agent who has the talk, and the other way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from tests.house.desk.conftest import Desk, SitDown
from tests.house.server import Server


async def listens(desk: Desk) -> ClientWebSocketResponse:
    return await desk.client.ws_connect(
        f"{desk.address}/api/desk/socket", headers={"Origin": desk.address}
    )


async def heard(ws: ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = await asyncio.wait_for(ws.receive_json(), 60)
        if frame["type"] == kind:
            return frame


async def test_the_agent_who_has_the_talk_sees_the_buyer_write(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    socket = await server.connect()
    talk = (await socket.until("ready"))["conversation_id"]
    hers, his = await listens(wang), await listens(lee)
    await socket.ws.send_json({"type": "typing"})  # to the bot: nobody's business at the desk
    assert (await lee.at(talk, "take"))[0] == 200
    await socket.ws.send_json({"type": "typing"})
    assert await heard(his, "buyer_typing") == {"type": "buyer_typing", "conversation_id": talk}
    for ws in (hers, his):  # once, and nothing to the colleague
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(heard(ws, "buyer_typing"), 0.4)


async def test_the_buyer_sees_the_agent_who_has_the_talk_write(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    socket = await server.connect()
    talk = (await socket.until("ready"))["conversation_id"]
    await lee.at(talk, "take")
    await socket.said_by("system")
    await wang.at(talk, "draft", text="我也看着呢")
    await socket.quiet()
    assert not [one for one in socket.frames if one["type"] == "typing"]
    await lee.at(talk, "draft", text="您好，")
    assert (await socket.until("typing"))["on"] is True
    await lee.at(talk, "draft", text="")
    assert (await socket.until("typing"))["on"] is False
