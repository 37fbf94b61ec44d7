"""What a buyer has ordered since a moment, for turns that did it and were lost before they told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from actions.frame.cards import order_card
from actions.frame.phrasing import price_text
from bot.conversations.ports import Deed
from bot.shop.words.errors import ShopUnavailable
from bot.shop.words.port import Shop

log = structlog.get_logger(__name__)

_MOST_ORDERS = 50  # of one buyer that are looked at


class ShopDeeds:
    """Implements `conversations.ports.Deeds`."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def since(self, buyer_id: str, moment: datetime) -> Sequence[Deed]:
        try:
            orders = await self._shop.orders_of(buyer_id, limit=5)
        except ShopUnavailable:
            log.warning("deeds.unknown")  # told or not: the order itself is safe at the shop
            return ()
        new = [order for order in orders if order.created_at >= moment]
        deeds = []
        for order in sorted(new, key=lambda order: order.created_at):
            deeds.append(
                Deed(
                    number=order.number,
                    total=price_text(order.total_fen),
                    card=order_card(order),
                )
            )
        return deeds

    async def placed(self, buyer_id: str, since: datetime, until: datetime) -> Sequence[str] | None:
        try:
            orders = await self._shop.orders_of(buyer_id, limit=_MOST_ORDERS)
        except ShopUnavailable:
            return None
        placed = [order for order in orders if since <= order.created_at <= until]
        return [order.number for order in sorted(placed, key=lambda order: order.created_at)]
