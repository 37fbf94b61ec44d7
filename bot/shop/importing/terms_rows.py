"""Checks rows about coupons, campaigns, postage and the house itself, and makes table rows of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.shop.embedded.visitors import MOST_PIECES
from bot.shop.importing import return_rules, zones
from bot.shop.importing.cells import Row

Values = dict[str, Any]


def coupon(row: Row) -> Values:
    values = {
        "code": row.text("code", longest=32, needed=True),
        "title": row.text("title", longest=60, needed=True),
        "off_fen": row.money("off", least=1),
        "from_fen": row.money("from", default=0),
        "ends_on": row.day("ends"),
        "is_public": row.yes("public", default=True),
        "stacks": row.yes("stacks", default=True),
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
        "stacks": row.yes("stacks", default=True),
    }
    row.finish()
    return values


def postage_zone(row: Row) -> Values:
    days = zones.days(row)
    can_deliver = row.yes("can_deliver", default=True)
    values = {
        "zone": row.text("zone", longest=64, needed=True),
        "regions": zones.regions(row),
        "courier": row.text("courier", longest=32),
        "first_g": row.whole("first_g", default=1000),
        "first_fen": row.money("first", default=0),
        "next_g": row.whole("next_g", default=1000),
        "next_fen": row.money("next", default=0),
        "free_from_fen": row.money("free_from") if row.has("free_from") else None,
        "surcharge_fen": row.money("surcharge", default=0),
        "days_min": days[0] if days else None,
        "days_max": days[1] if days else None,
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
        "return_rules": return_rules.of_shop(row),
        "refund_days": row.whole("refund_days", default=3),
        "partial_refund_percent": row.whole("partial_refund_percent", default=10, most=100),
        "late_coupon": row.text("late_coupon", longest=32),
        "late_coupons_a_month": _limit(row, "late_coupons_a_month"),
        "late_coupons_per_buyer": _limit(row, "late_coupons_per_buyer"),
    }
    row.finish()
    return values


def _limit(row: Row, column: str) -> int | None:
    """None where the owner sets none."""
    return row.whole(column, least=1, most=100_000) if row.has(column) else None


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
