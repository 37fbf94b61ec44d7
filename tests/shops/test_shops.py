"""Three more shops of other trades: what they sell is told from their own tables, in their own words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from bot.shop.embedded import tables
from tests.conversations.script import script_of
from tests.replies.test_no_trade import TRADE
from tests.shops.playing import Open, filled, opened, play
from tests.support.house import ROOT

HERE = Path(__file__).parent
SHOPS = ("snacks", "cosmetics", "phones")
LEAST_GOODS = 20
LEAST_TALKS = 25


def _talks(shop: str) -> list[Any]:
    content: list[Any] = yaml.safe_load((HERE / f"{shop}.yml").read_text(encoding="utf-8"))
    return content


TALKS = [(shop, place, talk) for shop in SHOPS for place, talk in enumerate(_talks(shop))]


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_has_enough_goods_pictures_and_talks(shop: str, tmp_path: Path) -> None:
    database = filled(ROOT / "shop" / shop, tmp_path / "shop.db")
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


@pytest.fixture(scope="module")
def shops() -> Iterator[dict[str, Open]]:
    """Filled as they are needed."""
    yield {}


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
    shops: dict[str, Open],
) -> None:
    if shop not in shops:
        shops[shop] = opened(ROOT / "shop" / shop, tmp_path_factory.mktemp(shop))
    transcript = await play(shops[shop], script_of(HERE / f"{shop}.yml", talk), tmp_path)
    foreign = [line for line in transcript if "bot:" in line and TRADE.search(line)]
    assert foreign == [], f"另一家店的话: {foreign}"
