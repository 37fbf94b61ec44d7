"""How many of what: from the lines, or from what the goods come in."""

from __future__ import annotations

from typing import Any

import pytest

from actions.hearing.nearly_said import closer_said, nearly_said
from actions.hearing.sheet import counted_facts, facts_asked, suited_asked
from bot.shop.words.goods import Product, Sku


def _product(*values: tuple[str, str], **more: Any) -> Product:
    skus = tuple(
        Sku(sku_id=f"p/{colour}/{size}", colour=colour, size=size, stock=1)
        for colour, size in values
    )
    given: dict[str, Any] = {
        "product_id": "p", "name": "样品", "nicknames": (), "category": "c", "kind": "k",
        "price_fen": 100, "list_price_fen": 100, "weight_g": 1, "picture": "", "page": "",
        "selling_points": (), "drawbacks": (), "suits": (), "uses": (), "sheet": (),
        "goes_with": (), "skus": skus,
    }  # fmt: skip
    return Product(**{**given, **more})


TISSUES = _product(("", "一提5包"), ("", "一箱20包"), sheet=(("contents", "纸巾五包"),))
NAPPIES = _product(("一包40片", "S"), ("一包32片", "M"), ("一箱4包", "M"))


@pytest.mark.parametrize(
    ("product", "question", "size", "told"),
    [
        (TISSUES, "一箱几包", "", ["一箱20包"]),
        (TISSUES, "一提多少包", "", ["一提5包"]),
        (TISSUES, "有几包", "", ["纸巾五包"]),
        (TISSUES, "一箱几斤", "", []),
        (TISSUES, "几点发货", "", []),
        (NAPPIES, "一包多少片", "M", ["一包32片"]),
        (NAPPIES, "一包多少片", "", ["S 一包40片、M 一包32片"]),
        (NAPPIES, "一箱几包", "M", ["一箱4包"]),
    ],
)
def test_a_number_is_told_of_what_is_asked(
    product: Product, question: str, size: str, told: list[str]
) -> None:
    assert counted_facts(question, product, size=size) == told


def test_of_several_figures_of_a_unit_the_one_that_is_spoken_of_answers() -> None:
    bag = _product(sheet=(("care", "机洗30度"), ("usage", "20-25度穿")))
    assert facts_asked("几度穿合适", bag) == ["20-25度穿"]
    assert facts_asked("几度洗", bag) == ["机洗30度"]


def test_case_is_no_difference() -> None:
    seat = _product(sheet=(("执行标准", "GB 27887，有3C认证"), ("material", "车规塑料")))
    assert facts_asked("有3c没", seat) == ["GB 27887，有3C认证"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("能躺着睡觉吗", ["不能平躺睡一整夜"]),
        ("会掉不", ["过坎不掉"]),
        ("好看吗", []),
        ("什么时候有货", []),
        ("能上飞机吗", []),
    ],
)
def test_a_letter_that_tells_finds_its_clause(question: str, said: list[str]) -> None:
    pram = _product(drawbacks=("不能平躺睡一整夜",), selling_points=("过坎不掉",))
    assert nearly_said(question, pram) == said


def test_what_the_line_of_the_topic_leaves_unsaid_is_said_by_a_closer_one() -> None:
    suit = _product(sheet=(("care", "机洗30度"),), drawbacks=("第一次洗会缩一点",))
    assert closer_said("会缩水吗", suit, ["机洗30度"]) == "第一次洗会缩一点"
    assert closer_said("会缩水吗", suit, ["不缩水"]) == ""
    assert closer_said("怎么洗", suit, ["机洗30度"]) == ""


def test_part_of_a_list_says_for_whom_but_never_of_an_age() -> None:
    one = _product(suits=("男宝女宝通用", "8个月以上宝宝"))
    assert suited_asked("男宝能用不", one) == "男宝女宝通用"
    assert suited_asked("三个月宝宝能吃吗", one) == ""
    assert suited_asked("宠物能用吗", one) == ""
