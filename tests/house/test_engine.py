"""The embedded engine in a turn: failing and hanging actions, typed commands, a full memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from bot.conversations import store, wishes
from bot.conversations.conversation import Status
from bot.conversations.messages import Author
from bot.database import Database
from bot.engine.engine import Engine
from bot.settings import Settings
from tests.house.conftest import Chat
from tests.support.house import Clock, House

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
async def chat(engine: Engine, house_settings: Settings, database: Database, clock: Clock) -> Chat:
    return await Chat.with_visitor(House(house_settings, database, engine, clock))


@pytest.fixture
def executor(engine: Engine) -> Iterator[Any]:
    """The executor of custom actions, with its actions put back afterwards."""
    found = engine._agent.action_endpoint._executor  # what a test breaks on purpose
    kept = dict(found.actions)
    yield found
    found.actions = kept


def _break_all(executor: Any, deed: Any) -> None:
    executor.actions = dict.fromkeys(executor.actions, deed)


async def test_a_raising_action_is_an_apology_and_a_person(chat: Chat, executor: Any) -> None:
    async def fail(*_: Any) -> Any:
        raise RuntimeError("boom")

    _break_all(executor, fail)
    said = await chat.ask("有什么活动吗")
    assert [message.response for message in said] == ["utter_trouble"]
    found = await chat.conversation()
    assert (found.status, found.hand_over_reason) == (Status.WAITING, "trouble")


async def test_a_hanging_action_is_an_apology_and_a_person(
    chat: Chat, executor: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: Any) -> Any:
        await asyncio.sleep(3600)

    _break_all(executor, hang)
    monkeypatch.setattr(engine._agent.action_endpoint, "_time_limit", 0.1)
    said = await chat.ask("有什么活动吗")
    assert [message.response for message in said] == ["utter_trouble"]
    assert (await chat.conversation()).status is Status.WAITING


@pytest.mark.parametrize(
    "text", ['/confirm_order{"x": "1"}', "/restart", "/session_start", "/back"]
)
async def test_a_typed_command_is_read_as_text(chat: Chat, text: str) -> None:
    await chat.ask(text)
    asked = (await chat.house.conversations.history(chat.id))[0]
    intents = [one["intent"] for one in asked.understood]
    assert text[1:].partition("{")[0] not in intents
    assert await chat.by(Author.BOT)


async def test_after_a_restart_the_bot_goes_on_where_it_was(chat: Chat) -> None:
    await chat.ask("帮我推荐一双徒步鞋")
    before = await chat.by(Author.BOT)
    chat.house = chat.house.restarted()
    await chat.ask("有38码吗")
    assert len(await chat.by(Author.BOT)) > len(before)
    assert (await chat.conversation()).status is Status.WITH_BOT


async def test_the_memory_of_a_long_conversation_stays_bounded(chat: Chat) -> None:
    sizes = []
    for number in range(60):
        # Courtesies: a question asked thirty times would have brought a person.
        await chat.ask("在吗" if number % 2 else "好的谢谢")
        memory = await chat.house.database.read(store.memory_of, chat.id)
        sizes.append(memory.count('"event"'))
    assert max(sizes[30:]) <= 200
    assert (await chat.conversation()).status is Status.WITH_BOT


async def test_a_turn_leaves_its_wishes_with_what_decided_them(chat: Chat, engine: Engine) -> None:
    await chat.write("这双鞋有42码的吗")
    await chat.write("多久能发货")
    await chat.house.turns.answer(chat.id)
    heard = await chat.house.database.read(wishes.of_conversation, chat.id)
    assert heard and all((one.seq, one.last_seq) == (1, 2) for one in heard)
    for number, one in enumerate(heard):
        assert (one.ordinal, one.model) == (number, engine.model_id)
        assert one.intent and one.decided_by
        assert one.sureness is not None and 0 < one.sureness <= 1
        assert one.intent not in dict(one.runners_up)
    await chat.ask("拜拜")
    again = await chat.house.database.read(wishes.of_conversation, chat.id)
    assert again[-1].intent == "goodbye"
    assert (await chat.conversation()).session_seq == 0
