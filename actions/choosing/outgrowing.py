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
    row, rows = _row(chat, product), product.size_chart.rows
    body = chat.slot("size_measures") or {}
    for name, what, unit in _MEASURES:
        told = chat.turn.value(name) or body.get(name)
        if told is None:
            continue
        now = float(told)
        covering = next((one for one in rows if _top(one, name) >= now), None)
        chosen = row if row is not None and _top(row, name) >= now else covering
        if chosen is None:
            continue
        top = _top(chosen, name)
        values: dict[str, Any] = {"what": what, "unit": unit, "top": f"{top:g}", "now": f"{now:g}"}
        values |= {"size": size_text(chosen.size), "room": f"{top - now:g}"}
        if row is not None and chosen is not row and _top(row, name) > 0:
            chat.reply("utter_no_room_left", small=size_text(row.size), **values)
        else:
            chat.reply("utter_room_to_grow", **values)
        return True
    wait_for(chat, "measures", "size", "utter_room_unknown")
    return True


def _row(chat: Chat, product: Product) -> SizeRow | None:
    """Of the size said now, else of the one that was advised or chosen."""
    size = str(chat.turn.value("size") or chat.slot("size_in_talk") or "")
    rows = product.size_chart.rows if product.size_chart is not None else ()
    return next((row for row in rows if row.size == size), None)


def _top(row: SizeRow, name: str) -> float:
    """Up to where the row goes; 0 where it does not count that measure."""
    span: tuple[float, float] | None = getattr(row, name)
    return span[1] if span is not None else 0.0
