"""Whatever is said after whatever: nothing breaks, nothing is said with a gap, no deed lacks its yes."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from bot.engine.engine import Engine
from bot.nlu.training_lines import training_files, training_lines
from bot.settings import Settings
from tests.dialogue.walking import LONGEST, Walk
from tests.support.house import ROOT, Clock, House, copied_database, settings_in
from tests.support.told import Readings

WALKS, LENGTH = 24, 12


@pytest.fixture(scope="module")
def lines() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in training_lines(training_files(ROOT / "data/nlu")):
        if len(line.text) <= LONGEST:
            found[line.intent].append(line.text)
    return found


@pytest.fixture
def house(tmp_path: Path, settings: Settings, told_engine: Engine, seeded: Path) -> Iterator[House]:
    own = settings_in(tmp_path, settings)
    database = copied_database(seeded, tmp_path)
    yield House(own, database, told_engine, Clock.today("14:30", own))
    database.close()


@pytest.mark.parametrize("number", range(WALKS))
async def test_nothing_breaks_whatever_is_said(
    number: int, house: House, readings: Readings, lines: Mapping[str, Sequence[str]]
) -> None:
    walk = Walk(house, readings, random.Random(number), lines)
    await walk.go(LENGTH)
    assert walk.faults == [], "\n".join([*walk.faults, *walk.talk])


async def test_a_walk_sees_an_action_that_breaks(
    house: House,
    readings: Readings,
    lines: Mapping[str, Sequence[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise KeyError("product")

    monkeypatch.setattr(house.shop, "promotions", broken)
    walk = Walk(house, readings, random.Random(1), {"ask_promotion": ["有什么活动"]})
    await walk.go(2)
    assert any("action.failed" in fault for fault in walk.faults), walk.talk
