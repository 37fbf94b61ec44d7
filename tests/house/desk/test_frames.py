"""Every kind of frame: what a page knows by frames alone is what a fresh fetch would give it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.channels import keys
from bot.conversations.news import News
from bot.desk import presence
from bot.desk.looking import LOOKING
from bot.desk.roles import Role
from bot.desk.who import SCHEDULED
from tests.house.desk.conftest import Desk, SitDown
from tests.house.desk.test_agents_lines import at
from tests.house.desk.test_telling import Page
from tests.house.server import Server, Socket
from tests.support.house import ROOT, Clock
from tests.support.waiting import until

TYPES = (ROOT / "web" / "src" / "desk" / "desk-api.ts").read_text("utf-8")
# The page's own, and the answer to its question whether the line lives.
NOT_TOLD = {"ready", "pong"}
# To the pages of one agent alone.
_OWN = {"buyer_typing", "seen", "mentions_seen"}


def kinds() -> set[str]:
    """As the page knows them."""
    union = TYPES.partition("export type DeskFrame =")[2].partition(";\n\n")[0]
    return set(re.findall(r'type: "(\w+)"', union)) - NOT_TOLD


class WholePage(Page):
    """All that a page keeps, moved by frames as web/src/desk does it."""

    scheduled: list[Any]
    promises: list[Any]
    seen: dict[str, int]
    looking: list[str]
    calls: list[Any]

    @classmethod
    async def with_talk(cls, desk: Desk, talk: str) -> WholePage:
        page = await cls.opened(desk)
        assert isinstance(page, WholePage)
        page.looking = []
        await page.shows(talk)
        _, page.scheduled, page.promises, page.seen, page.calls = await page.fresh()
        return page

    async def fresh(self) -> tuple[Any, list[Any], list[Any], dict[str, int], list[Any]]:
        rows = await self.fresh_rows()
        scheduled = (await self.desk.reads(self.talk))["scheduled"] if self.talk in rows else []
        promises = (await self.desk.get("promises"))[1]
        own = (await self.desk.get("own"))[1]
        return rows, scheduled, promises, own["seen"], own["mentions"]

    async def next(self) -> dict[str, Any]:
        frame = await super().next()
        match frame["type"]:
            case "seen":
                self.seen[frame["conversation_id"]] = frame["seq"]
            case "looking" if frame["conversation_id"] == self.talk:
                self.looking = frame["agents"]
            case "scheduled" if frame["conversation_id"] == self.talk:
                self.scheduled = (await self.desk.reads(self.talk))["scheduled"]
            case "promise":
                self.promises = (await self.desk.get("promises"))[1]
            case "note" if self.desk.name in frame["mentions"]:
                call = {name: frame[name] for name in ("conversation_id", "note")}
                self.calls = [call, *self.calls]
            case "mentions_seen":
                self.calls = [one for one in self.calls if not _is_up_to(one, frame)]
            case "gone":
                self.calls = [one for one in self.calls if one["conversation_id"] != self.talk]
                self.rows.pop(frame["conversation_id"], None)
                self.looking = []
        return frame

    def known(self) -> Any:
        seen = {one: seq for one, seq in self.seen.items() if one in self.rows}
        return self.rows, self.scheduled, self.promises, seen, self.calls


def _is_up_to(call: Any, frame: dict[str, Any]) -> bool:
    is_there = call["conversation_id"] == frame["conversation_id"]
    return is_there and bool(call["note"]["note_id"] <= frame["note_id"])


class Both:
    """Two agents' pages that show one talk, and a second page of the one who has it."""

    def __init__(self, server: Server, socket: Socket, talk: str, pages: list[WholePage]) -> None:
        self.server, self.socket, self.talk, self.pages = server, socket, talk, pages
        self.lee, self.wang = pages[0].desk, pages[1].desk

    async def become_fresh(self) -> None:
        who = await self.server.app[LOOKING].who(self.talk)
        for page in self.pages:
            while True:
                if page.known() == await page.fresh() and page.looking == who:
                    break
                await page.next()
            if self.talk in page.rows:
                await page.is_fresh()  # lines and notes


@pytest.fixture
async def both(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Both]:
    # Rows say whether the last agent is there, which goes by time: signs of life only at first.
    monkeypatch.setattr(presence, "_TOLD_EVERY_S", float("inf"))
    lee, wang = await sit_down("小李"), await sit_down("小王", Role.OWNER)
    socket = await server.connect()
    talk = str((await socket.until("ready"))["conversation_id"])
    await server.receive(talk, "在吗")
    await server.app[keys.TURNS].answer(talk)
    await lee.at(talk, "take")
    pages = [await WholePage.with_talk(one, talk) for one in (lee, wang, lee)]
    yield Both(server, socket, talk, pages)


async def does(both: Both, clock: Clock, kind: str) -> None:
    """What makes a frame of this kind."""
    lee, talk = both.lee, both.talk
    match kind:
        case "looking":
            page = both.pages[1]
            await page.ws.send_json({"type": "looking", "conversation_id": ""})
            await page.ws.send_json({"type": "looking", "conversation_id": talk})
        case "buyer_typing":
            await both.socket.ws.send_json({"type": "typing"})
        case "note":
            assert (await lee.at(talk, "notes", text="@小王 看一下"))[0] == 200
        case "mentions_seen":
            for text in ("@小李 看一下", "@小李 再看"):
                _, notes = await both.wang.at(talk, "notes", text=text)
            await lee.at(talk, "mentions/seen", note_id=notes[0]["note_id"])
        case "seen":
            assert (await lee.at(talk, "seen", seq=1))[0] == 200
        case "conversations":
            assert (await lee.at(talk, "tags", tags=["急"]))[0] == 200
        case "message":
            assert (await lee.at(talk, "messages", id="a1", text="在的"))[0] == 200
        case "promise":
            _, line = await lee.at(talk, "messages", id="a2", text="明天上午给您答复")
            number = line["promise"]["promise_id"]
            assert (await lee.post(f"promises/{number}/confirm"))[0] == 200
        case "scheduled":
            await _schedules(both, clock)
        case "gone":
            await lee.at(talk, "close", seen=1000)
            status, told = await both.wang.at(talk, "buyer/erase", confirm="删除")
            assert status == 200, told
        case _:
            raise AssertionError(f"{kind}: a new kind of frame, with nothing here that makes one")


async def _schedules(both: Both, clock: Clock) -> None:
    """One is called off, one is said, one is left."""
    due = [at(clock() + timedelta(minutes=minutes)) for minutes in (1, 2, 60)]
    for moment in due:
        assert (await both.lee.at(both.talk, "scheduled", text="到货了", at=moment))[0] == 200
    first = (await both.lee.reads(both.talk))["scheduled"][0]["line_id"]
    assert (await both.lee.at(both.talk, "scheduled/cancel", line_id=first))[0] == 200
    clock.forward(timedelta(minutes=2))
    await both.server.app[LOOKING].renew()  # as the house does it every twenty seconds
    await both.server.app[SCHEDULED].send_due()


@pytest.mark.parametrize("kind", sorted(kinds()))
async def test_state_plus_frames_is_a_fresh_fetch_by_every_kind(
    both: Both, clock: Clock, kind: str
) -> None:
    await does(both, clock, kind)
    concerned = both.pages[::2] if kind in _OWN else both.pages
    for page in concerned:
        while kind not in [one["type"] for one in page.heard]:
            await page.next()
    await both.become_fresh()


async def test_without_frames_a_page_stays_behind(
    both: Both, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of all of them: what was done above is no longer on the page."""
    await both.become_fresh()
    monkeypatch.setattr(News, "publish", lambda *_: None)
    for kind in sorted(kinds() - {"buyer_typing", "looking", "gone"}):
        await does(both, clock, kind)
    page = both.pages[1]
    rows, scheduled, promises, _, _ = await page.fresh()
    assert page.rows != rows and page.scheduled != scheduled and page.promises != promises
    shown = await page.desk.reads(both.talk)
    assert len(page.lines) < len(shown["messages"]) and len(page.notes) < len(shown["notes"])
    own = (await both.lee.get("own"))[1]
    assert both.pages[2].seen != own["seen"] and both.pages[2].calls != own["mentions"]
    await both.pages[1].ws.send_json({"type": "looking", "conversation_id": ""})
    await until(lambda: _looks_no_more(both))
    assert page.looking != await both.server.app[LOOKING].who(both.talk)


async def _looks_no_more(both: Both) -> bool:
    return "小王" not in await both.server.app[LOOKING].who(both.talk)
