"""Three more shops of other trades: what they sell is told from their own tables, in their own words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from bot.database import Database, upgrade
from bot.engine.engine import Engine
from bot.engine.in_process import InProcessActions
from bot.nlu.catalogue import use_catalogue
from bot.settings import Settings, read_settings
from bot.shop.embedded import tables
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing.importer import import_files
from tests.conversations.driver import Driver
from tests.conversations.script import Script, script_of
from tests.replies.test_no_trade import TRADE
from tests.support.house import ROOT, Clock, House, copied_database, settings_in
from tests.support.waiting import PATIENCE_S

HERE = Path(__file__).parent
SHOPS = ("snacks", "cosmetics", "phones")
LEAST_GOODS = 20
LEAST_TALKS = 25


@dataclass(frozen=True)
class Open:
    """One of the shops, filled, with an engine that speaks in its name."""

    settings: Settings
    seeded: Path
    engine: Engine


def _talks(shop: str) -> list[Any]:
    content: list[Any] = yaml.safe_load((HERE / f"{shop}.yml").read_text(encoding="utf-8"))
    return content


TALKS = [(shop, place, talk) for shop in SHOPS for place, talk in enumerate(_talks(shop))]


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_has_enough_goods_pictures_and_talks(shop: str, tmp_path: Path) -> None:
    database = _filled(shop, tmp_path / "shop.db")
    with database.engine.connect() as connection:
        goods = connection.execute(select(func.count()).select_from(tables.products)).scalar()
        pictures = connection.execute(select(tables.products.c.picture)).scalars().all()
    database.close()
    assert goods is not None and goods >= LEAST_GOODS
    assert len(_talks(shop)) >= LEAST_TALKS
    missing = [
        one for one in pictures if not (ROOT / "shop" / shop / "pictures" / Path(one).name).exists()
    ]
    assert missing == []


def _settings(shop: str, var: Path) -> Settings:
    environ = {"DIANXIAOER_VAR": str(var), "PORT": "0", "DEMO": "1"}
    return read_settings(
        ROOT, {**environ, "SHOP_SETTINGS": str(ROOT / "shop" / shop / "settings.yml")}
    )


def _filled(shop: str, path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    now = Clock.today("12:00", _settings(shop, path.parent))()
    import_files(database, [ROOT / "shop" / shop / "goods"], now=now)
    return database


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Open]]:
    """Filled as they are needed."""
    yield {}


async def _open(shop: str, folder: Path) -> Open:
    settings = _settings(shop, folder)
    _filled(shop, folder / "house.db").close()
    actions = InProcessActions(time_limit=PATIENCE_S)
    models = Path(os.environ.get("MODELS") or ROOT / "models")
    engine = Engine.load(models, actions=actions, words=settings.shop.words)
    return Open(settings=settings, seeded=folder / "house.db", engine=engine)


@pytest.mark.model
@pytest.mark.parametrize(
    ("shop", "place", "talk"),
    TALKS,
    ids=lambda value: value if isinstance(value, (str, int)) else "",
)
async def test_a_talk_goes_as_written(
    shop: str,
    place: int,
    talk: dict[str, Any],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    opened: dict[str, Open],
) -> None:
    if shop not in opened:
        opened[shop] = await _open(shop, tmp_path_factory.mktemp(shop))
    here = opened[shop]
    own = settings_in(tmp_path, here.settings)
    database = copied_database(here.seeded, tmp_path)
    port = EmbeddedShop(database)
    use_catalogue(await port.catalogue_version(), await port.catalogue_terms())
    script: Script = script_of(HERE / f"{shop}.yml", talk)
    house = House(own, database, here.engine, Clock.today(script.at, own))
    driver = Driver(house, script)
    try:
        await driver.play()
    finally:
        database.close()
    foreign = [line for line in driver.transcript if "bot:" in line and TRADE.search(line)]
    assert foreign == [], f"另一家店的话: {foreign}"
