"""What is written of goods is told clause by clause."""

from __future__ import annotations

import pytest

from bot.shop.rules.speaking import clauses_of


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("约 1.2 公斤（L 码，含内胆）", ["约 1.2 公斤（L 码，含内胆）"]),
        ("面料透气，不防水；可机洗", ["面料透气", "不防水", "可机洗"]),
        ("少一个括号)，照样切", ["少一个括号)", "照样切"]),
        ("", []),
    ],
)
def test_what_stands_in_brackets_is_not_cut(text: str, clauses: list[str]) -> None:
    assert clauses_of(text) == clauses
