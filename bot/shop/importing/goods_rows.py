"""Checks rows about goods and money and turns them into table rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.shop.importing import headings, return_rules
from bot.shop.importing.axes import sku_values
from bot.shop.importing.cells import Row
from bot.shop.importing.ladder_rows import ladder
from bot.shop.words.goods import SHEET_TOPICS

GENDER = {"男": "男", "女": "女", "童": "童", "通用": ""}
RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*[-~～到]\s*(\d+(?:\.\d+)?)")
STOCK = re.compile(r"(\d+)(?:\s+(?![\d.]+元|\d+g\b)(\S+))?(?:\s+([\d.]+)元)?(?:\s+(\d+)g)?")
HAN = re.compile(r"[\u4e00-\u9fff]")
ONLY = ("均码", "单色", "单一")  # the one value of what a product has but one of
MOST_AXES = 3
Values = dict[str, Any]


def product(row: Row) -> tuple[Values, list[tuple[Row, Values]], Values | None]:
    """The product's row, its SKUs' rows where YAML lists them, its ladder's row."""
    product_id = row.text("id", longest=64, needed=True)
    if product_id and not re.fullmatch(r"[A-Za-z0-9._-]+", product_id):
        row.refuse("id", f"“{product_id}”只能用字母、数字和 . _ -，如 boot-01")
    price = row.money("price", least=1)
    consumable = row.whole("consumable_days", default=0)
    returnable, return_days = return_rules.of_product(row)
    values: Values = {
        "product_id": product_id,
        "name": row.text("name", longest=60, needed=True),
        "category": _category(row),
        "axes": _axes(row),
        "kind": row.text("kind", longest=32, needed=True),
        "gender": row.choice("gender", GENDER, default=""),
        "price_fen": price,
        "weight_g": row.whole("weight_g", least=1),
        "sold": row.whole("sold", default=0),
        "picture": row.text("picture", longest=200) or f"/pictures/{product_id}.svg",
        "page": row.text("page", longest=200) or f"/p/{product_id}",
        "nicknames": row.texts("nicknames"),
        "selling_points": row.texts("selling_points"),
        "drawbacks": row.texts("drawbacks"),
        "suits": row.texts("suits"),
        "uses": row.texts("uses"),
        "sheet": sheet(row),
        "goes_with": row.texts("goes_with"),
        "size_chart": size_chart(row),
        "returnable": returnable,
        "return_days": return_days,
        "warranty_months": row.whole("warranty_months", default=0, most=600),
        "consumable_days": consumable or None,
    }
    skus = _stock(row, product_id)
    its_ladder = ladder(row, product_id, price)
    values["sheet"] += own_facts(row)
    row.finish()
    return values, skus, its_ladder


def _category(row: Row) -> str:
    """As the shop calls it; English names of before are taken for what they stood for."""
    told = row.text("category", longest=32, needed=True)
    return headings.wordings()["products.category"].get(told, told)


def _axes(row: Row) -> list[str]:
    """What the SKUs of a product differ in: [口味, 规格]; [] leaves it to the SKUs' table."""
    axes = row.texts("axes")
    if len(axes) > MOST_AXES:
        row.refuse("axes", f"最多写 {MOST_AXES} 样，如 [口味, 规格]")
    return axes[:MOST_AXES]


def sku(row: Row, axes: Sequence[str]) -> Values:
    """One SKU from a table; `axes`: its product's, the columns in which its values stand."""
    colour, size = sku_values(row, axes)
    values = _sku(
        row.text("id", longest=64, needed=True),
        colour,
        size,
        row.whole("stock", most=10**6),
        row.day("restock_on"),
    )
    values["price_fen"] = row.money("price", least=1) if row.has("price") else None
    values["weight_g"] = row.whole("weight_g", least=1) if row.has("weight_g") else None
    values["facts"] = own_facts(row)
    row.finish()
    return values


def _sku(product_id: str, colour: str, size: str, stock: int, restock_on: Any) -> Values:
    return {
        "sku_id": "/".join((product_id, colour or "-", size or "-")),
        "product_id": product_id,
        "colour": colour,
        "size": size,
        "on_hand": stock,
        "restock_on": restock_on,
        "price_fen": None,
        "weight_g": None,
        "facts": [],
    }


def sheet(row: Row) -> list[list[str]]:
    """Facts by topic: nested under `sheet` in YAML, a column each in tables."""
    nested = row.row_of("sheet")
    facts = [[topic, nested.text(topic, longest=400)] for topic in SHEET_TOPICS]
    facts += own_facts(nested)
    nested.finish()
    facts += [[topic, row.text(topic, longest=400)] for topic in SHEET_TOPICS if row.has(topic)]
    return [fact for fact in facts if fact[1]]


def own_facts(row: Row) -> list[list[str]]:
    """What the shop writes down beyond our list, under its own Chinese name: 配料, 适合肤质."""
    names = [name for name in row.cells if name not in row.read and HAN.search(name)]
    return [[name, row.text(name, longest=400)] for name in names if row.has(name)]


def size_chart(row: Row) -> Values | None:
    """Nested as YAML has it; None where the row has none."""
    if not row.has("size_chart"):
        return None
    chart = row.row_of("size_chart")
    runs = chart.choice("runs", {"small": "-1", "true": "0", "large": "1"}, default="0")
    rows = []
    for size_row in chart.rows_under("rows"):
        values: Values = {"size": size_row.text("size", longest=16, needed=True)}
        for name in ("height_cm", "weight_kg", "foot_mm"):
            if size_row.has(name):
                values[name] = _range(size_row, name)
        values["measures"] = [
            [name, str(text)]
            for name, text in size_row.cells.items()
            if name not in ("size", "height_cm", "weight_kg", "foot_mm")
        ]
        rows.append(values)
    if not rows:
        chart.refuse("rows", "尺码表没有内容，每个尺码写一行")
    result = {
        "rows": rows,
        "runs": int(runs),
        "wide": chart.yes("wide"),
        "roomy_instep": chart.yes("roomy_instep"),
        "note": chart.text("note", longest=120),
    }
    chart.finish()
    return result


def _range(row: Row, name: str) -> list[float] | None:
    text = row.text(name)
    found = RANGE.fullmatch(text)
    if not found or float(found[1]) > float(found[2]):
        row.refuse(name, f"“{text}”不是范围，请写 从-到，如 165-170")
        return None
    return [float(found[1]), float(found[2])]


def _stock(row: Row, product_id: str) -> list[tuple[Row, Values]]:
    """Colour → size → pieces, with a restock date behind an empty one: `0 +6d`."""
    found = []
    if row.has("stock") and not isinstance(row.cells["stock"], dict):
        row.refuse("stock", "按颜色、尺码（或 axes 里写的两样）写，如 黑色: {39: 5, 40: 0 +6d}")
        return []
    colours = row.row_of("stock")
    for colour in colours.cells:
        sizes = colours.row_of(colour)
        for size in sizes.cells:
            text = sizes.text(size)
            match = STOCK.fullmatch(text)
            if not match:
                sizes.refuse(size, f"“{text}”不是库存，请写件数，如 5，缺货写 0 +6d")
                continue
            restock_on = None
            if match[2]:
                moment = sizes.moment(size, match[2])
                restock_on = sizes.moments.day(match[2]) if moment else None
            plain = "" if size in ONLY and len(sizes.cells) == 1 else size
            values = _sku(
                product_id, "" if colour in ONLY else colour, plain, int(match[1]), restock_on
            )
            if match[3]:
                priced = sizes.nested({size: match[3]})
                values["price_fen"] = priced.money(size, least=1)
            if match[4]:
                values["weight_g"] = int(match[4])
            found.append((sizes, values))
    return found
