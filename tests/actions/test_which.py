"""Asked over several goods: what is meant, and whether a line says it, denies it or speaks of else."""

from __future__ import annotations

from typing import Any

import pytest

from actions.hearing.asked_words import Wanted, absences, denials, meets, wanted
from actions.hearing.axes import names_axis
from actions.hearing.goods_facts import best_on, cheaper_by_measure
from actions.hearing.sheet import asks_size, column_of, facts_asked, is_only_a_property
from bot.shop.rules.speaking import is_free_of, speaks_of
from bot.shop.words.goods import Product, Sku


def _product(*sheet: tuple[str, str], **more: Any) -> Product:
    values: dict[str, Any] = {
        "product_id": "p", "name": "样品", "nicknames": (), "category": "c", "kind": "k",
        "price_fen": 100, "list_price_fen": 100, "weight_g": 1, "picture": "", "page": "",
        "selling_points": (), "drawbacks": (), "suits": (), "uses": (), "sheet": sheet,
        "goes_with": (), "skus": (),
    }  # fmt: skip
    return Product(**{**values, **more})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("哪些适合敏感肌", [("敏感肌", False)]),
        ("不含酒精的有哪些", [("酒精", True)]),
        ("不太甜的有没有", [("甜", True)]),
        ("有没有不含糖的", [("糖", True)]),
        ("支持磁吸的有哪些", [("磁吸", False)]),
        ("怀孕能吃的有哪几样", [("孕妇", False)]),
        ("有哪些是独立包装的", [("独立包装", False)]),
        ("有没有食品许可证", [("许可证", False), ("食品", False)]),
        ("你们家都有哪些好吃的呀", []),
    ],
)
def test_what_is_left_of_a_question_is_what_it_asks_for(
    text: str, words: list[tuple[str, bool]]
) -> None:
    assert [(one.word, one.is_without) for one in wanted(text)] == words


def test_names_of_goods_in_the_line_are_not_asked_for() -> None:
    assert [one.word for one in wanted("哪些充电器能充笔记本", ["充电器"])] == ["充笔记本"]


@pytest.mark.parametrize(
    ("line", "word", "is_denied"),
    [
        ("含坚果", "坚果", False),
        ("不含酒精香精", "香精", True),
        ("不含酒精、香精", "香精", True),
        ("水、不含酒精、含乳糖", "乳糖", False),
        ("支持磁吸无线充电", "磁吸", False),  # 无线 denies nothing
        ("孕妇不建议", "孕妇", True),
        ("孕妇请先问医生", "孕妇", True),
        ("不适合笔记本", "笔记本", True),
        ("不怕水", "水", False),
    ],
)
def test_a_line_says_it_or_denies_it(line: str, word: str, is_denied: bool) -> None:
    spoken = speaks_of(_product(("说明", line)), word, denials())
    assert spoken is not None and spoken.is_denied is is_denied


def test_a_line_of_something_else_says_nothing() -> None:
    assert speaks_of(_product(("说明", "独立小袋装")), "独立包装", denials()) is None


def test_a_likeness_counts_less_than_the_word() -> None:
    like = speaks_of(_product(("说明", "笔记本也能充")), "充笔记本", denials())
    same = speaks_of(_product(("说明", "能充笔记本")), "充笔记本", denials())
    assert like is not None and same is not None and like.share < same.share == 1.0


def test_a_warning_recommends_nothing() -> None:
    powder = _product(drawbacks=("干皮冬天会卡粉",))
    spoken = speaks_of(powder, "干皮", denials())
    assert spoken is not None and not meets(spoken, Wanted(word="干皮"))


def test_of_an_item_in_a_list_the_item_is_told() -> None:
    spoken = speaks_of(_product(("配料", "水、二氧化钛、不含酒精")), "酒精", denials())
    assert spoken is not None and spoken.clause == "不含酒精"


def test_where_such_a_word_would_stand_the_column_is_found() -> None:
    assert column_of(_product(("口感", "脆，咸")), "甜") == "口感：脆，咸"
    assert column_of(_product(("产地", "浙江")), "甜") == ""
    assert column_of(_product(("防锈", "淋雨会锈")), "生锈") == ""  # says not all there is


def test_the_longest_kept_is_told_by_figures() -> None:
    short, long = (_product(("shelf_life", text), product_id=text) for text in ("8个月", "12个月"))
    assert best_on("shelf_life", [short, long]) == [long]
    assert best_on("shelf_life", [_product(), _product()]) is None


def _skus(*sizes: tuple[str, int]) -> tuple[Sku, ...]:
    return tuple(
        Sku(sku_id=size, colour="", size=size, stock=1, price_fen=fen) for size, fen in sizes
    )


def test_the_size_that_costs_least_for_the_same_amount() -> None:
    assert cheaper_by_measure(_product(skus=_skus(("100g", 990), ("300g", 2590)))) == "300g"
    assert cheaper_by_measure(_product(skus=_skus(("标准", 990), ("大号", 2590)))) == ""


def test_sizes_tell_where_the_shop_wrote_no_such_column() -> None:
    nuts = _product(skus=_skus(("250g", 1), ("500g", 2)))
    assert asks_size("净含量多少", nuts) and names_axis("多少g的", nuts)
    assert not asks_size("净含量多少", _product(("净含量", "400g"), skus=nuts.skus))


@pytest.mark.parametrize(
    ("text", "word", "is_property"),
    [
        ("能无线充吗", "无线充", True),
        ("花生过敏的人能吃吗", "花生", True),
        ("不含坚果的", "坚果", True),
        ("花生多少钱", "花生", False),
        ("无线充有货吗", "无线充", False),
    ],
)
def test_a_name_beside_such_words_is_a_property(text: str, word: str, is_property: bool) -> None:
    start = text.index(word)
    assert is_only_a_property(text, start, start + len(word)) is is_property


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("一盒多少颗", "一盒约一百颗"),
        ("是多少伏的", "12V"),
        ("接口是几分的", "四分管"),
        ("是铜的吗", "59铜主体"),
        ("挂钩能承多重", "承重：约五公斤"),
        ("会生锈吗", "防锈：不生锈"),
    ],
)
def test_a_figure_is_found_by_its_unit_and_a_stuff_by_its_name(question: str, fact: str) -> None:
    tool = _product(
        ("material", "59铜主体"),
        ("contents", "一盒约一百颗"),
        ("电压", "12V"),
        ("适用管径", "四分管"),
        ("承重", "约五公斤"),
        ("防锈", "不生锈"),
    )
    assert facts_asked(question, tool)[0] == fact


def test_what_no_figure_tells_stays_unknown() -> None:
    assert facts_asked("是多少伏的", _product(("材料", "铝"))) == []


@pytest.mark.parametrize(
    ("lines", "clause"),
    [
        (("盐焗不加糖",), "盐焗不加糖"),
        (("配料：白砂糖", "不加糖"), ""),  # another line names it: who asks may be ill
        (("糖要限量的少吃",), ""),
        (("不糖化",), "不糖化"),
        (("乳糖不耐受选盐焗味",), ""),
    ],
)
def test_free_of_it_are_goods_of_which_no_line_says_otherwise(
    lines: tuple[str, ...], clause: str
) -> None:
    spoken = is_free_of(_product(selling_points=lines), "糖", absences())
    assert (spoken.clause if spoken else "") == clause
