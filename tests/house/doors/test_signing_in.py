"""A visitor signs in amid an order (K30): it goes along, once, and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels import keys
from tests.house.server import Server

BEGUN = {
    "order_product": "boot-qiyun",
    "order_colour": "黑色",
    "order_size": "39",
    "order_quantity": 2,
    "order_phone": "13812345678",
}


async def visitor_amid_an_order(server: Server, **begun: Any) -> str:
    """The visitor's token."""
    server.engine.kept = {**BEGUN, **begun}
    token = str((await server.session())["token"])
    socket = await server.connect(token)
    await socket.send("我要一双")
    await socket.said_by("bot")
    return token


def token_of(server: Server, buyer_id: str) -> str:
    return server.app[keys.TOKENS].for_buyer(buyer_id, server.app[keys.CLOCK]())


def carried(session: dict[str, Any]) -> Sequence[str]:
    return [one["text"] for one in session["messages"] if "utter_draft_carried" in one["text"]]


async def test_the_order_goes_along_and_is_asked_about(server: Server) -> None:
    visitor = await visitor_amid_an_order(server)
    session = await server.session(token=token_of(server, "buyer-a"), was=visitor)
    (told,) = carried(session)
    assert "（黑色 39，2 件）" in told
    again = await server.session(token=token_of(server, "buyer-a"), was=visitor)
    assert len(carried(again)) == 1
    socket = await server.connect(token_of(server, "buyer-a"))
    await socket.send("对")
    await server.engine.heard_turns(2)
    memory = server.engine.memories[-1]  # what the turn was given
    assert "'open_question': 'order_it'" in memory and "'order_phone': '13812345678'" in memory


async def test_nothing_goes_along_without_the_visitors_own_token(server: Server) -> None:
    visitor = await visitor_amid_an_order(server)
    for was in ("", "forged", token_of(server, "buyer-b")):
        session = await server.session(token=token_of(server, "buyer-a"), was=was)
        assert not carried(session)
    stranger = await server.session(was=visitor)  # who has not signed in is nobody's buyer
    assert not carried(stranger)


async def test_where_no_order_is_open_nothing_is_told(server: Server) -> None:
    token = str((await server.session())["token"])
    assert not carried(await server.session(token=token_of(server, "buyer-a"), was=token))
    visitor = await visitor_amid_an_order(server, order_product=None)
    assert not carried(await server.session(token=token_of(server, "buyer-a"), was=visitor))


async def test_the_buyers_own_open_order_stays_and_the_visitors_is_told(server: Server) -> None:
    visitor = await visitor_amid_an_order(server, order_product="tee-sugan", order_size="L")
    server.engine.kept = {**BEGUN, "order_quantity": 1}
    socket = await server.connect(token_of(server, "buyer-a"))
    await socket.send("我自己的单")
    await socket.said_by("bot")
    session = await server.session(token=token_of(server, "buyer-a"), was=visitor)
    assert not carried(session)
    (told,) = (one["text"] for one in session["messages"] if "utter_draft_beside" in one["text"])
    assert "（黑色 39）" in told  # the buyer's own
    again = await server.session(token=token_of(server, "buyer-a"), was=visitor)
    assert again["last_seq"] == session["last_seq"]  # once
    await socket.send("对")
    await server.engine.heard_turns(3)
    assert "order_it" not in server.engine.memories[-1]  # nothing of it is asked or changed


async def test_a_talk_with_a_person_is_not_spoken_into(server: Server) -> None:
    visitor = await visitor_amid_an_order(server)
    opened = await server.session(token=token_of(server, "buyer-a"))
    await server.app[keys.CONVERSATIONS].take(opened["conversation_id"], "小李")
    session = await server.session(token=token_of(server, "buyer-a"), was=visitor)
    assert not carried(session)
