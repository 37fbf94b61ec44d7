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


def test_a_sheet_that_weighs_nothing_does_not_make_the_other_one_lighter() -> None:
    heavy = goods(sheet=(("weight", "约 820 克"),), weight_g=880)
    for light in (goods(product_id="b", weight_g=650), goods(product_id="b", weight_g=860)):
        better = [better_on("weight", *pair) for pair in ((heavy, light), (light, heavy))]
        assert [one and one.winner for one in better] == [
            light if light.weight_g == 650 else None
        ] * 2
    assert better_on("weight", heavy, goods(product_id="b")) is None
    assert "更轻" not in strengths_text(heavy, goods(product_id="b", weight_g=650))


def test_a_single_shoe_is_not_weighed_against_a_pair() -> None:
    single = goods(sheet=(("weight", "单只约 520 克"),), weight_g=1180)
    pair = goods(product_id="b", sheet=(("weight", "一双约 700 克"),), weight_g=820)
    assert [one and one.winner for one in (better_on("weight", single, pair),)] == [pair]
    other = goods(product_id="c", sheet=(("weight", "单只约 340 克"),), weight_g=1300)
    found = better_on("weight", single, other)
    assert found is not None and found.winner is other  # both of one shoe: by the sheets alone


def test_who_writes_no_volume_does_not_hold_less() -> None:
    told = goods(sheet=(("measures", "28 升"),))
    assert better_on("measures", told, goods(product_id="b")) is None
    small = goods(product_id="b", sheet=(("measures", "15 升"),))
    assert (found := better_on("measures", small, told)) is not None and found.winner is told


def test_what_is_good_at_one_sort_of_goods_is_no_strength_beside_another() -> None:
    cup = goods(
        sheet=(("warmth", "六小时后约 62 度"),), price_fen=20000, selling_points=("不串味",)
    )
    coat = goods(product_id="b", category="衣服", sheet=(("warmth", "零下 18 度"),))
    assert strengths_text(coat, cup) == "更实惠"
    assert strengths_text(cup, coat) == "不串味"


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
