"""Return rules from the owner's files: per product, kind, category and shop, told and applied alike."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.database import Database
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.embedded.house import House, ReturnRule
from bot.shop.importing import return_rules
from bot.shop.importing.cells import ImportRefused, Row
from bot.shop.importing.importer import import_files
from bot.shop.importing.moments import Moments
from bot.shop.importing.stored import house_rows, products_rows
from bot.shop.rules.returns import judge
from bot.shop.words.goods import Product
from tests.shop.conftest import NOW
from tests.shop.test_returns import TODAY, case_of

SHOP = """
shop:
  name: 试卖店
  return_days: 15
  return_rules:
    - 护肤、彩妆：未拆封30天可退
    - 洗脸巾：贴身用品拆封不退
    - 水果：坏果包赔，2天
"""
HEAD = "编号,名称,类目,类型,价格,重量克,退货规则\n"
GOODS = (
    "cream,霜,护肤,面霜,99,100,\n"
    "try,试用霜,护肤,面霜,99,100,拆封可退\n"
    "towel,巾,护肤,洗脸巾,19,100,\n"
    "pear,梨,水果,梨,39,3000,\n"
    "name,刻名口红,彩妆,口红,89,60,定制不退\n"
    "bag,包,箱包,包,199,900,\n"
    "cup,杯,日用,杯,29,300,90天无理由\n"
)


async def _goods(database: Database, folder: Path, goods: str = GOODS) -> dict[str, Product]:
    (folder / "店铺.yml").write_text(SHOP, encoding="utf-8")
    (folder / "商品.csv").write_text(HEAD + goods, encoding="utf-8")
    import_files(database, [folder], now=NOW)
    shop = EmbeddedShop(database)
    ids = [line.split(",")[0] for line in goods.splitlines()]
    found = [await shop.product(one) for one in ids]
    return {one.product_id: one for one in found if one is not None}


async def test_the_nearest_rule_holds(database: Database, tmp_path: Path) -> None:
    goods = await _goods(database, tmp_path)
    assert {key: (one.returnable, one.return_days) for key, one in goods.items()} == {
        "cream": ("unopened_only", 30),  # its category's
        "try": ("opened_too", 30),  # its own rule, its category's days
        "towel": ("hygienic", 30),  # its kind's rule goes before its category's
        "pear": ("fresh", 2),
        "name": ("custom_made", 30),
        "bag": ("seven_days", 15),  # the shop's
        "cup": ("seven_days", 90),
    }


async def test_what_the_shop_says_later_holds_at_once(database: Database, tmp_path: Path) -> None:
    await _goods(database, tmp_path)
    (tmp_path / "店铺.yml").write_text(
        SHOP.replace("未拆封30天可退", "七天无理由"), encoding="utf-8"
    )
    import_files(database, [tmp_path / "店铺.yml"], now=NOW)
    cream = await EmbeddedShop(database).product("cream")
    assert cream is not None and (cream.returnable, cream.return_days) == ("seven_days", 15)


async def test_a_table_that_does_not_say_it_leaves_it(database: Database, tmp_path: Path) -> None:
    await _goods(database, tmp_path)
    for text, days in (
        ("编号,名称,价格\ncup,杯,25\n", 90),
        (HEAD + "cup,杯,日用,杯,25,300,\n", 15),
    ):
        (tmp_path / "商品.csv").write_text(text, encoding="utf-8")
        import_files(database, [tmp_path / "商品.csv"], now=NOW)
        cup = await EmbeddedShop(database).product("cup")
        assert cup is not None and (cup.price_fen, cup.return_days) == (2500, days)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("七天无理由", ("seven_days", None)), ("7天无理由", ("seven_days", None)),
        ("15天无理由退货", ("seven_days", 15)), ("三十天无理由", ("seven_days", 30)),
        ("拆封不退", ("unopened_only", None)), ("未拆封15天可退", ("unopened_only", 15)),
        ("未拆封可退，30天", ("unopened_only", 30)), ("拆了也能退", ("opened_too", None)),
        ("贴身不退", ("hygienic", None)), ("坏果包赔 2天", ("fresh", 2)), ("30天", ("", 30)),
        ("unopened_only", ("unopened_only", None)), ("", ("", None)),
    ],
)  # fmt: skip
def test_rules_are_read_as_owners_write_them(told: str, meant: tuple[str, int | None]) -> None:
    problems: list[object] = []
    row = _row({"returnable": told}, problems)
    assert (return_rules.of_product(row), problems) == (meant, [])
    again = _row({"returnable": return_rules.text_of(*meant)}, problems)
    assert (return_rules.of_product(again), problems) == (meant, [])  # what is written out comes in


@pytest.mark.parametrize("told", ["看心情", "3天无理由", "未拆封500天可退"])
def test_what_is_no_rule_is_refused_with_what_to_write(told: str) -> None:
    problems: list[object] = []
    return_rules.of_product(_row({"returnable": told}, problems))
    assert len(problems) == 1 and "请写" in str(problems[0])


def test_a_rule_without_goods_is_refused(database: Database, tmp_path: Path) -> None:
    text = "shop: {name: 店, return_rules: [拆封不退]}"
    (tmp_path / "店铺.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused, match="类目：规则"):
        import_files(database, [tmp_path], now=NOW)


async def test_rules_are_written_out_as_they_come_in(database: Database, tmp_path: Path) -> None:
    await _goods(database, tmp_path)
    with database.engine.connect() as connection:
        told = {row["id"]: row["returnable"] for row in products_rows(connection)}
    assert (told["cream"], told["try"], told["cup"]) == ("", "拆封可退", "七天无理由，90天")
    rules = (ReturnRule(goods=("护肤", "彩妆"), returnable="unopened_only", days=30),)
    rows = {row[0]: row[1] for row in house_rows(House(return_rules=rules))}
    assert rows["退货规则"] == "护肤、彩妆：未拆封可退，30天"


@pytest.mark.parametrize(
    ("returnable", "reason", "refusal"),
    [
        ("opened_too", "opened", ""),
        ("seven_days", "opened", "opened"),
        ("hygienic", "opened", "opened"),
        ("hygienic", "size", "opened"),
        ("hygienic", "no_reason", ""),
        ("hygienic", "defect", ""),
    ],
)
def test_opened_goods_go_back_by_their_own_rule(returnable: str, reason: str, refusal: str) -> None:
    terms = judge(case_of(reason, returnable=returnable))
    assert terms.refusal == refusal
    assert terms.only_unopened == (returnable == "hygienic" and reason == "no_reason")


@pytest.mark.parametrize("days", [7, 15, 90])
def test_the_last_day_is_the_rules_own(days: int) -> None:
    signed = TODAY - timedelta(days=days)
    last = judge(case_of("no_reason", days=days, return_days=days))
    assert last.allowed and last.until == signed + timedelta(days=days) == TODAY
    assert judge(case_of("no_reason", days=days + 1, return_days=days)).refusal == "too_late"


def _row(cells: dict[str, str], problems: list[object]) -> Row:
    moments = Moments(NOW, ZoneInfo("Asia/Shanghai"))
    return Row(file="商品.csv", row=2, cells=cells, problems=problems, moments=moments)  # type: ignore[arg-type]
