"""Checks rows about buyers, orders, parcels and return cases and turns them into table rows."""

from __future__ import annotations

import re
from typing import Any

from bot.shop.importing.cells import Row
from bot.shop.words.dealing import ATTRIBUTES, OrderStatus, Reason, Remedy, ReturnStatus
from bot.shop.words.mail_address import LONGEST_EMAIL, email_address

STATUS = {status.value: status.value for status in OrderStatus}
REMEDY = {remedy.value: remedy.value for remedy in Remedy}
RETURN_STATUS = {status.value: status.value for status in ReturnStatus}
REASON = {reason.value: reason.value for reason in Reason}
Values = dict[str, Any]


def buyer(row: Row) -> tuple[Values, list[Values], list[Values]]:
    """The buyer's row, attributes' rows, rows of coupons held."""
    buyer_id = row.text("id", longest=120, needed=True)
    values = {
        "buyer_id": buyer_id,
        "nickname": row.text("nickname", longest=60, needed=True),
        "about": row.text("about", longest=200),
        "receiver_name": row.text("name", longest=60),
        "phone": _phone(row),
        "address": row.text("address"),
        "email": _email(row),
    }
    nested = row.row_of("attributes")
    attributes = [
        {"buyer_id": buyer_id, "name": name, "value": nested.text(name, longest=200)}
        for name in ATTRIBUTES
        if nested.has(name)
    ]
    nested.finish()
    coupons = [
        {"buyer_id": buyer_id, "code": code, "is_given": True}  # where it was used stays
        for code in row.texts("coupons")
    ]
    row.finish()
    return values, attributes, coupons


def _phone(row: Row) -> str:
    phone = row.text("phone", longest=32)
    if phone and not re.fullmatch(r"\+?[\d-]{7,20}", phone):
        row.refuse("phone", f"“{phone}”不是电话，请写 11 位手机号")
    return phone


def _email(row: Row) -> str:
    told = row.text("email", longest=LONGEST_EMAIL)
    if told and not email_address(told):
        row.refuse("email", f"“{told}”不是邮箱地址，请写成 名字@网站，如 lulu@example.com")
    return told


def order(row: Row) -> tuple[Values, list[Values], Values | None, list[Values]]:
    """The order's row (money still to be summed up), lines, parcel, parcel events.

    Of the row's values `email` is its buyer's, not the order's.
    """
    number = row.text("number", longest=32, needed=True)
    receiver = row.row_of("receiver")
    values: Values = {
        "number": number,
        "buyer_id": row.text("buyer", longest=120, needed=True),
        "status": row.choice("status", STATUS),
        "off_fen": row.money("off", default=0),
        "postage_fen": row.money("postage", default=0),
        "gift": row.text("gift", longest=60),
        "note": row.text("note"),
        "coupon_code": "",
        "receiver_name": receiver.text("name", longest=60),
        "phone": _phone(receiver),
        "address": receiver.text("address"),
        "email": _email(receiver),
        "created_at": row.time("created", needed=True),
        "pays_until": row.time("pays_until"),
        "paid_at": row.time("paid"),
        "shipped_at": row.time("shipped"),
        "signed_at": row.time("signed"),
        "close_reason": row.text("close_reason", longest=200),
        "invoice_title": row.text("invoice_title", longest=120),
        "tax_number": row.text("tax_number", longest=32),
        "invoice_email": row.text("invoice_email", longest=120),
    }
    receiver.finish()
    lines = [_line(line, number, place) for place, line in enumerate(row.rows_under("lines"), 1)]
    if not lines:
        row.refuse("lines", "订单里没有商品，至少写一行")
    parcel: Values | None = None
    events: list[Values] = []
    if row.has("parcel"):
        parcel, events = _parcel(row.row_of("parcel"), number, values)
    _check_times(row, values, parcel)
    row.finish()
    return values, lines, parcel, events


def _check_times(row: Row, values: Values, parcel: Values | None) -> None:
    needs = {
        "paid": ("paid", "packed", "shipped", "delivered", "completed"),
        "shipped": ("shipped", "delivered", "completed"),
        "signed": ("delivered", "completed"),
    }
    for column, statuses in needs.items():
        if values["status"] in statuses and values[f"{column}_at"] is None:
            row.refuse(column, f"状态是 {values['status']} 的订单要写这个时间")
    if values["status"] in needs["shipped"] and parcel is None:
        row.refuse("parcel", "已发货的订单要写快递和单号")


def _line(row: Row, number: str, place: int) -> Values:
    values = {
        "order_number": number,
        "line_id": str(place),
        "product_id": row.text("product", longest=120, needed=True),
        "colour": row.text("colour", longest=60),
        "size": row.text("size", longest=60),
        "options": row.text("options", longest=200),  # of a platform: colour and size in one
        "quantity": row.whole("quantity", default=1, least=1, most=999),
        "unit_price_fen": row.money("price", least=1) if row.has("price") else None,
        "source": row,
    }
    row.finish()
    return values


def _parcel(row: Row, number: str, order_values: Values) -> tuple[Values, list[Values]]:
    values = {
        "order_number": number,
        "courier": row.text("courier", longest=32, needed=True),
        "courier_phone": row.text("courier_phone", longest=32),
        "tracking_number": row.text("number", longest=64, needed=True),
        "shipped_at": order_values["shipped_at"],
        "due_on": row.day("due", needed=True),
    }
    events = []
    for text in row.texts_whole("events"):
        parts = [part.strip() for part in text.split("|")]
        if len(parts) != 3:
            row.refuse("events", f"“{text}”请写成 时间 | 地点 | 经过，如 -2d 08:10 | 杭州 | 已揽收")
            continue
        at = row.moment("events", parts[0])
        events.append({"order_number": number, "at": at, "place": parts[1], "text": parts[2]})
    row.finish()
    return values, events


def return_case(row: Row) -> Values:
    values = {
        "case_id": row.text("id", longest=32, needed=True),
        "order_number": row.text("order", longest=32, needed=True),
        "line_id": row.text("line", longest=16),
        "remedy": row.choice("remedy", REMEDY),
        "reason": row.choice("reason", REASON),
        "status": row.choice("status", RETURN_STATUS),
        "opened_at": row.time("opened", needed=True),
        "refund_fen": row.money("refund", default=0),
        "refund_due_on": row.day("refund_due"),
        "refunded_at": row.time("refunded"),
        "photos": row.texts("photos"),
        "wanted": row.text("wanted", longest=120),
        "source": row,
    }
    row.finish()
    return values
