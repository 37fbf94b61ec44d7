"""Phrases are found where buyers type blanks and stickers into them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import normalise
from bot.nlu.phrases import Phrase, PhraseBook

BOOK = PhraseBook(
    [
        Phrase("冲锋衣", "kind", "冲锋衣"),
        Phrase("新疆", "region", "新疆"),
        Phrase("sf", "courier", "顺丰"),
        Phrase("free size", "size", "均码"),
        Phrase("gtx 徒步鞋", "product", "gtx"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("冲锋 衣有吗", ["冲锋衣"]),
        ("冲 锋 衣", ["冲锋衣"]),
        ("冲锋😀衣还有货不", ["冲锋衣"]),
        ("新 疆包邮吗", ["新疆"]),
        ("新[微笑]疆能发不", ["新疆"]),
        ("free size的", ["均码"]),
        ("freesize的", ["均码"]),
        ("gtx徒步鞋", ["gtx"]),
        ("gtx 徒步 鞋", ["gtx"]),
        ("s f能发吗", []),
        ("sf能发吗", ["顺丰"]),
        ("新\n疆", []),
        ("冲锋，衣", []),
    ],
)
def test_blanks_part_no_chinese_word(typed: str, values: list[str]) -> None:
    assert [one.value for one in BOOK.find(normalise(typed))] == values


def test_offsets_span_the_blank() -> None:
    (one,) = BOOK.find("要冲锋 衣吗")
    assert (one.start, one.end) == (1, 5)


@given(st.text(alphabet=["冲", "锋", "衣", "新", "疆", "s", "f", " ", "\n", "\0"], max_size=12))
def test_no_text_makes_the_book_fail(text: str) -> None:
    for one in BOOK.find(text):
        assert text[one.start : one.end].strip()
