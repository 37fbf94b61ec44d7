"""Exports of other platforms come in as they are; the files are written by us after public descriptions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot.database import Database, upgrade
from bot.shop.importing import plan
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import Imported, import_files
from tests.shop.conftest import NOW

TAOBAO_FIELDS = (
    "title cid seller_cids stuff_status location_state location_city item_type price"
    " auction_increment num valid_thru freight_payer description cateProps skuProps inputPids"
    " inputValues outer_id propAlias num_id item_weight barcode subtitle input_custom_cpv"
).split()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/shop.db")
    upgrade(database)
    yield database
    database.close()


def _import(database: Database, path: Path) -> Imported:
    return import_files(database, [path], now=NOW)


def _held(database: Database) -> dict[str, dict[str, dict[str, Any]]]:
    return database.read_sync(plan.snapshot)


def _table(rows: list[dict[str, str]], separator: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(
        text, list(dict.fromkeys(name for row in rows for name in row)), delimiter=separator
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _skus(database: Database) -> list[tuple[str, str, str, int, int | None]]:
    return [
        (one["product_id"], one["colour"], one["size"], one["on_hand"], one["price_fen"])
        for one in _held(database)["skus"].values()
    ]


def _taobao(folder: Path, **item: str) -> Path:
    values = {"title": "云朵拖鞋", "cid": "50012027", "price": "39.90", "num": "30", "outer_id": "TX-01",
              "description": "<p>踩屎感<br>防滑</p>", "item_weight": "0.45", **item}  # fmt: skip
    lines = [
        ["version 1.00"],
        TAOBAO_FIELDS,
        [f"中文{name}" for name in TAOBAO_FIELDS],
        [values.get(name, "") for name in TAOBAO_FIELDS],
    ]
    path = folder / "taobao.csv"
    path.write_bytes("\n".join("\t".join(line) for line in lines).encode("utf-16"))
    return path


def test_goods_of_taobao_zhuli_come_in_with_their_skus(shop: Database, tmp_path: Path) -> None:
    path = _taobao(
        tmp_path,
        skuProps="39.9:20:TX-01-A:1627207:-1001;20549:36001;42.5:10::1627207:28320;20549:36001;",
        propAlias="1627207:28320:奶油白;20549:36001:36-37;",
        input_custom_cpv="1627207:-1001:雾霾蓝;",
    )
    told = _import(shop, path)
    assert "认出是淘宝助理导出的表" in "\n".join(told.plan.lines())
    [product] = _held(shop)["products"].values()
    assert (product["name"], product["weight_g"], product["selling_points"]) == (
        "云朵拖鞋",
        450,
        ["踩屎感"],
    )
    assert _skus(shop) == [
        ("TX-01", "雾霾蓝", "36-37", 20, 3990),
        ("TX-01", "奶油白", "36-37", 10, 4250),
    ]


def test_taobao_skus_without_a_name_are_said_and_never_guessed(
    shop: Database, tmp_path: Path
) -> None:
    with pytest.raises(ImportRefused) as caught:
        _import(shop, _taobao(tmp_path, skuProps="39.9:20::1627207:28341;"))
    [problem] = caught.value.problems
    assert "只有淘宝的编号，没有名字" in problem.what and "千牛" in problem.what


def test_the_goods_list_of_qianniu_comes_in(shop: Database, tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ["商品信息", None, None, None, "规格信息"],
        ["商品Id", "宝贝标题", "商家编码", "类目", "销售属性", "skuId", "价格", "库存"],
        ["不可修改", "必填", "", "", "", "不可修改", "必填", "必填"],
        ["680012345678", "云朵拖鞋", "TX", "女鞋/拖鞋", "颜色分类:黑色;尺码:36-37", "1", 39.9, 5],
        ["680012345678", "云朵拖鞋", "TX", "女鞋/拖鞋", "颜色分类:黑色;尺码:38-39", "2", 39.9, 0],
        ["680012345679", "软木杯垫", "BD", "家居/杯垫", "", "3", 9.9, 40],
    ):
        book.active.append(row)
    book.save(tmp_path / "商品列表.xlsx")
    _import(shop, tmp_path / "商品列表.xlsx")
    goods = _held(shop)["products"]
    assert {one["kind"] for one in goods.values()} == {"拖鞋", "杯垫"}
    assert _skus(shop) == [
        ("680012345678", "黑色", "36-37", 5, 3990),
        ("680012345678", "黑色", "38-39", 0, 3990),
        ("680012345679", "", "", 40, 990),
    ]


SHOPIFY = [
    {"Handle": "cloud-cup", "Title": "云朵杯", "Body (HTML)": "<p>手捏陶</p>", "Vendor": "云朵家",
     "Type": "杯子", "Tags": "送礼, 办公室", "Option1 Name": "颜色", "Option1 Value": "白色",
     "Option2 Name": "容量", "Option2 Value": "300ml", "Variant Grams": "350",
     "Variant Inventory Qty": "12", "Variant Price": "49.00", "Status": "active"},
    {"Handle": "cloud-cup", "Option1 Value": "灰色", "Option2 Value": "450ml",
     "Variant Grams": "420", "Variant Inventory Qty": "-2", "Variant Price": "59.00"},
    {"Handle": "cloud-cup", "Image Src": "https://img.example/2.jpg"},
    {"Handle": "mat", "Title": "杯垫", "Type": "杯垫", "Option1 Name": "Title",
     "Option1 Value": "Default Title", "Variant Grams": "0", "Variant Inventory Qty": "7",
     "Variant Price": "9.90", "Status": "active"},
    {"Handle": "old", "Title": "旧款", "Option1 Value": "Default Title", "Variant Price": "1",
     "Status": "archived"},
]  # fmt: skip


@pytest.mark.parametrize("is_newer", [False, True])
def test_goods_of_shopify_come_in(shop: Database, tmp_path: Path, is_newer: bool) -> None:
    text = _table(SHOPIFY)
    if is_newer:
        for old, new in (("Handle,", "URL handle,"), ("Variant Price", "Price"),
                         ("Variant Inventory Qty", "Inventory quantity"),
                         ("Option1 Value", "Option1 value"), ("Option2 Value", "Option2 value")):  # fmt: skip
            text = text.replace(old, new)
    (tmp_path / "products_export.csv").write_text(text, "utf-8")
    _import(shop, tmp_path / "products_export.csv")
    goods = _held(shop)["products"]
    assert set(goods) == {"cloud-cup", "mat"}
    assert goods["cloud-cup"]["uses"] == ["送礼", "办公室"]
    assert ["品牌", "云朵家"] in goods["cloud-cup"]["sheet"]
    assert _skus(shop) == [
        ("cloud-cup", "白色", "300ml", 12, 4900),
        ("cloud-cup", "灰色", "450ml", 0, 5900),
        ("mat", "", "", 7, 990),
    ]


def test_orders_of_shopify_come_in_with_their_buyers(shop: Database, tmp_path: Path) -> None:
    (tmp_path / "products_export.csv").write_text(_table(SHOPIFY), "utf-8")
    orders = [
        {"Name": "#1001", "Email": "a@example.com", "Financial Status": "paid",
         "Paid at": "2026-03-17 10:00:00 +0800", "Fulfillment Status": "unfulfilled",
         "Shipping": "8.00", "Discount Amount": "5.00", "Created at": "2026-03-17 09:58:00 +0800",
         "Lineitem quantity": "2", "Lineitem name": "云朵杯 - 白色 / 300ml", "Lineitem price": "49.00",
         "Shipping Name": "王小美", "Shipping Phone": "'13800000000", "Shipping City": "杭州",
         "Shipping Street": "文三路1号"},
        {"Name": "#1001", "Lineitem quantity": "1", "Lineitem name": "杯垫", "Lineitem price": "9.90"},
        {"Name": "#1000", "Email": "b@example.com", "Financial Status": "paid",
         "Fulfillment Status": "fulfilled", "Created at": "2026-03-01 09:58:00 +0800",
         "Lineitem quantity": "1", "Lineitem name": "杯垫", "Lineitem price": "9.90"},
    ]  # fmt: skip
    (tmp_path / "orders_export.csv").write_text(_table(orders), "utf-8")
    told = _import(shop, tmp_path)
    assert "已发货的 1 单没有快递单号，没有读" in "\n".join(told.plan.lines())
    [order] = _held(shop)["orders"].values()
    assert (order["number"], order["status"], order["phone"]) == ("1001", "paid", "13800000000")
    assert order["total_fen"] == 2 * 4900 + 990 + 800 - 500


def test_goods_of_woocommerce_come_in(shop: Database, tmp_path: Path) -> None:
    rows = [
        {"ID": "10", "Type": "variable", "SKU": "TEA", "Name": "明前龙井", "Published": "1",
         "Short description": "<b>当年新茶</b>", "Categories": "茶叶 > 绿茶", "Regular price": "",
         "Attribute 1 name": "净含量", "Attribute 1 value(s)": "50g, 250g"},
        {"ID": "11", "Type": "variation", "SKU": "TEA-50", "Parent": "TEA", "Stock": "6",
         "Weight (kg)": "0.1", "Sale price": "58", "Regular price": "68",
         "Attribute 1 name": "净含量", "Attribute 1 value(s)": "50g"},
        {"ID": "12", "Type": "variation", "SKU": "TEA-250", "Parent": "id:10", "In stock?": "1",
         "Weight (kg)": "0.35", "Regular price": "268", "Attribute 1 name": "净含量",
         "Attribute 1 value(s)": "250g"},
        {"ID": "13", "Type": "simple", "SKU": "POT", "Name": "紫砂壶", "Published": "1",
         "Categories": "茶具", "Stock": "2", "Weight (kg)": "0.6", "Regular price": "399"},
    ]  # fmt: skip
    (tmp_path / "wc-product-export-1.csv").write_text(_table(rows), "utf-8")
    told = _import(shop, tmp_path)
    goods = _held(shop)["products"]
    assert (goods["TEA"]["category"], goods["TEA"]["kind"]) == ("茶叶", "绿茶")
    assert ("POT", "", "", 2, 39900) in _skus(shop)
    assert {one[3:] for one in _skus(shop) if one[0] == "TEA"} >= {(6, 5800)}
    assert "先按 99 件算" in "\n".join(told.plan.lines())


def test_orders_of_pinduoduo_come_in(shop: Database, tmp_path: Path) -> None:
    (tmp_path / "商品.csv").write_text("编号,名称,价格,颜色,库存\nc,手机壳,19.9,透明,9\n", "utf-8")
    rows = [
        {"商品": "手机壳", "订单号": "260317-1", "订单状态": "已发货，待签收", "商品总价(元)": "39.80",
         "店铺优惠折扣(元)": "1.00", "平台优惠折扣(元)": "0.80", "邮费(元)": "0", "商品数量(件)": "2",
         "商品规格": "透明", "订单成交时间": "2026-03-16 20:00:00", "支付时间": "2026-03-16 20:01:00",
         "发货时间": "2026-03-17 09:00:00", "快递公司": "申通快递", "快递单号": "7700001"},
        {"商品": "手机壳", "订单号": "260317-2", "订单状态": "待发货", "商品总价(元)": "19.90",
         "商品数量(件)": "1", "商品规格": "透明", "订单成交时间": "2026-03-17 20:00:00"},
    ]  # fmt: skip
    (tmp_path / "orders.csv").write_text(_table(rows), "utf-8")
    _import(shop, tmp_path)
    orders = _held(shop)["orders"]
    assert {key: one["status"] for key, one in orders.items()} == {
        "260317-1": "shipped",
        "260317-2": "paid",
    }
    assert orders["260317-1"]["total_fen"] == 3980 - 180


YOUZAN_LINE = {
    "订单号": "E20260316142238091806171", "外部订单号": "", "订单商品状态": "已发货", "交易成功时间": "",
    "商品名称": "脆冬枣", "商品类型": "普通类型商品", "商品类目": "零食", "商品规格": "口味:原味;规格:500g",
    "规格编码": "", "商品编码": "", "商品单价": "29.90", "商品优惠方式": "", "商品优惠后价格": "29.90",
    "商品数量": "2", "商品金额小计": "59.80", "店铺优惠（分摊）": "5.00", "商品实际成交金额": "54.80",
    "商品留言": "", "收货人/提货人": "王芳", "收货人手机号/提货人手机号": "\t13800000001",
    "收货人省份": "浙江省", "收货人城市": "杭州市", "收货人地区": "西湖区",
    "详细收货地址/提货地址": "浙江省杭州市西湖区文三路1号", "买家备注": "", "商品发货状态": "已发货",
    "商品发货方式": "快递", "商品发货物流公司": "中通快递", "商品发货物流单号": "7300001",
    "商品发货时间": "2026-03-16 18:00:00", "商品退款状态": "", "商品已退款金额": "0", "商家订单备注": "",
}  # fmt: skip


def _youzan_goods(folder: Path) -> None:
    one = {"商品名称": "脆冬枣", "商品ID": "2345", "商品分组": "枣类,新品", "商品类目": "食品>零食", "规格编码": "",
           "商品重量": "0.55", "总销量": "120", "商品状态": "出售中"}  # fmt: skip
    rows = [
        {**one, "商品规格": "口味:原味;规格:500g", "商品价格": "29.90", "商品库存": "40"},
        {**one, "商品规格": "口味:奶香;规格:1kg", "商品价格": "52.00", "商品库存": "8"},
        {**one, "商品名称": "旧款礼盒", "商品ID": "2300", "商品规格": "", "商品价格": "88", "商品库存": "3",
         "商品状态": "仓库中"},
    ]  # fmt: skip
    (folder / "有赞商品.csv").write_text(_table(rows), "utf-8-sig")


def test_goods_of_youzan_come_in(shop: Database, tmp_path: Path) -> None:
    _youzan_goods(tmp_path)
    _import(shop, tmp_path)
    goods = _held(shop)["products"]
    assert set(goods) == {"2345"}  # what is not on sale stays out
    nut = goods["2345"]
    assert (nut["name"], nut["category"], nut["kind"]) == ("脆冬枣", "枣类", "零食")
    assert (nut["axes"], nut["weight_g"], nut["sold"]) == (["口味", "规格"], 550, 120)
    assert sorted(_skus(shop)) == [
        ("2345", "原味", "500g", 40, 2990),
        ("2345", "奶香", "1kg", 8, 5200),
    ]


def test_orders_of_youzan_come_in_with_their_buyers(shop: Database, tmp_path: Path) -> None:
    _youzan_goods(tmp_path)
    rows = [
        YOUZAN_LINE,
        {**YOUZAN_LINE, "商品规格": "口味:奶香;规格:1kg", "商品单价": "52.00", "商品优惠后价格": "50.00",
         "商品数量": "1", "商品实际成交金额": "50.00"},
        {**YOUZAN_LINE, "订单号": "E20260317090000000000001", "订单商品状态": "待发货", "商品发货物流单号": ""},
        {**YOUZAN_LINE, "订单号": "E20260317090000000000002", "商品发货物流单号": ""},
    ]  # fmt: skip
    (tmp_path / "订单.csv").write_text(_table(rows), "utf-8-sig")
    told = _import(shop, tmp_path)
    held = _held(shop)
    assert {key: one["status"] for key, one in held["orders"].items()} == {
        "E20260316142238091806171": "shipped",
        "E20260317090000000000001": "paid",
    }
    order = held["orders"]["E20260316142238091806171"]
    assert order["total_fen"] == 5480 + 5000  # what the platform says was paid
    assert (order["receiver_name"], order["phone"]) == ("王芳", "13800000001")
    assert len(held["buyers"]) == 1
    assert "1 单状态不明" in "\n".join(told.plan.lines())


def test_the_export_by_orders_of_youzan_is_refused_with_where_to_find_the_other(
    shop: Database, tmp_path: Path
) -> None:
    rows = [
        {"订单号": "E1", "订单状态": "交易完成", "全部商品名称": "脆冬枣", "订单实付金额": "29.90"}
    ]
    (tmp_path / "订单.csv").write_text(_table(rows), "utf-8")
    with pytest.raises(ImportRefused) as refused:
        _import(shop, tmp_path)
    assert len(refused.value.problems) == 1
    assert "商品维度" in str(refused.value)
