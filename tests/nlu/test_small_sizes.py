"""Sizes without 码 that only a shop which makes them has: 睡袋90, 90和100; 100片 and 100元 are none."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.catalogue import Catalogue, PlainTerm
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise

SHOP = Catalogue(
    "v",
    [
        PlainTerm("睡袋", "product", "bag"),
        *(PlainTerm(one, "size", one) for one in ("59", "66", "73", "90", "100")),
    ],
)


@pytest.fixture(scope="module")
def rules() -> EntityRules:
    return EntityRules()


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("睡袋90多少钱", ["90"]),
        ("睡袋90和100差多少钱", ["90", "100"]),
        ("90还是100好", ["90", "100"]),
        ("100的有吗", ["100"]),
        ("66码的有吗", ["66"]),
        ("73码", ["73"]),
        ("睡袋100片装的", []),
        ("睡袋100元有吗", []),
        ("送朋友 100左右", []),
        ("110的有吗", []),
        ("我一百三十斤", []),
    ],
)
def test_a_size_of_childrens_clothes(rules: EntityRules, text: str, sizes: list[str]) -> None:
    found = rules.find(normalise(text), date(2026, 11, 21), SHOP)
    assert [one.value for one in found if one.entity == "size"] == sizes
