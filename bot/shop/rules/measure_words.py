"""The measure words by which goods are counted (双 for shoes and socks, 顶 for hats and tents).

The words are data (data/patterns/measure_words.yml); here stands only what they decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from bot.read_once import read_once
from bot.shop.words.goods import Product

MEASURE_WORDS_FILE = Path(__file__).resolve().parents[3] / "data" / "patterns" / "measure_words.yml"


@read_once
def _endings() -> dict[str, tuple[str, ...]]:
    raw: dict[str, list[str]] = yaml.safe_load(MEASURE_WORDS_FILE.read_text(encoding="utf-8"))
    return {word: tuple(endings) for word, endings in raw.items()}


def is_counted_by(product: Product, word: str) -> bool:
    """Whether `word` is the measure word of these goods; False for words that count anything."""
    return product.kind.endswith(_endings().get(word, ("\0",)))


def counted_by(products: Sequence[Product], word: str) -> list[int]:
    """Places of the goods that `word` counts, where it tells them from the others; else []."""
    places = [at for at, product in enumerate(products) if is_counted_by(product, word)]
    return places if len(places) < len(products) else []


WORD_LISTS = (_endings,)
