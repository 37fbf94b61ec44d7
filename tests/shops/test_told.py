"""Talks of shops of other trades whose lines say how they are read: no trained classifier is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from tests.conversations.script import script_of
from tests.dialogue.test_talks import ToldDriver
from tests.shops.playing import Open, filled, play, settings_of
from tests.support.house import ROOT
from tests.support.told import READINGS, told_model
from tests.support.waiting import PATIENCE_S

HERE = Path(__file__).parent / "told"
FOLDERS = {"phones": ROOT / "shop" / "phones", "baby": ROOT / "bench" / "shops" / "baby"}


def _talks(shop: str) -> list[Any]:
    content: list[Any] = yaml.safe_load((HERE / f"{shop}.yml").read_text(encoding="utf-8"))
    return content


TALKS = [
    pytest.param(shop, talk, id=f"{shop}-{place}")
    for shop in FOLDERS
    for place, talk in enumerate(_talks(shop))
]


@pytest.fixture(scope="module")
def shops() -> dict[str, Open]:
    """Filled as they are needed."""
    return {}


def _opened(shop: str, var: Path) -> Open:
    settings = settings_of(FOLDERS[shop], var)
    filled(FOLDERS[shop], var / "house.db").close()
    model = told_model(ROOT, ROOT / ".pytest_cache" / "told")
    actions = InProcessActions(time_limit=PATIENCE_S)
    engine = Engine.load(model, actions=actions, words=settings.shop.words)
    return Open(settings=settings, seeded=var / "house.db", engine=engine)


@pytest.mark.parametrize(("shop", "talk"), TALKS)
async def test_a_told_talk_goes_as_written(
    shop: str,
    talk: dict[str, Any],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    shops: dict[str, Open],
) -> None:
    if shop not in shops:
        shops[shop] = _opened(shop, tmp_path_factory.mktemp(shop))
    READINGS.alone.clear()
    READINGS.behind.clear()
    script = script_of(HERE / f"{shop}.yml", talk, is_told=True)
    await play(
        shops[shop], script, tmp_path, driving=lambda house: ToldDriver(house, script, READINGS)
    )
