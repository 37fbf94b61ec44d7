"""Whether the reason of a follow-up still holds, asked of the shop, and the facts for its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.followups.rules import FollowUp
from bot.shop.dealing import Access, Order, OrderStatus
from bot.shop.port import Shop
from bot.shop.prices import price_text


@dataclass(frozen=True, kw_only=True)
class Occasion:
    holds: bool
    not_yet: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


class Occasions:
    def __init__(self, shop: Shop, zone: ZoneInfo) -> None:
        self._shop, self._zone = shop, zone

    async def of(self, follow_up: FollowUp) -> Occasion | None:
        """None for a kind nobody knows. Raises ShopError where the shop cannot be asked."""
        match follow_up.kind:
            case "unpaid_order":
                return await self._unpaid(follow_up)
            case "undecided":
                return await self._undecided(follow_up)
            case "restock":
                return await self._restock(follow_up)
        return None

    async def _unpaid(self, follow_up: FollowUp) -> Occasion:
        number = str(follow_up.about["order_number"])
        order = await self._shop.order(number, Access(buyer_id=follow_up.buyer_id))
        if order is None or order.status is not OrderStatus.AWAITING_PAYMENT:
            return Occasion(holds=False)
        if await self._is_replaced(order):
            return Occasion(holds=False)
        promise = await self._shop.shipping_promise()
        return Occasion(
            holds=True,
            values={
                "order_number": order.number,
                "goods": order.lines[0].name,
                "total": price_text(order.total_fen),
                "address": order.receiver.address,
                "cutoff": promise.cutoff,
                "closes": self._closes(order),
            },
        )

    async def _is_replaced(self, order: Order) -> bool:
        """The same goods were ordered anew: who took 41 for 39 does not forget to pay the 39."""
        goods = {line.product_id for line in order.lines}
        return any(
            other.created_at > order.created_at
            and other.status not in (OrderStatus.CANCELLED, OrderStatus.CLOSED)
            and goods <= {line.product_id for line in other.lines}
            for other in await self._shop.orders_of(order.buyer_id)
        )

    async def _undecided(self, follow_up: FollowUp) -> Occasion:
        product_id = str(follow_up.about.get("product_id") or "")
        product = await self._shop.product(product_id) if product_id else None
        orders = await self._shop.orders_of(follow_up.buyer_id)
        bought = any(order.created_at > follow_up.planned_at for order in orders)
        return Occasion(
            holds=not bought, values={"goods": product.name if product else "之前看的那款"}
        )

    async def _restock(self, follow_up: FollowUp) -> Occasion:
        about = follow_up.about
        product = await self._shop.product(str(about["product_id"]))
        if product is None:
            return Occasion(holds=False)
        is_back = any(
            sku.stock > 0
            for sku in product.skus
            if (not about.get("colour") or sku.colour == about["colour"])
            and (not about.get("size") or sku.size == about["size"])
        )
        wanted = " ".join(str(about[key]) for key in ("colour", "size") if about.get(key))
        return Occasion(
            holds=True, not_yet=not is_back, values={"goods": product.name, "wanted": wanted}
        )

    def _closes(self, order: Order) -> str:
        if order.pays_until is None:
            return "稍后"
        return f"{order.pays_until.astimezone(self._zone):%m月%d日 %H:%M}"
