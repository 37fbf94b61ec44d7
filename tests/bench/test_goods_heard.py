"""The score of goods that are heard counts what it says it counts."""

from __future__ import annotations

from datetime import date

from bench.goods_heard import Score, score
from bot.nlu.entities import EntityRules

ROWS: list[dict[str, object]] = [
    {"text": "我买的除螨仪坏了", "goods": ["除螨仪"]},
    {"text": "这种叫叫棒的有吗", "goods": ["叫叫棒"]},
    {"text": "键盘声音大吗", "also": ["键盘"]},
    {"text": "茶叶什么时候到"},
    {"text": "东西什么时候到"},
]


def test_lines_words_and_wrong_ones_are_counted() -> None:
    told = score(ROWS, EntityRules(), date(2026, 11, 21))
    assert told == Score(lines=5, naming=2, found=1, heard=3, right=2)
