"""What stands beside a chat, as JSON: orders, parcels, goods with stock and price, cases, coupons.

Phones and addresses in part; what an order's buyer may do now says which deeds the page offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.desk.attribute_words import attribute_shown
from bot.desk.masking import masked_address, masked_phone
from bot.desk.shown import order_shown
from bot.desk_settings import MoneyLimit
from bot.shop.words.dealing import (
    ATTRIBUTES,
    Buyer,
    Order,
    OrderStatus,
    Remedy,
    ReturnCase,
    ReturnStatus,
    Verb,
)
from bot.shop.words.goods import Coupon, Product
from bot.shop.words.prices import price_text

REMEDY_TEXTS = {
    Remedy.REFUND: "退货退款",
    Remedy.EXCHANGE: "换货",
    Remedy.PARTIAL_REFUND: "部分退款，不用寄回",
    Remedy.RESEND: "补发",
    Remedy.REFUND_ONLY: "仅退款",
}
CASE_TEXTS = {
    ReturnStatus.OPENED: "等买家寄回",
    ReturnStatus.GOODS_SENT: "买家已寄出",
    ReturnStatus.GOODS_RECEIVED: "已收到退货",
    ReturnStatus.REFUNDED: "已退款",
    ReturnStatus.EXCHANGED: "已换货",
    ReturnStatus.DECLINED: "已拒绝",
    ReturnStatus.WITHDRAWN: "买家已撤回",
}
_OPEN = (ReturnStatus.OPENED, ReturnStatus.GOODS_SENT, ReturnStatus.GOODS_RECEIVED)
_NO_GOODS = (Remedy.REFUND_ONLY, Remedy.PARTIAL_REFUND)
ATTRIBUTE_LABELS = dict(
    zip(
        ATTRIBUTES,
        (
            *("身高（厘米）", "体重（公斤）", "脚长（毫米）", "鞋码", "衣服尺码", "版型", "脚型"),
            *("喜欢的颜色", "风格", "用途", "预算（分）", "给谁买", "宠物", "过敏"),
            *("在意价格", "生日（月-日）"),
        ),
        strict=True,
    )
)


def buyer_beside(buyer: Buyer | None) -> dict[str, Any] | None:
    if buyer is None:
        return None
    return {
        "nickname": buyer.nickname,
        "orders_count": buyer.orders_count,
        "spent": price_text(buyer.spent_fen),
        "last_order_on": buyer.last_order_on.isoformat() if buyer.last_order_on else None,
        "attributes": [
            {
                "name": name,
                "label": ATTRIBUTE_LABELS.get(name, name),
                "value": attribute_shown(name, value),
            }
            for name, value in buyer.attributes
        ],
    }


def order_beside(order: Order, remarks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    receiver, parcel = order.receiver, order.parcel
    return {
        **order_shown(order),
        "total_fen": order.total_fen,
        "goods": [
            {
                "line_id": one.line_id,
                "product_id": one.product_id,
                "name": one.name,
                "kind": " ".join(filter(None, (one.colour, one.size))),
                "quantity": one.quantity,
                "price": price_text(one.unit_price_fen),
                "picture": one.picture,
            }
            for one in order.lines
        ],
        "savings": [
            f"{one.title or '议好的价'} -{price_text(one.off_fen)}" for one in order.told_savings
        ],
        "postage": price_text(order.postage_fen) if order.postage_fen else "包邮",
        "note": order.note,
        "receiver": " ".join(
            filter(None, (receiver.name, _masked(receiver.phone), _masked_place(receiver.address)))
        ),
        "may_change_address": Verb.CHANGE_RECEIVER in order.may,
        "may_change_price": order.status is OrderStatus.AWAITING_PAYMENT,
        "may_return": bool(
            order.may & {Verb.RETURN, Verb.EXCHANGE}
            or order.status in (OrderStatus.PAID, OrderStatus.PACKED)
        ),
        "ships_on": order.ships_on.isoformat() if order.ships_on else None,
        "ships_late": order.ships_late,
        "events": [
            {"at": one.at.isoformat(), "text": one.text}
            for one in (parcel.events if parcel else ())
        ][:5],
        "due_on": parcel.due_on.isoformat() if parcel else None,
        "is_late": parcel.is_late if parcel else False,
        "remarks": list(remarks),
    }


def goods_beside(product: Product) -> dict[str, Any]:
    prices = product.prices()
    return {
        "product_id": product.product_id,
        "name": product.name,
        "picture": product.picture,
        "page": product.page,
        "price": price_text(prices[0]) + ("起" if len(prices) > 1 else ""),
        "stock": sum(one.stock for one in product.skus),
        "skus": [
            {
                "kind": " ".join(filter(None, (one.colour, one.size))) or "只有一种",
                "price": price_text(product.price_of(one)),
                "stock": one.stock,
                "restock_on": one.restock_on.isoformat() if one.restock_on else None,
            }
            for one in product.skus
        ],
    }


def case_beside(case: ReturnCase) -> dict[str, Any]:
    """`may`: what the shop's people can make of it now, as values of ReturnStatus."""
    settled = ReturnStatus.EXCHANGED if not case.refund_fen else ReturnStatus.REFUNDED
    may: list[ReturnStatus] = []
    if case.status in _OPEN:
        if case.status is not ReturnStatus.GOODS_RECEIVED and case.remedy not in _NO_GOODS:
            may.append(ReturnStatus.GOODS_RECEIVED)
        may += [settled, ReturnStatus.DECLINED]
    return {
        "case_id": case.case_id,
        "order_number": case.order_number,
        "name": case.name,
        "remedy_text": REMEDY_TEXTS[case.remedy],
        "status": case.status.value,
        "status_text": CASE_TEXTS[case.status],
        "opened_at": case.opened_at.isoformat(),
        "refund": price_text(case.refund_fen) if case.refund_fen else "",
        "refund_fen": case.refund_fen,
        "photos": len(case.photos),
        "wanted": case.wanted,
        "may": [one.value for one in may],
    }


def coupon_beside(coupon: Coupon, limit: MoneyLimit) -> dict[str, Any]:
    return {
        "code": coupon.code,
        "title": coupon.title,
        "off": price_text(coupon.off_fen),
        "condition": f"满{price_text(coupon.from_fen)}可用" if coupon.from_fen else "无门槛",
        "is_within_limit": limit.coupon_fen is None or coupon.off_fen <= limit.coupon_fen,
    }


def limits_beside(limit: MoneyLimit) -> dict[str, Any]:
    return {
        "price_percent": limit.price_percent,
        "coupon": None if limit.coupon_fen is None else price_text(limit.coupon_fen),
        "refund_fen": limit.refund_fen,
    }


def in_question(
    in_view: str | None, cards: Iterable[Any], orders: Sequence[Order], most: int = 3
) -> list[str]:
    """Product ids the talk is about: what the buyer looks at, what was shown last, the last order's."""
    shown = [
        str(card.get("product_id"))
        for card in cards
        if isinstance(card, dict) and card.get("type") == "product"
    ]
    bought = [line.product_id for order in orders[:1] for line in order.lines]
    found = [*filter(None, (in_view,)), *reversed(shown), *bought]
    return list(dict.fromkeys(found))[:most]


def _masked(phone: str) -> str:
    return masked_phone(phone) if phone else ""


def _masked_place(address: str) -> str:
    return masked_address(address) if address else ""
