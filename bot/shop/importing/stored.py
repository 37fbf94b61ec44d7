"""What the shop holds, as fields of the sheets it is imported from: one function a section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.embedded.house import House
from bot.shop.importing import headings, return_rules

Rows = list[list[str]]
ZONE = ZoneInfo("Asia/Shanghai")
_RUNS = {-1: "偏小", 0: "正码", 1: "偏大"}


def cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "|".join(map(str, value))
    return str(value)


def yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen / 100:.2f}".removesuffix(".00")


def all_rows(connection: Connection, table: Table, *order: str) -> Iterable[Any]:
    rows = connection.execute(select(table).order_by(*(table.c[one] for one in order)))
    return list(rows)


def products_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    ladders = {row.product_id: row for row in all_rows(connection, tables.ladders, "product_id")}
    for row in all_rows(connection, tables.products, "position", "product_id"):
        yield product_cells(row, ladders.get(row.product_id))


def product_cells(row: Any, ladder: Any | None) -> dict[str, Any]:
    """Of one product; `ladder`: how it may be bargained for, None where it may not."""
    values: dict[str, Any] = {
        "id": row.product_id,
        "name": row.name,
        "nicknames": row.nicknames,
        "category": row.category,
        "kind": row.kind,
        "gender": row.gender or "通用",
        "price": yuan(row.price_fen),
        "weight_g": row.weight_g,
        "sold": row.sold,
        "picture": row.picture,
        "page": row.page,
        "selling_points": row.selling_points,
        "drawbacks": row.drawbacks,
        "suits": row.suits,
        "uses": row.uses,
        "goes_with": row.goes_with,
        "axes": row.axes,
        "returnable": return_rules.text_of(row.returnable, row.return_days),
        "warranty_months": row.warranty_months,
        "consumable_days": row.consumable_days,
    }
    values |= dict(row.sheet)
    if ladder is not None:
        values["floor"] = yuan(ladder.floor_fen)
        values["bulk_from"] = ladder.bulk_from
        values["cuts"] = [_step(rung) for rung in ladder.rungs]
    return values


def _step(rung: Mapping[str, Any]) -> str:
    """As `ladder_rows` reads it in a table."""
    if rung["step"] == "price":
        return f"让{yuan(rung['cut_fen'])}"
    if rung["step"] == "gift":
        return f"送{rung['gift']}"
    if rung["step"] == "coupon":
        return f"券{rung['coupon_code']}"
    return "包邮" if rung["step"] == "postage" else f"承诺{rung['text']}"


def skus_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    axes = {row.product_id: row.axes for row in all_rows(connection, tables.products, "product_id")}
    for row in all_rows(connection, tables.skus, "position", "sku_id"):
        colour, size = axes_columns(axes.get(row.product_id) or ())
        own = [one for one in (colour, size) if one not in ("colour", "size")]
        yield {"own axes": own, **sku_cells(row, (colour, size))}


def axes_columns(axes: Sequence[str]) -> tuple[str, str]:
    """The columns of a product's SKUs that say what they differ in, as its axes are called."""
    named = [*(axes or ("颜色",))][:2]
    if len(named) < 2:
        named.append(next(one for one in ("尺码", "规格") if one not in named))
    colour, size = ({"颜色": "colour", "尺码": "size"}.get(one, one) for one in named)
    return colour, size


def sku_cells(row: Any, columns: tuple[str, str]) -> dict[str, Any]:
    colour, size = columns
    return {
        "id": row.product_id,
        colour: row.colour,
        size: row.size,
        "stock": row.on_hand,
        "restock_on": row.restock_on,
        "price": yuan(row.price_fen),
        "weight_g": row.weight_g,
        **dict(row.facts),
    }


def sizes_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    for product in all_rows(connection, tables.products, "position", "product_id"):
        chart = product.size_chart
        for place, row in enumerate((chart or {}).get("rows", ())):
            about = {
                "runs": _RUNS.get(chart.get("runs", 0), "正码"),
                "wide": bool(chart.get("wide")),
                "roomy_instep": bool(chart.get("roomy_instep")),
                "note": chart.get("note", ""),
            }
            ranges = {
                one: f"{row[one][0]:g}-{row[one][1]:g}"
                for one in ("height_cm", "weight_kg", "foot_mm")
                if row.get(one)
            }
            yield {
                "id": product.product_id,
                "size": row["size"],
                **ranges,
                **(about if not place else {}),
                **dict(row.get("measures", ())),
            }


def size_chart_cells(chart: Mapping[str, Any] | None) -> dict[str, Any]:
    """A chart as a page has it: the table's cells parted by tabs, its headings first."""
    ranges = {"height_cm": "身高cm", "weight_kg": "体重kg", "foot_mm": "脚长mm"}
    rows = (chart or {}).get("rows", ())
    used = [one for one in ranges if any(row.get(one) for row in rows)]
    own = list(dict.fromkeys(name for row in rows for name, _ in row.get("measures", ())))
    table = [["尺码", *(ranges[one] for one in used), *own]] if rows else []
    for row in rows:
        told = [f"{row[one][0]:g}-{row[one][1]:g}" if row.get(one) else "" for one in used]
        mine = dict(row.get("measures", ()))
        table.append([row["size"], *told, *(str(mine.get(name, "")) for name in own)])
    return {
        "chart": "\n".join("\t".join(line) for line in table),
        "runs": _RUNS.get((chart or {}).get("runs", 0), "正码") if rows else "",
        "wide": bool((chart or {}).get("wide")) if rows else "",
        "roomy_instep": bool((chart or {}).get("roomy_instep")) if rows else "",
        "note": (chart or {}).get("note", ""),
    }


def coupons_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    return [coupon_cells(row) for row in all_rows(connection, tables.coupons, "code")]


def coupon_cells(row: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "off": yuan(row.off_fen),
        "from": yuan(row.from_fen),
        "ends": row.ends_on,
        "public": row.is_public,
        "stacks": row.stacks,
    }


def promotions_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    return [
        promotion_cells(row)
        for row in all_rows(connection, tables.promotions, "position", "promotion_id")
    ]


def promotion_cells(row: Any) -> dict[str, Any]:
    return {
        "id": row.promotion_id,
        "title": row.title,
        "text": row.text,
        "starts": row.starts_on,
        "ends": row.ends_on,
        "products": row.product_ids,
        "from": yuan(row.from_fen),
        "off": yuan(row.off_fen),
        "gift": row.gift,
        "sale_prices": [f"{key}={yuan(fen)}" for key, fen in row.sale_prices.items()],
        "stacks": row.stacks,
    }


def postage_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    return [
        postage_cells(row) for row in all_rows(connection, tables.postage_zones, "position", "zone")
    ]


def postage_cells(row: Any) -> dict[str, Any]:
    return {
        "zone": row.zone,
        "regions": row.regions or ["其余地区"],
        "courier": row.courier,
        "first_g": row.first_g,
        "first": yuan(row.first_fen),
        "next_g": row.next_g,
        "next": yuan(row.next_fen),
        "free_from": yuan(row.free_from_fen),
        "surcharge": yuan(row.surcharge_fen),
        "days": "" if row.days_min is None else f"{row.days_min}-{row.days_max}",
        "can_deliver": row.can_deliver,
    }


def house_rows(house: House) -> Rows:
    told = house_cells(house)
    return [[headings.label("shop", field), cell_text(value)] for field, value in told.items()]


def house_cells(house: House) -> dict[str, Any]:
    return {
        "name": house.name,
        "cutoff": house.cutoffs,
        "ships_on_weekdays": [day + 1 for day in house.ships_on_weekdays],
        "ships_on_holidays": house.ships_on_holidays,
        "ships_also_on": house.ships_also_on,
        "pauses": [f"{one.first}~{one.last} {one.note}".strip() for one in house.pauses],
        "couriers": house.couriers,
        "pays_within_hours": house.pays_within_hours,
        "visitor_pays_within_minutes": house.visitor_pays_within_minutes,
        "visitor_unpaid_orders": house.visitor_unpaid_orders,
        "visitor_pieces": house.visitor_pieces,
        "return_address": house.return_address,
        "return_days": house.return_days,
        "return_rules": [
            f"{'、'.join(one.goods) or '全店'}：{return_rules.text_of(one.returnable, one.days)}"
            for one in house.return_rules
        ],
        "refund_days": house.refund_days,
        "partial_refund_percent": house.partial_refund_percent,
        "late_coupon": house.late_coupon,
        "late_coupons_a_month": house.late_coupons_a_month,
        "late_coupons_per_buyer": house.late_coupons_per_buyer,
    }
