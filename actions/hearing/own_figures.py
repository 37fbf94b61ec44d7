"""多少克, 多大容量: a figure of the goods themselves, wherever their data tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.amounts import amounts
from bot.shop.words.goods import Product

_TOPIC_OF = {"mass": "weight", "volume": "measures"}


def figure_asked(text: str, product: Product, asked: Mapping[str, Sequence[str]]) -> str:
    """多少克, 多大容量: the line that tells such a figure of the goods themselves, else their name
    or what the parcel weighs; "" where none is asked or nothing tells."""
    for of, words in asked.items():
        if not any(word in text for word in words):
            continue
        topic = _TOPIC_OF.get(of, "")
        first = [fact] if (fact := product.fact(topic)) else []
        for line in (*first, *product.selling_points, product.name):
            if any(one.of == of for one in amounts(line)):
                return line
        if of == "mass" and product.weight_g:
            return f"连包装约{product.weight_g}克"
    return ""
