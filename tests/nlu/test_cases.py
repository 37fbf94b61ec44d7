"""Cases from the issues of others (K01 and on), tried on us: what went wrong there is read rightly here."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.nlu.catalogue import Catalogue, PlainTerm
from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise
from bot.nlu.quoted import without_quoted
from bot.shop.words.regions import find_region

TODAY = date(2026, 11, 21)
RULES = EntityRules()


def heard(text: str, entity: str) -> list[Any]:
    return [one.value for one in RULES.find(normalise(text), TODAY) if one.entity == entity]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("给我来个三四双", 3, 4),
        ("两三件能便宜点不", 2, 3),
        ("大概要七八条", 7, 8),
        ("买个一两双", 1, 2),
        ("三五件打折吗", 3, 5),
    ],
)
def test_k01_about_so_many_is_no_larger_number(text: str, low: int, high: int) -> None:
    [found] = [one for one in RULES.find(normalise(text), TODAY) if one.entity == "quantity"]
    assert (found.value, dict(found.details)["up_to"]) == (low, high)


@pytest.mark.parametrize("text", ["要【黑色】【39码】那双", "要[黑色][39码]那双"])
def test_k02_words_in_brackets_are_heard(text: str) -> None:
    assert (heard(text, "colour"), heard(text, "size")) == (["黑色"], ["39"])


def test_k02_a_sticker_says_nothing() -> None:
    assert normalise("[微笑]") == ""


@pytest.mark.parametrize(
    ("text", "stands_for"),
    [('[语音] 39"', "voice"), ("[转账] ¥200.00", "transfer"), ("对方撤回了一条消息", "recalled")],
)
def test_k03_a_notice_of_another_messenger_fills_nothing(text: str, stands_for: str) -> None:
    assert heard(text, "stand_in") == [stands_for]
    assert not (heard(text, "size") or heard(text, "money"))


@pytest.mark.parametrize(
    "text",
    [
        "帮我查下6802000000000401。",
        "6802 0000 0000 0401 尾号1001",
        "６８０２０００００００００４０１，尾号１００１",
        "68020000\n00000401",
        "6802-0000-0000-0401",
        "订单编号：6802000000000401 复制",
    ],
)
def test_k04_an_order_number_is_read_as_people_paste_it(text: str) -> None:
    assert heard(text, "order_number") == ["6802000000000401"]


def test_k04_a_number_that_a_sheet_has_broken_is_no_order() -> None:
    assert heard("6.802E+15", "damaged_number") == ["6.802E+15"]
    assert heard("6.802E+15", "order_number") == []


@pytest.mark.parametrize(
    "text",
    [
        "￥7gKdWxYzQ19￥ 打开手淘看 这个能便宜点吗",
        "https://item.example.com/item.htm?id=680200000000 这个有货吗",
    ],
)
def test_k05_digits_of_a_link_are_no_money_and_no_order(text: str) -> None:
    assert not (heard(text, "money") or heard(text, "order_number"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("「小行：黑色39码有货，469元」\n- - - - - - -\n那卡其42的呢", "那卡其42的呢"),
        ("引用 小行：这单预计明天到\n———\n不是这单 是上面那双鞋", "不是这单 是上面那双鞋"),
        ("> 亲，满599减40\n这个能和券一起用吗", "这个能和券一起用吗"),
    ],
)
def test_k06_a_quoted_line_is_not_the_buyers_own(text: str, said: str) -> None:
    assert without_quoted(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "收件人：张江\n-----\n上海市浦东新区碧波路690号",
        "> 看看",
        "「栖云」有货吗",
        "尺码 38-39\n都要",
    ],
)
def test_k06_what_only_looks_like_a_quotation_is_kept(text: str) -> None:
    assert without_quoted(text) == text


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("黄浦区西藏中路268号", "上海"),
        ("市北区新疆路8号", "山东"),
        ("奎屯市北京东路5号", "新疆"),
        ("阿拉尔市塔里木大学", "新疆"),
        ("乌市天山区", "新疆"),
        ("内蒙呼市赛罕区大学西路1号", "内蒙古"),
        ("九龙尖沙咀广东道30号", "香港"),
    ],
)
def test_k07_k08_a_street_and_a_short_name_lead_to_the_right_province(
    text: str, province: str
) -> None:
    found = find_region(text)
    assert found is not None and found.province == province


@pytest.mark.parametrize("text", ["鼓楼区中山北路120号", "朝阳区建国路"])
def test_k07_a_district_of_many_cities_is_asked_for(text: str) -> None:
    assert find_region(text) is None


def test_k09_scales_are_told_apart() -> None:
    assert heard("240的脚", "foot_mm") == [240.0]
    assert heard("165 110", "weight_kg") == [55.0]  # jin beside a height
    assert heard("180 130公斤", "weight_kg") == [130.0]
    assert heard("我穿US8.5", "size") == []


MADE = Catalogue(
    "v",
    [PlainTerm("粉色", "colour", "粉色"), *(PlainTerm(f"{n}", "size", f"{n}") for n in (29, 31))],
)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("粉色31有吗", ["31"]),
        ("29粉色的呢", ["29"]),
        ("粉色30有吗", []),  # is not made
        ("我31岁 要粉色", []),
        ("粉色31元吗", []),
        ("一共31 粉色", []),
    ],
)
def test_a_childs_size_beside_a_colour_needs_no_unit(text: str, sizes: list[str]) -> None:
    found = RULES.find(normalise(text), TODAY, MADE)
    assert [one.value for one in found if one.entity == "size"] == sizes


NEW_TODAY = Catalogue(
    "k35",
    [
        *(PlainTerm(word, "product", "plain") for word in ("现货", "小包", "正好", "白菜", "可以")),
        PlainTerm("退货神器胶带", "product", "tape"),
        PlainTerm("人工草皮垫", "product", "grass"),
        PlainTerm("人工草皮", "product", "grass"),
        PlainTerm("A5", "product", "a5"),
        PlainTerm("2024款", "product", "old"),
        PlainTerm("云朵™杯😀", "product", "cup"),
    ],
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("有现货吗", []), ("可以", []), ("正好", []), ("我要退货", []), ("转人工", []),
        ("2024年买的还保修吗", []), ("退货神器胶带还有吗", ["tape"]), ("人工草皮有货吗", ["grass"]),
        ("A5多少钱", ["a5"]), ("2024款的还卖吗", ["old"]), ("云朵杯多少钱", ["cup"]),
    ],
)  # fmt: skip
def test_k35_names_of_ordinary_words_name_goods_alone_and_take_over_no_answer(
    text: str, named: list[str]
) -> None:
    found = RULES.find(normalise(text), TODAY, NEW_TODAY)
    assert [one.value for one in found if one.entity == "product"] == named


def test_k35_goods_inside_which_a_wish_stands_are_no_wish() -> None:
    """人工草皮 fetches no person, 退货神器 is no return: the words are the goods' own."""
    for text in ("人工草皮有货吗", "退货神器胶带还有吗"):
        found = RULES.find(normalise(text), TODAY, NEW_TODAY)
        [goods] = [one for one in found if one.entity == "product"]
        assert goods.start == 0 and goods.end >= len("人工草皮")
