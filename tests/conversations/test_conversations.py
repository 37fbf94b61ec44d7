"""Every YAML file below this folder is a conversation that must go as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.engine import Engine
from bot.settings import Settings
from tests.conversations.driver import Driver
from tests.conversations.script import read_script
from tests.support.house import Clock, House, copied_database, settings_in

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.yml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_conversation_goes_as_written(
    path: Path, tmp_path: Path, settings: Settings, engine: Engine, seeded: Path
) -> None:
    script = read_script(path)
    own = settings_in(tmp_path, settings)
    database = copied_database(seeded, tmp_path)
    house = House(own, database, engine, Clock.today(script.at, own))
    try:
        await Driver(house, script).play()
    except AssertionError as error:
        if not script.known_failure:
            raise
        pytest.xfail(f"{script.known_failure}: {error}")
    finally:
        database.close()
    assert not script.known_failure, f"{path.name} 已经能过了,请删掉 known_failure"
