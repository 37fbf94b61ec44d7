"""Verdicts and yes-or-no answers come from the shop's own figures, whatever the shop sells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.choosing.verdicts import strengths_text, verdict
from actions.hearing.goods_facts import better_on, judge
from actions.hearing.profile import Profile
from bot.amounts import amounts
from bot.shop.words.goods import Product

PLAIN = Product(
    product_id="a", name="甲", nicknames=("小甲",), category="goods", kind="锅", price_fen=10000,
    list_price_fen=10000, weight_g=0, picture="", page="", selling_points=("导热快",), drawbacks=(),
    suits=(), uses=(), sheet=(), goes_with=(), skus=(),
)  # fmt: skip


def goods(**changes: object) -> Product:
    return replace(PLAIN, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fact", "asked", "fits", "off_by"),
    [
        ("参考零下 18 度到 5 度", "零下5度", True, 0),
        ("参考零下 18 度到 5 度", "零下25度", False, 7),
        ("舒适 0 度，下限零下 6 度", "-4℃", True, 0),
        ("可放 15.6 寸电脑", "17寸", False, 1.4),
        ("可放 15.6 寸电脑", "14寸", True, 0),
        ("容量 5 升，四五口人用", "3L", True, 0),
        ("容量 5 升", "6000ml", False, 1),
        ("适合 3 到 6 岁", "2岁", False, 1),
        ("3岁以上", "5岁", True, 0),
        ("双人款", "3个人", False, 1),
    ],
)
def test_a_figure_is_judged_by_the_sheet(fact: str, asked: str, fits: bool, off_by: float) -> None:
    judged = judge(goods(sheet=(("measures", fact),)), amounts(asked)[0])
    assert judged is not None
    assert judged.fits is fits
    assert judged.off_by == pytest.approx(off_by)


def test_what_a_drawback_denies_counts_before_the_rest() -> None:
    tent = goods(name="双人帐篷", drawbacks=("睡三个大人会挤",))
    told = [judge(tent, amounts(text)[0]) for text in ("两个人", "三个人")]
    assert [one.fits for one in told if one] == [True, False]


@pytest.mark.parametrize(
    ("fact", "asked"),
    [
        ("约 1.85 公斤", "15公斤"),
        ("袖长 63 厘米", "2米1"),
        ("颜色鲜亮", "零下5度"),
        ("零下好看", "5升"),
    ],
)
def test_what_the_sheet_does_not_say_is_not_judged(fact: str, asked: str) -> None:
    assert judge(goods(sheet=(("weight", fact),)), amounts(asked)[0]) is None


def test_the_lighter_one_wins_whichever_stands_first() -> None:
    light = goods(product_id="b", name="乙", sheet=(("weight", "约 330 克"),))
    heavy = goods(sheet=(("weight", "约 1.2 公斤"),))
    for pair in ((light, heavy), (heavy, light)):
        better = better_on("weight", *pair)
        assert better is not None and (better.winner, better.says) == (light, "更轻")


def test_where_both_are_alike_or_silent_nothing_is_said_to_be_better() -> None:
    assert better_on("weight", goods(), goods()) is None
    same = goods(sheet=(("weight", "300 克"),))
    assert better_on("weight", same, replace(same, product_id="b")) is None


def test_a_verdict_follows_what_the_buyer_told() -> None:
    gift = goods(product_id="b", name="乙", suits=("送礼",), sold=1)
    usual = goods(sold=900)
    told = verdict(usual, gift, Profile(is_gift=True))
    assert told.winner is gift and told.is_told
    untold = verdict(usual, gift, Profile())
    assert untold.winner is usual and not untold.is_told


def test_figures_told_before_decide_later() -> None:
    warm = goods(product_id="b", name="乙", sheet=(("warmth", "零下 20 度到 0 度"),))
    mild = goods(sheet=(("warmth", "0 到 15 度"),), sold=900)
    cold = Profile(figures=(("temperature", -12.0),))
    assert verdict(mild, warm, cold).winner is warm
    assert verdict(warm, mild, cold).winner is warm


def test_the_price_decides_where_it_is_asked_for() -> None:
    dear, cheap = goods(price_fen=20000), goods(product_id="b")
    found = verdict(dear, cheap, Profile(), topics=("price",))
    assert found.winner is cheap and found.is_told


def test_goods_that_are_better_at_nothing_tell_their_own_point() -> None:
    assert strengths_text(goods(), goods(product_id="b")) == "导热快"


def test_a_profile_is_the_same_after_it_was_stored() -> None:
    profile = Profile(use="爬山", figures=(("persons", 2.0),), reasons=("a",), budget_fen=30000)
    assert Profile.of_slot(profile.as_slot()) == profile
    assert Profile.of_slot(None) == Profile()
