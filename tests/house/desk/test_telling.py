"""What pages are told: state plus frames is what a fresh fetch gives, and each thing is rendered once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from sqlalchemy import delete

from bot.channels import keys
from bot.conversations.news import DESK
from bot.desk import telling
from bot.desk.masking import masked_message
from bot.desk.tables import sign_ins
from bot.desk.telling import Telling
from bot.desk.who import ACCOUNTS, TELLING
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.server import Server
from tests.support.waiting import PATIENCE_S


class Page:
    """What an agent's page knows: what it has fetched, and what it heard since."""

    def __init__(self, desk: Desk, ws: ClientWebSocketResponse) -> None:
        self.desk, self.ws, self.heard = desk, ws, list[dict[str, Any]]()
        self.rows: dict[str, Any] = {}
        self.waiting = 0  # in all
        self.talk, self.lines, self.notes = "", dict[int, Any](), dict[int, Any]()

    @classmethod
    async def opened(cls, desk: Desk) -> Page:
        headers = {"Origin": desk.address}
        page = cls(
            desk, await desk.client.ws_connect(f"{desk.address}/api/desk/socket", headers=headers)
        )
        page.rows = await page.fresh_rows()
        page.waiting = await page.fresh_waiting()
        return page

    async def fresh_waiting(self) -> int:
        return int((await self.desk.get("counts"))[1]["waiting"])

    async def fresh_rows(self) -> dict[str, Any]:
        found = dict[str, Any]()
        for shelf in ("", "closed"):
            _, rows = await self.desk.get(f"conversations?shelf={shelf}")
            found |= {one["conversation_id"]: one for one in rows}
        return found

    async def shows(self, talk: str) -> None:
        await self.ws.send_json({"type": "looking", "conversation_id": talk})
        shown = await self.desk.reads(talk)
        self.talk, self.lines, self.notes = talk, _lines(shown), _notes(shown)

    async def next(self) -> dict[str, Any]:
        frame: dict[str, Any] = await asyncio.wait_for(self.ws.receive_json(), PATIENCE_S)
        self.heard.append(frame)
        if frame["type"] == "conversations":
            self.rows |= {one["conversation_id"]: one for one in frame["conversations"]}
            self.waiting = frame["waiting"]
        elif frame.get("conversation_id") == self.talk and frame["type"] == "message":
            line = frame["message"]
            self.lines[line["seq"]] = line
            if (gone := line.get("takes_back")) in self.lines:  # as web/src/chat/transcript.ts
                self.lines[gone] = (_lines(await self.desk.reads(self.talk)))[gone]
        elif frame.get("conversation_id") == self.talk and frame["type"] == "note":
            self.notes[frame["note"]["note_id"]] = frame["note"]
        return frame

    async def row(self, talk: str, last_seq: int) -> dict[str, Any]:
        """The talk's row, once it has come so far."""
        while self.rows.get(talk, {}).get("last_seq", 0) < last_seq:
            await self.next()
        row: dict[str, Any] = self.rows[talk]
        return row

    async def is_fresh(self) -> None:
        """Reads on until what it knows is what the server would give it anew."""
        while True:
            shown = await self.desk.reads(self.talk)
            fresh = (await self.fresh_rows(), _lines(shown), _notes(shown))
            if (self.rows, self.lines, self.notes) == fresh:
                assert self.waiting == await self.fresh_waiting()
                return
            try:
                await self.next()
            except asyncio.TimeoutError:
                assert self.rows == fresh[0]
                assert self.lines == fresh[1]
                assert self.notes == fresh[2]


def _lines(shown: Any) -> dict[int, Any]:
    return {one["seq"]: one for one in shown["messages"]}


def _notes(shown: Any) -> dict[int, Any]:
    return {one["note_id"]: one for one in shown["notes"]}


async def test_state_plus_frames_is_a_fresh_fetch(server: Server, sit_down: SitDown) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk, other = await waiting(server), await waiting(server)
    mine, hers = await Page.opened(lee), await Page.opened(wang)
    await mine.shows(talk)
    await hers.shows(talk)  # looks on
    _, said = await lee.at(talk, "messages", id="a1", text="您好，电话13800138000对吗")
    deeds = [
        lee.at(talk, "notes", text="@小王 看一下"),
        lee.at(talk, "messages", id="a2", text="说错了"),
        lee.at(talk, f"messages/{said['seq']}/take-back"),
        lee.at(talk, "tags", tags=["急"]),
        wang.at(other, "take"),
        lee.at(other, "tags", tags=["明天"]),
        lee.at(talk, "transfer", to="小王", note=""),
        wang.at(talk, "messages", id="b1", text="我来"),
        wang.at(talk, "snooze", minutes=10),
        wang.at(talk, "return", seen=1000),
        wang.at(other, "close", seen=1000),
    ]
    for deed in deeds:
        assert (await deed)[0] == 200
    await server.receive(talk, "好的")
    await server.app[keys.TURNS].answer(talk)
    for page in (mine, hers):
        await page.is_fresh()
        assert {"conversations", "message", "note"} <= {one["type"] for one in page.heard}


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_lines_go_to_whom_they_concern(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Who has read the talk hears its lines, ahead of its row; who has not hears of the row alone."""
    if not guarded:
        monkeypatch.setattr(Telling, "reads", lambda *_: None)
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    reads, elsewhere = await Page.opened(lee), await Page.opened(wang)
    reads.talk = elsewhere.talk = talk
    await lee.reads(talk)
    await server.app[TELLING].tell_rows()  # what moved so far: no row comes ahead of the line
    seq = await server.receive(talk, "还在吗")
    for page in (reads, elsewhere):
        await page.row(talk, seq)
    assert (seq in reads.lines) is guarded
    assert elsewhere.lines == {}


async def test_ones_own_talk_is_heard_without_opening_it(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    page = await Page.opened(lee)
    page.talk = talk
    await server.app[TELLING].tell_rows()  # as above
    seq = await server.receive(talk, "还在吗")
    await page.row(talk, seq)
    assert page.lines[seq]["text"] == "还在吗"


async def test_many_pages_cost_as_many_questions_and_renderings_as_one(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered, rows_of, house = list[str](), list[list[str]](), server.app[TELLING]
    rows, good, checked = house._rows, server.app[ACCOUNTS].good, list[int]()

    def masked(message: Any) -> dict[str, Any]:
        rendered.append(message.text)
        return masked_message(message)

    async def counted_rows(ids: Sequence[str]) -> list[dict[str, Any]]:
        rows_of.append(list(ids))
        return await rows(ids)

    async def counted_good(tokens: Collection[str]) -> set[str]:
        checked.append(len(tokens))
        return await good(tokens)

    monkeypatch.setattr(telling, "_CHECKED_EVERY_S", 3600.0)
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.reads(talk)
    pages = [await Page.opened(lee) for _ in range(20)]
    seq = await server.receive(talk, "等齐")
    await asyncio.gather(*(page.row(talk, seq) for page in pages))
    await house.tell_rows()
    monkeypatch.setattr(telling, "masked_message", masked)
    monkeypatch.setattr(house, "_rows", counted_rows)
    monkeypatch.setattr(server.app[ACCOUNTS], "good", counted_good)
    house._checked_at = float("-inf")  # it is time to look again
    seq = await server.receive(talk, "还在吗")
    await asyncio.gather(*(page.row(talk, seq) for page in pages))
    assert (rendered, rows_of, checked) == (
        ["还在吗"],
        [[talk]],
        [1],
    )  # one browser, so one sign-in


async def test_what_moves_in_one_instant_is_one_frame(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    page = await Page.opened(lee)
    found = await server.app[keys.CONVERSATIONS].find(talk)
    await server.app[TELLING].tell_rows()  # what there is so far
    for _ in range(100):
        server.app[keys.NEWS].publish(DESK, {"type": "conversation", "conversation": found})
    server.app[keys.NEWS].publish(DESK, {"type": "promise", "conversation_id": talk})
    heard = [await page.next(), await page.next()]
    assert {one["type"] for one in heard} == {"promise", "conversations"}
    assert page.ws.closed is False


async def test_a_sign_in_that_a_command_ended_hears_nothing_more(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_CHECKED_EVERY_S", 0.0)
    page = await Page.opened(await sit_down("小李"))
    await server.database.run(lambda connection: connection.execute(delete(sign_ins)))
    await waiting(server)
    assert (await page.ws.receive(timeout=PATIENCE_S)).type is not WSMsgType.TEXT


async def test_a_page_that_falls_behind_is_cut_off_and_rereads(
    server: Server, sit_down: SitDown
) -> None:
    page = telling.Page("小李", "")
    for number in range(1000):
        page.put(str(number))
    heard = 0
    while await page.next() is not None:
        heard += 1
    assert heard == 500
