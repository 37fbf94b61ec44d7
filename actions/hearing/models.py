"""Which model a buyer asks about, and those that a product is for."""

from __future__ import annotations

from dataclasses import dataclass

from actions.hearing.sheet import sheet_words
from bot.shop.words.fitting import models_in, names_model, parts_of
from bot.shop.words.goods import Product


@dataclass(frozen=True)
class Models:
    """A model that a buyer asks about, and those that the shop wrote the product is for."""

    asked: str
    is_named: bool
    written: tuple[str, ...]


def models_asked(text: str, product: Product) -> Models | None:
    """None where no model is asked about, or the shop wrote no list of them."""
    columns = tuple(sheet_words()["models"])
    lists = [fact for name, fact in product.sheet if any(one in name for one in columns)]
    written = tuple(part for one in lists for part in parts_of(one))
    names_models = any(models_in(part) for part in written)
    asked = models_in(text) if names_models else []  # 手机、平板可用 is no list of models
    if not asked:
        return None
    named = next((part for part in written if names_model([part], asked[0])), "")
    return Models(named or asked[0], bool(named), written)
