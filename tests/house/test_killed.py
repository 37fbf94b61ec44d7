"""A process that is really killed in mid-turn: the line waits in the store, and is answered once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.conversations import store
from bot.conversations.messages import Author
from bot.database import Database
from bot.settings import Settings
from tests.house.scripted import ScriptedEngine
from tests.support.house import ROOT, Clock, House, copied_database
from tests.support.waiting import PATIENCE_S, in_time, until

# A house that thinks without end; with "settled" a line is done with when it is read.
HOUSE = """
import asyncio, sys
from pathlib import Path

from bot.conversations import reading, store
from bot.conversations.attempts import begin
from bot.settings import read_settings
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine
from tests.support.house import ROOT, Clock, Database, House, settings_in

folder, when = Path(sys.argv[1]), sys.argv[2]


def settled_at_once(connection, conversation_id, *rest):
    attempt, lines = begin(connection, conversation_id, *rest)
    store.settle(connection, conversation_id, [line.seq for line in lines], attempt.turn_id)
    return attempt, lines


async def thinks(said):
    print("turn begins", flush=True)
    await asyncio.sleep(3600)


async def main():
    settings = settings_in(folder, read_settings(ROOT, {"DIANXIAOER_VAR": str(folder), "DEMO": "1"}))
    engine = ScriptedEngine()
    engine.script.append(thinks)
    house = House(
        settings, Database(settings.database_url), engine, Clock.today("12:10", settings)
    )
    if when == "settled":
        reading.begin = settled_at_once
    chat = await Chat.with_visitor(house)
    await chat.write("在吗")
    print(chat.id, flush=True)
    await house.turns.answer(chat.id)


asyncio.run(main())
"""


async def _killed_in_mid_turn(folder: Path, when: str) -> str:
    """The conversation."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOUSE, str(folder), when,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    printed: list[str] = []
    try:
        while "turn begins" not in printed:
            line = await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)
            assert line, printed
            printed.append(line.decode().strip())
    finally:
        process.send_signal(signal.SIGKILL)
        await in_time(process.wait(), "a killed process")
    return printed[-2]


@pytest.mark.parametrize("when", ["stored", "settled"], ids=["guarded", "guard off"])
async def test_a_line_of_a_killed_process_is_answered_after_the_restart(
    seeded: Path, tmp_path: Path, settings: Settings, when: str
) -> None:
    """Lines that were settled when they are read, the negative control, are answered by nobody."""
    copied_database(seeded, tmp_path).close()
    conversation = await _killed_in_mid_turn(tmp_path, when)
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    house = House(settings, database, ScriptedEngine(), Clock.today("12:11", settings))

    async def said() -> list[str]:
        history = await house.conversations.history(conversation)
        return [one.text for one in history if one.author is Author.BOT]

    async def is_answered() -> bool:
        return bool(await said())

    if when == "settled":
        assert await house.turns.resume() == 0
    else:
        assert await house.turns.resume() == 1
        await until(is_answered)
    await house.turns.close()
    assert await said() == ([] if when == "settled" else ["听到:在吗"])
    assert await database.read(store.with_pending) == []
    database.close()
