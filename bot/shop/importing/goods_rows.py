"""Checks rows about goods and money and turns them into table rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.shop.goods import SHEET_TOPICS
from bot.shop.importing.cells import Row
from bot.shop.importing.ladder_rows import ladder
from bot.shop.visitors import MOST_PIECES

CATEGORY = {
    "shoes": "shoes",
    "clothing": "clothing",
    "bags": "bags",
    "gear": "gear",
    "鞋": "shoes",
    "衣服": "clothing",
    "包": "bags",
    "装备": "gear",
}
GENDER = {"男": "男", "女": "女", "童": "童", "通用": ""}
RETURNABLE = {
    "seven_days": "seven_days",
    "unopened_only": "unopened_only",
    "custom_made": "custom_made",
    "clearance": "clearance",
    "七天无理由": "seven_days",
    "未拆封可退": "unopened_only",
    "定制不退": "custom_made",
    "清仓不退": "clearance",
}
RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*[-~～到]\s*(\d+(?:\.\d+)?)")
STOCK = re.compile(r"(\d+)(?:\s+(\S+))?")
Values = dict[str, Any]


def product(row: Row) -> tuple[Values, list[tuple[Row, Values]], Values | None]:
    """The product's row, its SKUs' rows where YAML lists them, its ladder's row."""
    product_id = row.text("id", longest=64, needed=True)
    if product_id and not re.fullmatch(r"[A-Za-z0-9._-]+", product_id):
        row.refuse("id", f"“{product_id}”只能用字母、数字和 . _ -，如 boot-01")
    price = row.money("price", least=1)
    consumable = row.whole("consumable_days", default=0)
    values: Values = {
        "product_id": product_id,
        "name": row.text("name", longest=60, needed=True),
        "category": row.choice("category", CATEGORY),
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
        "sheet": _sheet(row),
        "goes_with": row.texts("goes_with"),
        "size_chart": _size_chart(row),
        "returnable": row.choice("returnable", RETURNABLE, default="seven_days"),
        "warranty_months": row.whole("warranty_months", default=0, most=600),
        "consumable_days": consumable or None,
    }
    skus = _stock(row, product_id)
    its_ladder = ladder(row, product_id, price)
    row.finish()
    return values, skus, its_ladder


def sku(row: Row) -> Values:
    """One colour and size from a table."""
    values = _sku(
        row.text("id", longest=64, needed=True),
        row.text("colour", longest=32),
        row.text("size", longest=16),
        row.whole("stock", most=10**6),
        row.day("restock_on"),
    )
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
    }


def _sheet(row: Row) -> list[list[str]]:
    """Facts by topic: nested under `sheet` in YAML, a column each in tables."""
    nested = row.row_of("sheet")
    facts = [[topic, nested.text(topic, longest=400)] for topic in SHEET_TOPICS]
    nested.finish()
    facts += [[topic, row.text(topic, longest=400)] for topic in SHEET_TOPICS if row.has(topic)]
    return [fact for fact in facts if fact[1]]


def _size_chart(row: Row) -> Values | None:
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
        row.refuse("stock", "按颜色、尺码写，如 黑色: {39: 5, 40: 0 +6d}")
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
            plain = "" if size == "均码" and len(sizes.cells) == 1 else size
            values = _sku(
                product_id, "" if colour == "单色" else colour, plain, int(match[1]), restock_on
            )
            found.append((sizes, values))
    return found


def coupon(row: Row) -> Values:
    values = {
        "code": row.text("code", longest=32, needed=True),
        "title": row.text("title", longest=60, needed=True),
        "off_fen": row.money("off", least=1),
        "from_fen": row.money("from", default=0),
        "ends_on": row.day("ends"),
        "is_public": row.yes("public", default=True),
    }
    row.finish()
    return values


def promotion(row: Row) -> Values:
    prices = row.row_of("sale_prices")
    values = {
        "promotion_id": row.text("id", longest=64, needed=True),
        "title": row.text("title", longest=60, needed=True),
        "text": row.text("text", longest=300),
        "starts_on": row.day("starts"),
        "ends_on": row.day("ends"),
        "product_ids": row.texts("products"),
        "from_fen": row.money("from", default=0),
        "off_fen": row.money("off", default=0),
        "gift": row.text("gift", longest=60),
        "sale_prices": {name: prices.money(name, least=1) for name in prices.cells},
    }
    row.finish()
    return values


def postage_zone(row: Row) -> Values:
    days = row.text("days")
    found = re.fullmatch(r"(\d+)-(\d+)", days)
    if days and not found:
        row.refuse("days", f"“{days}”不是天数范围，请写 2-3")
    can_deliver = row.yes("can_deliver", default=True)
    values = {
        "zone": row.text("zone", longest=64, needed=True),
        "regions": row.texts("regions"),
        "courier": row.text("courier", longest=32),
        "first_g": row.whole("first_g", default=1000),
        "first_fen": row.money("first", default=0),
        "next_g": row.whole("next_g", default=1000),
        "next_fen": row.money("next", default=0),
        "free_from_fen": row.money("free_from") if row.has("free_from") else None,
        "surcharge_fen": row.money("surcharge", default=0),
        "days_min": int(found[1]) if found else None,
        "days_max": int(found[2]) if found else None,
        "can_deliver": can_deliver,
    }
    row.finish()
    return values


def house(row: Row) -> Mapping[str, Any]:
    weekdays = row.texts("ships_on_weekdays")
    if any(day not in "1234567" or len(day) != 1 for day in weekdays):
        row.refuse("ships_on_weekdays", "请写 1 到 7，1 是周一，如 [1, 2, 3, 4, 5, 6]")
        weekdays = []
    *earlier, cutoff = _cutoffs(row)
    values = {
        "name": row.text("name", longest=60, needed=True),
        "cutoff": cutoff,
        "earlier_cutoffs": earlier,
        "ships_on_weekdays": [int(day) - 1 for day in weekdays or "123456"],
        "ships_on_holidays": row.yes("ships_on_holidays"),
        "ships_also_on": row.days("ships_also_on"),
        "pauses": [_pause(one) for one in row.rows_under("pauses")],
        "couriers": row.texts("couriers"),
        "pays_within_hours": row.whole("pays_within_hours", default=24, least=1),
        "visitor_pays_within_minutes": row.whole(
            "visitor_pays_within_minutes", default=30, least=5
        ),
        "visitor_unpaid_orders": row.whole("visitor_unpaid_orders", default=2, least=1),
        "visitor_pieces": row.whole("visitor_pieces", default=5, least=1, most=MOST_PIECES),
        "return_address": row.text("return_address"),
        "return_days": row.whole("return_days", default=7, least=7),
        "refund_days": row.whole("refund_days", default=3),
        "partial_refund_percent": row.whole("partial_refund_percent", default=10, most=100),
    }
    row.finish()
    return values


def _cutoffs(row: Row) -> list[str]:
    """Earliest first, as 09:00; one past midnight counts on from 24:00."""
    told = row.texts("cutoff") or ["16:00"]
    if wrong := [one for one in told if not re.fullmatch(r"[012]?\d:[0-5]\d", one)]:
        row.refuse(
            "cutoff", f"“{wrong[0]}”不是钟点，请写 16:00；一天两趟写 [11:00, 16:00]，过零点写 26:00"
        )
        return ["16:00"]
    return sorted(cutoff.zfill(5) for cutoff in told)


def _pause(row: Row) -> Values:
    first, last = row.day("from", needed=True), row.day("to", needed=True)
    if first and last and last < first:
        row.refuse("to", f"不能早于 from（{first}），请写停发的最后一天")
    values = {
        "first": first.isoformat() if first else "",
        "last": last.isoformat() if last else "",
        "note": row.text("note", longest=20),
    }
    row.finish()
    return values
