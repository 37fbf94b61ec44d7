"""Who else looks at a talk is stored: processes that share nothing but the database know it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from bot.conversations.news import DESK, News
from bot.database import Database
from bot.desk.looking import LOOKING, STANDS_FOR, Looking
from tests.house.conftest import Chat
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.desk.test_typing import heard, listens
from tests.house.server import Server
from tests.support.house import Clock
from tests.support.waiting import until


async def looks(ws: ClientWebSocketResponse, talk: str) -> None:
    await ws.send_json({"type": "looking", "conversation_id": talk})
    await heard(ws, "pong")


async def told_last(
    server: Server, desk: Desk, ws: ClientWebSocketResponse, talk: str
) -> list[str]:
    """The agents of the last `looking` frame that the page has heard by now."""
    await server.app[LOOKING].hear()
    await desk.at(talk, "notes", text="到这里")  # comes behind whatever was told before
    agents: list[str] = []
    while (frame := await ws.receive_json(timeout=60))["type"] != "note":
        if frame["type"] == "looking":
            assert frame["conversation_id"] == talk
            agents = frame["agents"]
    return agents


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_agents_of_two_processes_see_each_other(
    server: Server,
    sit_down: SitDown,
    open_server: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    guarded: bool,
) -> None:
    """The guard is that it is written down."""
    if not guarded:
        monkeypatch.setattr(Looking, "_keep", lambda *_: None)
    lee, _ = await sit_down("小李"), await sit_down("小王")
    other: Server = await open_server()
    wang = Desk(other, "小王")
    await wang.sign_in()
    talk = await waiting(server)
    here, there = await listens(lee), await listens(wang)
    await looks(here, talk)
    await looks(there, talk)
    both = ["小李", "小王"]
    assert (await told_last(server, lee, here, talk) == both) is guarded
    assert (await other.app[LOOKING].who(talk) == both) is guarded
    await there.close()
    await until(lambda: not other.app[LOOKING]._pages)
    await until(lambda: _is_alone(server, talk))
    assert (await told_last(server, lee, here, talk) == ["小李"]) is guarded
    await wang.client.close()


async def _is_alone(server: Server, talk: str) -> bool:
    return "小王" not in await server.app[LOOKING].who(talk)


class Process:
    """The part of one that knows who looks, and what it has told its pages."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.news = News()
        self.looking = Looking(database, self.news, clock)
        self.told: list[list[str]] = []

    async def hears(self) -> list[list[str]]:
        with self.news.subscribe(DESK) as news:
            await self.looking.hear()
            self.news.publish(DESK, {"type": "end"})
            told = []
            while (event := await news.next()) is not None and event["type"] != "end":
                told.append(event["agents"])
        return told


async def test_pages_of_a_process_that_was_killed_are_gone_in_a_minute(
    chat: Chat, clock: Clock
) -> None:
    """On both databases."""
    here, killed = (Process(chat.house.database, clock) for _ in range(2))
    await chat.write("在吗")
    await here.looking.at("p1", "小李", chat.id)
    await killed.looking.at("p2", "小王", chat.id)
    assert await here.hears() == [["小李", "小王"]]
    assert await here.hears() == []  # told once
    clock.forward(STANDS_FOR - timedelta(seconds=1))
    await here.looking.renew()
    assert await here.hears() == []
    clock.forward(timedelta(seconds=2))
    assert await here.hears() == [["小李"]]
    clock.forward(STANDS_FOR * 3)  # this one slept, and another one has cleared the rows away
    await killed.looking.renew()
    assert await killed.looking.who(chat.id) == ["小王"]
    await here.looking.renew()
    assert await here.looking.who(chat.id) == ["小李", "小王"]


async def test_a_house_that_closes_takes_its_pages_along(chat: Chat, clock: Clock) -> None:
    here, closing = (Process(chat.house.database, clock) for _ in range(2))
    await here.looking.at("p1", "小李", chat.id)
    await closing.looking.at("p2", "小王", chat.id)
    await closing.looking.leave_all()
    assert await here.looking.who(chat.id) == ["小李"]


async def test_of_a_talk_that_was_erased_in_this_instant_nothing_is_kept(
    chat: Chat, clock: Clock
) -> None:
    here = Process(chat.house.database, clock)
    await here.looking.at("p1", "小李", "gone")
    assert await here.looking.who("gone") == []
    here.looking.leave("p1", "小李")
    await here.looking.leave_all()
