"""Files as they lie in an owner's folder are read, or told in one sentence what to do (K33, K34)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.shop.importing import amounts
from bot.shop.importing.cells import Problem, Row
from bot.shop.importing.headings import Sure, columns
from bot.shop.importing.moments import Moments, NotAMoment
from bot.shop.importing.sources import Read, read_files
from tests.shop.conftest import NOW

HEAD = "编号,名称,类目,类型,价格,重量克"
GOODS = HEAD + "\n0012,试用杯,装备,杯子,49.9,300\n"
MOMENTS = Moments(NOW, ZoneInfo("Asia/Shanghai"))


def _read(*paths: Path) -> tuple[Read, list[Problem]]:
    problems: list[Problem] = []
    return read_files(paths, problems, MOMENTS), problems


def _rows(read: Read, section: str = "products") -> list[dict[str, Any]]:
    return [dict(row.cells) for row in read.rows[section]]


def _csv(folder: Path, text: str, name: str = "商品.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def _xlsx(folder: Path, sheets: dict[str, list[list[Any]]], name: str = "店.xlsx") -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(folder / name)
    return folder / name


# --- K33: the file as it lies in the folder


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (("名称", "分类", "品类"), ("name", "category", "kind")),
        (("名称", "品类", "小类"), ("name", "category", "kind")),
        (("名称", "分类", "品类", "小类"), ("name", "category", "品类", "kind")),
    ],
)
def test_k33_a_heading_of_two_meanings_takes_the_one_that_is_left(
    headings: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    found = columns("products", headings, keeps_own=True)
    assert tuple(one.field for one in found) == fields


@pytest.mark.parametrize(
    "name",
    ["商品.CSV", "商品(1).csv", "商品（2）.csv", "商品 - 副本.csv", "商品表.csv", "商品资料最新版.csv",
     "坚果商品2026.csv", "products.csv", "表.csv", "新建文本文档.txt", "商品.tsv"],
)  # fmt: skip
def test_k33_a_file_is_known_by_its_name_or_its_headings(tmp_path: Path, name: str) -> None:
    _csv(tmp_path, GOODS, name)
    read, problems = _read(tmp_path)
    assert not problems
    assert [row["name"] for row in _rows(read)] == ["试用杯"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "，", "|"])
def test_k33_any_encoding_and_separator_is_read(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    read, problems = _read(_csv(tmp_path, GOODS.replace(",", separator), encoding=encoding))
    assert not problems
    [row] = _rows(read)
    assert (row["id"], row["name"], row["price"]) == ("0012", "试用杯", "49.9")


def test_k33_what_excel_and_a_mac_leave_behind_is_passed_over(tmp_path: Path) -> None:
    _csv(tmp_path, GOODS)
    (tmp_path / "~$商品.xlsx").write_bytes(b"lock")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "._商品.csv").write_bytes(b"\x00\x05")
    (tmp_path / "._规格.csv").write_bytes(b"\x00\x05")
    read, problems = _read(tmp_path)
    assert not problems
    assert len(_rows(read)) == 1
    assert {name for name, _ in read.passed_over} == {"~$商品.xlsx", "._规格.csv"}


@pytest.mark.parametrize(
    ("name", "what"), [("商品.xls", "旧版 .xls 读不了"), ("商品.et", "WPS 的 .et")]
)
def test_k33_a_table_of_another_kind_is_never_passed_over(
    tmp_path: Path, name: str, what: str
) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
    _, problems = _read(tmp_path)
    assert what in problems[0].what and "另存为 .xlsx" in problems[0].what


def test_k33_a_workbook_with_title_merged_cells_and_notes_is_read(tmp_path: Path) -> None:
    workbook = Workbook()
    goods = workbook.active
    goods.title = "Sheet1"
    goods.append(["山行户外 2027春"])
    goods.merge_cells("A1:F1")
    goods.append([" 编号 ", "*名称", "类目", "类型", "价格（元）", "重量(kg)"])
    goods.append([12, "杯子", "装备", "杯子", 49.9, 0.3])
    goods.append([13, "碗", None, "碗", "￥1,299", 1.5])
    goods["A3"].number_format = goods["A4"].number_format = "0000"
    goods.merge_cells("C3:C4")
    for row in range(5, 300):
        goods.cell(row, 1).number_format = "0000"  # formatted, but empty
    skus = workbook.create_sheet("库存")
    skus.append(["编号", "颜色", "库存"])
    for place, colour in enumerate(["黑", "白", "红"]):
        skus.append(["0012" if not place else None, colour, f"{place} 件"])
    skus.merge_cells("A2:A4")
    skus.row_dimensions[3].hidden = True
    workbook.create_sheet("说明").append(["红色的必填"])
    workbook.create_sheet("选项").sheet_state = "hidden"
    workbook.save(tmp_path / "店.xlsx")
    read, problems = _read(tmp_path)
    assert not problems
    assert [(row["id"], row["category"], row["weight_g"]) for row in _rows(read)] == [
        ("0012", "装备", "0.3kg"),
        ("0013", "装备", "1.5kg"),
    ]
    assert [(row["id"], row["colour"]) for row in _rows(read, "skus")] == [
        ("0012", "黑"),
        ("0012", "白"),
        ("0012", "红"),
    ]
    assert {name for name, _ in read.passed_over} == {"店.xlsx〔说明〕", "店.xlsx〔选项〕"}
    assert any("1 行是隐藏" in note for one in read.readings for note in one.notes)


def test_k33_a_problem_names_sheet_row_and_the_heading_of_the_file(tmp_path: Path) -> None:
    rows = [["编号", "颜色", "库存数量"], ["a", "黑", "有货"]]
    read, problems = _read(_xlsx(tmp_path, {"商品": [["说明"]], "规格": rows}))
    read.rows["skus"][0].whole("stock")
    assert str(problems[-1]) == "店.xlsx〔规格〕:2 库存数量: “有货”不是整数，请写数字，如 12"


def test_k33_a_missing_column_is_said_once_with_the_row_count(tmp_path: Path) -> None:
    rows = "\n".join(f"{n},杯{n},装备" for n in range(500))
    _, problems = _read(_csv(tmp_path, "编号,名称,类目\n" + rows))
    [problem] = problems
    assert "没有 “价格” 这一列（影响 500 行）" in problem.what
    assert "表里现有：编号、名称、类目" in problem.what


def test_k33_goods_and_stock_in_one_table_give_products_and_skus(tmp_path: Path) -> None:
    text = "名称,类目,类型,口味,净含量,价格,库存,配料\n果干,零食,果干,原味,100g,9.9,5,芒果\n果干,零食,果干,辣味,100g,10.9,6,芒果\n"
    read, problems = _read(_csv(tmp_path, text))
    assert not problems
    [product] = _rows(read)
    assert (product["name"], product["配料"], product["price"]) == ("果干", "芒果", "9.9")
    skus = _rows(read, "skus")
    assert [(one["口味"], one["净含量"], one["price"]) for one in skus] == [
        ("原味", "100g", "9.9"),
        ("辣味", "100g", "10.9"),
    ]
    assert {one["id"] for one in skus} == {product["id"]}


def test_k33_what_differs_between_rows_of_one_product_belongs_to_its_skus(tmp_path: Path) -> None:
    text = "品名,等级,规格,价格,库存\n龙井,特级,50g,128,3\n,一级,50g,88,4\n毛峰,特级,50g,99,5\n"
    read, problems = _read(_csv(tmp_path, text))
    assert not problems
    assert [row["name"] for row in _rows(read)] == ["龙井", "毛峰"]
    assert [one["等级"] for one in _rows(read, "skus")] == ["特级", "一级", "特级"]


def test_k33_what_a_shop_writes_for_itself_never_reaches_buyers(tmp_path: Path) -> None:
    read, _ = _read(_csv(tmp_path, HEAD + ",成本价,供应商\n1,杯,装备,杯,9,9,3.5,老张\n"))
    assert not {"成本价", "供应商"} & set(_rows(read)[0])
    assert [one.heading for one in read.readings[0].columns if one.sure is Sure.INTERNAL] == [
        "成本价",
        "供应商",
    ]


def test_k33_skus_may_name_their_product_instead_of_its_id(tmp_path: Path) -> None:
    _csv(tmp_path, GOODS)
    _csv(tmp_path, "商品名称,颜色,库存\n试用杯,黑,3\n,白,4\n", "库存.csv")
    read, problems = _read(tmp_path)
    assert not problems
    assert [(one["id"], one["colour"]) for one in _rows(read, "skus")] == [
        ("0012", "黑"),
        ("0012", "白"),
    ]


def test_k33_settings_may_be_written_downwards(tmp_path: Path) -> None:
    rows = [["项目", "内容"], ["店名", "坚果铺子"], ["发货截止", "15:00"], ["快递", "韵达、极兔"]]
    read, problems = _read(_xlsx(tmp_path, {"店铺": rows}))
    assert not problems
    [row] = read.rows["shop"]
    assert row.text("name") == "坚果铺子"
    assert row.texts("couriers") == ["韵达", "极兔"]


def test_k33_extra_columns_are_kept_under_their_own_names(tmp_path: Path) -> None:
    read, problems = _read(_csv(tmp_path, HEAD + ",条码,过敏原\n1,杯,装备,杯,9,9,69,含坚果\n"))
    assert not problems
    assert _rows(read)[0]["过敏原"] == "含坚果"
    own = [one.heading for one in read.readings[0].columns if one.sure is Sure.OWN]
    assert own == ["条码", "过敏原"]


# --- K34: cells that Excel has changed


@pytest.mark.parametrize(
    ("read_one", "told", "meant"),
    [
        *[
            (amounts.fen, told, meant)
            for told, meant in (
                ("￥299", 29900), ("¥1,299", 129900), ("299.00元", 29900), ("1.2万", 1200000),
                ("59.699999999999996", 5970), ("１２．５", 1250), ("RMB 30", 3000), ("39.9元/件", 3990),
            )
        ],
        *[
            (amounts.whole, told, meant)
            for told, meant in (
                ("12 件", 12), ("1,200", 1200), ("1.2万", 12000), ("99+", 99), ("1e3", 1000),
                ("12.0", 12), ("３０天", 30),
            )
        ],
        *[
            (amounts.grams, told, meant)
            for told, meant in (
                ("750g", 750), ("5.6kg", 5600), ("1斤", 500), ("25g×30包", 750), ("250.5", 251),
                ("净含量750g（25g×30包）", 750), ("0.5千克", 500),
            )
        ],
    ],
)  # fmt: skip
def test_k34_amounts_are_read_as_owners_write_them(
    read_one: Callable[[str], int], told: str, meant: int
) -> None:
    assert read_one(told) == meant


@pytest.mark.parametrize(
    ("read_one", "told"),
    [
        (amounts.fen, "面议"), (amounts.fen, "299-399"), (amounts.fen, "29,9"), (amounts.fen, "#N/A"),
        (amounts.fen, "5.123"), (amounts.whole, "有货"), (amounts.whole, "1.5"), (amounts.whole, "1,29"),
        (amounts.grams, "轻"),
    ],
)  # fmt: skip
def test_k34_what_is_no_amount_is_never_made_one(read_one: Callable[[str], int], told: str) -> None:
    with pytest.raises(amounts.NotAnAmount):
        read_one(told)


@pytest.mark.parametrize(
    "told",
    ["2027/6/18", "2027-06-18", "2027.6.18", "2027年6月18日", "20270618", "2027-6-18 0:00:00",
     "２０２７/６/１８", "46556"],
)  # fmt: skip
def test_k34_a_day_is_read_as_excel_writes_it(told: str) -> None:
    assert MOMENTS.day(told) == date(2027, 6, 18)


def test_k34_a_day_without_a_year_is_the_next_one() -> None:
    assert MOMENTS.day("6月18日") == date(2026, 6, 18)
    assert MOMENTS.day("2月1日") == date(2027, 2, 1)


@pytest.mark.parametrize("told", ["2027/13/1", "2月30日", "下周", "3-6"])
def test_k34_what_is_no_day_is_refused(told: str) -> None:
    with pytest.raises(NotAMoment):
        MOMENTS.day(told)


@pytest.mark.parametrize(
    "skus",
    [
        [["编号", "尺码", "库存"], ["a", "S", 1], ["a", datetime(2027, 3, 6), 2]],
        [["编号", "机型", "库存"], ["a", "3-6月", 1], ["a", datetime(2027, 3, 6), 2]],
    ],
    ids=["ours", "own"],
)
def test_k34_a_size_that_excel_made_a_date_of_is_refused_with_the_reason(
    tmp_path: Path, skus: list[list[Any]]
) -> None:
    _, problems = _read(_xlsx(tmp_path, {"规格": skus}))
    [problem] = problems
    assert problem.what.startswith("Excel 把这里改成了日期（第 3 行）") and "“文本”" in problem.what


def test_k34_a_csv_size_that_excel_made_a_date_of_is_refused_too(tmp_path: Path) -> None:
    _, problems = _read(_csv(tmp_path, "编号,尺码,库存\na,3月6日,5\n", "规格.csv"))
    assert "Excel 把这里改成了日期" in problems[0].what


def test_k34_a_day_of_production_may_be_a_date(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["编号", "口味", "库存", "生产日期"],
        ["a", "原味", 1, datetime(2026, 9, 20)],
    ]
    read, problems = _read(_xlsx(tmp_path, {"规格": rows}))
    assert not problems and _rows(read, "skus")[0]["生产日期"] == "2026-09-20"


def test_k34_a_long_number_in_scientific_notation_is_said_once(tmp_path: Path) -> None:
    _, problems = _read(_csv(tmp_path, HEAD + "\n6.9E+12,杯,装备,杯,9,9\n6.9E+12,碗,装备,碗,9,9\n"))
    [problem] = problems
    assert "科学计数" in problem.what


def test_k34_zeros_that_one_table_lost_are_found_and_told(tmp_path: Path) -> None:
    _csv(tmp_path, GOODS)
    _csv(tmp_path, "编号,颜色,库存\n12,黑,3\n", "规格.csv")
    read, problems = _read(tmp_path)
    assert not problems and _rows(read, "skus")[0]["id"] == "0012"
    assert read.notes == ["规格里的编号“12”按商品“0012”读（前面的 0 不一样）"]


def test_k34_a_formula_nobody_reckoned_says_so(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD.split(","), ["a", "杯", "装备", "杯", "=19.9*3", 9]]
    read, problems = _read(_xlsx(tmp_path, {"商品": rows}))
    read.rows["products"][0].money("price")
    assert "公式" in problems[0].what and "打开保存一次" in problems[0].what


def test_k34_names_lose_signs_nobody_sees(tmp_path: Path) -> None:
    read, _ = _read(_csv(tmp_path, HEAD + '\na,"试用\u200b杯 ",装备,杯子,9,9\n'))
    assert _rows(read)[0]["name"] == "试用杯"


@pytest.mark.parametrize(
    ("column", "told", "meant"),
    [
        ("suits", "徒步,办公室、下午茶", ["徒步", "办公室", "下午茶"]),
        ("couriers", "韵达快递、极兔速递", ["韵达快递", "极兔速递"]),
        ("selling_points", "轻便、防水、透气", ["轻便", "防水", "透气"]),
        ("selling_points", "一天一小包，30天不重样", ["一天一小包，30天不重样"]),
        ("selling_points", "中帮护脚踝|大底耐磨", ["中帮护脚踝", "大底耐磨"]),
    ],
)
def test_k34_lists_are_parted_as_owners_part_them(column: str, told: str, meant: list[str]) -> None:
    row = Row(file="", row=1, cells={column: told}, problems=[], moments=MOMENTS)
    assert row.texts(column) == meant


# --- the same shop, however it is written


@given(
    order=st.permutations(range(6)), spelling=st.sampled_from(["{}", " {} ", "*{}", "{}（必填）"])
)
def test_any_order_of_columns_and_dress_of_headings_reads_the_same(
    order: list[int], spelling: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = [line.split(",") for line in GOODS.splitlines()]
    lines[0] = [spelling.format(one) for one in lines[0]]
    text = "\n".join(",".join(line[place] for place in order) for line in lines)
    read, problems = _read(_csv(tmp_path_factory.mktemp("columns"), text))
    assert not problems
    assert _rows(read) == [
        {"id": "0012", "name": "试用杯", "category": "装备", "kind": "杯子", "price": "49.9", "weight_g": "300"}
    ]  # fmt: skip


@given(
    fen=st.integers(1, 10**8),
    dress=st.sampled_from(["{}", "￥{}", "¥{}", "{}元", " {} ", "￥ {}", "{}块", "RMB{}"]),
    commas=st.booleans(),
)
def test_any_spelling_of_a_price_is_the_same_money(fen: int, dress: str, commas: bool) -> None:
    yuan = Decimal(fen) / 100
    assert amounts.fen(dress.format(f"{yuan:,.2f}" if commas else f"{yuan}")) == fen


@given(
    grams=st.integers(1, 10**6),
    unit=st.sampled_from([("g", 1), ("克", 1), ("kg", 1000), ("公斤", 1000), ("斤", 500)]),
)
def test_any_unit_of_a_weight_is_the_same_weight(grams: int, unit: tuple[str, int]) -> None:
    assert amounts.grams(f"{Decimal(grams) / unit[1]}{unit[0]}") == grams


@example(text="100000000000000000000000000")
@given(st.text(max_size=40))
def test_no_cell_breaks_the_reading(text: str) -> None:
    for read_one in (amounts.fen, amounts.whole, amounts.grams):
        with contextlib.suppress(amounts.NotAnAmount):
            read_one(text)
    with contextlib.suppress(NotAMoment):
        MOMENTS.day(text)
