"""有赞's goods list and its order export by goods (a row a line of an order).

The export by orders names no goods one by one: it is refused with where to find the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.shop.importing.grids import Sheet
from bot.shop.importing.platforms.export import (
    Export,
    amount,
    cell,
    find,
    first_cell,
    grouped,
    named_options,
    option_values,
    table_row,
)  # fmt: skip
from bot.shop.importing.reading import Reading, TableRow, Trouble
from bot.shop.importing.table_rows import NO_CATEGORY, made_id, usable_id

_GOODS = {
    "商品名称": "name", "商品ID": "id", "商品编码": "id", "商品分组": "category", "商品类目": "kind",
    "商品规格": "规格", "规格": "规格", "规格编码": "规格编码", "商品价格": "price", "价格": "price",
    "商品库存": "stock", "库存": "stock", "总销量": "sold", "商品重量": "weight_g",
    "商品卖点": "selling_points", "商品图片": "picture", "商品链接": "page",
}  # fmt: skip
_ORDER = {
    "订单号": "number", "订单商品状态": "status", "订单创建时间": "created", "买家付款时间": "paid",
    "交易成功时间": "signed", "商品名称": "product", "商品规格": "options", "商品单价": "price",
    "商品优惠后价格": "price", "商品数量": "quantity", "商品实际成交金额": "off", "运费": "postage",
    "收货人/提货人": "receiver_name", "收货人手机号/提货人手机号": "receiver_phone",
    "详细收货地址/提货地址": "receiver_address", "买家备注": "note", "商品发货物流公司": "courier",
    "商品发货物流单号": "tracking", "商品发货时间": "shipped",
}  # fmt: skip
_STATUS = (
    ("待付款", "awaiting_payment"), ("待支付", "awaiting_payment"), ("待发货", "paid"),
    ("已发货", "shipped"), ("待收货", "shipped"), ("完成", "completed"), ("已收货", "completed"),
    ("关闭", "closed"), ("取消", "cancelled"),
)  # fmt: skip
_NOT_SOLD = ("已下架", "仓库中", "已删除")
_MADE_AT = re.compile(r"\D{0,3}(20\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d*")  # an order number


def goods(sheet: Sheet, _: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    export = find(sheet, ("商品名称", "规格编码", "商品分组"))
    if export is None or not export.has_one_of("商品价格", "价格"):
        return None
    return export.reading("products", "有赞", _GOODS), list(_goods(export))


def _goods(export: Export) -> Iterator[TableRow]:
    labels = {field: heading for heading, field in _GOODS.items() if export.has_one_of(heading)}
    key = "商品ID" if export.has_one_of("商品ID") else "商品名称"
    for told, rows in grouped(export.rows, key):
        number, first = rows[0]
        prices = [
            price for _, row in rows if amount(price := first_cell(row, "商品价格", "价格")) > 0
        ]
        name = cell(first, "商品名称")
        if not prices or not name or first_cell(first, "商品状态", "状态") in _NOT_SOLD:
            continue
        product_id = usable_id(cell(first, "商品编码") or told)
        options = [option_values(first_cell(row, "商品规格", "规格")) for _, row in rows]
        kind = first_cell(first, "商品类目", "商品分组").replace("/", ">").split(">")[-1].strip()
        group = re.split(r"[,，;；、|]", cell(first, "商品分组"))[0].strip()
        yield table_row(
            "products",
            number,
            {
                "id": product_id,
                "name": name,
                "category": (group or kind)[:32] or NO_CATEGORY,
                "kind": (kind or name)[:32],
                "price": min(prices, key=amount),
                "weight_g": _weight(first),
                "sold": cell(first, "总销量"),
                "selling_points": cell(first, "商品卖点"),
                "picture": re.split(r"[,，;；|\s]", cell(first, "商品图片"))[0],
                "page": cell(first, "商品链接"),
                "axes": "|".join(dict.fromkeys(name for one in options for name in one)),
            },
            labels,
        )
        for (at, row), values in zip(rows, options, strict=True):
            stock = max(int(amount(first_cell(row, "商品库存", "库存"))), 0)
            yield table_row(
                "skus",
                at,
                {
                    "id": product_id,
                    **named_options(values),
                    "stock": str(stock),
                    "price": first_cell(row, "商品价格", "价格"),
                },
                labels,
            )


def orders(sheet: Sheet, troubles: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    export = find(sheet, ("订单号", "商品名称", "商品数量", "商品实际成交金额"))
    if export is not None:
        reading = export.reading("orders", "有赞", _ORDER)
        return reading, list(_orders(export, reading))
    by_orders = find(sheet, ("订单号", "全部商品名称", "订单实付金额"))
    if by_orders is None:
        return None
    what = "这是有赞按订单导出的表，没有写每件商品的规格、数量；请在有赞「订单导出」选“商品维度”的那份再来"
    troubles.append(Trouble(number=by_orders.heading_row, column="表头", what=what))
    return by_orders.reading("orders", "有赞", _ORDER), []


def _orders(export: Export, reading: Reading) -> Iterator[TableRow]:
    """Buyers, one a telephone, and orders, a row a line; only an order's first row is whole."""
    labels = {field: heading for heading, field in _ORDER.items()}
    known: set[str] = set()
    left_out = 0
    for number, rows in grouped(export.rows, "订单号"):
        at, first = rows[0]
        whole = _whole(number, rows)
        if whole is None:
            left_out += 1
            continue
        phone = cell(first, "收货人手机号/提货人手机号")
        buyer = made_id(f"有赞 {phone or number}")
        if buyer not in known:
            known.add(buyer)
            name = cell(first, "收货人/提货人")
            told = {
                "id": buyer,
                "nickname": cell(first, "买家昵称") or "有赞买家",
                "name": name,
                "phone": phone,
                "address": cell(first, "详细收货地址/提货地址"),
            }
            yield table_row("buyers", at, told, labels)
        for place, (line_at, row) in enumerate(rows):
            line = {
                "number": number,
                "product": cell(row, "商品名称"),
                "options": " ".join(option_values(cell(row, "商品规格")).values()),
                "quantity": str(_pieces(row)),
                "price": _price(row),
            }
            whole_row = {**whole, "buyer": buyer, **line} if place == 0 else line
            yield table_row("orders", line_at, whole_row, labels)
    if left_out:
        reading.notes.append(f"{left_out} 单状态不明、没有时间，或发了货没有单号，没有读")


def _whole(number: str, rows: Sequence[tuple[int, dict[str, str]]]) -> dict[str, Any] | None:
    """What is said of the order itself; None where too little is known of it."""
    first = rows[0][1]
    told = first_cell(first, "订单商品状态", "订单状态")
    status = next((to for word, to in _STATUS if word in told), "")
    made = _MADE_AT.fullmatch(number)
    created = cell(first, "订单创建时间") or (
        f"{made[1]}-{made[2]}-{made[3]} {made[4]}:{made[5]}" if made else ""
    )
    tracking = next((one for _, row in rows if (one := cell(row, "商品发货物流单号"))), "")
    is_sent = status in ("shipped", "completed")
    if not status or not created or (is_sent and not tracking):
        return None
    paid = sum(amount(cell(row, "商品实际成交金额")) for _, row in rows)
    listed = sum(amount(_price(row)) * _pieces(row) for _, row in rows)
    sent = next((one for _, row in rows if (one := cell(row, "商品发货时间"))), "")
    return {
        "status": status,
        "created": created,
        "paid": "" if status == "awaiting_payment" else cell(first, "买家付款时间") or created,
        "shipped": (sent or created) if is_sent else "",
        "signed": (cell(first, "交易成功时间") or created) if status == "completed" else "",
        "off": f"{max(listed - paid, 0):.2f}",
        "postage": cell(first, "运费"),
        "note": first_cell(first, "买家备注", "商家订单备注")[:300],
        "receiver_name": cell(first, "收货人/提货人"),
        "receiver_phone": cell(first, "收货人手机号/提货人手机号"),
        "receiver_address": cell(first, "详细收货地址/提货地址"),
        "courier": next((one for _, row in rows if (one := cell(row, "商品发货物流公司"))), ""),
        "tracking": tracking,
    }


def _price(row: dict[str, str]) -> str:
    return f"{amount(first_cell(row, '商品优惠后价格', '商品单价')):.2f}"


def _pieces(row: dict[str, str]) -> int:
    return max(int(amount(cell(row, "商品数量"))), 1)


def _weight(row: dict[str, str]) -> str:
    """Kilograms, as the platform counts them."""
    told = cell(row, "商品重量")
    return f"{told}kg" if amount(told) > 0 else "1000"
