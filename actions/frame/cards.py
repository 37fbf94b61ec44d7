"""The cards a chat page can draw, made from shop data."""

from __future__ import annotations

from typing import Any

from actions.frame.phrasing import day_text, from_text, price_text
from bot.shop.words.dealing import Order, OrderStatus
from bot.shop.words.goods import Coupon, Product, SizeChart
from bot.shop.words.quotes import SavedBy
from bot.shop.words.status_words import STATUS_TEXTS

Card = dict[str, Any]


def product_card(product: Product, reason: str = "") -> Card:
    card = {
        "type": "product",
        "product_id": product.product_id,
        "name": product.name,
        "price_text": from_text(product),
        "picture": product.picture,
        "page": product.page,
        "reason": reason,
        "has_sizes": product.size_chart is not None,
        "tags": [*product.uses[:2], *product.suits[:1]],
    }
    if product.list_price_fen > product.price_fen:
        card["list_price_text"] = price_text(product.list_price_fen)
    return card


def order_card(order: Order) -> Card:
    """Shows the phone masked; leaves out what the order does not have."""
    receiver = order.receiver
    card = {
        "type": "order",
        "number": order.number,
        "status": order.status.value,
        "status_text": STATUS_TEXTS[order.status],
        "lines": [
            {
                "name": line.name,
                "colour": line.colour,
                "size": line.size,
                "quantity": line.quantity,
                "price_text": price_text(line.unit_price_fen),
                "picture": line.picture,
            }
            for line in order.lines
        ],
        "goods_text": price_text(order.goods_fen),
        "postage_text": price_text(order.postage_fen) if order.postage_fen else "包邮",
        "total_text": price_text(order.total_fen),
        "receiver_text": f"{receiver.name} {receiver.masked_phone} {receiver.address}".strip(),
    }
    if order.off_fen:
        card["off_text"] = f"-{price_text(order.off_fen)}"
    if taken := [one for one in order.told_savings if one.by is not SavedBy.BARGAIN]:
        card["savings"] = [
            {"title": one.title, "off_text": f"-{price_text(one.off_fen)}"} for one in taken
        ]
    if order.gift:
        card["gift"] = order.gift
    if order.note:
        card["note"] = order.note
    if order.status is OrderStatus.AWAITING_PAYMENT:
        card["pay_url"] = f"/pay/{order.number}"
    return card


def size_chart_card(product: Product, chart: SizeChart, size: str | None) -> Card:
    """`size` is the row to highlight."""
    ranges = (
        ("身高cm", "height_cm"),
        ("体重kg", "weight_kg"),
        ("脚长mm", "foot_mm"),
    )
    used = [(title, name) for title, name in ranges if any(getattr(r, name) for r in chart.rows)]
    measures = list(dict.fromkeys(name for row in chart.rows for name, _ in row.measures))
    sizes = [row.size for row in chart.rows]
    return {
        "type": "size_chart",
        "name": product.name,
        "columns": ["尺码", *(title for title, _ in used), *measures],
        "rows": [
            [
                row.size,
                *(_range_text(getattr(row, name)) for _, name in used),
                *(dict(row.measures).get(measure, "") for measure in measures),
            ]
            for row in chart.rows
        ],
        "highlight": sizes.index(size) if size in sizes else None,
        "note": chart.note or "尺码仅供参考",
    }


def _range_text(span: tuple[float, float] | None) -> str:
    return f"{span[0]:g}-{span[1]:g}" if span else ""


def coupon_card(coupon: Coupon) -> Card:
    return {
        "type": "coupon",
        "title": coupon.title,
        "condition_text": f"满{price_text(coupon.from_fen)}可用" if coupon.from_fen else "无门槛",
        "until_text": f"{day_text(coupon.ends_on)}前有效" if coupon.ends_on else "长期有效",
        "code": coupon.code,
    }
