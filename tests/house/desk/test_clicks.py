"""Owners read which share of buyers' lines is pressed; agents do not."""

from __future__ import annotations

import pytest

from tests.house.desk.test_owner import sign_in
from tests.house.server import Server


async def test_an_owner_reads_the_share_of_clicks(server: Server) -> None:
    socket = await server.connect()
    await socket.ws.send_json(
        {"type": "send", "id": "a", "kind": "question", "question": "postage"}
    )
    await socket.said_by("bot")
    await socket.send("那好吧")
    await socket.said_by("bot")
    await sign_in(server, is_owner=True)
    answer = await server.client.get("/api/desk/clicks?days=7")
    told = await answer.json()
    assert told == {"days": 7, "lines": 2, "buttons": 0, "questions": 1, "share": 0.5}


async def test_an_agent_does_not(server: Server) -> None:
    await sign_in(server, is_owner=False)
    assert (await server.client.get("/api/desk/clicks")).status == 403


@pytest.mark.parametrize("days", ["0", "400", "x"])
async def test_days_that_are_none_are_refused(server: Server, days: str) -> None:
    await sign_in(server, is_owner=True)
    assert (await server.client.get(f"/api/desk/clicks?days={days}")).status == 422
