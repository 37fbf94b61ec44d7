"""What the shop holds of buyers, orders and cases, as fields of the sheets they are imported from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.importing.stored import all_rows, yuan


def buyers_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    attributes: dict[str, dict[str, str]] = {}
    for row in all_rows(connection, tables.buyer_attributes, "buyer_id", "name"):
        attributes.setdefault(row.buyer_id, {})[row.name] = row.value
    held: dict[str, list[str]] = {}
    for row in all_rows(connection, tables.buyer_coupons, "buyer_id", "code"):
        if row.is_given:
            held.setdefault(row.buyer_id, []).append(row.code)
    for row in all_rows(connection, tables.buyers, "buyer_id"):
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
    parcels = {
        row.order_number: row for row in all_rows(connection, tables.parcels, "order_number")
    }
    lines: dict[str, list[Any]] = {}
    for row in all_rows(connection, tables.order_lines, "order_number", "line_id"):
        lines.setdefault(row.order_number, []).append(row)
    for row in all_rows(connection, tables.orders, "created_at", "number"):
        parcel = parcels.get(row.number)
        whole: dict[str, Any] = {
            "buyer": row.buyer_id,
            "status": row.status,
            "created": row.created_at,
            "pays_until": row.pays_until,
            "paid": row.paid_at,
            "shipped": row.shipped_at,
            "signed": row.signed_at,
            "off": yuan(row.off_fen),
            "postage": yuan(row.postage_fen),
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
                "price": yuan(line.unit_price_fen),
            }


def returns_rows(connection: Connection) -> Iterable[dict[str, Any]]:
    for row in all_rows(connection, tables.returns, "opened_at", "case_id"):
        yield {
            "id": row.case_id,
            "order": row.order_number,
            "line": row.line_id,
            "remedy": row.remedy,
            "reason": row.reason,
            "status": row.status,
            "opened": row.opened_at,
            "refund": yuan(row.refund_fen),
            "refund_due": row.refund_due_on,
            "refunded": row.refunded_at,
            "photos": row.photos,
            "wanted": row.wanted,
        }
