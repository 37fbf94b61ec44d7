"""小力那把, 大块20000那个: goods are pointed at by a part of their name that no others have."""

from __future__ import annotations

import pytest

from bot.nlu.catalogue import Catalogue, PlainTerm

SHOP = Catalogue(
    "v",
    [
        PlainTerm("小力12V充电电钻", "product", "small"),
        PlainTerm("大力20V冲击钻", "product", "large"),
        PlainTerm("大块20000充电宝", "product", "block"),
        PlainTerm("小磁磁吸充电宝", "product", "magnet"),
        *(PlainTerm(f"{one}茶", "category", f"{one}茶") for one in ("绿", "红", "乌龙")),
        PlainTerm("茉莉花茶", "kind", "茉莉花茶"),
        PlainTerm("保温杯", "kind", "保温杯"),
    ],
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("和小力那把有啥区别", ["small"]),
        ("跟大块20000那个哪个好", ["block"]),
        ("那个小力的有几挡", ["small"]),
        ("这款大块20000的多重", ["block"]),
        ("那个充电宝的盒子", []),  # several are called so
        ("那个黑色的", []),
        ("充电宝那个多少钱", []),  # several are called so
        ("小的那个", []),
        ("这个那个都要", []),
        ("现货那款", []),
    ],
)
def test_a_part_that_one_has_alone_points_at_it(text: str, named: list[str]) -> None:
    assert [one.value for one in SHOP.phrases(text) if one.entity == "product"] == named


@pytest.mark.parametrize(
    ("text", "is_there"),
    [("有壳没", True), ("这壳不", True), ("壳没收到", False), ("壳不错", False)],
)
def test_a_short_name_may_stand_before_the_last_word(text: str, is_there: bool) -> None:
    shop = Catalogue("v", [PlainTerm("壳", "kind", "手机壳")])
    assert [one.value for one in shop.phrases(text)] == (["手机壳"] if is_there else [])


@pytest.mark.parametrize(("word", "kind"), [("茶", None), ("杯子", "保温杯"), ("花茶", "茉莉花茶")])
def test_a_word_for_half_the_shop_names_no_kind(word: str, kind: str | None) -> None:
    """茶 where it sells 绿茶 and 红茶 is not the one kind that happens to end so."""
    assert SHOP.kind_like(word) == kind
