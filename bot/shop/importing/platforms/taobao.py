"""淘宝助理's goods CSV and 千牛's 商品列表 workbook.

淘宝助理 writes UTF-16 parted by tabs: a line `version 1.00`, the fields' English names, their Chinese
ones, then a row a product. `skuProps` lists SKUs as `price:pieces:code:pid:vid;pid:vid;`; what a vid is
called stands in `propAlias` and `input_custom_cpv`, or nowhere: then it is said, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.shop.importing.grids import Sheet
from bot.shop.importing.platforms.export import (
    OTHER_AXIS,
    Export,
    amount,
    cell,
    find,
    grouped,
    named_options,
    option_values,
    plain_text,
    table_row,
)  # fmt: skip
from bot.shop.importing.reading import Reading, TableRow, Trouble
from bot.shop.importing.table_rows import NO_CATEGORY, usable_id

_USED = {
    "title": "name", "price": "price", "num": "stock", "description": "selling_points",
    "subtitle": "selling_points", "skuProps": "colour", "propAlias": "size", "outer_id": "id",
    "num_id": "id", "item_weight": "weight_g",
}  # fmt: skip
_LIST_USED = {
    "商品Id": "id", "商品ID": "id", "宝贝标题": "name", "商家编码": "商家编码", "销售属性": "规格",
    "价格": "price", "库存": "stock", "一口价": "price", "类目": "category",
}  # fmt: skip
AXES = {"1627207": "颜色", "20509": "尺码", "20518": "尺码", "20549": "尺码", "20603": "尺码"}


@dataclass
class _Sku:
    price: str
    pieces: str
    values: list[tuple[str, str]] = field(default_factory=list)  # (pid, vid)


def assistant(sheet: Sheet, troubles: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    export = find(sheet, ("title", "cid", "price", "num", "skuProps"), below=1)
    if export is None:
        return None
    reading = export.reading("products", "淘宝助理", _USED)
    nameless: list[int] = []
    rows = list(_goods(export, nameless))
    if nameless:
        shown = "、".join(map(str, nameless[:3]))
        what = (
            f"第 {shown} 行{f'等 {len(nameless)} 款' if len(nameless) > 3 else ''}的规格只有淘宝的编号，没有名字，"
            "请在千牛「商品管理」导出 Excel 商品列表来导入，那里有颜色、尺码的名字"
        )
        troubles.append(Trouble(number=nameless[0], column="skuProps", what=what))
        return reading, []
    return reading, rows


def _goods(export: Export, nameless: list[int]) -> Iterator[TableRow]:
    labels = {field: heading for heading, field in _USED.items()}
    for number, row in export.rows:
        name = cell(row, "title")
        if not name:
            continue
        product_id = usable_id(cell(row, "outer_id") or cell(row, "num_id") or name)
        skus = _skus(cell(row, "skuProps"))
        names = _value_names(row)
        prices = [sku.price for sku in skus if amount(sku.price) > 0] or [cell(row, "price")]
        yield table_row(
            "products",
            number,
            {
                "id": product_id,
                "name": name,
                "category": NO_CATEGORY,
                "kind": name[:32],
                "price": min(prices, key=amount),
                "weight_g": f"{told}kg"
                if (told := cell(row, "item_weight")) and amount(told)
                else "1000",
                "selling_points": cell(row, "subtitle") or plain_text(cell(row, "description")),
            },
            labels,
        )
        if not skus:
            cells = {"id": product_id, "stock": cell(row, "num") or "0"}
            yield table_row("skus", number, cells, labels)
        for sku in skus:
            if any(f"{pid}:{vid}" not in names for pid, vid in sku.values):
                nameless.append(number)
                break
            options = {AXES.get(pid, OTHER_AXIS): names[f"{pid}:{vid}"] for pid, vid in sku.values}
            cells = {
                "id": product_id,
                **named_options(options),
                "stock": sku.pieces,
                "price": sku.price,
            }
            yield table_row("skus", number, cells, labels)


def _skus(told: str) -> list[_Sku]:
    """`79.9:20:A-1:1627207:28341;20509:28315;79.9:8::1627207:28320;…`"""
    skus: list[_Sku] = []
    for part in told.split(";"):
        pieces = part.split(":")
        if len(pieces) >= 5:
            skus.append(_Sku(price=pieces[0], pieces=pieces[1] or "0"))
        if len(pieces) >= 2 and skus and pieces[-2].lstrip("-").isdigit():
            skus[-1].values.append((pieces[-2], pieces[-1]))
    return skus


def _value_names(row: dict[str, str]) -> dict[str, str]:
    """ "pid:vid" → what the shop calls it: `1627207:28341:曜石黑;` or `1627207:-1001:颜色:曜石黑;`."""
    names: dict[str, str] = {}
    for told in (cell(row, "input_custom_cpv"), cell(row, "propAlias")):
        for part in told.split(";"):
            pieces = part.split(":")
            if len(pieces) >= 3 and pieces[-1].strip():
                names[":".join(pieces[:2])] = pieces[-1].strip()
    return names


def listing(sheet: Sheet, _: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    """千牛's 商品列表: groups of columns above the headings, remarks below them, a row an SKU."""
    export = find(sheet, ("宝贝标题", "销售属性", "库存", "价格"))
    if export is None:
        return None
    reading = export.reading("products", "千牛", _LIST_USED)
    return reading, list(_listed(export))


def _listed(export: Export) -> Iterator[TableRow]:
    labels = {field: heading for heading, field in _LIST_USED.items()}
    data = [
        (n, row)
        for n, row in export.rows
        if cell(row, "商品Id").isdigit() or amount(cell(row, "价格"))
    ]
    for told, rows in grouped(data, "商品Id"):
        number, first = rows[0]
        product_id = usable_id(told)
        options = [option_values(cell(row, "销售属性")) for _, row in rows]
        prices = [cell(row, "价格") for _, row in rows if amount(cell(row, "价格")) > 0]
        if not prices:
            continue
        path = cell(first, "类目").replace("/", ">")
        kind = path.split(">")[-1].strip() or cell(first, "宝贝标题")
        yield table_row(
            "products",
            number,
            {
                "id": product_id,
                "name": cell(first, "宝贝标题"),
                "category": kind[:32] if path else NO_CATEGORY,
                "kind": kind[:32],
                "price": min(prices, key=amount),
                "weight_g": "1000",
                "商家编码": cell(first, "商家编码"),
                "axes": "|".join(dict.fromkeys(name for one in options for name in one)),
            },
            labels,
        )
        for (at, row), values in zip(rows, options, strict=True):
            yield table_row(
                "skus",
                at,
                {
                    "id": product_id,
                    **named_options(values),
                    "stock": cell(row, "库存") or "0",
                    "price": cell(row, "价格"),
                },
                labels,
            )
