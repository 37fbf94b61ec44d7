"""Importing: every bad cell is named with what to write instead, and all comes in or nothing."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from bot.database import Database, upgrade
from bot.shop.__main__ import main
from bot.shop.embedded import tables
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing import caps
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import Imported, import_files
from tests.shop.conftest import DEMO, NOW, Clock

SAMPLES = DEMO.parent / "samples"
GOOD = """\
products:
  - id: cup
    name: 试用杯
    category: gear
    kind: 杯子
    price: 50
    weight_g: 300
    stock: {白色: {均码: 3}}
"""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    upgrade(database)
    yield database
    database.close()


def _import(database: Database, *paths: Path) -> Imported:
    return import_files(database, paths, now=NOW)


def _count(database: Database, table: Any) -> int:
    return int(
        database.read_sync(lambda c: c.execute(select(func.count()).select_from(table)).scalar())
    )


def _problems(database: Database, path: Path) -> list[str]:
    with pytest.raises(ImportRefused) as caught:
        _import(database, path)
    return [str(problem) for problem in caught.value.problems]


def _yaml(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "goods.yml"
    path.write_text(text, "utf-8")
    return path


async def test_the_sample_tables_come_in(empty: Database) -> None:
    imported = _import(empty, SAMPLES)
    assert imported.counts == {"products": 4, "skus": 7}
    product = await EmbeddedShop(empty, clock=Clock()).product("lamp-yeying")
    assert product is not None
    assert (product.price_fen, product.category, product.nicknames) == (
        8900,
        "装备",
        ("提灯", "营灯"),
    )
    assert product.fact("material") == "ABS 外壳"
    assert product.skus[1].restock_on == date(2026, 3, 24)


async def test_a_table_may_be_excel(empty: Database, tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "商品"
    sheet.append(["编号", "名称", "类目", "类型", "价格", "重量克"])
    sheet.append(["cup", "试用杯", "装备", "杯子", 49.9, 300])
    stock = workbook.create_sheet("规格")
    stock.append(["编号", "颜色", "尺码", "库存", "到货日期"])
    stock.append(["cup", "白色", None, 3, None])
    workbook.save(tmp_path / "goods.xlsx")
    _import(empty, tmp_path / "goods.xlsx")
    product = await EmbeddedShop(empty, clock=Clock()).product("cup")
    assert product is not None and product.price_fen == 4990 and product.skus[0].stock == 3


def test_csv_as_excel_saves_it_in_china_comes_in(empty: Database, tmp_path: Path) -> None:
    for name in ("商品.csv", "规格.csv"):
        text = (SAMPLES / name).read_text("utf-8")
        (tmp_path / name).write_bytes(text.encode("gb18030"))
    assert _import(empty, tmp_path / "商品.csv", tmp_path / "规格.csv").counts["products"] == 2


def test_importing_twice_changes_nothing(empty: Database, tmp_path: Path) -> None:
    path = _yaml(tmp_path, GOOD)
    first, second = _import(empty, path), _import(empty, path)
    assert first == second
    assert (_count(empty, tables.products), _count(empty, tables.skus)) == (1, 1)


def _emails(database: Database) -> list[str]:
    table = tables.buyers
    query = select(table.c.email).order_by(table.c.buyer_id)
    return database.read_sync(lambda c: list(c.execute(query).scalars()))


def test_a_buyers_email_stands_in_its_row_or_in_an_order(empty: Database, tmp_path: Path) -> None:
    orders = "".join(
        f"  - {{number: '{number}', buyer: {number}, status: awaiting_payment, created: -1d 10:00,"
        f" receiver: {{email: {email}}}, lines: [{{product: cup, colour: 白色}}]}}\n"
        for number, email in (("b1", "order@a.cn"), ("b2", "order@b.cn"))
    )
    buyers = "buyers:\n  - {id: b1, nickname: 甲, email: own@a.cn}\n  - {id: b2, nickname: 乙}\n"
    _import(empty, _yaml(tmp_path, f"{GOOD}{buyers}orders:\n{orders}"))
    assert _emails(empty) == ["own@a.cn", "order@b.cn"]


def test_a_changed_name_changes_the_version_and_stock_does_not(
    empty: Database, tmp_path: Path
) -> None:
    first = _import(empty, _yaml(tmp_path, GOOD)).version
    stocked = _import(empty, _yaml(tmp_path, GOOD.replace("均码: 3", "均码: 9"))).version
    renamed = _import(empty, _yaml(tmp_path, GOOD.replace("试用杯", "好用杯"))).version
    assert first == stocked != renamed


@pytest.mark.parametrize(
    ("line", "instead", "problem"),
    [
        ("price: 50", "price: 五", "goods.yml:6 price: “五”不是金额，请写元为单位的数字，如 299"),
        ("price: 50", "price: 5.123", "goods.yml:6 price: “5.123”不是金额"),
        ("price: 50", "price: 0", "goods.yml:6 price: “0”太小，至少写 0.01"),
        ("    price: 50\n", "", "goods.yml:2 price: 没有填，这一项必须有"),
        ("category: gear", f"category: {'帽' * 33}", "goods.yml:4 category: 太长了（33 字）"),
        ("weight_g: 300", "weight_g: 轻", "goods.yml:7 weight_g: “轻”不是重量，请写 750g、1.2kg 这样"),
        ("weight_g: 300", "weigth: 300", "goods.yml:7 weigth: 没有“weigth”这一项，可写的有："),
        ("id: cup", "id: 杯 子", "goods.yml:2 id: “杯 子”只能用字母、数字和 . _ -，如 boot-01"),
        ("均码: 3", "均码: 三", "goods.yml:8 均码: “三”不是库存，请写件数，如 5，缺货写 0 +6d"),
        ("均码: 3", "均码: 0 下周", "goods.yml:8 均码: “下周”不是时间"),
        ("kind: 杯子", "kind: 杯子\n    goes_with: [lamp]", "goes_with: 没有编号为“lamp”的商品"),
        ("kind: 杯子", "kind: 杯子\n    kind: 碗", "goods.yml:6 文件: YAML 写法有误"),
        ("    kind: 杯子", "   kind: [杯子", "文件: YAML 写法有误"),
        ("products:", "goods:", "goods.yml:2 goods: 不认识这一类，请用：shop（店铺）、"),
        (
            "kind: 杯子",
            "kind: 杯子\n    bargaining: {floor: 60}",
            "goods.yml:6 floor: 底价要低于售价，请写更小的金额",
        ),
        (
            "kind: 杯子",
            "kind: 杯子\n    bargaining: {floor: 30, steps: [{price: 3}, {price: 5}]}",
            "steps: 每次让价要比上一次小（以退为进），如 20、10、5",
        ),
        (
            "kind: 杯子",
            "kind: 杯子\n    bargaining: {floor: 45, steps: [{price: 4}, {price: 1}]}",
            "steps: 让价加起来到了底价或更低，请减少让价",
        ),
        (
            "kind: 杯子",
            "kind: 杯子\n    bargaining: {floor: 30, steps: [{coupon: X}]}",
            "bargaining: 没有代码为“X”的优惠券，请先在 coupons 里写它",
        ),
        (
            "kind: 杯子",
            "kind: 杯子\n    size_chart: {rows: [{size: M, height_cm: 高}]}",
            "height_cm: “高”不是范围，请写 从-到，如 165-170",
        ),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_a_remedy(
    empty: Database, tmp_path: Path, line: str, instead: str, problem: str
) -> None:
    found = _problems(empty, _yaml(tmp_path, GOOD.replace(line, instead)))
    assert any(problem in one for one in found), found
    assert _count(empty, tables.products) == 0


def test_a_problem_does_not_tell_the_floor(empty: Database, tmp_path: Path) -> None:
    text = GOOD.replace("kind: 杯子", "kind: 杯子\n    bargaining: {floor: 77.31}")
    assert not any("77" in one for one in _problems(empty, _yaml(tmp_path, text)))


def test_all_bad_cells_are_named_at_once(empty: Database, tmp_path: Path) -> None:
    text = GOOD.replace("price: 50", "price: x").replace("weight_g: 300", "weight_g: y")
    assert len(_problems(empty, _yaml(tmp_path, text))) == 2


def test_csv_problems_name_file_row_and_column(empty: Database, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "商品.csv", tmp_path)
    (tmp_path / "规格.csv").write_text("编号,颜色,尺码,库存\nlamp-yeying,黑色,,很多\n", "utf-8")
    assert _problems(empty, tmp_path) == ["规格.csv:2 库存: “很多”不是整数，请写数字，如 12"]


def test_one_bad_file_keeps_the_others_out(empty: Database, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "商品.csv", tmp_path)
    _yaml(tmp_path, GOOD.replace("price: 50", "price: x"))
    _problems(empty, tmp_path)
    assert _count(empty, tables.products) == 0


def test_a_double_is_refused(empty: Database, tmp_path: Path) -> None:
    twice = GOOD + GOOD.removeprefix("products:\n")
    found = _problems(empty, _yaml(tmp_path, twice))
    assert any("“cup”在 goods.yml:2 已经写过，请改或删一行" in one for one in found)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("no.yml", None, "没有这个文件"),
        ("picture.png", b"x", "不认识这种文件，请用 .yml、.yaml、.csv、.xlsx"),
        ("broken.xlsx", b"not a workbook", "打不开，请用 Excel 另存为 .xlsx"),
        ("latin.yml", b"products: \xff\xfe", "不是 UTF-8 编码，请另存为 UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    empty: Database, tmp_path: Path, name: str, content: bytes | None, what: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert what in _problems(empty, tmp_path / name)[0]


def test_an_order_for_a_size_never_made_is_refused(empty: Database, tmp_path: Path) -> None:
    text = (
        GOOD
        + """\
buyers:
  - {id: b, nickname: 小白}
orders:
  - number: "1"
    buyer: b
    status: awaiting_payment
    created: -1d 10:00
    lines:
      - {product: cup, colour: 白色, size: XL}
"""
    )
    found = _problems(empty, _yaml(tmp_path, text))
    assert found == ["goods.yml:17 size: 这款没有“白色 XL”，可写：白色"]


def test_stock_below_what_orders_hold_is_refused(empty: Database, tmp_path: Path) -> None:
    orders = """\
buyers:
  - {id: b, nickname: 小白}
orders:
  - number: "1"
    buyer: b
    status: paid
    created: -1d 10:00
    paid: -1d 10:01
    lines:
      - {product: cup, colour: 白色, quantity: 2}
"""
    _import(empty, _yaml(tmp_path, GOOD + orders))
    found = _problems(empty, _yaml(tmp_path, GOOD.replace("均码: 3", "均码: 1")))
    assert found == ["goods.yml:8 stock: 未发货的订单占着 2 件，库存至少写 2"]


def test_the_command_imports_and_says_what_came_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/new/shop.db"
    assert main(["--database", url, "import", str(SAMPLES)]) == 0
    assert "已导入：商品 4、规格 7。" in capsys.readouterr().out


def test_the_command_fails_and_lists_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _yaml(tmp_path, GOOD.replace("price: 50", "price: x"))
    assert main(["--database", f"sqlite:///{tmp_path}/shop.db", "import", str(path)]) == 1
    errors = capsys.readouterr().err
    assert "goods.yml:6 price" in errors and "共 1 处要改，什么都没有导入。" in errors


def test_the_demo_is_left_alone_where_goods_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/shop.db"
    main(["--database", url, "import", str(SAMPLES)])
    assert main(["--database", url, "demo", "--if-empty"]) == 0
    assert "店里已有商品，没有改动。" in capsys.readouterr().out


def test_a_nickname_that_is_an_everyday_word_is_named_and_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    goods = _yaml(tmp_path, GOOD + "    nicknames: [可以, 云朵杯]\n")
    assert main(["--database", f"sqlite:///{tmp_path}/shop.db", "import", str(goods)]) == 0
    told = capsys.readouterr().err
    assert "「试用杯」" in told
    assert "「可以」" in told
    assert "云朵杯" not in told


BOMB = """
products:
  - &a {id: a1, name: 杯子, category: 杯子, price: 50, tags: &b [x, x]}
  - &c {id: a2, tags: [*b, *b]}
  - {id: a3, tags: &d [*b, *b]}
"""


def test_yaml_that_multiplies_is_refused(empty: Database, tmp_path: Path) -> None:
    [problem] = _problems(empty, _yaml(tmp_path, BOMB))
    assert problem.startswith("goods.yml:4 ")
    assert "别名" in problem


def test_yaml_may_repeat_a_thing_by_name(empty: Database, tmp_path: Path) -> None:
    text = GOOD.replace("kind: 杯子", "kind: &what 杯子\n    about: *what")
    assert not any("别名" in one for one in _problems(empty, _yaml(tmp_path, text)))


def test_yaml_nested_without_end_is_a_sentence(empty: Database, tmp_path: Path) -> None:
    [problem] = _problems(empty, _yaml(tmp_path, "products: " + "[" * 5000 + "]" * 5000))
    assert "Traceback" not in problem


def _xlsx(tmp_path: Path, sheet: str, parts: dict[str, str] | None = None) -> Path:
    """A workbook whose first sheet is this XML."""
    plain, path = tmp_path / "plain.xlsx", tmp_path / "products.xlsx"
    Workbook().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part.filename, sheet if is_sheet else old.read(part))
        for name, text in (parts or {}).items():
            new.writestr(name, text)
    plain.unlink()
    return path


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "LARGEST_UNPACKED", 1024**2)
    path = _xlsx(tmp_path, SHEET.format(rows=""), {"xl/media/a.bin": "0" * 2 * 1024**2})
    [problem] = _problems(empty, path)
    assert "解开后超过 1 MB" in problem


def test_a_table_of_too_many_rows_is_refused(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "MOST_ROWS", 10)
    path = tmp_path / "products.csv"
    path.write_text("id\n" + "\n" * 20, encoding="utf-8")
    [problem] = _problems(empty, path)
    assert "超过" in problem


@pytest.mark.parametrize(
    "sheet",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + SHEET.format(rows="&b;"),
        "<worksheet><not closed",
        "",
    ],
    ids=["dtd", "broken", "empty"],
)
def test_a_hostile_sheet_is_a_sentence(empty: Database, tmp_path: Path, sheet: str) -> None:
    [problem] = _problems(empty, _xlsx(tmp_path, sheet))
    assert "另存为 .xlsx" in problem
