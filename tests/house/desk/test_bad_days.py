"""Bad days at the desk (K21, K22 among them): each would fail without what guards it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from bot.channels import keys
from bot.conversations import store
from bot.desk import presence, sign_ins, talk_views
from bot.desk.presence import AWAY_AFTER
from bot.desk.roles import Role
from bot.desk.who import COOKIE, PRESENCE
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.server import OURS, Server
from tests.support.house import ROOT, Clock
from tests.support.waiting import until

SCRIPT = "<script>alert(1)</script>"


async def answered(server: Server, talk: str) -> list[str]:
    await server.app[keys.TURNS].answer(talk)
    history = await server.app[keys.CONVERSATIONS].history(talk)
    return [one.text for one in history]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_what_the_buyer_wrote_during_the_hand_back_is_answered(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    if not guarded:
        monkeypatch.setattr(store, "leave_to_bot", lambda *_: None)
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    seen = (await lee.reads(talk))["conversation"]["last_seq"]
    await server.receive(talk, "还有个问题：防水吗")  # not on the agent's page yet
    await lee.at(talk, "return", seen=seen)
    assert ("听到:还有个问题：防水吗" in await answered(server, talk)) is guarded


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_a_line_in_the_instant_of_the_end_is_not_ended_unread(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    seen = (await lee.reads(talk))["conversation"]["last_seq"]
    if not guarded:
        monkeypatch.setattr(store, "newest_of_buyer_lines", lambda *_: 0)
    _, (status, _answer) = await asyncio.gather(
        server.receive(talk, "等一下"), _as_it_is_stored(server, lee, talk, seen)
    )
    assert (status == 409) is guarded


async def _as_it_is_stored(server: Server, lee: Desk, talk: str, seen: int) -> tuple[int, object]:
    async def is_stored() -> bool:
        return bool(await server.app[keys.CONVERSATIONS].after(talk, seen))

    await until(is_stored)  # and it is not on the agent's page
    return await lee.at(talk, "close", seen=seen)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_killed_between_accept_and_first_line_somebody_else_gets_it(
    server: Server,
    sit_down: SitDown,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    guarded: bool,
) -> None:
    """K22 too: what was accepted is stored, so that a restart knows whose it is, and since when."""
    if not guarded:
        monkeypatch.setattr(presence, "_absent", lambda *_: set())
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")  # and the process dies here: nothing is held but in the store
    server.app[PRESENCE]._told.clear()
    clock.forward(AWAY_AFTER + timedelta(seconds=1))
    wang = await sit_down("小王")  # signing in sweeps
    shown = (await wang.reads(talk))["conversation"]["status"]
    assert shown == ("waiting" if guarded else "with_agent")
    assert (await wang.at(talk, "take"))[0] == (200 if guarded else 409)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_a_sign_in_that_ends_in_mid_sentence_leaves_the_draft(
    server: Server,
    sit_down: SitDown,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    guarded: bool,
) -> None:
    """K21. The guard is that it stands on the server; without, nothing is left of it."""
    if not guarded:
        monkeypatch.setattr(talk_views, "keep_draft", lambda *_: None)
    lee = await sit_down("小李")
    talk, other = await waiting(server), await waiting(server)
    await lee.at(talk, "draft", text="您的地址是文三路88号，对吗")
    clock.forward(timedelta(hours=12, seconds=1))
    assert (await lee.at(talk, "messages", id="a1", text="您的地址"))[0] == 401
    await lee.sign_in()
    assert (await lee.reads(talk))["draft"] == ("您的地址是文三路88号，对吗" if guarded else "")
    assert (await lee.reads(other))["draft"] == ""


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_a_forged_token_opens_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    if not guarded:
        monkeypatch.setattr(sign_ins, "hash_of", lambda _: "the same for all")
    await server.signed_in_desk()
    for forged in ("", "x", "小李", "0" * 43, "'; DROP TABLE agents; --"):
        headers = {**OURS, "Cookie": f"{COOKIE}={forged}"}
        url = str(server.client.make_url("/api/desk/me"))
        async with ClientSession() as stranger, stranger.get(url, headers=headers) as answer:
            assert answer.status == (401 if guarded or not forged else 200)


async def test_without_the_right_to_answer_it_would_be_done(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the next one."""
    monkeypatch.setattr(Role, "may_answer", property(lambda _: True))
    trainer = await sit_down("老师", Role.TRAINER)
    assert (await trainer.at(await waiting(server), "take"))[0] == 200


@pytest.mark.parametrize("deed", ["take", "messages", "return", "close", "transfer", "scheduled"])
async def test_who_may_not_answer_does_nothing_by_the_api(
    server: Server, sit_down: SitDown, deed: str
) -> None:
    trainer = await sit_down("老师", Role.TRAINER)
    talk = await waiting(server)
    before = await server.app[keys.CONVERSATIONS].find(talk)
    status, answer = await trainer.at(talk, deed, id="a", text="在", seen=99, to="", at="")
    assert (status, answer["error"]["code"]) == (403, "readers_only")
    assert await server.app[keys.CONVERSATIONS].find(talk) == before


async def test_a_script_in_a_name_is_data_and_nothing_else(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李", display_name=SCRIPT)
    socket = await server.connect()
    talk = str((await server.session(token=socket.token))["conversation_id"])
    await lee.at(talk, "take")
    await lee.at(talk, "messages", id="a1", text="您好")
    line = await socket.said_by("agent")
    assert line["agent_name"] == SCRIPT  # pages set text, never markup
    answer = await server.client.get(f"/api/desk/conversations/{talk}")
    assert answer.content_type == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_of_ours_makes_markup_of_text() -> None:
    """So it holds of every name, today's and later ones; in a browser: tests/browser/test_names.py."""
    makes = ("v-html", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "srcdoc")
    sources = [one for one in (ROOT / "web" / "src").rglob("*") if one.suffix in (".ts", ".vue")]
    assert sources
    assert [one for one in sources if any(way in one.read_text("utf-8") for way in makes)] == []
