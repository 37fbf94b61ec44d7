"""Promises and planned messages at the desk: found in a line, confirmed with one key, stopped, sent now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels import keys
from bot.desk.roles import Role
from bot.followups import store
from bot.followups.kinds import read_kinds
from bot.outgoing import outbox
from bot.settings import Settings
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.server import Server
from tests.support.house import Clock


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("15:00", settings)


async def says(desk: Desk, talk: str, text: str, number: str = "m1") -> Any:
    status, line = await desk.at(talk, "messages", id=number, text=text)
    assert status == 200, line
    return line


async def test_a_promise_in_a_line_is_found_and_confirmed(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    line = await says(lee, talk, "我问下仓库，明天上午给您答复")
    found = line["promise"]
    assert (found["matter"], found["status"], found["made_by"]) == ("reply", "found", "小李")
    assert found["text"] == "我问下仓库，明天上午给您答复" and found["seq"] == line["seq"]
    assert (await lee.get("promises"))[1] == []
    status, confirmed = await lee.post(f"promises/{found['promise_id']}/confirm")
    assert (status, confirmed["status"]) == (200, "open")
    assert [one["promise_id"] for one in (await lee.get("promises"))[1]] == [found["promise_id"]]
    status, problem = await lee.post(f"promises/{found['promise_id']}/confirm")
    assert (status, problem["error"]["code"]) == (409, "promise_moved")


async def test_the_same_line_sent_again_promises_once(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    first = await says(lee, talk, "2小时内给您答复")
    again = await says(lee, talk, "2小时内给您答复")
    assert again["promise"]["promise_id"] == first["promise"]["promise_id"]


async def test_an_agent_may_name_another_time(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    found = (await says(lee, talk, "明天给您补发"))["promise"]
    path = f"promises/{found['promise_id']}/confirm"
    by = (clock() + timedelta(days=3)).isoformat()
    for wrong in ("明天", "2027-03-04T12:00", clock().isoformat()):
        status, problem = await lee.post(path, due_at=wrong)
        assert (status, problem["error"]["code"]) == (422, "bad_field")
    status, confirmed = await lee.post(path, due_at=by)
    assert status == 200 and confirmed["due_at"] == by


async def test_what_was_none_is_dismissed_and_what_is_done_is_ticked(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    none = (await says(lee, talk, "明天给您回复"))["promise"]
    assert (await lee.post(f"promises/{none['promise_id']}/dismiss"))[1]["status"] == "dismissed"
    one = (await says(lee, talk, "明天给您补发", "m2"))["promise"]
    assert (await lee.post(f"promises/{one['promise_id']}/kept"))[0] == 409  # not confirmed yet
    await lee.post(f"promises/{one['promise_id']}/confirm")
    assert (await lee.post(f"promises/{one['promise_id']}/kept"))[1]["status"] == "kept"
    assert (await lee.get("promises"))[1] == []
    assert (await lee.post("promises/999/kept"))[0] == 404


async def test_an_ordinary_line_promises_nothing(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    assert "promise" not in await says(lee, await waiting(server), "好的，您稍等")


# -- what is planned


async def planned(server: Server, clock: Clock, **about: Any) -> tuple[str, int]:
    """A chat with the bot, and a follow-up that waits for its hour."""
    opened = await server.session(token=await server.buyer_token())
    talk = opened["conversation_id"]
    await server.receive(talk, "在吗")
    await server.app[keys.TURNS].answer(talk)
    found = await server.app[keys.CONVERSATIONS].find(talk)
    kind = read_kinds()["birthday"]

    def write(connection: Any) -> None:
        store.plan(
            connection, conversation_id=talk, buyer_id=found.buyer_id, kind=kind, key="k1",
            about=about, now=clock(), due_at=clock() + timedelta(hours=3),
        )  # fmt: skip

    await server.database.run(write)
    return talk, 0


async def number_of(desk: Desk, talk: str) -> int:
    status, shown = await desk.get(f"conversations/{talk}/follow-ups")
    assert status == 200, shown
    [one] = shown["planned"]
    return int(one["follow_up_id"])


async def test_agents_see_what_is_planned_and_stop_it(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    talk, _ = await planned(server, clock)
    shown = (await lee.get(f"conversations/{talk}/follow-ups"))[1]
    assert [one["about"] for one in shown["planned"]] == ["生日祝福"]
    number = await number_of(lee, talk)
    assert (await lee.post(f"follow-ups/{number}/stop"))[0] == 200
    assert (await lee.get(f"conversations/{talk}/follow-ups"))[1]["planned"] == []
    assert (await lee.post(f"follow-ups/{number}/send"))[0] == 404


async def test_an_agent_sends_it_now_once(server: Server, sit_down: SitDown, clock: Clock) -> None:
    lee = await sit_down("小李")
    talk, _ = await planned(server, clock)
    number = await number_of(lee, talk)
    assert (await lee.post(f"follow-ups/{number}/send"))[0] == 200
    assert (await lee.post(f"follow-ups/{number}/send"))[0] == 404
    texts = [one["text"] for one in (await lee.reads(talk))["messages"]]
    assert sum("utter_follow_up_birthday" in text for text in texts) == 1


@pytest.mark.parametrize("why", ["opted_out", "person", "hours"])
async def test_what_protects_the_buyer_holds_for_agents_too(
    server: Server, sit_down: SitDown, clock: Clock, why: str
) -> None:
    lee = await sit_down("小李")
    talk, _ = await planned(server, clock)
    number = await number_of(lee, talk)
    if why == "opted_out":
        buyer_id = (await server.app[keys.CONVERSATIONS].find(talk)).buyer_id
        await server.database.run(store.opt_out, buyer_id, clock())
    elif why == "person":
        await lee.at(talk, "take")
    else:
        clock.forward(timedelta(hours=8))
    status, problem = await lee.post(f"follow-ups/{number}/send")
    if why == "opted_out":  # it was dropped at once
        assert status == 404
    else:
        assert (status, problem["error"]["code"]) == (409, f"not_sent_{why}")


# -- what could not leave


async def test_owners_read_what_could_not_leave_and_have_it_tried_again(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    def dead(connection: Any) -> None:
        for key in ("k1", "k2"):
            outbox.put(connection, door="d", target="t", key=key, body={"x": 1}, now=clock())
        one, _ = outbox.claim(connection, clock(), "w", ["d"])
        outbox.mark_dead(connection, one, "answered 404", clock())

    await server.database.run(dead)
    lee = await sit_down("小李")
    assert (await lee.get("outgoing"))[0] == 403
    owner = await sit_down("店主", Role.OWNER)
    status, [one] = await owner.get("outgoing?status=dead")
    assert (status, one["last_error"], one["key"]) == (200, "answered 404", "k1")
    assert (await owner.get("outgoing?status=lost"))[0] == 422
    assert (await owner.post(f"outgoing/{one['delivery_id']}/again"))[0] == 200
    assert (await owner.post(f"outgoing/{one['delivery_id']}/again"))[0] == 404
    assert (await owner.get("outgoing"))[1] == []
