"""A choice that is made is heard by its grammar; what is still asked or denied is none."""

from __future__ import annotations

import pytest

from bot.nlu.found import Found
from bot.nlu.settling import comes_along, settled


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


@pytest.mark.parametrize("line", ["送地钉吗", "还送防雨罩么", "杯子送杯刷不送", "会送充电线吗?"])
def test_a_thing_that_is_asked_to_come_along_is_heard(line: str) -> None:
    assert [one.value for one in comes_along(line, [])] == ["comes_along"]


@pytest.mark.parametrize(
    "line",
    [
        "送货上门吗",
        "送到楼下吗",
        "送小礼品吗",
        "送得快吗",
        "送我妈的吗",
        "地钉什么时候送",
        "送过来吗",
    ],
)
def test_whereto_and_how_it_is_sent_asks_for_no_thing(line: str) -> None:
    assert list(comes_along(line, [])) == []


def test_a_place_is_no_thing_that_comes_along() -> None:
    assert list(comes_along("送北京吗", [Found("region", "北京", 1, 3)])) == []
