"""A line that answers though no column is named so: by its time, by a topic's very word, by one character."""

from __future__ import annotations

import pytest

from actions.hearing.axes import names_axis
from actions.hearing.nearly_said import nearly_said
from actions.hearing.sheet import facts_asked
from bot.nlu.normalise import normalise
from bot.shop.words.goods import Product, Sku
from tests.actions.test_sheet import product_of

GLUE = product_of(
    ("usage", "擦干、刮平、等二十四小时"), ("shelf_life", "2年"), ("开封后", "12个月"),
    selling_points=("防爆不漏",), drawbacks=("水压太低花洒散",),
)  # fmt: skip
EARS = product_of(("充电时间", "充满约一小时，听六小时"))


@pytest.mark.parametrize(
    ("question", "product", "told"),
    [
        ("多久能干", GLUE, "擦干、刮平、等二十四小时"),
        ("一次能听多久", EARS, "听六小时"),
        ("水压低能用吗", GLUE, "水压太低花洒散"),
        ("会不会爆", GLUE, "防爆不漏"),
    ],
)
def test_the_clause_is_found(question: str, product: Product, told: str) -> None:
    assert facts_asked(normalise(question), product) == []  # no column or word pair finds it
    assert nearly_said(normalise(question), product) == [told]


@pytest.mark.parametrize("question", ["多久发货", "打钢筋行吗", "会不会烫", "多久能到"])
def test_another_question_is_not_answered_by_it(question: str) -> None:
    assert nearly_said(normalise(question), GLUE) == []


@pytest.mark.parametrize(
    ("question", "sizes", "axes", "is_asked"),
    [
        ("几瓦的", ("5W", "9W"), ("颜色", "型号"), True),
        ("都有什么色", ("01豆沙", "02正红"), ("颜色", "色号"), True),
        ("几瓦的", ("大", "小"), ("颜色", "型号"), False),
        ("哪个色好看", ("01豆沙", "02正红"), ("颜色", "色号"), False),
    ],
)
def test_values_are_asked_for_without_the_name_of_their_column(
    question: str, sizes: tuple[str, ...], axes: tuple[str, ...], is_asked: bool
) -> None:
    skus = tuple(Sku(sku_id=one, colour="", size=one, stock=1) for one in sizes)
    assert names_axis(normalise(question), product_of(skus=skus, axes=axes)) is is_asked
