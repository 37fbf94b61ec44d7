"""A question finds its line of the product sheet, or none."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from actions.hearing.models import models_asked
from actions.hearing.sheet import (
    TOPICS_FILE,
    facts_asked,
    is_general,
    suited_asked,
    topics_of,
)
from bot.nlu.normalise import normalise
from bot.shop.words.goods import SHEET_TOPICS, Product, Sku


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("下雨天能穿吗", "waterproof"),
        ("能防多大的雨", "waterproof"),
        ("零下十度冷不冷", "warmth"),
        ("会不会捂脚", "breathable"),
        ("什么料子的", "material"),
        ("重不重", "weight"),
        ("能机洗吗", "care"),
        ("哪里产的", "origin"),
        ("和栖云有啥区别", "difference"),
        ("保修多久", "warranty"),
    ],
)
def test_a_question_names_its_topic(question: str, topic: str) -> None:
    assert topics_of(question)[0] == topic


def test_an_unknown_thing_names_no_topic() -> None:
    assert topics_of("带蓝牙吗") == []


def test_a_general_question_is_about_the_whole_product() -> None:
    assert is_general("介绍一下这款")
    assert not is_general("介绍一下面料")


def test_every_topic_of_the_words_file_is_one_that_sheets_have() -> None:
    topics = yaml.safe_load(TOPICS_FILE.read_text(encoding="utf-8"))["topics"]
    assert set(topics) <= set(SHEET_TOPICS)


def product_of(*sheet: tuple[str, str], **more: Any) -> Product:
    values: dict[str, Any] = {
        "product_id": "p", "name": "样品", "nicknames": (), "category": "c", "kind": "k",
        "price_fen": 100, "list_price_fen": 100, "weight_g": 1, "picture": "", "page": "",
        "selling_points": (), "drawbacks": (), "suits": (), "uses": (), "sheet": sheet,
        "goes_with": (), "skus": (),
    }  # fmt: skip
    return Product(**{**values, **more})


SERUM = product_of(
    ("material", "烟酰胺、透明质酸钠，不含酒精香精"),
    ("适合肤质", "油皮、混油"),
    ("使用人群", "孕妇慎用"),
    ("净含量", "30ml"),
    drawbacks=("干皮用着偏清爽",),
)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("油皮能用吗", "适合肤质：油皮、混油"),
        ("干皮能用吗", "干皮用着偏清爽"),
        ("孕妇可以用吗", "使用人群：孕妇慎用"),
        ("含酒精吗", "烟酰胺、透明质酸钠，不含酒精香精"),
        ("多大容量的", "净含量：30ml"),
        ("净含量", "净含量：30ml"),
    ],
)
def test_a_column_of_the_shops_own_answers(question: str, fact: str) -> None:
    """By the column's name, by how it is asked for, and by a word that the line speaks of."""
    assert facts_asked(question, SERUM)[0] == fact


def test_what_nobody_wrote_is_no_fact() -> None:
    assert facts_asked("糖尿病人能吃吗", product_of(("配料", "核桃仁"))) == []
    assert facts_asked("有3C认证吗", product_of(("配料", "核桃仁"))) == []


def test_for_whom_it_is_comes_from_the_shops_own_list() -> None:
    nuts = product_of(suits=("孕妇", "老人"), uses=("送礼",))
    assert suited_asked("孕妇能吃吗", nuts) == "孕妇"
    assert suited_asked("小狗能吃吗", nuts) == ""


@pytest.mark.parametrize(
    ("question", "asked", "is_named"),
    [
        ("15pro能用吗", "远川 15 Pro", True),
        ("１５ Ｐｒｏ 能用吗", "远川 15 Pro", True),
        ("远川15 能用吗", "远川 15", True),
        ("15 pro max 能用吗", "15promax", False),
        ("远川14能用吗", "14", False),
    ],
)
def test_a_model_is_found_however_it_is_typed(question: str, asked: str, is_named: bool) -> None:
    case = product_of(("兼容机型", "远川 15、远川 15 Pro"))
    found = models_asked(normalise(question), case)
    assert found is not None
    assert (found.asked, found.is_named) == (asked, is_named)


def test_a_measure_is_no_model() -> None:
    charger = product_of(("兼容机型", "远川 15"), ("执行标准", "有 3C 认证"))
    assert models_asked("是20w的吗", charger) is None
    assert facts_asked("有3c认证吗", charger) == ["执行标准：有 3C 认证"]


def test_a_fact_of_one_sku_is_told_of_that_one() -> None:
    skus = tuple(
        Sku(sku_id=size, colour="", size=size, stock=1, facts=(("生产日期", day),))
        for size, day in (("250g", "3月1日"), ("500g", "4月2日"))
    )
    assert facts_asked("生产日期", product_of(skus=skus), "", "500g") == ["生产日期：4月2日"]
