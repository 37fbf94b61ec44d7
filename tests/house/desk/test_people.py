"""Roles, invitations, names and the record of what was done."""

from __future__ import annotations

import pytest

from bot.channels import keys
from bot.desk.roles import Role
from bot.desk.who import ACCOUNTS
from tests.house.desk.conftest import PASSWORD, Desk, SitDown, waiting
from tests.house.server import Server


async def invited(owner: Desk, role: str = "agent") -> str:
    status, made = await owner.post("invites", role=role)
    assert status == 200
    return str(made["token"])


async def test_an_invitation_makes_one_account_of_its_role(
    server: Server, sit_down: SitDown
) -> None:
    owner = await sit_down("老板", Role.OWNER)
    token = await invited(owner, "supervisor")
    new = {"token": token, "name": "小陈", "display_name": "陈陈", "password": PASSWORD}
    assert (await owner.post("join", **new))[0] == 200
    found = await server.app[ACCOUNTS].find("小陈")
    assert found and (found.role, found.shown_name) == (Role.SUPERVISOR, "陈陈")
    status, answer = await owner.post("join", **{**new, "name": "小黄"})
    assert (status, answer["error"]["code"]) == (404, "bad_invite")


async def test_a_name_that_is_taken_leaves_the_link_good(sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    token = await invited(owner)
    status, answer = await owner.post("join", token=token, name="老板", password=PASSWORD)
    assert (status, answer["error"]["code"]) == (409, "name_taken")
    assert (await owner.post("join", token=token, name="小陈", password=PASSWORD))[0] == 200


async def test_a_weak_password_is_refused(sit_down: SitDown) -> None:
    owner = await sit_down("老板", Role.OWNER)
    token = await invited(owner)
    status, answer = await owner.post("join", token=token, name="小陈", password="short")
    assert (status, answer["error"]["code"]) == (422, "weak_password")


@pytest.mark.parametrize(
    ("role", "wanted", "status"),
    [
        (Role.SUPERVISOR, "agent", 200),
        (Role.SUPERVISOR, "owner", 403),
        (Role.AGENT, "agent", 403),
        (Role.TRAINER, "agent", 403),
    ],
)
async def test_who_may_invite_whom(sit_down: SitDown, role: Role, wanted: str, status: int) -> None:
    one = await sit_down("某人", role)
    assert (await one.post("invites", role=wanted))[0] == status


async def test_a_trainer_reads_and_answers_nobody(server: Server, sit_down: SitDown) -> None:
    trainer = await sit_down("老师", Role.TRAINER)
    talk = await waiting(server)
    assert (await trainer.reads(talk))["messages"]
    for deed in ("take", "messages", "return", "close", "notes", "transfer"):
        status, answer = await trainer.at(talk, deed, id="a", text="x", seen=9, to="")
        assert (status, answer["error"]["code"]) == (403, "readers_only")


async def test_an_agent_changes_the_own_name_and_nothing_else(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    await sit_down("小王")
    assert (await lee.post("people/小李", display_name="李想"))[0] == 200
    assert (await lee.post("people/小李", role="owner"))[0] == 403
    assert (await lee.post("people/小王", display_name="x"))[0] == 403
    found = await server.app[ACCOUNTS].find("小李")
    assert found and (found.shown_name, found.role) == ("李想", Role.AGENT)


async def test_buyers_read_the_name_that_is_shown(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("admin2", display_name="李想")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "messages", id="a1", text="您好")
    history = await server.app[keys.CONVERSATIONS].history(talk)
    shown = [one.for_buyer() for one in history]
    assert [one["text"] for one in shown if one["from"] == "system"] == ["客服李想来了"]
    assert shown[-1]["agent_name"] == "李想"
    assert "admin2" not in str(shown)


async def test_deeds_are_written_down_for_who_leads(server: Server, sit_down: SitDown) -> None:
    lee, owner = await sit_down("小李"), await sit_down("老板", Role.OWNER)
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "return")
    _, kept = await owner.get("audit")
    found = [(one["agent"], one["deed"]) for one in kept if one["conversation_id"] == talk]
    assert found == [("小李", "give_back"), ("小李", "take")]
    assert (await lee.get("audit"))[0] == 403
