"""Offered questions move with what the shop's own buyers ask: first, next, and while one types."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.channels import asking, keys
from bot.conversations.tables import sessions, wishes
from tests.house.doors.test_questions import bearer, offered
from tests.house.scripted import sure
from tests.house.server import Server

_OTHER = {
    "ordinal": 0,
    "turn_id": "",
    "text": "",
    "answered_by": "",
    "after_follow_up": False,
    "decided_by": "",
    "runners_up": [],
    "asked_back": False,
    "outcome": "",
    "model": "",
}


async def talk(server: Server, *wished: str, sessions_at: tuple[int, ...] = (1,)) -> str:
    """A visitor's talk with these wishes, its sessions beginning with those numbers; the token. A wish that
    goes on with an open matter begins with +."""
    opened = await server.session()
    own, at = {"conversation_id": opened["conversation_id"]}, server.app[keys.CLOCK]()

    def write(connection: Connection) -> None:
        for seq, intent in enumerate(wished, 1):
            row = {**own, **_OTHER, "seq": seq, "last_seq": seq, "asked_at": at}
            row |= {"intent": intent.lstrip("+"), "is_continuation": intent.startswith("+")}
            connection.execute(sa.insert(wishes).values(**row))
        for seq in sessions_at:
            begun = {**own, "first_seq": seq, "began_at": at}
            connection.execute(sa.insert(sessions).values(**begun))

    await server.database.run(write)
    return str(opened["token"])


async def every(server: Server, token: str) -> list[str]:
    answer = await server.client.get("/api/chat/questions?all=1", headers=bearer(token))
    return [one["id"] for one in (await answer.json())["all"]]


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_COUNTED_EVERY_S", 0.0)


async def test_what_is_asked_first_here_comes_first_and_is_completed_first(server: Server) -> None:
    stranger = (await server.session())["token"]
    assert (await offered(server, stranger))[0] == (await every(server, stranger))[0] == "recommend"
    for _ in range(3):
        await talk(server, "ask_delivery_time", "ask_warranty")
    assert (await offered(server, stranger))[0] == "how_long"
    assert (await every(server, stranger))[0] == "how_long"


async def test_what_is_asked_next_here_is_offered_after_the_answer(server: Server) -> None:
    for _ in range(11):
        await talk(server, "stock_check", "+inform", "ask_courier")
        await talk(server, "stock_check", "bargain", sessions_at=(1, 2))  # a talk of another day
    token = (await server.session())["token"]
    answer = sure("有的，39码有货")
    heard = replace(answer.understood[0], intent="stock_check")
    server.engine.then(replace(answer, understood=(heard,)))
    socket = await server.connect(token)
    await socket.send("39码有吗")
    await socket.said_by("bot")
    assert await offered(server, token, "?product_id=boot-qiyun") == [
        "which_size",
        "postage",
        "which_courier",
    ]
