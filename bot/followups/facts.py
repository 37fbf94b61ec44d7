"""The values for a follow-up's words: what `{…}` may stand for is said in kinds.SUBJECTS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.followups.endings import Case
from bot.shop.words.dealing import Order, OrderStatus
from bot.shop.words.goods import Product
from bot.shop.words.port import Shop
from bot.shop.words.prices import price_text
from bot.shop.words.quotes import SavedBy

_MOST_NAMED = 3  # orders that one message tells apart


async def facts_of(shop: Shop, case: Case, zone: ZoneInfo) -> dict[str, Any]:
    """Raises ShopError."""
    match case.subject:
        case "order" if case.order is not None:
            return await _of_order(shop, case, case.order, zone)
        case "product":
            return _of_product(case)
        case "case":
            return _of_return(case)
        case "buyer":
            buyer = await shop.buyer(case.follow_up.buyer_id)
            return {"nickname": (buyer.nickname if buyer else "") or "亲"}
        case "promise":
            about = case.follow_up.about
            due_at = datetime.fromisoformat(str(about["due_at"]))
            return {"promised": about.get("promised", ""), "due": moment_text(due_at, zone)}
    return {}


async def facts_of_several(shop: Shop, cases: Sequence[Case], zone: ZoneInfo) -> dict[str, Any]:
    """Of orders that are told of in one message. Raises ShopError."""
    orders = [case.order for case in cases if case.order is not None]
    named = [f"{goods_text(order)}({price_text(order.total_fen)})" for order in orders]
    closing = [order.pays_until for order in orders if order.pays_until is not None]
    listed = "、".join(named[:_MOST_NAMED])
    promise = await shop.shipping_promise()
    return {
        "count": len(orders),
        "list": f"{listed}等" if len(named) > _MOST_NAMED else listed,
        "totals": price_text(sum(order.total_fen for order in orders)),
        "order_number": orders[0].number,
        "cutoff": promise.cutoff,
        "ships": day_text(promise.ships_on),
        "closes": moment_text(min(closing, default=None), zone),
    }


async def _of_order(shop: Shop, case: Case, order: Order, zone: ZoneInfo) -> dict[str, Any]:
    promise = await shop.shipping_promise()
    parcel = order.parcel
    product, about = case.product, case.follow_up.about
    return {
        "order_number": order.number,
        "goods": goods_text(order),
        "total": price_text(order.total_fen),
        "address": order.receiver.address,
        "cutoff": promise.cutoff,
        "ships": day_text(promise.ships_on),  # when paid now
        "campaign": await _campaign(shop, order),
        "closes": moment_text(order.pays_until, zone),
        "courier": parcel.courier if parcel else "快递",
        "due": day_text(parcel.new_due_on or parcel.due_on) if parcel else "这几天",
        "amends": f"（送您一张{order.amends}）" if order.amends else "",
        "why": (parcel.delay_reason if parcel else "") or "路上比平时慢",
        "fitting": await _fitting(shop, order, product),
        "care": _care(product),
        "stars": about.get("stars", ""),
        "note": f"{about.get('stars', '')}星：{about.get('text', '')}" if "stars" in about else "",
    }


async def _campaign(shop: Shop, order: Order) -> str:
    """Until when what made an unpaid order cheaper can be had; "" where nothing did, or no day is known."""
    titles = {one.title for one in order.savings if one.by is SavedBy.CAMPAIGN}
    if not titles or order.status is not OrderStatus.AWAITING_PAYMENT:
        return ""
    ending = {one.title: one.ends_on for one in await shop.promotions() if one.ends_on is not None}
    told = [
        f"，「{title}」到{day_text(ending[title])}为止" for title in sorted(titles & set(ending))
    ]
    return told[0] if told else ""


async def _fitting(shop: Shop, order: Order, product: Product | None) -> str:
    """One thing that goes with what was bought and can be had; "" where there is none."""
    bought = {line.product_id for line in order.lines}
    for product_id in product.goes_with if product else ():
        fitting = await shop.product(product_id)
        if fitting and product_id not in bought and any(sku.stock > 0 for sku in fitting.skus):
            return fitting.name
    return ""


def _care(product: Product | None) -> str:
    if product is None:
        return ""
    return (product.fact("care") or product.fact("usage") or "").rstrip("。！!；; ")


def _of_product(case: Case) -> dict[str, Any]:
    product, about = case.product, case.follow_up.about
    wanted = " ".join(str(about[key]) for key in ("colour", "size") if about.get(key))
    before = about.get("before_fen")
    return {
        "goods": product.name if product else "之前看的那款",
        "product_id": product.product_id if product else "",
        "wanted": wanted,
        "price": price_text(product.price_fen) if product else "",
        "before": price_text(before) if isinstance(before, int) else "",
    }


def _of_return(case: Case) -> dict[str, Any]:
    case_id = case.follow_up.about.get("case_id")
    found = next((one for one in case.returns if one.case_id == case_id), None)
    return {
        "order_number": found.order_number if found else "",
        "goods": found.name if found else "",
        "refund": price_text(found.refund_fen) if found else "",
    }


def goods_text(order: Order) -> str:
    more = len(order.lines) - 1
    return f"{order.lines[0].name}等{more + 1}样" if more else order.lines[0].name


def moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    return "稍后" if moment is None else f"{moment.astimezone(zone):%m月%d日 %H:%M}"


def day_text(day: date) -> str:
    return f"{day.month}月{day.day}日"
