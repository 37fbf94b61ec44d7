"""What comes in is held against the floors: by the ladder an error, by campaigns a warning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.database import Database, upgrade
from bot.shop.__main__ import main
from bot.shop.importing import floors
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import Imported, import_files
from tests.shop.conftest import NOW

FLOOR = "77.31"
CUP = f"""products:
  - id: cup
    name: 试用杯
    category: gear
    kind: 杯子
    price: 100
    weight_g: 300
    stock: {{单色: {{均码: 3}}}}
    bargaining:
      floor: {FLOOR}
      steps: [{{coupon: TEN}}, {{price: 4}}, {{price: 1}}]
"""
TEN = "coupons:\n  - {code: TEN, title: 券, off: 10, public: 否}\n"
SALE = """promotions:
  - id: sale
    title: 直降
    ends: +5d
    sale_prices:
      cup: 92
"""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'shop.db'}")
    upgrade(database)
    yield database
    database.close()


def _import(database: Database, folder: Path, name: str, text: str) -> Imported:
    path = folder / name
    path.write_text(text, "utf-8")
    return import_files(database, [path], now=NOW)


def _problems(database: Database, folder: Path, name: str, text: str) -> list[str]:
    with pytest.raises(ImportRefused) as caught:
        _import(database, folder, name, text)
    return [str(problem) for problem in caught.value.problems]


def test_a_sale_price_that_lets_the_ladder_reach_its_floor(empty: Database, tmp_path: Path) -> None:
    _import(empty, tmp_path, "goods.yml", TEN + CUP)
    [problem] = _problems(empty, tmp_path, "sale.yml", SALE)
    assert problem.startswith("sale.yml:6 cup: 活动价再减去议价的让价和券，就到底价")
    assert FLOOR not in problem and "7731" not in problem
    _import(empty, tmp_path, "sale.yml", SALE.replace("cup: 92", "cup: 93"))


def test_without_the_look_at_the_floors_such_a_campaign_would_come_in(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(floors, "check", lambda *_: [])
    _import(empty, tmp_path, "goods.yml", TEN + CUP)
    assert _import(empty, tmp_path, "sale.yml", SALE).warnings == ()
    campaign = "promotions:\n  - {id: full, title: 满200减40, from: 200, off: 40}\n"
    assert _import(empty, tmp_path, "full.yml", campaign).warnings == ()


def test_a_sale_that_is_over_does_not_count(empty: Database, tmp_path: Path) -> None:
    _import(empty, tmp_path, "all.yml", TEN + CUP + SALE.replace("+5d", "-1d"))


def test_a_ladder_counts_its_coupon(empty: Database, tmp_path: Path) -> None:
    goods = CUP.replace("{price: 4}", "{price: 12}")
    [problem] = _problems(empty, tmp_path, "goods.yml", TEN + goods)
    assert problem.startswith("goods.yml:11 bargaining: 让价加上券")


def test_a_coupon_made_larger_later(empty: Database, tmp_path: Path) -> None:
    _import(empty, tmp_path, "goods.yml", TEN + CUP)
    [problem] = _problems(empty, tmp_path, "coupons.yml", TEN.replace("off: 10", "off: 20"))
    assert problem.startswith("coupons.yml:2 off: 议价里用了这张券")


def test_what_the_import_does_not_touch_is_left_alone(empty: Database, tmp_path: Path) -> None:
    _import(empty, tmp_path, "goods.yml", TEN + CUP)
    empty.run_sync(lambda c: c.exec_driver_sql("UPDATE shop_ladders SET floor_fen = 9900"))
    _import(empty, tmp_path, "zones.yml", "postage:\n  - {zone: 常规地区, first: 8}\n")


def test_campaign_and_coupon_that_reach_a_floor_warn(empty: Database, tmp_path: Path) -> None:
    _import(empty, tmp_path, "goods.yml", TEN + CUP)
    campaign = "promotions:\n  - {id: full, title: 满200减40, from: 200, off: 40}\n"
    imported = _import(empty, tmp_path, "full.yml", campaign)
    [warning] = map(str, imported.warnings)
    assert warning.startswith("full.yml:2 优惠: 买 2 件“试用杯”时，活动和券叠加会到底价")
    assert FLOOR not in warning
    milder = _import(empty, tmp_path, "full.yml", campaign.replace("off: 40", "off: 20"))
    assert milder.warnings == ()


def test_the_command_says_the_warning(
    empty: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "all.yml"
    path.write_text(
        TEN + CUP + "promotions:\n  - {id: full, title: 满, from: 100, off: 30}\n", "utf-8"
    )
    assert main(["--database", str(empty.url), "import", str(path)]) == 0
    assert "提醒 all.yml:" in capsys.readouterr().err
