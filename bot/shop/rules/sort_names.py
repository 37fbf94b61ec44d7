"""How buyers call a sort of goods: 鞋子 and 鞋类 are 鞋, 壳 is 手机壳 where the shop sells no other.

The words are data (data/patterns/sorts.yml); here stands only when they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.read_once import read_once
from bot.shop.words.goods import Product

SORTS_FILE = Path(__file__).resolve().parents[3] / "data" / "patterns" / "sorts.yml"


@dataclass(frozen=True)
class _Lists:
    other_names: dict[str, list[str]]
    alone: str
    with_zi: str
    never_with_zi: str
    wider: dict[str, list[str]]


@read_once
def _lists() -> _Lists:
    content: dict[str, Any] = yaml.safe_load(SORTS_FILE.read_text(encoding="utf-8"))
    return _Lists(**content)


def names_of(sort: str) -> tuple[str, ...]:
    """A category or kind by its own name, and how else buyers call it."""
    return (sort, *_lists().other_names.get(sort, ()))


def wider_names(kind: str) -> tuple[str, ...]:
    """外套 of 冲锋衣: sorts of goods that hold several kinds, and fewer than a category."""
    return tuple(name for name, kinds in _lists().wider.items() if kind in kinds)


def is_of_kind(product: Product, kind: str) -> bool:
    """By the shop's own name for the sort, or by a wider one."""
    return kind == product.kind or kind in wider_names(product.kind)


def short_names(products: Iterable[Product]) -> Iterator[tuple[str, str, str]]:
    """(word, kind or category, which): last characters by which one sort of the shop is named."""
    lists = _lists()
    by_head: dict[str, list[Product]] = {}
    for product in products:
        by_head.setdefault(product.kind.removesuffix("子")[-1:], []).append(product)
    for head, named in by_head.items():
        kinds = {product.kind for product in named}
        categories = {product.category for product in named}
        if len(kinds) == 1:
            (kind,) = kinds
            if head in lists.alone and head:
                yield head, "kind", kind
            if kind[-1:] in lists.with_zi and not kind.startswith(tuple(lists.never_with_zi)):
                yield f"{kind[-1]}子", "kind", kind
        elif len(categories) == 1 and head in lists.alone:
            yield head, "category", next(iter(categories))


WORD_LISTS = (_lists,)
