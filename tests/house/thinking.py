"""`python -m tests.house.thinking`: a house that thinks for a moment before it says anything.

Two of them on one PostgreSQL are the two processes of a race. `UNCHECKED=1`: it asks nobody whose the
talk is, which is the race's negative control.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from aiohttp import web

from bench.echo import Echo
from bot.app import create_app
from bot.database import Database
from bot.engine.turns import Said, Speaker, TurnResult
from bot.logs import configure_logs
from bot.nlu.normalise import normalise
from bot.settings import read_settings
from bot.shop_settings import Reading
from tests.house.conversations.test_never_over_a_person import checks_off
from tests.support.house import ROOT

LONGEST_S = 0.06


class Thinking(Echo):
    """Repeats what it hears, after a while."""

    def __init__(self) -> None:
        self._chance = random.Random(7)

    async def answer(
        self, conversation_id: str, memory: str, said: Sequence[Said], speaker: Speaker
    ) -> TurnResult:
        await asyncio.sleep(self._chance.random() * LONGEST_S)
        return await super().answer(conversation_id, memory, said, speaker)


def main() -> None:
    configure_logs(as_json=True)
    settings = read_settings(ROOT)
    at_once = Reading(burst_wait_s=0.001, longest_wait_s=0.001)
    settings = replace(settings, shop=replace(settings.shop, reading=at_once))
    normalise("在吗")  # its tables take a third of a second, once
    database = Database(settings.database_url)
    with pytest.MonkeyPatch.context() as patch:
        if os.environ.get("UNCHECKED") == "1":
            checks_off(patch)
        app = create_app(settings, database=database, engine=Thinking())
        web.run_app(app, host=settings.host, port=settings.port, access_log=None, print=None)
    database.close()


if __name__ == "__main__":
    main()
