"""Agents in browsers of their own, for tests in which several sit at the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, web

import bot.app
from bot.channels import keys
from bot.desk.roles import Role
from bot.desk.who import ACCOUNTS
from bot.engine.turns import HandOver
from bot.handing_over import HandOverReason
from tests.house import conftest as house_of_tests
from tests.house.scripted import result
from tests.house.server import OURS, Server
from tests.support.desk_api import judge

PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def answers_are_as_written(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every answer that the desk gives in these tests is as docs/desk-api.yaml says."""
    found: list[str] = []

    def create_app(*given: Any, **more: Any) -> web.Application:
        app = bot.app.create_app(*given, **more)

        async def judged(request: web.Request, response: web.StreamResponse) -> None:
            await judge(request, response, found)

        app.on_response_prepare.append(judged)
        return app

    monkeypatch.setattr(house_of_tests, "create_app", create_app)
    yield
    assert found == []


class Desk:
    """One agent's browser."""

    def __init__(self, server: Server, name: str) -> None:
        self.address, self.name = str(server.client.make_url("")).rstrip("/"), name
        self.client = ClientSession(cookie_jar=CookieJar(unsafe=True))

    async def sign_in(self) -> None:
        status, _ = await self.post("login", name=self.name, password=PASSWORD)
        assert status == 200

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        url = f"{self.address}/api/desk/{path}"
        async with self.client.post(url, json=body, headers=OURS) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.client.get(f"{self.address}/api/desk/{path}") as answer:
            return answer.status, await answer.json()

    async def at(self, conversation: str, deed: str, **body: Any) -> tuple[int, Any]:
        return await self.post(f"conversations/{conversation}/{deed}", **body)

    async def reads(self, conversation: str) -> Any:
        status, shown = await self.get(f"conversations/{conversation}")
        assert status == 200, shown
        return shown


SitDown = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def sit_down(server: Server) -> AsyncIterator[SitDown]:
    opened: list[Desk] = []

    async def sit(name: str, role: Role = Role.AGENT, display_name: str = "") -> Desk:
        await server.app[ACCOUNTS].set_password(
            name, PASSWORD, role=role, display_name=display_name
        )
        desk = Desk(server, name)
        opened.append(desk)
        await desk.sign_in()
        return desk

    yield sit
    for one in opened:
        await one.client.close()


async def waiting(server: Server, reason: HandOverReason = HandOverReason.ASKED) -> str:
    """A visitor's conversation in which a person is waited for."""
    opened = str((await server.session())["conversation_id"])
    server.engine.then(result("马上叫人", hand_over=HandOver(reason=reason, note="要找人")))
    await server.receive(opened, "转人工")
    await server.app[keys.TURNS].answer(opened)
    return opened
