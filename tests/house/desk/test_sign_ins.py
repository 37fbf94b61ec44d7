"""A single sign-in at the desk is ended, and the others go on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, WSMsgType

from bot.__main__ import _end_sign_ins
from bot.desk.who import ACCOUNTS
from tests.house.server import OURS, Server

PASSWORD = "a long password"


class Browser:
    """One of an agent's."""

    def __init__(self, server: Server, name: str) -> None:
        self.address, self.name = str(server.client.make_url("")).rstrip("/"), name
        self.client = ClientSession(cookie_jar=CookieJar(unsafe=True))

    async def sign_in(self) -> None:
        body = {"name": self.name, "password": PASSWORD}
        assert (await self.post("login", **body))[0] == 200

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        url = f"{self.address}/api/desk/{path}"
        async with self.client.post(url, json=body, headers=OURS) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.client.get(f"{self.address}/api/desk/{path}") as answer:
            return answer.status, await answer.json()

    async def other_sign_in(self) -> str:
        """The id of one that is not this one."""
        _, listed = await self.get("sign-ins")
        return str(next(one["sign_in_id"] for one in listed if not one["is_this"]))


@pytest.fixture
async def browsers(server: Server) -> AsyncIterator[list[Browser]]:
    """小李's two, 小王's, the owner's."""
    for name, is_owner in (("小李", False), ("小王", False), ("老板", True)):
        await server.app[ACCOUNTS].set_password(name, PASSWORD, is_owner=is_owner)
    opened = [Browser(server, name) for name in ("小李", "小李", "小王", "老板")]
    for one in opened:
        await one.sign_in()
    yield opened
    for one in opened:
        await one.client.close()


async def test_one_of_two_is_ended_and_the_other_goes_on(browsers: list[Browser]) -> None:
    here, lost = browsers[:2]
    _, listed = await here.get("sign-ins")
    assert [(one["agent"], one["is_this"]) for one in listed].count(("小李", True)) == 1
    assert len(listed) == 2
    status, _ = await here.post(f"sign-ins/{await here.other_sign_in()}/end")
    assert status == 200
    assert (await lost.get("me"))[0] == 401
    assert (await here.get("me"))[0] == 200


async def test_an_agent_ends_nobody_elses(browsers: list[Browser]) -> None:
    here, _, colleague, _ = browsers
    _, listed = await colleague.get("sign-ins")
    status, body = await here.post(f"sign-ins/{listed[0]['sign_in_id']}/end")
    assert (status, body["error"]["code"]) == (404, "unknown_sign_in")
    assert (await colleague.get("me"))[0] == 200


async def test_an_owner_sees_and_ends_everybodys(browsers: list[Browser]) -> None:
    owner = browsers[-1]
    _, listed = await owner.get("sign-ins")
    assert sorted(one["agent"] for one in listed) == ["小李", "小李", "小王", "老板"]
    of_wang = next(one["sign_in_id"] for one in listed if one["agent"] == "小王")
    assert (await owner.post(f"sign-ins/{of_wang}/end"))[0] == 200
    assert (await browsers[2].get("me"))[0] == 401


@pytest.mark.parametrize(
    "sign_in_id", ["", "%", "_" * 16, "x" * 64], ids=["no", "any", "wild", "long"]
)
async def test_no_pattern_ends_any(
    server: Server, browsers: list[Browser], sign_in_id: str
) -> None:
    assert not await server.app[ACCOUNTS].end_sign_in(sign_in_id)
    assert len(await server.app[ACCOUNTS].sign_ins()) == 4


async def test_what_is_listed_is_no_way_back_to_the_cookie(browsers: list[Browser]) -> None:
    _, listed = await browsers[-1].get("sign-ins")
    cookies = json.dumps([one.value for b in browsers for one in b.client.cookie_jar])
    assert all(one["sign_in_id"] not in cookies for one in listed)


async def test_the_page_of_an_ended_sign_in_hears_nothing_more(
    server: Server, browsers: list[Browser]
) -> None:
    here, lost = browsers[:2]
    url = f"{lost.address}/api/desk/socket"
    async with lost.client.ws_connect(url, headers={"Origin": lost.address}) as ws:
        await here.post(f"sign-ins/{await here.other_sign_in()}/end")
        opened = (await server.session())["conversation_id"]
        await server.receive(opened, "我电话13800138000")
        assert (await ws.receive(timeout=60)).type is not WSMsgType.TEXT


@pytest.mark.parametrize("remove", [False, True])
async def test_a_command_ends_an_accounts_sign_ins(
    server: Server, browsers: list[Browser], remove: bool
) -> None:
    ended = await (
        server.app[ACCOUNTS].remove("小李") if remove else server.app[ACCOUNTS].end_all("小李")
    )
    assert ended == 2
    assert (await browsers[0].get("me"))[0] == 401
    assert (await browsers[2].get("me"))[0] == 200
    status, _ = await browsers[0].post("login", name="小李", password=PASSWORD)
    assert status == (401 if remove else 200)


def test_of_an_account_that_is_none_the_command_says_so(
    house_settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _end_sign_ins(house_settings, "没有的人", remove=False) == 2
    assert "没有的人" in capsys.readouterr().err


async def test_an_owner_signs_a_buyer_out_and_it_is_written_down(
    server: Server, browsers: list[Browser]
) -> None:
    opened = await server.session()
    conversation = opened["conversation_id"]
    await server.receive(conversation, "在吗")
    path = f"conversations/{conversation}/buyer/sign-out"
    assert (await browsers[0].post(path))[0] == 403
    assert (await browsers[-1].post(path))[0] == 200
    again = await server.session(token=opened["token"])
    assert again["conversation_id"] != conversation
    _, kept = await browsers[-1].get("reveals")
    assert [(one["agent"], one["what"]) for one in kept] == [("老板", "sign_out")]
