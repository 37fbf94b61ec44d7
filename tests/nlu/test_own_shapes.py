"""A size or model of the shop's own shape that it has not is heard as one, never as the last one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.catalogue import Catalogue, PlainTerm
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise

RULES = EntityRules()
SHOP = Catalogue(
    "shapes",
    [
        *(
            PlainTerm(one, "size", one)
            for one in (
                "远川 15",
                "远川 15 Pro",
                "远川 15 Pro Max",
                "星河 14",
                "500g",
                "XL",
                "30包",
            )
        ),
        *(PlainTerm(one, "colour", one) for one in ("M4", "M5", "每盒10片", "N10瓷白")),
    ],
)


def _said(text: str) -> list[str]:
    found = RULES.find(normalise(text), date(2026, 11, 28), SHOP)
    return [one.value for one in found if one.entity in ("size", "colour")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("有远川16的壳吗", "远川 16"),
        ("远川16pro有没有", "远川 16 Pro"),
        ("远川15 Ultra能用吗", "远川 15 ultra"),
        ("星河15", "星河 15"),
        ("M8的有吗", "M8"),
        ("m10多少钱", "M10"),
        ("N50有吗", "N50"),
    ],
)
def test_what_the_shop_has_not_is_said_back_in_its_spelling(text: str, value: str) -> None:
    assert _said(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("远川15promax透明的", "远川 15 Pro Max"),
        ("远川15的", "远川 15"),
        ("M5的多少钱", "M5"),
        ("每盒10片的", "每盒10片"),
        ("N10瓷白", "N10瓷白"),
    ],
)
def test_what_the_shop_has_stays_what_it_is(text: str, value: str) -> None:
    assert _said(text) == [value]


@pytest.mark.parametrize("text", ["来20包", "A5纸有吗", "我要2个", "到远川路15号", "16号能到吗"])
def test_other_words_are_no_sizes(text: str) -> None:
    assert [one for one in _said(text) if one not in ("XL", "500g", "30包")] == []
