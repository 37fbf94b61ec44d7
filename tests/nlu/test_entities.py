"""Every phrase of entities.yml yields exactly the entities that stand beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu.catalogue import Catalogue, PlainTerm
from bot.nlu.entities import CUE, EntityRules
from bot.nlu.normalise import normalise

AMOUNT = "amount"
UNIT = "unit"  # the measure word of a quantity; a test of its own
TODAY = date(2026, 11, 21)
TABLE = yaml.safe_load(Path(__file__).with_name("entities.yml").read_text(encoding="utf-8"))
CATALOGUE = Catalogue(
    "test",
    [
        PlainTerm(text, entity, value)
        for entity, values in TABLE.pop("catalogue").items()
        for value, texts in values.items()
        for text in texts
    ],
)
PHRASES = [
    pytest.param(phrase, expected, id=f"{group}: {phrase}")
    for group, rows in TABLE.items()
    for row in rows
    for phrase, expected in row.items()
]


@pytest.fixture(scope="module")
def rules() -> EntityRules:
    return EntityRules()


def found(rules: EntityRules, phrase: str) -> dict[str, list[Any]]:
    values: dict[str, list[Any]] = {}
    for one in rules.find(normalise(phrase), TODAY, CATALOGUE):
        if one.entity in (CUE, AMOUNT):  # tests/nlu/cues.yml, tests/nlu/test_amounts.py
            continue
        details = {name: value for name, value in one.details if name != UNIT}
        told = {"value": one.value, **details} if details else one.value
        values.setdefault(one.entity, []).append(told)
    return values


@pytest.mark.parametrize(("phrase", "expected"), PHRASES)
def test_a_phrase_yields_its_entities_and_no_others(
    rules: EntityRules, phrase: str, expected: dict[str, Any]
) -> None:
    wanted = {
        name: value if isinstance(value, list) else [value] for name, value in expected.items()
    }
    assert found(rules, str(phrase)) == wanted, phrase


def test_the_table_holds_at_least_250_phrases() -> None:
    assert len(PHRASES) >= 250


def test_offsets_point_at_the_words_in_the_normalised_text(rules: EntityRules) -> None:
    text = normalise("我要２双  ３８碼，發順豐")
    found = [one for one in rules.find(text, TODAY, CATALOGUE) if one.entity != CUE]
    spans = {one.entity: text[one.start : one.end] for one in found}
    assert spans == {"quantity": "2双", "size": "38码", "courier": "顺丰"}


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("成都要不要邮费", {"postage"}),
        ("两双都要", {"both", "the_two"}),
        ("气罐漏气了", {"unsafe_goods"}),
    ],
)
def test_a_cue_across_the_border_of_a_value_is_chance(
    rules: EntityRules, text: str, heard: set[str]
) -> None:
    cues = {one.value for one in rules.find(text, TODAY, CATALOGUE) if one.entity == CUE}
    assert cues == heard


@pytest.mark.parametrize(
    ("phrase", "unit"), [("再加一双", "双"), ("要2件", "件"), ("减一顶", "顶"), ("x3", None)]
)
def test_a_quantity_keeps_its_measure_word(
    rules: EntityRules, phrase: str, unit: str | None
) -> None:
    told = rules.find(normalise(phrase), TODAY, CATALOGUE)
    [quantity] = [one for one in told if one.entity == "quantity"]
    assert dict(quantity.details).get(UNIT) == unit
