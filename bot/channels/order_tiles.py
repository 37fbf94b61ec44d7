"""A buyer's orders as tiles to press before the first word: a press asks how that one stands."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.channels.errors import ApiError
from bot.channels.facts import Moment
from bot.channels.keys import SHOP
from bot.conversations.messages import Incoming
from bot.shop.words.status_words import STATUS_TEXTS

_AT_ONCE = 3  # as many as leave room for the questions


def tiles(moment: Moment) -> list[dict[str, Any]]:
    """Orders that something is going on with, the newest first."""
    return [
        {
            "number": order.number,
            "name": order.lines[0].name if order.lines else "",
            "pieces": sum(line.quantity for line in order.lines),
            "picture": order.lines[0].picture if order.lines else "",
            "status_text": STATUS_TEXTS[order.status],
        }
        for order in moment.astir[:_AT_ONCE]
    ]


async def asked_of_order(app: web.Application, own_id: str, buyer_id: str, number: str) -> Incoming:
    """The message of a pressed tile. Raises ApiError for an order that is not this buyer's."""
    if number not in {order.number for order in await app[SHOP].orders_of(buyer_id)}:
        raise ApiError(404, "unknown_order", "没有找到这笔订单")
    return Incoming(
        message_id=own_id,
        text=f"订单 {number} 怎么样了",
        payload={"intent": "order_status", "entities": {"order_number": number}},
    )
