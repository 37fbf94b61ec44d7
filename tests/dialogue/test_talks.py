"""Talks whose lines say how they are read: what is decided then needs no trained classifier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine.engine import Engine
from bot.settings import Settings
from tests.conversations.driver import Driver, Unexpected
from tests.conversations.script import Script, ScriptError, Step, script_of
from tests.support.house import Clock, House, copied_database, settings_in
from tests.support.told import Readings, told

HERE = Path(__file__).parent
TALKS = [
    pytest.param(path, talk, id=f"{path.stem}-{place}")
    for path in sorted(HERE.glob("*.yml"))
    for place, talk in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")))
]


class ToldDriver(Driver):
    def __init__(self, house: House, script: Script, readings: Readings) -> None:
        super().__init__(house, script)
        self._readings = readings

    def _prepare(self, step: Step) -> None:
        if step.move != "buyer":
            return
        alone, behind = step.readings["as"], step.readings.get("behind")
        lines, wanted = _listed(step.what), _listed(alone)
        for line, one in zip(lines, wanted, strict=True):
            self._readings.tell(str(line), told(one), told(behind) if behind else None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


async def _play(
    path: Path,
    talk: dict[str, Any],
    folder: Path,
    settings: Settings,
    engine: Engine,
    seeded: Path,
    readings: Readings,
) -> None:
    script = script_of(path, talk, is_told=True)
    own = settings_in(folder, settings)
    database = copied_database(seeded, folder)
    try:
        house = House(own, database, engine, Clock.today(script.at, own))
        await ToldDriver(house, script, readings).play()
    finally:
        database.close()


@pytest.mark.parametrize(("path", "talk"), TALKS)
async def test_a_told_talk_goes_as_written(
    path: Path,
    talk: dict[str, Any],
    tmp_path: Path,
    settings: Settings,
    told_engine: Engine,
    seeded: Path,
    readings: Readings,
) -> None:
    await _play(path, talk, tmp_path, settings, told_engine, seeded, readings)


async def test_what_a_line_is_read_as_decides(
    tmp_path: Path, settings: Settings, told_engine: Engine, seeded: Path, readings: Readings
) -> None:
    """The control: the same line told as another wish is answered otherwise."""
    turn = {"buyer": "那几点", "as": "goodbye", "replies": "utter_ship_time"}
    talk = {"about": "听成告辞", "turns": [turn]}
    with pytest.raises(Unexpected):
        await _play(HERE, talk, tmp_path, settings, told_engine, seeded, readings)


def test_a_line_without_its_reading_is_refused() -> None:
    talk = {"about": "没写听成什么", "turns": [{"buyer": "在吗", "replies": "utter_greet"}]}
    with pytest.raises(ScriptError, match="as"):
        script_of(HERE, talk, is_told=True)
