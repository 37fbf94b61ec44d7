"""Which part of a line that puts something right is what the buyer means."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.corrections import meant_part

TENT, BAG = ("kind", "帐篷"), ("kind", "睡袋")


def read(text: str, *values: tuple[str, str, str]) -> dict[str, Any]:
    """(entity, value, the words it stands for)"""
    return {
        "entities": [
            {
                "entity": name,
                "value": value,
                "start": text.index(said),
                "end": text.index(said) + len(said),
            }
            for name, value, said in values
        ]
    }


DENIED = ("cue", "instead", "不是")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("不是帐篷 我说的睡袋", "我说的睡袋"),
        ("我说的睡袋 不是帐篷", "我说的睡袋"),
        ("是不是帐篷和睡袋一起买便宜", ""),  # only asks
        ("不是说帐篷送睡袋吗", ""),  # denies no goods
    ],
)
def test_goods_that_are_denied_leave_the_others(text: str, meant: str) -> None:
    assert meant_part(read(text, DENIED, (*TENT, "帐篷"), (*BAG, "睡袋")), text) == meant


def test_a_denial_that_names_no_other_goods_is_left_to_the_rules() -> None:
    assert meant_part(read("不是帐篷吗", DENIED, (*TENT, "帐篷")), "不是帐篷吗") == ""
