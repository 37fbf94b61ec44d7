"""How prices, days and goods are written in replies and on cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.shop.rules.sizing import is_worn_size
from bot.shop.words.goods import Product
from bot.shop.words.prices import price_text
from bot.shop.words.quotes import SavedBy, Saving

__all__ = [
    "axes_text",
    "day_text",
    "from_text",
    "join_text",
    "less_text",
    "price_text",
    "prices_text",
    "size_text",
    "sku_text",
]
_MOST_PRICES = 6  # told one by one; of more the lowest and the highest


def day_text(day: date) -> str:
    return f"{day.month}月{day.day}日"


def size_text(size: str) -> str:
    """38 → 38码, XL → XL码; what is no size of shoes or clothes is left as the shop writes it."""
    return f"{size}码" if is_worn_size(size) else size


def sku_text(colour: str, size: str) -> str:
    """黑色39码; leaves out what a product has only one of."""
    colour, size = colour.removeprefix("单色"), size.removeprefix("均码")
    is_latin = f"{colour[-1:]}{size[:1]}".isascii() and colour and size
    return f"{colour}{' ' if is_latin else ''}{size_text(size)}"


def axes_text(product: Product) -> str:
    """颜色和尺码, 口味: what is to be chosen of this product; 规格 where it has but one SKU."""
    chosen = [
        name
        for name, values in (
            (product.colour_name, product.colours),
            (product.size_name, product.sizes),
        )
        if len(values) > 1
    ]
    return "和".join(chosen) or product.size_name


def from_text(product: Product, colour: str = "", size: str = "") -> str:
    """29.9元, or 29.9元起 where what is meant has several prices."""
    prices = product.prices(colour, size)
    return f"{price_text(prices[0])}{'起' if len(prices) > 1 else ''}"


def prices_text(product: Product, colour: str = "", size: str = "") -> str:
    """250g 29.9元、500g 52元: by what makes the difference; 29.9元到80元 where it is a long list."""
    meant = product.skus_like(colour, size)
    for name in ("size", "colour"):
        by_value: dict[str, set[int]] = {}
        for sku in meant:
            by_value.setdefault(getattr(sku, name), set()).add(product.price_of(sku))
        if len(by_value) <= _MOST_PRICES and all(len(fens) == 1 for fens in by_value.values()):
            texts = [
                f"{size_text(value) if name == 'size' else value} {price_text(min(fens))}"
                for value, fens in by_value.items()
            ]
            return join_text(texts)
    prices = product.prices(colour, size)
    return f"{price_text(prices[0])}到{price_text(prices[-1])}"


def join_text(parts: list[str] | tuple[str, ...]) -> str:
    return "、".join(part for part in parts if part)


def less_text(savings: Sequence[Saving]) -> str:
    """活动「换季满599减40」减40元、用券「满499减20」减20元; "" where nothing takes anything off."""
    names = {
        SavedBy.BARGAIN: "议好的价",
        SavedBy.CAMPAIGN: "活动",
        SavedBy.COUPON: "用券",
        SavedBy.AGENT: "客服",
    }
    return join_text(
        [
            f"{names[saving.by]}{f'「{saving.title}」' if saving.title else ''}"
            f"减{price_text(saving.off_fen)}"
            for saving in savings
            if saving.off_fen
        ]
    )
