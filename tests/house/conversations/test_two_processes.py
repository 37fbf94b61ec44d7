"""The bot thinks in one process while an agent writes in another; only the database is between them."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app import utc_now
from bot.conversations import store
from bot.conversations.messages import Author
from bot.database import Database
from bot.desk.accounts import Accounts
from tests.house.desk.test_killed import PASSWORD, Browser, browser, buyers_talk
from tests.house.test_process import Process
from tests.house.thinking import LONGEST_S

TRIES = 100
AT_ONCE = 4
Open = Callable[..., Any]

pytestmark = pytest.mark.timeout(900)  # four houses start


@dataclass(frozen=True)
class Race:
    talked_over: int  # the bot's line stands behind the agent's
    thought_meanwhile: int  # the bot was thinking as the agent wrote: its line is a suggestion


@pytest.fixture
async def process(tmp_path: Path, postgres_url: str) -> AsyncIterator[Open]:
    """Opens houses on one PostgreSQL, each a process with a folder of its own."""
    async with AsyncExitStack() as stack:

        async def one(name: str, **environ: str) -> Process:
            (folder := tmp_path / name).mkdir()
            shared = {"DATABASE_URL": postgres_url, "SECRET_KEY": "k" * 48}
            house = Process(folder, "tests.house.thinking", **shared, **environ)
            stack.push_async_callback(_ended, house)
            await house.start()
            return house

        yield one


async def _ended(house: Process) -> None:
    if house.process.returncode is None:
        await house.end(signal.SIGKILL)


async def raced(thinks: Process, writes: Process, database: Database) -> Race:
    """A hundred buyers write to the one, the agent answers each at the other."""
    await Accounts(database, utc_now).set_password("小李", PASSWORD)
    chance = random.Random(11)
    pauses = iter([chance.random() * LONGEST_S for _ in range(TRIES)])
    talks: list[str] = []

    async def lane(agent: Browser) -> None:
        for pause in pauses:
            talk, _ = await buyers_talk(thinks)
            talks.append(talk)
            await asyncio.sleep(pause)
            said, _ = await agent.post(
                f"conversations/{talk}/messages", id=f"a-{talk}", text="我来"
            )
            assert said == 200

    async with browser(writes, "小李") as agent:
        await asyncio.gather(*(lane(agent) for _ in range(AT_ONCE)))
    await thinks.end(signal.SIGTERM)  # what it was thinking about is finished
    assert len(set(talks)) == TRIES
    orders = [await _order(database, talk) for talk in talks]
    return Race(
        talked_over=sum(Author.BOT in one[one.index(Author.AGENT) :] for one in orders),
        thought_meanwhile=sum(Author.SUGGESTION in one for one in orders),
    )


async def _order(database: Database, talk: str) -> list[Author]:
    lines = await database.read(store.after, talk, 0)
    return [one.author for one in lines if one.author not in (Author.BUYER, Author.SYSTEM)]


async def test_a_bot_in_one_process_never_talks_over_a_person_in_another(
    process: Open, postgres_url: str
) -> None:
    thinks, writes = await process("thinks"), await process("writes")
    database = Database(postgres_url)
    race = await raced(thinks, writes, database)
    database.close()
    assert race.thought_meanwhile > 0  # it was a race
    assert race.talked_over == 0


async def test_with_the_check_off_in_the_one_that_thinks_it_would(
    process: Open, postgres_url: str
) -> None:
    """The negative control."""
    thinks, writes = await process("thinks", UNCHECKED="1"), await process("writes")
    database = Database(postgres_url)
    race = await raced(thinks, writes, database)
    database.close()
    assert race.talked_over > 0
