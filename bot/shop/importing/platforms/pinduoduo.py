"""拼多多's order export: a row an order, receivers masked, the parcel's number where it has left."""

from __future__ import annotations

from collections.abc import Iterator

from bot.shop.importing.grids import Sheet
from bot.shop.importing.platforms.export import Export, amount, cell, find, table_row
from bot.shop.importing.reading import Reading, TableRow, Trouble

_USED = {
    "订单号": "number", "订单状态": "status", "商品": "product", "商品规格": "options",
    "商品数量(件)": "quantity", "商品总价(元)": "price", "店铺优惠折扣(元)": "off",
    "平台优惠折扣(元)": "off", "邮费(元)": "postage", "订单成交时间": "created",
    "支付时间": "paid", "发货时间": "shipped", "确认收货时间": "signed", "快递公司": "courier",
    "快递单号": "tracking", "商家备注": "note",
}  # fmt: skip
BUYER = "pdd"  # whose orders they are before somebody proves to be the buyer
_STATUS = (
    ("取消", "cancelled"), ("退款成功", "closed"), ("已收货", "completed"), ("已签收", "completed"),
    ("已发货", "shipped"), ("待收货", "shipped"), ("待发货", "paid"), ("待付款", "awaiting_payment"),
    ("待支付", "awaiting_payment"),
)  # fmt: skip


def read(sheet: Sheet, _: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    export = find(sheet, ("订单号", "订单状态", "商品规格", "商品数量(件)", "商品总价(元)"))
    if export is None:
        return None
    reading = export.reading("orders", "拼多多", _USED)
    return reading, list(_orders(export, reading))


def _orders(export: Export, reading: Reading) -> Iterator[TableRow]:
    labels = {field: heading for heading, field in _USED.items()}
    yield table_row("buyers", export.heading_row, {"id": BUYER, "nickname": "拼多多买家"}, labels)
    left_out = 0
    for number, row in export.rows:
        status = next((to for word, to in _STATUS if word in cell(row, "订单状态")), "")
        quantity = max(int(amount(cell(row, "商品数量(件)"))), 1)
        shipped = status in ("shipped", "completed")
        created = cell(row, "订单成交时间") or cell(row, "支付时间")
        if not status or not created or (shipped and not cell(row, "快递单号")):
            left_out += 1
            continue
        off = amount(cell(row, "店铺优惠折扣(元)")) + amount(cell(row, "平台优惠折扣(元)"))
        yield table_row(
            "orders",
            number,
            {
                "number": cell(row, "订单号"),
                "buyer": BUYER,
                "status": status,
                "created": created,
                "paid": cell(row, "支付时间") or created,
                "shipped": cell(row, "发货时间") or (created if shipped else ""),
                "signed": cell(row, "确认收货时间") or (created if status == "completed" else ""),
                "off": f"{off:.2f}",
                "postage": cell(row, "邮费(元)"),
                "note": cell(row, "商家备注")[:300],
                "product": cell(row, "商品"),
                "options": cell(row, "商品规格"),
                "quantity": str(quantity),
                "price": f"{amount(cell(row, '商品总价(元)')) / quantity:.2f}",
                "courier": cell(row, "快递公司"),
                "tracking": cell(row, "快递单号"),
            },
            labels,
        )
    if left_out:
        reading.notes.append(f"{left_out} 单状态不明、没有时间，或发了货没有单号，没有读")
