"""The shop on our own database; its verbs stand in the two counters."""

from __future__ import annotations

from bot.shop.goods_counter import GoodsCounter
from bot.shop.order_counter import OrderCounter


class EmbeddedShop(GoodsCounter, OrderCounter):
    """Implements `bot.shop.port.Shop` on a `Database`; `clock` gives aware datetimes."""
