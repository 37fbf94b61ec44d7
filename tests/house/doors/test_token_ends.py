"""Tokens that were taken back open nothing: not the chat, not an open page, not after a restart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
import pytest
from aiohttp import WSMsgType

from bot.channels import keys
from bot.channels.token_ends import TokenEnds, end_tokens
from bot.channels.tokens import BadToken, Tokens
from bot.conversations.messages import Author
from bot.database import Database
from tests.house.server import Server

LULU = "buyer-lulu"


async def history(server: Server, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await server.client.get("/api/chat/history?before=9", headers=headers)).status


async def buyer_id_of(server: Server, token: str) -> str:
    return server.app[keys.TOKENS].read(token).buyer_id


async def test_a_token_taken_back_opens_nothing_and_a_newer_one_opens_the_same_chat(
    server: Server,
) -> None:
    clock = server.app[keys.CLOCK]
    old = server.app[keys.TOKENS].for_buyer(LULU, clock())
    opened = await server.session(token=old)
    await server.app[keys.TOKEN_ENDS].end(LULU)
    assert await history(server, old) == 401
    assert not (await server.session(token=old))["signed_in"]
    new = server.app[keys.TOKENS].for_buyer(LULU, clock() + timedelta(seconds=1))
    again = await server.session(token=new)
    assert again["signed_in"]
    assert again["conversation_id"] == opened["conversation_id"]


async def test_others_tokens_stay(server: Server) -> None:
    token = (await server.session())["token"]
    await server.app[keys.TOKEN_ENDS].end(LULU)
    assert await history(server, token) == 200


async def test_a_visitors_token_is_taken_back_too(server: Server) -> None:
    token = (await server.session())["token"]
    await server.app[keys.TOKEN_ENDS].end(await buyer_id_of(server, token))
    assert await history(server, token) == 401


async def test_an_open_page_of_it_says_and_hears_nothing_more(server: Server) -> None:
    socket = await server.connect()
    await socket.until("ready")
    opened = (await server.session(token=socket.token))["conversation_id"]
    await server.app[keys.TOKEN_ENDS].end(await buyer_id_of(server, socket.token))
    await socket.send("在吗")
    assert (await socket.until("error"))["error"]["code"] == "bad_token"
    await server.app[keys.CONVERSATIONS].say_as_agent(opened, "小李", "a1", "您的地址是…")
    while (received := await socket.ws.receive(timeout=60)).type is WSMsgType.TEXT:
        assert "地址" not in received.data
    history = await server.app[keys.CONVERSATIONS].history(opened)
    assert [one.author for one in history] == [Author.AGENT]


async def test_the_end_is_kept_over_a_restart(open_server: Callable[..., Any]) -> None:
    first: Server = await open_server()
    token = (await first.session())["token"]
    await first.app[keys.TOKEN_ENDS].end(await buyer_id_of(first, token))
    second: Server = await open_server()
    assert await history(second, token) == 401


async def test_what_a_command_writes_beside_the_house_is_known_within_seconds(
    server: Server,
) -> None:
    token = (await server.session())["token"]
    other = Database(str(server.database.url))
    other.run_sync(end_tokens, await buyer_id_of(server, token), server.app[keys.CLOCK]())
    other.close()
    await server.app[keys.TOKEN_ENDS].reread()  # every five seconds
    assert await history(server, token) == 401


def ended_now() -> tuple[Tokens, datetime]:
    now = datetime(2026, 12, 31, 16, 0, tzinfo=timezone.utc)
    return Tokens("s" * 48, lambda _, signed_at: signed_at <= now, clock=lambda: now), now


@pytest.mark.parametrize("days", [1, 30])
def test_a_shops_token_without_the_time_of_its_signing_counts_as_old(days: int) -> None:
    tokens, now = ended_now()
    claims = {"sub": "b1", "kind": "buyer", "exp": now + timedelta(days=days)}
    with pytest.raises(BadToken):
        tokens.read(jwt.encode(claims, "s" * 48, "HS256"))
    later = {**claims, "iat": now + timedelta(seconds=2)}
    assert tokens.read(jwt.encode(later, "s" * 48, "HS256")).buyer_id == "b1"


@pytest.mark.parametrize("iat", ["soon", 10**30, {}], ids=["words", "beyond time", "no number"])
def test_a_nonsensical_time_of_signing_is_refused(iat: Any) -> None:
    tokens, now = ended_now()
    claims = {"sub": "b1", "kind": "buyer", "exp": now + timedelta(days=1), "iat": iat}
    with pytest.raises(BadToken):
        tokens.read(jwt.encode(claims, "s" * 48, "HS256"))


async def test_what_no_token_can_outlive_is_forgotten(server: Server) -> None:
    now = server.app[keys.CLOCK]()
    old = now - timedelta(days=182)
    await server.database.run(end_tokens, "somebody", old)
    await server.database.run(end_tokens, LULU, now)
    ends = TokenEnds(server.database, lambda: now)
    await ends.reread()
    assert ends.is_over(LULU, old)
    assert not ends.is_over("somebody", old)
