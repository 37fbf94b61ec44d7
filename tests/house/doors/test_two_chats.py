"""Who signs in has two chats (K30): the desk knows both as one person's, and nobody waits in the old one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import buyer_data
from bot.channels import keys
from bot.conversations.tables import joined_conversations, waits
from bot.engine.turns import HandOver
from bot.handing_over import HandOverReason
from tests.house.desk.conftest import SitDown, sit_down  # noqa: F401  # a fixture
from tests.house.doors.test_signing_in import token_of
from tests.house.scripted import result
from tests.house.server import Server


async def visiting(server: Server, text: str = "在吗") -> tuple[str, str]:
    """A visitor who has said something: token and conversation."""
    opened = await server.session()
    talk = str(opened["conversation_id"])
    await server.receive(talk, text)
    await server.app[keys.TURNS].answer(talk)
    return str(opened["token"]), talk


async def asking_for_a_person(server: Server) -> tuple[str, str]:
    server.engine.then(
        result("马上叫人", hand_over=HandOver(reason=HandOverReason.ASKED, note="要找人"))
    )
    return await visiting(server, "转人工")


async def test_the_desk_sees_both_as_one_persons(
    server: Server,
    sit_down: SitDown,  # noqa: F811
) -> None:
    visitor, before = await visiting(server, "我电话13812345678，有39码吗")
    since = (await server.session(token=token_of(server, "buyer-a"), was=visitor))[
        "conversation_id"
    ]
    lee = await sit_down("小李")
    (other,) = (await lee.reads(since))["others"]
    assert (other["conversation_id"], other["is_visitors"]) == (before, True)
    assert other["first_text"] == "我电话138****5678，有39码吗"
    _, beside = await lee.get(f"conversations/{since}/beside")
    assert "我电话138****5678，有39码吗" in [one["text"] for one in beside["talks"]]
    (other,) = (await lee.reads(before))["others"]
    assert (other["conversation_id"], other["is_visitors"]) == (since, False)


async def test_who_waited_for_a_person_waits_on_at_the_same_place(
    server: Server,
    sit_down: SitDown,  # noqa: F811
) -> None:
    visitor, before = await asking_for_a_person(server)
    lee = await sit_down("小李")
    was = (await lee.reads(before))["conversation"]
    opened = await server.session(token=token_of(server, "buyer-a"), was=visitor)
    assert opened["status"] == "waiting"
    assert "排着" in opened["messages"][-1]["text"]
    now = (await lee.reads(opened["conversation_id"]))["conversation"]
    assert (now["waiting_since"], now["reason"]) == (was["waiting_since"], was["reason"])
    assert (await lee.reads(before))["conversation"]["status"] == "closed"
    assert (await lee.get("counts"))[1]["waiting"] == 1
    running = select(waits.c.conversation_id).where(waits.c.ended_at.is_(None))
    rows = await server.database.read(lambda c: list(c.execute(running).scalars()))
    assert rows == [opened["conversation_id"]]


async def test_the_agent_goes_along(
    server: Server,
    sit_down: SitDown,  # noqa: F811
) -> None:
    visitor, before = await visiting(server)
    lee = await sit_down("小李")
    assert (await lee.at(before, "take"))[0] == 200
    opened = await server.session(token=token_of(server, "buyer-a"), was=visitor)
    assert opened["status"] == "with_agent"
    since = opened["conversation_id"]
    assert (await lee.at(since, "messages", id="a", text="我在的"))[0] == 200
    assert (await lee.reads(before))["messages"][-1]["text"].startswith("买家登录了")


async def test_a_person_who_is_in_the_buyers_own_chat_stays(
    server: Server,
    sit_down: SitDown,  # noqa: F811
) -> None:
    own = (await server.session(token=token_of(server, "buyer-a")))["conversation_id"]
    wang = await sit_down("小王")
    assert (await wang.at(own, "take"))[0] == 200
    visitor, before = await asking_for_a_person(server)
    await server.session(token=token_of(server, "buyer-a"), was=visitor)
    shown = await wang.reads(own)
    assert shown["conversation"]["assignee"] == "小王" and len(shown["others"]) == 1
    assert (await wang.reads(before))["conversation"]["status"] == "waiting"  # a colleague's to end


async def test_it_is_done_once_and_only_by_the_visitors_own_token(server: Server) -> None:
    visitor, _ = await visiting(server)
    for was in ("", "forged", token_of(server, "buyer-b"), visitor, visitor):
        await server.session(token=token_of(server, "buyer-a"), was=was)
    await server.session(token=token_of(server, "buyer-b"), was=visitor)  # is another's already
    rows = await server.database.read(lambda c: c.execute(select(joined_conversations)).all())
    assert len(rows) == 1


async def test_the_visitors_token_hears_nothing_of_the_buyers_chat(server: Server) -> None:
    visitor, before = await asking_for_a_person(server)
    token = token_of(server, "buyer-a")
    since = (await server.session(token=token, was=visitor))["conversation_id"]
    await server.receive(since, "我的订单到哪了")
    again = await server.session(token=visitor)
    assert again["conversation_id"] == before
    assert not [one for one in again["messages"] if "订单" in one["text"]]


@pytest.mark.parametrize("by", ["export", "erase"])
async def test_what_was_said_before_the_sign_in_is_the_buyers_too(server: Server, by: str) -> None:
    visitor, before = await visiting(server, "我住杭州")
    await server.session(token=token_of(server, "buyer-a"), was=visitor)
    if by == "export":
        found = await server.database.read(buyer_data.export, "buyer-a")
        assert "我住杭州" in [one["text"] for one in found["messages"]]
        return
    await server.database.run(buyer_data.erase, "buyer-a")
    rows = await server.database.read(
        lambda c: c.execute(select(joined_conversations.c.conversation_id)).all()
    )
    assert not rows
    assert await server.app[keys.CONVERSATIONS].history(before) == []
