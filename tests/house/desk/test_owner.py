"""Owners export and erase a buyer's data at the desk; agents do not, and each deed is kept."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels import keys
from bot.desk.who import ACCOUNTS
from tests.house.server import OURS, Server

PASSWORD = "a long password"


async def sign_in(server: Server, *, is_owner: bool) -> None:
    await server.app[ACCOUNTS].set_password("老板", PASSWORD, is_owner=is_owner)
    body = {"name": "老板", "password": PASSWORD}
    assert (await server.client.post("/api/desk/login", json=body, headers=OURS)).status == 200


async def talked(server: Server) -> str:
    opened = str((await server.session())["conversation_id"])
    await server.receive(opened, "我电话13800138000")
    await server.app[keys.TURNS].answer(opened)
    return opened


async def post(server: Server, conversation: str, deed: str, **body: Any) -> Any:
    path = f"/api/desk/conversations/{conversation}/buyer/{deed}"
    return await server.client.post(path, json=body, headers=OURS)


async def kept(server: Server) -> list[tuple[str, str, str]]:
    found = await (await server.client.get("/api/desk/reveals")).json()
    return [(one["agent"], one["what"], one["buyer_id"]) for one in found]


async def test_an_owner_exports_everything_of_the_buyer_as_a_file(server: Server) -> None:
    await sign_in(server, is_owner=True)
    conversation = await talked(server)
    buyer = (await server.app[keys.CONVERSATIONS].find(conversation)).buyer_id
    answer = await post(server, conversation, "export")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "我电话13800138000" in [row["text"] for row in (await answer.json())["messages"]]
    assert await kept(server) == [("老板", "export", buyer)]


async def test_an_owner_erases_the_buyer_and_the_deed_stays_without_a_name(server: Server) -> None:
    await sign_in(server, is_owner=True)
    conversation = await talked(server)
    answer = await post(server, conversation, "erase", confirm="删除")
    assert (await answer.json())["rows"]["conversations"] == 1
    gone = await server.client.get(f"/api/desk/conversations/{conversation}")
    assert gone.status == 404
    assert await kept(server) == [("老板", "erase", "erased")]


@pytest.mark.parametrize("confirm", ["", "好的"])
async def test_nothing_is_erased_without_the_word(server: Server, confirm: str) -> None:
    await sign_in(server, is_owner=True)
    conversation = await talked(server)
    assert (await post(server, conversation, "erase", confirm=confirm)).status == 422
    assert await server.app[keys.CONVERSATIONS].find(conversation)


async def test_nobody_is_erased_in_the_middle_of_a_turn(server: Server) -> None:
    await sign_in(server, is_owner=True)
    opened = str((await server.session())["conversation_id"])
    await server.receive(opened, "在吗")
    assert (await post(server, opened, "erase", confirm="删除")).status == 409


@pytest.mark.parametrize("deed", ["export", "erase"])
async def test_an_agent_who_is_no_owner_does_neither(server: Server, deed: str) -> None:
    await sign_in(server, is_owner=False)
    conversation = await talked(server)
    answer = await post(server, conversation, deed, confirm="删除")
    assert (answer.status, (await answer.json())["error"]["code"]) == (403, "owners_only")
    assert await server.app[keys.CONVERSATIONS].find(conversation)


async def test_a_new_password_leaves_the_role(server: Server) -> None:
    await sign_in(server, is_owner=True)
    await server.app[ACCOUNTS].set_password("老板", PASSWORD)
    assert await server.app[ACCOUNTS].is_owner("老板")
