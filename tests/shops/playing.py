"""A shop of a folder (`settings.yml`, `goods/`), filled and with an engine that speaks in its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.database import Database, upgrade
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.nlu.catalogue import use_catalogue
from bot.settings import Settings, read_settings
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing.importer import import_files
from tests.conversations.driver import Driver
from tests.conversations.script import Script
from tests.support.house import ROOT, Clock, House, copied_database, settings_in
from tests.support.waiting import PATIENCE_S


@dataclass(frozen=True)
class Open:
    settings: Settings
    seeded: Path
    engine: Engine


def settings_of(folder: Path, var: Path) -> Settings:
    environ = {"DIANXIAOER_VAR": str(var), "PORT": "0", "DEMO": "1"}
    return read_settings(ROOT, {**environ, "SHOP_SETTINGS": str(folder / "settings.yml")})


def filled(folder: Path, path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    now = Clock.today("12:00", settings_of(folder, path.parent))()
    import_files(database, [folder / "goods"], now=now)
    return database


def opened(folder: Path, var: Path) -> Open:
    settings = settings_of(folder, var)
    filled(folder, var / "house.db").close()
    actions = InProcessActions(time_limit=PATIENCE_S)
    models = Path(os.environ.get("MODELS") or ROOT / "models")
    engine = Engine.load(models, actions=actions, words=settings.shop.words)
    return Open(settings=settings, seeded=var / "house.db", engine=engine)


async def play(
    here: Open,
    script: Script,
    own_folder: Path,
    driving: Callable[[House], Driver] | None = None,
) -> tuple[str, ...]:
    """The transcript. Raises Unexpected where a turn goes otherwise than written."""
    own = settings_in(own_folder, here.settings)
    database = copied_database(here.seeded, own_folder)
    port = EmbeddedShop(database)
    use_catalogue(await port.catalogue_version(), await port.catalogue_terms())
    house = House(own, database, here.engine, Clock.today(script.at, own))
    driver = driving(house) if driving else Driver(house, script)
    try:
        await driver.play()
    finally:
        database.close()
    return driver.transcript
