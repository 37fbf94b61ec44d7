"""What SKUs differ in (口味, 色号, 容量), asked about by its name or by how its values are counted."""

from __future__ import annotations

from collections.abc import Sequence

from actions.hearing.sheet import sheet_words
from bot.shop.words.fitting import plain
from bot.shop.words.goods import Product


def names_axis(text: str, product: Product) -> bool:
    """有哪些口味, 规格有哪些: what the SKUs differ in is asked about by its own name."""
    axes = ((product.colour_name, product.colours), (product.size_name, product.sizes))
    said = plain(text)
    return any(
        values and (plain(name) in said or any(one in said for one in _counted(name, values)))
        for name, values in axes
    )


def asks_which_of(text: str, axis: str) -> bool:
    """哪个口味, and 哪个色 of 色号."""
    counters = sheet_words()["which"]["of_an_axis"]
    said = (f"{counter}{axis[:1]}" for counter in counters)
    return any(
        one in text and f"有{one}" not in text for one in said
    )  # 都有什么色 asks what there is


def _counted(name: str, values: Sequence[str]) -> set[str]:
    """几米, 几瓦 of 5W, 都有什么色 of 色号: how one asks for values without their name."""
    units = {plain(value).lstrip("0123456789.") for value in values if value[:1].isdigit()}
    units |= {one for one, others in sheet_words()["same_units"].items() if units & {*others}}
    counters = sheet_words()["which"]["of_an_axis"]
    there = {f"有{counter}{name[:1]}" for counter in counters if len(counter) > 1}
    return {f"{how}{unit}" for unit in units if unit for how in sheet_words()["how_many"]} | there
