"""Amounts are read alike in a buyer's line and in a sheet, in one basic unit."""

from __future__ import annotations

from datetime import date

import pytest

from bot.amounts import amounts
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("零下5度冷不冷", ("temperature", -5, -5)),
        ("-10到-20度", ("temperature", -20, -10)),
        ("哈尔滨零下二十几度", ("temperature", -20, -20)),
        ("能装2升水吗", ("volume", 2, 2)),
        ("750ml的", ("volume", 0.75, 0.75)),
        ("15.6寸电脑", ("screen", 15.6, 15.6)),
        ("两个人够睡吗", ("persons", 2, 2)),
        ("双人帐篷", ("persons", 2, 2)),
        ("身高一米五五到一米八五", ("length", 155, 185)),
        ("头围 55 到 60 厘米", ("length", 55, 60)),
        ("续航 90 分钟", ("duration", 1.5003, 1.5003)),
        ("3到6岁", ("age", 3, 6)),
    ],
)
def test_an_amount_is_read(text: str, read: tuple[str, float, float]) -> None:
    assert [(one.of, one.low, one.high) for one in amounts(text)] == [read]


@pytest.mark.parametrize("text", ["10gb的", "5度电", "没有数", "38码", "3折", "第2个"])
def test_what_measures_nothing_is_none(text: str) -> None:
    assert [one for one in amounts(text) if one.of != "temperature"] == []


def test_a_buyers_height_and_size_stay_what_they_are() -> None:
    found = EntityRules().find(normalise("我175 140斤穿XL 零下5度冷不冷"), date(2026, 11, 21))
    told = {one.entity: one.value for one in found if one.entity != "cue"}
    assert told["height_cm"] == 175 and told["weight_kg"] == 70
    assert told["amount"] == -5
