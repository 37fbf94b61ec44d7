"""The server is killed between an agent's 接入 and their first line: as a process, by the signal that asks nothing."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, CookieJar
from sqlalchemy import update

from bot.app import utc_now
from bot.conversations import store
from bot.conversations.conversation import Status
from bot.database import Database
from bot.desk.accounts import Accounts
from bot.desk.tables import agents
from tests.house.server import OURS
from tests.house.test_process import Process
from tests.support.house import copied_database

PASSWORD = "a long password"


class Browser:
    """An agent's."""

    def __init__(self, client: ClientSession, house: Process) -> None:
        self._client, self._house = client, house

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        url = f"{self._house.address}/api/desk/{path}"
        async with self._client.post(url, json=body, headers=OURS) as answer:
            return answer.status, await answer.json()

    async def sign_in(self, name: str) -> None:
        assert (await self.post("login", name=name, password=PASSWORD))[0] == 200

    async def take(self, talk: str) -> int:
        return (await self.post(f"conversations/{talk}/take"))[0]


@asynccontextmanager
async def browser(house: Process, name: str) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        opened = Browser(client, house)
        await opened.sign_in(name)
        yield opened


async def buyers_talk(house: Process) -> tuple[str, str]:
    """(talk, token) of a visitor who has written."""
    async with ClientSession() as client:
        async with client.post(f"{house.address}/api/chat/session", json={}) as answer:
            opened = await answer.json()
        headers = {"Authorization": f"Bearer {opened['token']}"}
        line = {"type": "send", "id": "l1", "kind": "text", "text": "在吗"}
        url = f"{house.address}/api/chat/messages"
        async with client.post(url, json=line, headers=headers) as answer:
            assert answer.status == 200
    return opened["conversation_id"], opened["token"]


async def heard(house: Process, token: str) -> list[str]:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{house.address}/api/chat/messages?after=0"
    async with ClientSession() as client, client.get(url, headers=headers) as answer:
        return [one["text"] for one in (await answer.json())["messages"]]


async def test_the_agent_keeps_it_for_minutes_and_then_somebody_else_gets_it(
    seeded: Path, tmp_path: Path
) -> None:
    copied_database(seeded, tmp_path).close()
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    accounts = Accounts(database, utc_now)
    for name in ("小李", "小王"):
        await accounts.set_password(name, PASSWORD)
    house = Process(tmp_path, "bench.echo")
    try:
        await house.start()
        talk, token = await buyers_talk(house)
        async with browser(house, "小李") as lee:
            assert await lee.take(talk) == 200
            await house.end(signal.SIGKILL)
        stored = await database.read(store.find, talk)
        assert stored is not None
        assert (stored.status, stored.assignee) == (Status.WITH_AGENT, "小李")
        await house.start()
        async with browser(house, "小王") as wang:
            assert await wang.take(talk) == 409  # 小李 may be back in a moment
            gone = utc_now() - timedelta(minutes=6)
            absent = update(agents).where(agents.c.name == "小李").values(seen_at=gone)
            await database.run(lambda connection: connection.execute(absent))
            await wang.sign_in("小王")  # signing in sweeps
            assert await wang.take(talk) == 200
        assert any("走开" in one for one in await heard(house, token))
    finally:
        if house.process.returncode is None:
            await house.end(signal.SIGKILL)
        database.close()
