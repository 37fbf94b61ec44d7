"""A hundred races between a thinking bot and an agent's first line: the bot never speaks behind it."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.conversations import finishing, store
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, sure
from tests.support.house import House

TRIES = 100


async def talked_over(house: House, scripted: ScriptedEngine, tries: int = TRIES) -> int:
    """In how many of the tries the bot's line stands behind the agent's; `bench.talked_over` plays more."""
    chance, found = random.Random(7), 0
    for number in range(tries):
        chat = await Chat.with_visitor(house)

        async def thought(_: object, pause: float = chance.random() * 0.01) -> object:
            await asyncio.sleep(pause)
            return sure("机器人的话")

        scripted.script.append(thought)  # type: ignore[arg-type]
        await chat.write("在吗")
        turn = asyncio.create_task(house.turns.answer(chat.id))
        await asyncio.sleep(chance.random() * 0.01)
        await house.conversations.say_as_agent(chat.id, "小李", f"a{number}", "我来")
        await turn
        scripted.script.clear()
        lines = await house.conversations.history(chat.id)
        order = [one.author for one in lines if one.author in (Author.BOT, Author.AGENT)]
        found += order == [Author.AGENT, Author.BOT]
    return found


def checks_off(patch: pytest.MonkeyPatch) -> None:
    """The wish that the agent answered is a second guard, and off too."""
    patch.setattr(finishing, "_keep_wishes", lambda *_, **__: None)
    patch.setattr(store, "fates", lambda *_: [store.Fate(True, "")])
    patch.setattr(Conversation, "bot_may_answer", property(lambda _: True))


async def test_the_bot_never_speaks_behind_a_person(house: House, scripted: ScriptedEngine) -> None:
    assert await talked_over(house, scripted) == 0


async def test_with_the_check_off_it_would(
    house: House, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    checks_off(monkeypatch)
    assert await talked_over(house, scripted) > 0
