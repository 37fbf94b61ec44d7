"""A choice that is made is heard by its grammar; what is still asked or denied is none."""

from __future__ import annotations

import pytest

from bot.nlu.settling import settled


@pytest.mark.parametrize(
    "line",
    [
        "就酒红m吧",
        "算了还是37吧",
        "鞋就康步吧 酒红有吗",
        "那黑色l吧",
        "就小溪吧,灰色",
        "拿蓝的得了",
        "那就刻字款",
    ],
)
def test_a_choice_that_is_made_is_heard(line: str) -> None:
    assert [one.value for one in settled(line)] == ["settles"]


@pytest.mark.parametrize(
    "line",
    [
        "那就多少钱",
        "就这些吗",
        "还是37好吗",
        "那怎么办",
        "就多少钱吧",
        "就问一下",
        "酒红m有吗",
        "还是不行吧",
    ],
)
def test_what_is_still_open_settles_nothing(line: str) -> None:
    assert list(settled(line)) == []
