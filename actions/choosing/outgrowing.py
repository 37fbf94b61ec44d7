"""能穿多久会小: nobody knows how fast a child grows; what the chart leaves of room is known."""

from __future__ import annotations

from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import size_text
from actions.hearing.context import talk_of
from actions.orders.asking import wait_for
from bot.shop.words.goods import Product, SizeRow

_MEASURES = (("foot_mm", "脚长", "毫米"), ("height_cm", "身高", "厘米"))


async def tell_room_to_grow(chat: Chat) -> bool:
    """False where the line does not ask it, or no goods with a chart are talked of."""
    if not hears(chat.turn, "outgrow"):
        return False
    product = (await talk_of(chat)).product
    if product is None or product.size_chart is None:
        return False
    row = _row(chat, product)
    body = chat.slot("size_measures") or {}
    for name, what, unit in _MEASURES:
        span, told = getattr(row, name, None), chat.turn.value(name) or body.get(name)
        if span is None or told is None or float(told) > span[1]:
            continue
        values: dict[str, Any] = {"what": what, "unit": unit, "top": f"{span[1]:g}"}
        values |= {"now": f"{float(told):g}", "room": f"{span[1] - float(told):g}"}
        chat.reply("utter_room_to_grow", size=size_text(row.size if row else ""), **values)
        return True
    wait_for(chat, "measures", "size", "utter_room_unknown")
    return True


def _row(chat: Chat, product: Product) -> SizeRow | None:
    """Of the size said now, else of the one that was advised or chosen."""
    size = str(chat.turn.value("size") or chat.slot("size_in_talk") or "")
    rows = product.size_chart.rows if product.size_chart is not None else ()
    return next((row for row in rows if row.size == size), None)
