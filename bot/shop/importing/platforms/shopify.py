"""Shopify's products_export.csv and orders_export.csv, after its help pages on CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.shop.importing.grids import Sheet
from bot.shop.importing.platforms.export import (
    Export,
    amount,
    cell,
    find,
    grouped,
    named_options,
    plain_text,
    table_row,
)  # fmt: skip
from bot.shop.importing.reading import Reading, TableRow, Trouble
from bot.shop.importing.table_rows import NO_CATEGORY, usable_id

_PRODUCT = {
    "Handle": "id", "Title": "name", "Type": "kind", "Product Category": "category",
    "Body (HTML)": "selling_points", "Tags": "uses", "Image Src": "picture",
    "Variant Price": "price", "Variant Grams": "weight_g", "Option1 Value": "colour",
    "Option2 Value": "size", "Variant Inventory Qty": "stock", "Vendor": "品牌",
}  # fmt: skip
_ORDER = {
    "Name": "number", "Created at": "created", "Paid at": "paid", "Fulfilled at": "shipped",
    "Financial Status": "status", "Lineitem sku": "product", "Lineitem name": "product",
    "Lineitem quantity": "quantity", "Lineitem price": "price", "Shipping": "postage",
    "Discount Amount": "off", "Shipping Name": "receiver_name", "Shipping Phone": "receiver_phone",
    "Shipping Street": "receiver_address", "Email": "buyer", "Notes": "note",
}  # fmt: skip
NEWER = {
    "URL handle": "Handle", "Price": "Variant Price", "Weight value (grams)": "Variant Grams",
    "Inventory quantity": "Variant Inventory Qty", "Barcode": "Variant Barcode",
    "Option1 name": "Option1 Name", "Option1 value": "Option1 Value",
    "Option2 name": "Option2 Name", "Option2 value": "Option2 Value",
    "Option3 name": "Option3 Name", "Option3 value": "Option3 Value",
    "Description": "Body (HTML)", "Product image URL": "Image Src", "Product category": "Product Category",
}  # fmt: skip
ONLY_ONE = "Default Title"  # what a product of one variant has for its option's value


def products(sheet: Sheet, _: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    export = find(_renamed(sheet), ("Handle", "Title", "Option1 Value", "Variant Price"))
    if export is None:
        return None
    return export.reading("products", " Shopify ", _PRODUCT), list(_goods(export))


def _renamed(sheet: Sheet) -> Sheet:
    """Headings of newer exports under their older names."""
    if not sheet.rows or "URL handle" not in sheet.rows[0][1]:
        return sheet
    number, heads = sheet.rows[0]
    return replace(sheet, rows=[(number, [NEWER.get(one, one) for one in heads]), *sheet.rows[1:]])


def _goods(export: Export) -> Iterator[TableRow]:
    labels = {field: heading for heading, field in _PRODUCT.items()}
    for handle, rows in grouped(export.rows, "Handle"):
        first_number, first = rows[0]
        variants = [(number, row) for number, row in rows if cell(row, "Variant Price")]
        if cell(first, "Status").lower() in ("draft", "archived") or not variants:
            continue
        product_id = usable_id(handle)
        category = cell(first, "Product Category").split(">")[-1].strip()
        kind = cell(first, "Type") or category or cell(first, "Title")
        names = [cell(first, f"Option{n} Name") for n in (1, 2, 3)]
        is_single = cell(variants[0][1], "Option1 Value") == ONLY_ONE
        yield table_row(
            "products",
            first_number,
            {
                "id": product_id,
                "name": cell(first, "Title"),
                "category": category or cell(first, "Type") or NO_CATEGORY,
                "kind": kind[:32],
                "price": min((cell(row, "Variant Price") for _, row in variants), key=amount),
                "weight_g": cell(variants[0][1], "Variant Grams")
                if amount(cell(variants[0][1], "Variant Grams"))
                else "1000",
                "selling_points": plain_text(cell(first, "Body (HTML)")),
                "uses": cell(first, "Tags").replace(",", "|"),
                "picture": cell(first, "Image Src"),
                "品牌": cell(first, "Vendor"),
                "axes": "" if is_single else "|".join(one for one in names if one),
            },
            labels,
        )
        for number, row in variants:
            options = (
                {}
                if is_single
                else {
                    name: cell(row, f"Option{n} Value") for n, name in enumerate(names, 1) if name
                }
            )
            yield table_row(
                "skus",
                number,
                {
                    "id": product_id,
                    **named_options(options),
                    "stock": str(max(int(amount(cell(row, "Variant Inventory Qty"))), 0)),
                    "price": cell(row, "Variant Price"),
                    "条码": cell(row, "Variant Barcode").strip("'"),
                },
                labels,
            )


def orders(sheet: Sheet, _: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    export = find(sheet, ("Name", "Financial Status", "Lineitem name", "Lineitem quantity"))
    if export is None:
        return None
    reading = export.reading("orders", " Shopify ", _ORDER)
    return reading, list(_lines(export, reading))


def _lines(export: Export, reading: Reading) -> Iterator[TableRow]:
    """Buyers, one an e-mail address, and orders, a row a line; only an order's first row is whole."""
    labels = {field: heading for heading, field in _ORDER.items()}
    known: set[str] = set()
    left_out = 0
    for name, rows in grouped(export.rows, "Name"):
        number, first = rows[0]
        if _status(first) == "shipped":  # the export has no parcel's number
            left_out += 1
            continue
        buyer = usable_id(cell(first, "Email") or cell(first, "Shipping Phone") or name)
        if buyer not in known:
            known.add(buyer)
            yield table_row(
                "buyers",
                number,
                {
                    "id": buyer,
                    "nickname": cell(first, "Billing Name")
                    or cell(first, "Shipping Name")
                    or buyer,
                    "name": cell(first, "Shipping Name"),
                    "phone": cell(first, "Shipping Phone").strip("'"),
                    "address": _address(first),
                },
                labels,
            )
        whole = {
            "number": name.lstrip("#"),
            "buyer": buyer,
            "status": _status(first),
            "created": cell(first, "Created at"),
            "paid": cell(first, "Paid at"),
            "shipped": cell(first, "Fulfilled at"),
            "signed": "",
            "postage": cell(first, "Shipping"),
            "off": cell(first, "Discount Amount"),
            "note": cell(first, "Notes")[:300],
            "receiver_name": cell(first, "Shipping Name"),
            "receiver_phone": cell(first, "Shipping Phone").strip("'"),
            "receiver_address": _address(first),
        }
        for place, (at, row) in enumerate(rows):
            title, _, options = cell(row, "Lineitem name").partition(" - ")
            line = {
                "number": whole["number"],
                "product": title,
                "options": options,
                "quantity": cell(row, "Lineitem quantity"),
                "price": cell(row, "Lineitem price"),
            }
            yield table_row("orders", at, {**(whole if not place else {}), **line}, labels)
    if left_out:
        reading.notes.append(f"已发货的 {left_out} 单没有快递单号，没有读")


def _address(row: dict[str, str]) -> str:
    parts = (cell(row, f"Shipping {one}") for one in ("Province Name", "City", "Street"))
    return "".join(dict.fromkeys(one for one in parts if one))


def _status(row: dict[str, str]) -> str:
    if cell(row, "Cancelled at"):
        return "cancelled"
    if cell(row, "Financial Status").lower() in ("refunded", "voided"):
        return "closed"
    if cell(row, "Fulfillment Status").lower() == "fulfilled":
        return "shipped"
    paid = cell(row, "Financial Status").lower() in ("paid", "partially_refunded")
    return "paid" if paid else "awaiting_payment"
