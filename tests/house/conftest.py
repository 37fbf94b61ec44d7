"""Houses for tests: the conversation layer alone, or the whole server on a port of its own."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import create_app
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Incoming, Message
from bot.database import Database
from bot.settings import Reading, Settings
from tests.house.scripted import ScriptedEngine
from tests.house.server import Server
from tests.shop.conftest import (  # noqa: F401  # fixtures
    BACKENDS,
    demo_template,
    postgres_admin,
    postgres_url,
)
from tests.support.house import Clock, House, copied_database, settings_in
from tests.support.waiting import in_time

PATIENCE = Reading(burst_wait_s=0.05, longest_wait_s=0.3)


@pytest.fixture
def house_settings(settings: Settings, tmp_path: Path) -> Settings:
    own = settings_in(tmp_path, settings)
    return replace(own, shop=replace(own.shop, reading=PATIENCE), secret_key="k" * 48)


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("12:10", settings)


@pytest.fixture
def scripted() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture(params=BACKENDS)
async def database(
    request: pytest.FixtureRequest, seeded: Path, tmp_path: Path
) -> AsyncIterator[Database]:
    """The demo shop's, a fresh copy: the conversation layer runs on both databases."""
    if request.param == "sqlite":
        copy = copied_database(seeded, tmp_path)
    else:
        copy = Database(request.getfixturevalue("postgres_url"))
    yield copy
    copy.close()


@pytest.fixture
async def house(
    house_settings: Settings, database: Database, scripted: ScriptedEngine, clock: Clock
) -> AsyncIterator[House]:
    opened = House(house_settings, database, scripted, clock)
    yield opened
    await in_time(opened.turns.close(), "turns to end")


@pytest.fixture
async def chat(house: House) -> Chat:
    return await Chat.with_visitor(house)


class Chat:
    """One buyer's conversation on the conversation layer."""

    def __init__(self, house: House, conversation: Conversation) -> None:
        self.house, self.id = house, conversation.conversation_id
        self.buyer_id = conversation.buyer_id

    @classmethod
    async def with_visitor(cls, house: House) -> Chat:
        opened = await house.conversations.open(
            buyer_id=f"visitor:{uuid.uuid4().hex}", signed_in=False, channel="web"
        )
        return cls(house, opened)

    @classmethod
    async def with_buyer(cls, house: House) -> Chat:
        """Somebody who signed in: an unpaid order is kept for a day, not for half an hour."""
        opened = await house.conversations.open(
            buyer_id=f"buyer-{uuid.uuid4().hex}", signed_in=True, channel="web"
        )
        return cls(house, opened)

    async def write(self, text: str, message_id: str = "") -> int:
        incoming = Incoming(message_id=message_id or uuid.uuid4().hex, text=text)
        return (await self.house.conversations.receive(self.id, incoming)).seq

    async def ask(self, text: str) -> list[Message]:
        await self.write(text)
        return await self.house.turns.answer(self.id)

    async def conversation(self) -> Conversation:
        return await self.house.conversations.find(self.id)

    async def by(self, author: Author) -> list[str]:
        history = await self.house.conversations.history(self.id, limit=500)
        return [message.text for message in history if message.author is author]


@pytest.fixture
async def open_server(
    house_settings: Settings, seeded: Path, tmp_path: Path, scripted: ScriptedEngine, clock: Clock
) -> AsyncIterator[Callable[..., Any]]:
    """Opens servers on the test's database; each is shut again at the end."""
    copied_database(seeded, tmp_path).close()
    async with AsyncExitStack() as stack:

        async def open_one(**changed: Any) -> Server:
            its_settings = replace(house_settings, **changed)
            database = Database(its_settings.database_url)
            stack.callback(database.close)
            app = create_app(its_settings, database=database, engine=scripted, clock=clock)
            client = await stack.enter_async_context(TestClient(TestServer(app)))
            return Server(app, client, scripted, database, its_settings)

        yield open_one


@pytest.fixture
async def server(open_server: Callable[..., Any]) -> Server:
    opened: Server = await open_server()
    return opened
