"""Agents go away, sign out, are removed, take at once: their buyers are somebody's all the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.channels import keys
from bot.conversations.conversation import Conversation, Status
from bot.conversations.tables import waits
from bot.desk.presence import AWAY_AFTER, Presence
from bot.desk.roles import Role
from bot.desk.who import ACCOUNTS, PRESENCE
from bot.engine.turns import HandOver, TurnResult
from bot.handing_over import HandOverReason
from tests.house.desk.conftest import SitDown, waiting
from tests.house.scripted import result
from tests.house.server import Server
from tests.support.house import Clock


async def test_who_is_away_too_long_gives_the_talk_back(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "messages", id="a1", text="稍等")
    await server.receive(talk, "好了吗")
    written = clock()
    clock.forward(AWAY_AFTER + timedelta(seconds=1))
    await server.app[ACCOUNTS].seen("小王")
    assert await server.app[PRESENCE].sweep() == 1
    shown = (await wang.reads(talk))["conversation"]
    assert (shown["status"], shown["assignee"]) == ("waiting", "")
    assert shown["waiting_since"] == written.isoformat()  # as long as the buyer has waited
    assert (await wang.at(talk, "take"))[0] == 200


async def test_so_it_is_when_the_house_was_restarted_meanwhile(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    clock.forward(AWAY_AFTER + timedelta(seconds=1))
    anew = Presence(
        database=server.database,
        accounts=server.app[ACCOUNTS],
        conversations=server.app[keys.CONVERSATIONS],
        clock=clock,
    )
    assert await anew.sweep() == 1


async def test_whose_page_is_open_keeps_it(server: Server, sit_down: SitDown, clock: Clock) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    for _ in range(6):
        clock.forward(timedelta(minutes=1))
        await server.app[ACCOUNTS].seen("小李")
        assert await server.app[PRESENCE].sweep() == 0


async def test_who_comes_back_in_the_last_instant_keeps_it(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    released = await server.app[keys.CONVERSATIONS].release(talk, "小李", lambda *_: False)
    assert not released


async def test_signing_out_gives_everything_back_at_once(server: Server, sit_down: SitDown) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.post("logout")
    shown = await wang.reads(talk)
    assert shown["conversation"]["status"] == "waiting"
    assert "走开" in shown["messages"][-1]["text"]


async def test_signed_in_elsewhere_nothing_is_given_back(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    # The password is the same: a second browser.
    from tests.house.desk.conftest import Desk

    other = Desk(server, "小李")
    await other.sign_in()
    await other.post("logout")
    await other.client.close()
    assert (await lee.reads(talk))["conversation"]["status"] == "with_agent"


async def test_the_account_goes_and_its_talks_wait(server: Server, sit_down: SitDown) -> None:
    lee, owner = await sit_down("小李"), await sit_down("老板", Role.OWNER)
    talk = await waiting(server)
    await lee.at(talk, "take")
    assert (await owner.post("people/小李/remove"))[0] == 200
    assert (await owner.reads(talk))["conversation"]["status"] == "waiting"
    assert (await lee.get("me"))[0] == 401


async def test_signing_in_sweeps_what_waits_for_the_absent(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    clock.forward(timedelta(hours=11))
    wang = await sit_down("小王")
    assert (await wang.reads(talk))["conversation"]["status"] == "waiting"


async def test_who_left_is_served_before_who_only_asks(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    first = await waiting(server)
    clock.forward(timedelta(minutes=1))
    left = await waiting(server)
    await lee.at(left, "take")
    await lee.post("logout")
    _, listed = await wang.get("conversations?shelf=waiting")
    assert [one["conversation_id"] for one in listed] == [left, first]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
async def test_of_two_agents_who_take_in_one_instant_one_gets_it(
    server: Server, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    if not guarded:
        taken = {"status": Status.WITH_AGENT, "waiting_since": None}
        monkeypatch.setattr(
            Conversation, "take", lambda one, agent: replace(one, assignee=agent, **taken)
        )
    desks = [await sit_down(name) for name in ("小李", "小王", "小赵")]
    talk = await waiting(server)
    answers = await asyncio.gather(*(one.at(talk, "take") for one in desks))
    statuses = sorted(status for status, _ in answers)
    assert statuses == ([200, 409, 409] if guarded else [200, 200, 200])


@pytest.mark.parametrize("deed", ["return", "close", "transfer"])
async def test_a_colleagues_talk_is_not_ended_or_given_away(
    server: Server, sit_down: SitDown, deed: str
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    await lee.at(talk, "take")
    status, answer = await wang.at(talk, deed, seen=1000, to="")
    assert (status, answer["error"]["code"]) == (409, "wrong_owner")
    leader = await sit_down("主管", Role.SUPERVISOR)
    assert (await leader.at(talk, deed, seen=1000, to=""))[0] == 200


async def test_it_ends_only_up_to_the_last_line_that_was_seen(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    seen = (await lee.reads(talk))["conversation"]["last_seq"]
    await server.receive(talk, "还有一件事")
    status, answer = await lee.at(talk, "close", seen=seen)
    assert (status, answer["error"]["code"]) == (409, "unseen_line")
    assert (await lee.at(talk, "close", seen=seen + 1))[0] == 200


async def test_a_transfer_goes_to_who_is_in_with_a_note(server: Server, sit_down: SitDown) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王", display_name="王姐")
    talk = await waiting(server)
    await lee.at(talk, "take")
    status, moved = await lee.at(talk, "transfer", to="小王", note="要开专票")
    assert (status, moved["assignee"], moved["assignee_name"]) == (200, "小王", "王姐")
    shown = await wang.reads(talk)
    assert [one["text"] for one in shown["notes"]] == ["要开专票"]
    assert shown["messages"][-1]["text"] == "接下来由客服王姐接着为您服务"


async def test_nobody_is_given_to_who_is_away(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await wang.post("presence", is_in=False)
    status, answer = await lee.at(talk, "transfer", to="小王")
    assert (status, answer["error"]["code"]) == (409, "not_in")


async def in_department(server: Server, *names: str) -> None:
    for name in names:
        await server.app[ACCOUNTS].change(name, department="售后")


async def test_a_department_is_whoever_of_it_is_in_and_has_the_fewest(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang, _ = await sit_down("小李"), await sit_down("小王"), await sit_down("小赵")
    await in_department(server, "小李", "小王", "小赵")
    busy, talk = await waiting(server), await waiting(server)
    await wang.at(busy, "take")
    await lee.at(talk, "take")
    status, moved = await lee.at(talk, "transfer", department="售后", note="要退差价")
    assert (status, moved["assignee"]) == (200, "小赵")
    assert [one["text"] for one in (await wang.reads(talk))["notes"]] == ["要退差价"]


async def test_a_department_in_which_nobody_else_is_in_gets_nothing(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    await in_department(server, "小李", "小王")
    await wang.post("presence", is_in=False)
    talk = await waiting(server)
    await lee.at(talk, "take")
    status, answer = await lee.at(talk, "transfer", department="售后")
    assert (status, answer["error"]["code"]) == (409, "not_in")
    status, answer = await lee.at(talk, "transfer", department="财务")
    assert (status, answer["error"]["code"]) == (404, "unknown_department")
    assert (await lee.reads(talk))["conversation"]["assignee"] == "小李"


async def test_put_back_into_the_queue_it_waits_for_anybody(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "transfer", to="")
    assert (await wang.at(talk, "take"))[0] == 200


async def test_a_buyer_who_comes_back_is_shown_with_the_last_agent(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "return")
    server.engine.then(handed_over())
    await server.receive(talk, "转人工")
    await server.app[keys.TURNS].answer(talk)
    shown = (await wang.reads(talk))["conversation"]
    assert (shown["last_agent"], shown["is_last_agent_in"]) == ("小李", True)
    await lee.post("presence", is_in=False)
    assert (await wang.reads(talk))["conversation"]["is_last_agent_in"] is False


def handed_over() -> TurnResult:
    return result("马上", hand_over=HandOver(reason=HandOverReason.ASKED, note=""))


async def test_with_nobody_at_the_desk_the_buyer_hears_that(server: Server) -> None:
    talk = await waiting(server)
    history = await server.app[keys.CONVERSATIONS].history(talk)
    assert history[-1].text.endswith("<utter_waiting_nobody_in>")


async def test_with_somebody_there_the_buyer_hears_the_place(
    server: Server, sit_down: SitDown
) -> None:
    await sit_down("小李")
    talk = await waiting(server)
    history = await server.app[keys.CONVERSATIONS].history(talk)
    assert history[-1].text.endswith("<utter_waiting_next>")


async def in_hours_of_waits(server: Server) -> list[bool]:
    query = sa.select(waits.c.in_hours).order_by(waits.c.wait_id)
    return await server.database.read(lambda connection: list(connection.execute(query).scalars()))


async def test_a_wait_that_begins_at_night_is_none_that_the_usual_one_is_told_by(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    gone, back = await waiting(server), await waiting(server)
    for talk in (gone, back):
        await lee.at(talk, "take")
    clock.forward(timedelta(hours=11, minutes=30))  # 23:40
    await lee.at(back, "transfer", to="")
    await lee.post("logout")
    assert await in_hours_of_waits(server) == [True, True, False, False]
