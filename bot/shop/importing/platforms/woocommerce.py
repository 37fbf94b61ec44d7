"""WooCommerce's product export (wc-product-export-….csv), after its CSV schema."""

from __future__ import annotations

from collections.abc import Iterator

from bot.shop.importing.grids import Sheet
from bot.shop.importing.platforms.export import (
    Export,
    amount,
    cell,
    find,
    named_options,
    plain_text,
    table_row,
)  # fmt: skip
from bot.shop.importing.reading import Reading, TableRow, Trouble
from bot.shop.importing.table_rows import NO_CATEGORY, usable_id

_USED = {
    "SKU": "id", "Name": "name", "Categories": "category", "Short description": "selling_points",
    "Tags": "uses", "Images": "picture", "Regular price": "price", "Sale price": "price",
    "Stock": "stock", "Weight (kg)": "weight_g", "Parent": "id",
    "Attribute 1 value(s)": "colour", "Attribute 2 value(s)": "size",
}  # fmt: skip
MOST_OPTIONS = 3
UNCOUNTED = 99  # pieces of what is in stock, and not counted


def read(sheet: Sheet, _: list[Trouble]) -> tuple[Reading, list[TableRow]] | None:
    export = find(sheet, ("Type", "SKU", "Name", "Regular price"))
    if export is None:
        return None
    reading = export.reading("products", " WooCommerce ", _USED)
    return reading, list(_goods(export, reading))


def _goods(export: Export, reading: Reading) -> Iterator[TableRow]:
    labels = {field: heading for heading, field in _USED.items()}
    whole = [
        (number, row)
        for number, row in export.rows
        if cell(row, "Type").split(",")[0] in ("simple", "variable", "external")
        and cell(row, "Published") not in ("0", "-1")
    ]
    variations: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, row in export.rows:
        if cell(row, "Type").startswith("variation"):
            variations.setdefault(cell(row, "Parent"), []).append((number, row))
    uncounted = 0
    for number, row in whole:
        own = cell(row, "SKU") or f"wc-{cell(row, 'ID')}"
        its = [*variations.get(own, ()), *variations.get(f"id:{cell(row, 'ID')}", ())]
        product_id = usable_id(own)
        path = cell(row, "Categories").split(",")[0]
        kind = path.split(">")[-1].strip() or cell(row, "Name")
        prices = [price for _, one in its or [(number, row)] if (price := _price(one))]
        if not prices:
            continue
        names = [cell(row, f"Attribute {n} name") for n in range(1, MOST_OPTIONS + 1)]
        yield table_row(
            "products",
            number,
            {
                "id": product_id,
                "name": cell(row, "Name"),
                "category": path.split(">")[0].strip() or NO_CATEGORY,
                "kind": kind[:32],
                "price": min(prices, key=amount),
                "weight_g": _weight(row)
                or next((w for _, one in its if (w := _weight(one))), "1000"),
                "selling_points": plain_text(cell(row, "Short description")),
                "uses": cell(row, "Tags").replace(",", "|"),
                "picture": cell(row, "Images").split(",")[0],
                "axes": "|".join(name for name in names if name) if its else "",
            },
            labels,
        )
        for at, one in its or [(number, row)]:
            options = {
                cell(one, f"Attribute {n} name"): cell(one, f"Attribute {n} value(s)")
                for n in range(1, MOST_OPTIONS + 1)
                if its and cell(one, f"Attribute {n} name")
            }
            told = cell(one, "Stock")
            if not told and cell(one, "In stock?") == "1":
                told, uncounted = str(UNCOUNTED), uncounted + 1
            yield table_row(
                "skus",
                at,
                {
                    "id": product_id,
                    **named_options(options),
                    "stock": str(max(int(amount(told)), 0)),
                    "price": _price(one) or min(prices, key=amount),
                    "weight_g": _weight(one),
                },
                labels,
            )
    if uncounted:
        reading.notes.append(f"{uncounted} 个规格有货但没记件数，先按 {UNCOUNTED} 件算")


def _price(row: dict[str, str]) -> str:
    return cell(row, "Sale price") or cell(row, "Regular price")


def _weight(row: dict[str, str]) -> str:
    for unit in ("kg", "g", "lbs", "oz"):
        if told := cell(row, f"Weight ({unit})"):
            return f"{told}{unit}"
    return ""
