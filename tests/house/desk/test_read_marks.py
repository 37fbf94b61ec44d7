"""A buyer who waits for a person, or has one, is told when people have read their words."""

from __future__ import annotations

from typing import Any

from bot.desk.roles import Role
from tests.house.desk.conftest import SitDown
from tests.house.desk.test_typing import heard, listens
from tests.house.server import Server, Socket


async def waits(server: Server) -> tuple[Socket, str, int]:
    """A buyer whose talk waits for a person, its id, and the number of the buyer's last line."""
    from bot.channels import keys

    socket = await server.connect()
    talk = (await socket.until("ready"))["conversation_id"]
    await socket.send("转人工")
    await socket.said_by("bot")
    conversations = server.app[keys.CONVERSATIONS]
    await conversations.take(talk, "小李")
    await conversations.requeue(talk, "小李")
    await socket.until("status", status="waiting")
    own_id = await socket.send("在吗")
    return socket, talk, (await socket.until("ack", id=own_id))["seq"]


async def looks(ws: Any, talk: str, seq: int) -> None:
    """The page shows the talk up to there; what it has said is dealt with when it is answered."""
    await ws.send_json({"type": "looking", "conversation_id": talk, "seq": seq})
    await heard(ws, "pong")


async def test_who_waits_is_told_that_an_agent_has_read_it_and_so_is_the_next_page(
    server: Server, sit_down: SitDown
) -> None:
    socket, talk, seq = await waits(server)
    page = await listens(await sit_down("小王"))
    await looks(page, talk, seq)
    assert (await socket.until("read"))["seq"] == seq
    opened = await server.session(token=socket.token)
    assert opened["read_seq"] == seq
    again = await server.connect(socket.token)
    assert (await again.until("ready"))["read_seq"] == seq
    answer = await server.client.get(
        "/api/chat/messages?after=0", headers={"Authorization": f"Bearer {socket.token}"}
    )
    assert (await answer.json())["read_seq"] == seq


async def test_it_moves_ahead_only_and_never_past_what_was_said(
    server: Server, sit_down: SitDown
) -> None:
    socket, talk, seq = await waits(server)
    page = await listens(await sit_down("小王"))
    await looks(page, talk, seq + 1_000)
    await looks(page, talk, seq)
    await looks(page, talk, seq - 1)
    await looks(page, talk, seq)
    await socket.quiet()
    told = [one["seq"] for one in socket.frames if one["type"] == "read"]
    assert told == [seq]


async def test_a_page_out_of_sight_a_trainer_and_a_talk_of_the_bots_tell_nothing(
    server: Server, sit_down: SitDown
) -> None:
    socket, talk, seq = await waits(server)
    agent = await listens(await sit_down("小王"))
    trainer = await listens(await sit_down("小周", Role.TRAINER))
    await agent.send_json({"type": "looking", "conversation_id": talk})  # in another tab
    await heard(agent, "pong")
    await looks(trainer, talk, seq)
    other = await server.connect()
    bots = (await other.until("ready"))["conversation_id"]
    own_id = await other.send("有货吗")
    of_bots = (await other.until("ack", id=own_id))["seq"]
    await looks(agent, bots, of_bots)
    for one in (socket, other):
        await one.quiet()
        assert not [frame for frame in one.frames if frame["type"] == "read"]
    await looks(agent, talk, seq)  # the control: this way it is told
    assert (await socket.until("read"))["seq"] == seq
