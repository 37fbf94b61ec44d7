"""How prices, days and goods are written in replies and on cards."""

from __future__ import annotations

from datetime import date

from bot.shop.prices import price_text

__all__ = ["day_text", "join_text", "price_text", "size_text", "sku_text"]


def day_text(day: date) -> str:
    return f"{day.month}月{day.day}日"


def size_text(size: str) -> str:
    """38 → 38码, 均码 → 均码, "" → ""."""
    return size if not size or size.endswith("码") else f"{size}码"


def sku_text(colour: str, size: str) -> str:
    """黑色39码; leaves out what a product has only one of."""
    colour, size = colour.removeprefix("单色"), size.removeprefix("均码")
    return f"{colour}{size_text(size)}"


def join_text(parts: list[str] | tuple[str, ...]) -> str:
    return "、".join(part for part in parts if part)
