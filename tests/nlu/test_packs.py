"""Sizes that are measures, and parts of coded names, are found however buyers type them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.catalogue import Catalogue, PlainTerm
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise
from bot.shop.embedded.catalogue import part_words

RULES = EntityRules()
NUTS = Catalogue(
    "nuts", [PlainTerm(size, "size", size) for size in ("250g", "500g", "5kg", "30包")]
)


def _sizes(text: str, catalogue: Catalogue = NUTS) -> list[str]:
    found = RULES.find(normalise(text), date(2026, 11, 28), catalogue)
    return [one.value for one in found if one.entity == "size"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500g的多少钱", "500g"),
        ("５００Ｇ有货吗", "500g"),
        ("500克的呢", "500g"),
        ("要一斤的", "500g"),
        ("半斤装有吗", "250g"),
        ("5公斤的", "5kg"),
        ("30包的还有吗", "30包"),
        ("750g的有吗", "750g"),
    ],
)
def test_a_measure_is_the_shops_size_or_said_back(text: str, size: str) -> None:
    assert _sizes(text) == [size]


def test_without_sizes_of_that_kind_a_weight_is_none() -> None:
    shoes = Catalogue("shoes", [PlainTerm("42", "size", "42")])
    assert _sizes("我58公斤", shoes) == []
    assert _sizes("有42吗", shoes) == ["42"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("01豆沙色", ("豆沙色", "豆沙")),
        ("M101 奶茶裸", ("奶茶裸", "M101")),
        ("N20自然", ("自然", "N20")),
        ("曜石黑", ()),
        ("500g", ()),
    ],
)
def test_a_coded_value_is_known_by_its_parts(value: str, words: tuple[str, ...]) -> None:
    assert part_words(value) == words
