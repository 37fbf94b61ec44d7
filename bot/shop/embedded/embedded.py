"""The shop on our own database; its verbs stand in the three counters."""

from __future__ import annotations

from bot.shop.embedded.goods_counter import GoodsCounter
from bot.shop.embedded.happening_counter import HappeningCounter
from bot.shop.embedded.return_counter import ReturnCounter


class EmbeddedShop(GoodsCounter, ReturnCounter, HappeningCounter):
    """Implements `bot.shop.words.port.Shop` on a `Database`; `clock` gives aware datetimes."""
