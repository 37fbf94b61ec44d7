"""What several test folders share: settings, the trained model, a seeded database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

import bot.database
from bot.database import Database, upgrade
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.logs import configure_logs
from bot.nlu import catalogue
from bot.nlu.catalogue import use_catalogue
from bot.settings import Settings, read_settings
from bot.shop.__main__ import DEMO
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing.importer import import_files
from tests.support.house import ROOT, Clock
from tests.support.nets import event_loop_policy, pytest_configure  # noqa: F401  # hooks
from tests.support.waiting import PATIENCE_S

configure_logs(as_json=False)
# The same examples every time, and as long as they take: one that is found by chance would fail by
# chance, among thousands. `--hypothesis-profile=search` looks for new ones.
_PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis.settings.register_profile("same", derandomize=True, database=None, **_PATIENT)
hypothesis.settings.register_profile("search", **_PATIENT)
hypothesis.settings.load_profile("same")
bot.database.WAIT_SECONDS = 20  # a busy machine is no locked database; below a statement's 30


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What plays on the engine needs a trained model; others that do say so themselves."""
    for item in items:
        if isinstance(item, pytest.Function) and "engine" in item.fixturenames:
            item.add_marker(pytest.mark.model)


@pytest.fixture(autouse=True)
def catalogue_as_before() -> Iterator[None]:
    """The catalogue is one for the whole process: what a test gives it ends with the test."""
    before = catalogue.current_catalogue()
    version = before.version
    yield
    catalogue._current, before.version = before, version


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    var = tmp_path_factory.mktemp("var")
    return read_settings(ROOT, {"DIANXIAOER_VAR": str(var), "PORT": "0", "DEMO": "1"})


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Engine:
    """The newest trained model, or the one that is to be published; `make test` trains one first."""
    models = Path(os.environ.get("MODELS") or ROOT / "models")
    actions = InProcessActions(time_limit=PATIENCE_S)  # a busy machine takes its time
    return Engine.load(models, actions=actions, words=settings.shop.words)


@pytest.fixture(scope="session")
async def seeded(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A database file with the demo shop in it, to be copied; filled at noon of the shop's day.

    Tests play at hours of that day: an order that is open at noon must not have run out by then
    because the tests happen to run at night.
    """
    path = tmp_path_factory.mktemp("seeded") / "house.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    import_files(database, [DEMO], now=Clock.today("12:00", settings)())
    shop = EmbeddedShop(database)
    use_catalogue(await shop.catalogue_version(), await shop.catalogue_terms())
    database.run_sync(lambda connection: connection.exec_driver_sql("SELECT 1"))
    database.close()
    return path
