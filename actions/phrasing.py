"""How prices, days and goods are written in replies and on cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.shop.prices import price_text
from bot.shop.quotes import SavedBy, Saving

__all__ = ["day_text", "join_text", "less_text", "price_text", "size_text", "sku_text"]


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


def less_text(savings: Sequence[Saving]) -> str:
    """活动「换季满599减40」减40元、用券「满499减20」减20元; "" where nothing takes anything off."""
    names = {SavedBy.BARGAIN: "议好的价", SavedBy.CAMPAIGN: "活动", SavedBy.COUPON: "用券"}
    return join_text(
        [
            f"{names[saving.by]}{f'「{saving.title}」' if saving.title else ''}"
            f"减{price_text(saving.off_fen)}"
            for saving in savings
            if saving.off_fen
        ]
    )
