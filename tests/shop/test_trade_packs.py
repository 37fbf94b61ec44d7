"""A trade pack is a good start and data alone: each comes in as it is, and no code knows its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.database import Database, upgrade
from bot.shop.__main__ import main
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing import workbook
from bot.shop.importing.headings import kinds
from bot.shop.importing.importer import import_files
from bot.shop.importing.trade_packs import FOLDER, NOTES, Pack, pack_named, packs, sheets_of
from tests.shop.conftest import NOW

EACH = pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.key)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/shop.db")
    upgrade(database)
    yield database
    database.close()


def test_every_folder_is_a_pack() -> None:
    assert {one.key for one in packs()} == {one.name for one in FOLDER.iterdir()}
    assert len(packs()) >= 5


@EACH
async def test_its_workbook_is_imported_as_it_is_written(
    pack: Pack, shop: Database, tmp_path: Path
) -> None:
    book = tmp_path / "我的店.xlsx"
    workbook.write(book, sheets_of(pack, NOW))
    imported = import_files(shop, [book], now=NOW)
    assert imported.warnings == ()
    port = EmbeddedShop(shop)
    goods = [
        product
        for one in await port.catalogue_terms()
        if one.entity == "product" and (product := await port.product(one.value))
    ]
    assert {axis for product in goods for axis in product.axes} >= set(pack.axes)
    told = {name for product in goods for name, _ in product.sheet}
    told |= {name for product in goods for sku in product.skus for name, _ in sku.facts}
    ours = {word: field for field, words in kinds()["products"].columns.items() for word in words}
    assert {ours.get(fact, fact) for fact in pack.facts} <= told


@EACH
def test_it_says_what_to_write_where(pack: Pack) -> None:
    notes = [row[0] for row in sheets_of(pack, NOW)[NOTES]]
    for name in (*pack.axes, *pack.facts):
        assert any(str(line).startswith(name) for line in notes), name


@pytest.mark.parametrize(
    ("asked", "key"), [("零食", "snacks"), ("美妆护肤", "cosmetics"), ("phones", "phones")]
)
def test_a_pack_is_found_as_owners_call_it(asked: str, key: str) -> None:
    found = pack_named(asked)
    assert found is not None and found.key == key


def test_no_two_packs_have_a_name_in_common() -> None:
    names = [name for one in packs() for name in {one.key, one.name, *one.also}]
    assert len(names) == len(set(names))


def test_an_owner_starts_by_command(
    shop: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "我的店.xlsx"
    assert main(["--database", str(shop.url), "start", "零食", str(book)]) == 0
    assert "口味" in capsys.readouterr().out
    assert "口味" in [cell.value for cell in load_workbook(book)["规格"][1]]
    assert (
        main(["--database", str(shop.url), "start", "零食", str(book)]) == 1
    )  # nothing is written over
    assert "已经有了" in capsys.readouterr().err


@pytest.mark.parametrize(("asked", "code"), [([], 0), (["火箭"], 1)])
def test_the_trades_are_told_where_none_is_named(
    shop: Database, capsys: pytest.CaptureFixture[str], asked: list[str], code: int
) -> None:
    assert main(["--database", str(shop.url), "start", *asked]) == code
    told = capsys.readouterr()
    assert all(one.name in told.out + told.err for one in packs())
