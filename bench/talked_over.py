"""`python -m bench.talked_over --tries 1000`: races between a thinking bot and an agent's first line.

The test of it (tests/house/conversations/test_never_over_a_person.py) in its long form: how often the
bot's line stands behind the agent's, with the checks on and, as the control, with them off.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import pytest

from bot.database import Database, upgrade
from bot.settings import read_settings
from tests.house.conversations.test_never_over_a_person import checks_off, talked_over
from tests.house.scripted import ScriptedEngine
from tests.support.house import ROOT, Clock, House, settings_in


async def played(folder: Path, tries: int, *, checked: bool) -> int:
    settings = settings_in(folder, read_settings(ROOT, {"DIANXIAOER_VAR": str(folder)}))
    database, scripted = Database(settings.database_url), ScriptedEngine()
    upgrade(database)
    house = House(settings, database, scripted, Clock.today("12:10", settings))
    try:
        with pytest.MonkeyPatch.context() as patch:
            if not checked:
                checks_off(patch)
            return await talked_over(house, scripted, tries)
    finally:
        await house.turns.close()
        database.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tries", type=int, default=1000)
    tries = options.parse_args().tries
    for checked in (True, False):
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            found = asyncio.run(played(Path(folder), tries, checked=checked))
        state, took = "on" if checked else "off", time.perf_counter() - began
        print(f"checks {state}: {found} of {tries} tries talked over, {took:.0f} s")


if __name__ == "__main__":
    main()
