"""An import begins with a plan; nothing is lost, nothing of the demo stays, what is exported comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.database import Database, upgrade
from bot.shop.__main__ import main
from bot.shop.importing import plan, removing, storing, workbook
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import Imported, import_files
from bot.shop.importing.plan import What
from tests.shop.conftest import DEMO, NOW

GOODS = """\
编号,名称,类目,类型,价格,重量克,别名,配料
nut,夏威夷果,零食,坚果,29.9,250g,夏果,夏威夷果仁
box,坚果礼盒,零食,礼盒,168,1.8kg,,
"""
SKUS = """\
编号,口味,规格,价格,库存
nut,奶油味,250g,29.9,20
nut,原味,250g,29.9,9
nut,原味,500g,52,8
box,,,168,5
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/shop.db")
    upgrade(database)
    yield database
    database.close()


def _files(tmp_path: Path, goods: str = GOODS, skus: str = SKUS) -> Path:
    folder = tmp_path / "店"
    folder.mkdir(exist_ok=True)
    (folder / "商品.csv").write_text(goods, "utf-8")
    (folder / "规格.csv").write_text(skus, "utf-8")
    return folder


def _import(
    database: Database, path: Path, *, dry_run: bool = False, replace: bool = False
) -> Imported:
    return import_files(database, [path], now=NOW, dry_run=dry_run, replace=replace)


def _told(imported: Imported, what: What) -> list[str]:
    return [str(change) for change in imported.plan.changes if change.what is what]


def test_a_dry_run_tells_what_it_would_do_and_does_nothing(shop: Database, tmp_path: Path) -> None:
    before = shop.read_sync(plan.snapshot)
    tried = _import(shop, _files(tmp_path), dry_run=True)
    assert "夏威夷果（nut）" in _told(tried, What.NEW)
    assert tried.counts == {"products": 2, "skus": 4}
    assert shop.read_sync(plan.snapshot) == before


def test_the_plan_says_what_was_read_as_what(shop: Database, tmp_path: Path) -> None:
    folder = _files(tmp_path, GOODS.replace("编号", "货号").replace("价格", "售价（元）"))
    lines = "\n".join(_import(shop, folder).plan.lines())
    assert "读到 商品.csv：商品，2 行" in lines
    assert "按意思认：货号→编号、售价（元）→价格" in lines
    assert "本店自己的资料，照原样留着：配料" in lines
    assert "商品：新增 2" in lines and "规格：新增 4" in lines


def test_the_second_time_only_what_changed_is_told(shop: Database, tmp_path: Path) -> None:
    _import(shop, _files(tmp_path))
    again = _import(shop, _files(tmp_path))
    assert again.plan.changes == () and again.plan.same == {"products": 2, "skus": 4}
    dearer = _import(shop, _files(tmp_path, GOODS.replace("29.9", "32")))
    assert _told(dearer, What.CHANGED) == ["夏威夷果（nut）（价格 29.9 → 32）"]


def test_a_floor_is_never_told(shop: Database, tmp_path: Path) -> None:
    _import(shop, _files(tmp_path))
    goods = GOODS.replace("配料", "配料,底价").replace("夏威夷果仁", "夏威夷果仁,27.31")
    lines = "\n".join(_import(shop, _files(tmp_path, goods)).plan.lines())
    assert "议价有改动" in lines and "27" not in lines.replace("27.31g", "")


def test_columns_a_table_does_not_have_stay_as_they_are(shop: Database, tmp_path: Path) -> None:
    _import(shop, _files(tmp_path))
    goods = "编号,名称,价格\nnut,夏威夷果,35\n"
    changed = _import(shop, _files(tmp_path, goods))
    assert _told(changed, What.CHANGED) == ["夏威夷果（nut）（价格 29.9 → 35）"]


def test_replace_takes_away_what_the_files_no_longer_name(shop: Database, tmp_path: Path) -> None:
    _import(shop, _files(tmp_path))
    fewer = _files(
        tmp_path,
        GOODS.rpartition("box")[0],
        SKUS.replace("nut,原味,500g,52,8\n", "").rpartition("box")[0],
    )
    gone = _import(shop, fewer, replace=True)
    assert sorted(_told(gone, What.GONE)) == ["box", "nut 原味 500g", "坚果礼盒（box）"]
    assert set(shop.read_sync(plan.snapshot)["products"]) == {"nut"}


def test_skus_that_the_files_no_longer_name_are_warned_of(shop: Database, tmp_path: Path) -> None:
    _import(shop, _files(tmp_path))
    told = _import(shop, _files(tmp_path, skus=SKUS.replace("nut,原味,500g,52,8\n", "")))
    [warning] = told.warnings
    assert "“夏威夷果”店里还有规格 原味 500g，这次没写，还会接着卖" in warning.what


def test_what_orders_hold_is_not_deleted(shop: Database) -> None:
    _import(shop, DEMO)
    held = shop.read_sync(storing.reserved_pieces)
    [sku, *_] = sorted(held)
    before = shop.read_sync(plan.snapshot)
    with pytest.raises(removing.StillNeeded, match="未发货的订单占着"):
        shop.run_sync(removing.remove, "skus", [sku])
    assert shop.read_sync(plan.snapshot) == before


def test_a_campaign_for_goods_that_go_goes_with_them(shop: Database) -> None:
    _import(shop, DEMO)
    shop.run_sync(removing.remove, "products", ["tent-xingye"])
    left = shop.read_sync(plan.snapshot)
    assert "tent-gift" not in left["promotions"]  # else it would hold for the whole shop
    assert "guanyun-sale" in left["promotions"]
    assert not [one for one in left["products"].values() if "tent-xingye" in one["goes_with"]]


def test_nothing_of_the_demo_stays_after_emptying(
    shop: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    _import(shop, DEMO)
    url = str(shop.url)
    assert main(["--database", url, "empty"]) == 1  # asks, and nobody answers
    assert "--yes" in capsys.readouterr().err
    assert main(["--database", url, "empty", "--yes"]) == 0
    assert not any(shop.read_sync(plan.snapshot).values())


@pytest.mark.parametrize("source", ["demo", "tables"])
def test_what_is_exported_comes_back_the_same(shop: Database, tmp_path: Path, source: str) -> None:
    _import(shop, DEMO if source == "demo" else _files(tmp_path))
    book = tmp_path / "out" / "店.xlsx"
    book.parent.mkdir()
    workbook.write(book, shop.read_sync(workbook.contents))
    first = shop.read_sync(plan.snapshot)
    _import(shop, book)
    again = shop.read_sync(plan.snapshot)
    for snapshot in (first, again):
        for product in snapshot["products"].values():
            product.pop("axes")  # columns got names by being written
    assert again == first


def test_a_template_has_every_kind_and_is_text_through_and_through(
    shop: Database, tmp_path: Path
) -> None:
    path = tmp_path / "模板.xlsx"
    assert main(["--database", str(shop.url), "template", str(path), "--blank"]) == 0
    book = load_workbook(path)
    assert book.sheetnames == [
        "商品", "规格", "尺码表", "优惠券", "活动", "运费", "买家", "订单", "售后", "店铺", "说明",
    ]  # fmt: skip
    assert [cell.value for cell in book["规格"][1]][:4] == ["编号", "颜色", "尺码", "库存"]


def test_a_formula_in_a_name_stays_text(shop: Database, tmp_path: Path) -> None:
    _import(shop, _files(tmp_path, GOODS.replace("夏威夷果,", "=1+1,")))
    workbook.write(tmp_path / "a.xlsx", shop.read_sync(workbook.contents))
    cells = {
        cell.value: cell.data_type
        for row in load_workbook(tmp_path / "a.xlsx")["商品"]
        for cell in row
    }
    assert cells["=1+1"] == "s"


def test_delete_names_what_is_not_there(
    shop: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _import(shop, _files(tmp_path))
    assert main(["--database", str(shop.url), "delete", "商品", "nut", "no"]) == 0
    told = capsys.readouterr()
    assert "已删除商品 1 项" in told.out and "店里没有“no”" in told.err


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("商品.csv", b"", "是空的"),
        ("商品.csv", "编号,名称,价格\n".encode(), "只有表头"),
        ("readme.txt", b"hello there", "看不出是什么表"),
        ("a.png", b"x", "里面没有 .xlsx、.csv、.yml 文件"),
    ],
)  # fmt: skip
def test_an_import_that_reads_nothing_fails_with_a_reason(
    shop: Database, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    folder = tmp_path / "店"
    folder.mkdir()
    (folder / name).write_bytes(content)
    with pytest.raises(ImportRefused) as caught:
        _import(shop, folder)
    assert why in caught.value.problems[0].what


def test_one_mistake_in_many_rows_is_one_sentence(
    shop: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"p{n},杯{n},杯子,杯子,面议,9\n" for n in range(40))
    folder = _files(
        tmp_path, "编号,名称,类目,类型,价格,重量克\n" + rows, SKUS.splitlines()[0] + "\n"
    )
    assert main(["--database", str(shop.url), "import", str(folder)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("商品.csv 第 2、3、4、5、6 等 40 行 价格: “面议”不是金额")
    assert len(told) == 2


def _refused(shop: Database, tmp_path: Path, yaml: str) -> str:
    folder = _files(tmp_path)
    (folder / "优惠.yml").write_text(yaml, "utf-8")
    with pytest.raises(ImportRefused) as caught:
        _import(shop, folder)
    return "\n".join(map(str, caught.value.problems))


@pytest.mark.parametrize(
    ("yaml", "what"),
    [
        ("promotions: [{id: a, title: t, from: 199, off: 300}]", "满 199元 减 300元 会倒贴"),
        ("promotions: [{id: a, title: t, off: 30}]", "没写满多少，减 30元 比最便宜的商品还多"),
        ("promotions: [{id: a, title: t, from: 99, off: 5, starts: 2027-05-01, ends: 2027/4/1}]", "早于开始"),
        ("coupons: [{code: A, title: t, off: 20, from: 10}]", "满 10元 减 20元 会倒贴"),
        ("postage: [{zone: z, regions: [新彊], first: 5}]", "没有“新彊”这个地方，是不是“新疆”"),
        ("postage: [{zone: z, regions: [], first: 5, days: 9-2}]", "“9-2”前面比后面大，请写 2-9"),
    ],
)  # fmt: skip
def test_what_would_cost_money_or_never_come_about_is_refused(
    shop: Database, tmp_path: Path, yaml: str, what: str
) -> None:
    assert what in _refused(shop, tmp_path, yaml)


def _warned(shop: Database, tmp_path: Path, **files: str) -> str:
    return "\n".join(map(str, _import(shop, _files(tmp_path, **files)).warnings))


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({"goods": GOODS.replace("168,1.8kg,", "168,1.8kg,夏果")}, "“夏果”也是 “夏威夷果”（nut） 的叫法"),
        ({"skus": SKUS.rpartition("box")[0]}, "“坚果礼盒”还没有规格和库存"),
        ({"skus": SKUS.replace("52", "5200")}, "差得很多，请核对小数点"),
    ],
)  # fmt: skip
def test_what_is_odd_comes_in_with_a_warning(
    shop: Database, tmp_path: Path, files: dict[str, str], what: str
) -> None:
    assert what in _warned(shop, tmp_path, **files)


def test_a_price_ten_times_what_it_was_is_warned_of(shop: Database, tmp_path: Path) -> None:
    _import(shop, _files(tmp_path))
    assert "原来 29.9元，现在 299元" in _warned(shop, tmp_path, goods=GOODS.replace("29.9", "299"))


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("江浙沪", ["江苏", "浙江", "上海"]),
        ("新疆、西藏", ["新疆", "西藏"]),
        ("新疆维吾尔自治区", ["新疆"]),
        ("广东省，深圳市", ["广东", "深圳"]),
        ("全国", []),
    ],
)
def test_regions_are_read_as_owners_write_them(
    shop: Database, tmp_path: Path, told: str, meant: list[str]
) -> None:
    folder = _files(tmp_path)
    (folder / "运费.csv").write_text(f'地区,首重,时效\n"{told}",5,1～2天\n', "utf-8")
    _import(shop, folder)
    [zone] = shop.read_sync(plan.snapshot)["postage"].values()
    assert (zone["regions"], zone["days_min"], zone["days_max"]) == (meant, 1, 2)


def test_two_processes_of_one_snapshot_agree(shop: Database, tmp_path: Path) -> None:
    """The negative control of the round trip: a snapshot does tell a change."""
    _import(shop, _files(tmp_path))
    first: dict[str, Any] = shop.read_sync(plan.snapshot)
    _import(shop, _files(tmp_path, GOODS.replace("夏果", "夏威夷坚果")))
    assert shop.read_sync(plan.snapshot) != first
