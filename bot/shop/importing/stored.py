"""What the shop holds, as fields of the sheets it is imported from: one function a section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen / 100:.2f}".removesuffix(".00")


def _all(connection: Connection, table: Table, *order: str) -> Iterable[Any]:
    rows = connection.execute(select(table).order_by(*(table.c[one] for one in order)))
    return list(rows)


def products_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    ladders = {row.product_id: row for row in _all(connection, tables.ladders, "product_id")}
    for row in _all(connection, tables.products, "position", "product_id"):
        ladder = ladders.get(row.product_id)
        values: dict[str, Any] = {
            "id": row.product_id,
            "name": row.name,
            "nicknames": row.nicknames,
            "category": row.category,
            "kind": row.kind,
            "gender": row.gender or "通用",
            "price": _yuan(row.price_fen),
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
            values["floor"] = _yuan(ladder.floor_fen)
            values["bulk_from"] = ladder.bulk_from
            values["cuts"] = [_step(rung) for rung in ladder.rungs]
        yield values


def _step(rung: Mapping[str, Any]) -> str:
    """As `ladder_rows` reads it in a table."""
    if rung["step"] == "price":
        return f"让{_yuan(rung['cut_fen'])}"
    if rung["step"] == "gift":
        return f"送{rung['gift']}"
    if rung["step"] == "coupon":
        return f"券{rung['coupon_code']}"
    return "包邮" if rung["step"] == "postage" else f"承诺{rung['text']}"


def skus_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    axes = {row.product_id: row.axes for row in _all(connection, tables.products, "product_id")}
    for row in _all(connection, tables.skus, "position", "sku_id"):
        named = [*(axes.get(row.product_id) or ("颜色",))][:2]
        if len(named) < 2:
            named.append(next(one for one in ("尺码", "规格") if one not in named))
        colour, size = ({"颜色": "colour", "尺码": "size"}.get(one, one) for one in named)
        yield {
            "own axes": [one for one in (colour, size) if one not in ("colour", "size")],
            "id": row.product_id,
            colour: row.colour,
            size: row.size,
            "stock": row.on_hand,
            "restock_on": row.restock_on,
            "price": _yuan(row.price_fen),
            "weight_g": row.weight_g,
            **dict(row.facts),
        }


def sizes_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    for product in _all(connection, tables.products, "position", "product_id"):
        chart = product.size_chart
        for place, row in enumerate((chart or {}).get("rows", ())):
            about = {
                "runs": _RUNS.get(chart.get("runs", 0), "正码"),
                "wide": bool(chart.get("wide")),
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


def coupons_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    for row in _all(connection, tables.coupons, "code"):
        yield {
            "code": row.code,
            "title": row.title,
            "off": _yuan(row.off_fen),
            "from": _yuan(row.from_fen),
            "ends": row.ends_on,
            "public": row.is_public,
            "stacks": row.stacks,
        }


def promotions_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    for row in _all(connection, tables.promotions, "position", "promotion_id"):
        yield {
            "id": row.promotion_id,
            "title": row.title,
            "text": row.text,
            "starts": row.starts_on,
            "ends": row.ends_on,
            "products": row.product_ids,
            "from": _yuan(row.from_fen),
            "off": _yuan(row.off_fen),
            "gift": row.gift,
            "sale_prices": [f"{key}={_yuan(fen)}" for key, fen in row.sale_prices.items()],
            "stacks": row.stacks,
        }


def postage_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    for row in _all(connection, tables.postage_zones, "position", "zone"):
        yield {
            "zone": row.zone,
            "regions": row.regions or ["其余地区"],
            "courier": row.courier,
            "first_g": row.first_g,
            "first": _yuan(row.first_fen),
            "next_g": row.next_g,
            "next": _yuan(row.next_fen),
            "free_from": _yuan(row.free_from_fen),
            "surcharge": _yuan(row.surcharge_fen),
            "days": "" if row.days_min is None else f"{row.days_min}-{row.days_max}",
            "can_deliver": row.can_deliver,
        }


def house_rows(house: House) -> Rows:
    told: dict[str, Any] = {
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
    return [[headings.label("shop", field), cell_text(value)] for field, value in told.items()]


def buyers_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    attributes: dict[str, dict[str, str]] = {}
    for row in _all(connection, tables.buyer_attributes, "buyer_id", "name"):
        attributes.setdefault(row.buyer_id, {})[row.name] = row.value
    held: dict[str, list[str]] = {}
    for row in _all(connection, tables.buyer_coupons, "buyer_id", "code"):
        if row.is_given:
            held.setdefault(row.buyer_id, []).append(row.code)
    for row in _all(connection, tables.buyers, "buyer_id"):
        yield {
            "id": row.buyer_id,
            "nickname": row.nickname,
            "about": row.about,
            "name": row.receiver_name,
            "phone": row.phone,
            "address": row.address,
            "email": row.email,
            "coupons": held.get(row.buyer_id, []),
            **attributes.get(row.buyer_id, {}),
        }


def orders_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    parcels = {row.order_number: row for row in _all(connection, tables.parcels, "order_number")}
    lines: dict[str, list[Any]] = {}
    for row in _all(connection, tables.order_lines, "order_number", "line_id"):
        lines.setdefault(row.order_number, []).append(row)
    for row in _all(connection, tables.orders, "created_at", "number"):
        parcel = parcels.get(row.number)
        whole: dict[str, Any] = {
            "buyer": row.buyer_id,
            "status": row.status,
            "created": row.created_at,
            "pays_until": row.pays_until,
            "paid": row.paid_at,
            "shipped": row.shipped_at,
            "signed": row.signed_at,
            "off": _yuan(row.off_fen),
            "postage": _yuan(row.postage_fen),
            "gift": row.gift,
            "note": row.note,
            "close_reason": row.close_reason,
            "receiver_name": row.receiver_name,
            "receiver_phone": row.phone,
            "receiver_address": row.address,
            "invoice_title": row.invoice_title,
            "tax_number": row.tax_number,
            "invoice_email": row.invoice_email,
        }
        if parcel is not None:
            whole |= {
                "courier": parcel.courier,
                "courier_phone": parcel.courier_phone,
                "tracking": parcel.tracking_number,
                "due": parcel.due_on,
            }
        for place, line in enumerate(lines.get(row.number, ())):
            yield {
                "number": row.number,
                **(whole if not place else {}),
                "product": line.product_id,
                "colour": line.colour,
                "size": line.size,
                "quantity": line.quantity,
                "price": _yuan(line.unit_price_fen),
            }


def returns_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    for row in _all(connection, tables.returns, "opened_at", "case_id"):
        yield {
            "id": row.case_id,
            "order": row.order_number,
            "line": row.line_id,
            "remedy": row.remedy,
            "reason": row.reason,
            "status": row.status,
            "opened": row.opened_at,
            "refund": _yuan(row.refund_fen),
            "refund_due": row.refund_due_on,
            "refunded": row.refunded_at,
            "photos": row.photos,
            "wanted": row.wanted,
        }
