"""The desk's cases K23 to K26, the order of the queue, and 5,000 talks: each fails without its guard."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.channels import keys
from bot.channels import socket as socket_door
from bot.conversations import listing, store, tables
from bot.conversations.conversation import Conversation, Status
from bot.desk import names
from bot.desk.listed import PAGE
from bot.desk.who import TELLING
from bot.handing_over import HandOverReason
from bot.working import BACKGROUND
from tests.house.desk.conftest import SitDown, waiting
from tests.house.desk.test_queries import counted
from tests.house.desk.test_telling import Page
from tests.house.scripted import result, sure
from tests.house.server import Server
from tests.support.house import Clock


async def answered(server: Server, talk: str) -> list[str]:
    await server.app[keys.TURNS].answer(talk)
    history = await server.app[keys.CONVERSATIONS].history(talk)
    return [one.text for one in history]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_a_freed_agent_is_shown_the_oldest_within_urgency(
    server: Server, sit_down: SitDown, clock: Clock, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    if not guarded:  # the newest first, as lists of talks are elsewhere
        monkeypatch.setattr(listing, "in_turn", lambda *_, **__: [])
    lee = await sit_down("小李")
    usual, angry = [], []
    for _ in range(2):
        usual.append(await waiting(server))
        clock.forward(timedelta(minutes=1))
        angry.append(await waiting(server, HandOverReason.ANGER))
        clock.forward(timedelta(minutes=1))
    _, listed = await lee.get("conversations?shelf=waiting")
    shown = [one["conversation_id"] for one in listed]
    assert (shown == [*angry, *usual]) is guarded
    if not guarded:
        assert shown == [angry[1], usual[1], angry[0], usual[0]]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_k23_at_night_the_note_stands_and_questions_are_answered(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The guard is that who waits for a person is the bot's until one comes."""
    if not guarded:
        with_bot = property(lambda one: one.status is Status.WITH_BOT)
        monkeypatch.setattr(Conversation, "bot_may_answer", with_bot)
    clock.forward(timedelta(hours=15))  # 03:10
    talk = await waiting(server)
    server.engine.then(sure("还在杭州"))
    await server.receive(talk, "那我先问下 快递到哪了")
    assert ("还在杭州" in (await answered(server, talk))[-1]) is guarded
    present = await server.app[keys.CONVERSATIONS].find(talk)
    assert present.status is Status.WAITING and present.promised_for is not None
    clock.forward(timedelta(hours=5, minutes=55))  # 09:05, and nobody has come
    server.engine.then(sure("今天到"))
    await server.receive(talk, "今天能到吗")
    assert ("今天到" in (await answered(server, talk))[-1]) is guarded
    present = await server.app[keys.CONVERSATIONS].find(talk)
    assert present.status is Status.WAITING and present.promised_for is not None


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_k24_the_desk_hears_at_once_that_somebody_waits(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """(1) of the case; (2) to (5) are the page's: tests/browser/test_desk_pages.py, test_desk_lost.py."""
    if not guarded:
        monkeypatch.setattr(server.app[TELLING], "_rows", _nothing)
    lee = await sit_down("小李")
    page = await Page.opened(lee)
    talk = await waiting(server)
    await server.app[TELLING].tell_rows()
    await lee.at(talk, "notes", text="到这里")  # comes behind whatever was told before
    while (await page.next())["type"] != "note":
        pass
    assert (page.rows.get(talk, {}).get("status") == "waiting") is guarded


async def _nothing(*_: object) -> list[object]:
    return []


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_k25_what_the_bot_thought_meanwhile_is_a_suggestion(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    if not guarded:
        monkeypatch.setattr(Conversation, "bot_may_answer", property(lambda _: True))
    lee = await sit_down("小李")
    opened = str((await server.session())["conversation_id"])
    server.engine.then_wait(result("机器人的话"))
    await server.receive(opened, "在吗")
    turn = asyncio.create_task(server.app[keys.TURNS].answer(opened))
    await server.engine.heard_turns(1)
    await lee.at(opened, "messages", id="a1", text="我来")
    if not guarded:
        monkeypatch.setattr(store, "fates", lambda *_: [store.Fate(True, "")])
    server.engine.may_go_on.set()
    await turn
    shown = {one["text"]: one["from"] for one in (await lee.reads(opened))["messages"]}
    assert (shown["机器人的话"] == "suggestion") is guarded


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_k26_after_a_long_gap_the_second_desk_has_no_hole(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The server's half; how the page joins the two is in web/tests/desk.test.ts, with its control."""
    if not guarded:
        newest = store.before  # whatever lines are asked for
        monkeypatch.setattr(store, "before", lambda to, talk, *_, **more: newest(to, talk, **more))
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    known = (await wang.reads(talk))["conversation"]["last_seq"]  # and her network is gone
    await lee.at(talk, "take")
    for number in range(250):
        await server.receive(talk, f"第{number}句")
    await lee.at(talk, "messages", id="a1", text="都看到了")
    await lee.at(talk, "return", seen=1000)
    newest_page = await wang.reads(talk)
    first = newest_page["messages"][0]["seq"]
    assert newest_page["has_older"] and first > known + 1
    assert newest_page["conversation"]["status"] == "with_bot"
    _, older = await wang.get(f"conversations/{talk}?before={first}")
    seqs = [one["seq"] for one in (*older["messages"], *newest_page["messages"])]
    everything = list(range(1, newest_page["conversation"]["last_seq"] + 1))
    assert (seqs == everything) is guarded


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_k26_a_buyer_who_is_far_behind_hears_every_line_once(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    lee = await sit_down("小李")
    socket = await server.connect()
    talk = str((await socket.until("ready"))["conversation_id"])
    await lee.at(talk, "take")
    heard = (await socket.said_by("system"))["seq"]
    await socket.ws.close()
    for number in range(250):
        await server.app[keys.CONVERSATIONS].say_as_agent(
            talk, "小李", f"a{number}", f"第{number}句"
        )
    if not guarded:
        monkeypatch.setattr(socket_door._Line, "_catch_up", _nothing)
    back = await server.connect(socket.token, last_seq=heard)
    await back.quiet()
    seqs = [one["seq"] for one in back.messages("agent")]
    assert seqs == (list(range(heard + 1, heard + 251)) if guarded else [])


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_5000_open_talks_are_a_page_of_fifty_and_as_many_questions_as_sixty(
    server: Server, sit_down: SitDown, clock: Clock, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The control asks for each name by itself, as the list once did."""
    if not guarded:
        monkeypatch.setattr(names, "EmbeddedShop", type(None))
    lee = await sit_down("小李")
    await server.app[BACKGROUND].close()  # the house's own work is not counted
    asked: list[int] = []
    for many in (60, 5_000):
        await server.database.run(_fill, many, clock())
        with counted(server) as statements:
            url = f"{lee.address}/api/desk/conversations"
            async with lee.client.get(url) as answer:
                shown = await answer.json()
                assert answer.headers["X-Total-Count"] == str(many)
        asked.append(len(statements))
        assert len(shown) == PAGE
        assert [one["assignee"] for one in shown[:2]] == ["小李", ""]  # the own one is never lost
        assert shown[1]["status"] == "waiting"
    assert (asked[0] == asked[1] < PAGE) is guarded
    _, counts = await lee.get("counts")
    assert counts == {"waiting": 500, "mine": 1, "open": 5_000, "closed": 0}
    _, last = await lee.get("conversations?offset=4960")
    assert len(last) == 40


def _fill(connection: Connection, many: int, now: datetime) -> None:
    """One talk that 小李 has, a tenth that waits, the others with the bot; all of buyers with accounts."""
    connection.execute(sa.delete(tables.conversations))
    talks, lines, running = [], [], []
    for number in range(many):
        waits = number % 10 == 1
        status = Status.WITH_AGENT if number == 0 else Status.WAITING if waits else Status.WITH_BOT
        talk = Conversation(
            conversation_id=f"c{number}",
            buyer_id=f"buyer-{number}",
            signed_in=True,
            channel="web",
            status=status,
            opened_at=now,
            assignee="小李" if number == 0 else "",
            waiting_since=now + timedelta(seconds=number) if waits else None,
            last_buyer_at=now,
            last_seq=1,
            session_seq=1,
        )
        talks.append({**store._row(talk), "memory": ""})
        line = {"conversation_id": f"c{number}", "seq": 1, "message_id": "l", "author": "buyer"}
        lines.append({**line, "at": now, "text": "在吗"})
        running.append({"conversation_id": f"c{number}", "first_seq": 1, "began_at": now})
    for table, rows in (
        (tables.conversations, talks),
        (tables.messages, lines),
        (tables.sessions, running),
    ):
        connection.execute(table.insert(), rows)
