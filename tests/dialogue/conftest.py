"""An engine that reads lines as tests say: no trained classifier is needed here."""

from __future__ import annotations

import pytest

from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.settings import Settings
from tests.support.house import ROOT
from tests.support.told import READINGS, Readings, told_model
from tests.support.waiting import PATIENCE_S


@pytest.fixture(scope="session")
def told_engine(settings: Settings) -> Engine:
    kept = ROOT / ".pytest_cache" / "told"
    actions = InProcessActions(time_limit=PATIENCE_S)
    return Engine.load(told_model(ROOT, kept), actions=actions, words=settings.shop.words)


@pytest.fixture
def readings() -> Readings:
    READINGS.alone.clear()
    READINGS.behind.clear()
    return READINGS
