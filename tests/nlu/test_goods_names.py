"""Goods that are not the shop's are heard, and nothing else is taken for goods (goods.yml)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.nlu.catalogue import DUMP, Catalogue, PlainTerm, read_dump
from bot.nlu.entities import CUE, EntityRules
from bot.nlu.goods_names import HEADS, GoodsHeads
from bot.nlu.normalise import normalise

TODAY = date(2026, 11, 21)
TABLE = yaml.safe_load(Path(__file__).with_name("goods.yml").read_text(encoding="utf-8"))
SHOP = Catalogue("demo", read_dump(DUMP))


@pytest.fixture(scope="module")
def rules() -> EntityRules:
    return EntityRules()


def goods(rules: EntityRules, text: str, shop: Catalogue = SHOP) -> list[str]:
    found = rules.find(normalise(text), TODAY, shop)
    return [one.value for one in found if one.entity == "goods"]


@pytest.mark.parametrize(("line", "word"), [pair for row in TABLE["hits"] for pair in row.items()])
def test_goods_of_other_shops_are_heard(rules: EntityRules, line: str, word: str) -> None:
    assert word in goods(rules, line)


@pytest.mark.parametrize("line", TABLE["misses"])
def test_what_is_no_goods_or_our_own_is_not_heard_as_goods(rules: EntityRules, line: str) -> None:
    assert goods(rules, line) == []


def test_the_table_has_as_many_misses_as_hits() -> None:
    assert len(TABLE["misses"]) >= len(TABLE["hits"]) >= 30


def test_a_name_that_ends_as_the_shops_own_kind_is_left_to_the_shop(rules: EntityRules) -> None:
    """A shop of lamps is not told that 庭院灯 is none of its business."""
    lamps = Catalogue("lamps", [PlainTerm("灯", "category", "lamps")])
    assert goods(rules, "有庭院灯吗", SHOP) == ["庭院灯"]
    assert goods(rules, "有庭院灯吗", lamps) == []


def test_a_special_name_of_a_general_kind_is_that_kind(rules: EntityRules) -> None:
    socks = Catalogue("socks", [PlainTerm("袜子", "kind", "袜子")])
    found = [one for one in rules.find("棉袜还有吗", TODAY, socks) if one.entity != CUE]
    assert [(one.entity, one.value) for one in found] == [("kind", "袜子")]
    assert goods(rules, "棉袜还有吗", Catalogue("none", [])) == ["棉袜"]


def test_words_that_are_no_goods_end_in_a_head() -> None:
    """Else they need not be listed."""
    lists = GoodsHeads.read(HEADS)
    assert {word for word in lists.not_goods if word[-1] not in lists.heads} == set()


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("用充电宝怎么也充不进去", "beside"),
        ("装了我的闹钟就盖不上", "beside"),
        ("洗衣机能洗吗", "beside"),
        ("烘干机能不能烘", "beside"),
        ("微波炉里可以直接加热吗", "beside"),
        ("洗衣机不脱水了", None),
        ("洗衣机有卖吗", None),
        ("冰箱多少钱", None),
        ("我在用的键盘连不上", None),
        ("鼠标和键盘都不灵了", None),
    ],
)
def test_what_is_only_used_with_the_goods_is_marked(
    rules: EntityRules, line: str, role: str | None
) -> None:
    found = [one for one in rules.find(line, TODAY, SHOP) if one.entity == "goods"]
    assert found and dict(found[-1].details).get("role") == role


def test_a_screen_tells_nothing_in_a_shop_of_things_that_have_one(rules: EntityRules) -> None:
    watches = Catalogue("watches", [PlainTerm("智能手表", "kind", "智能手表")])
    assert goods(rules, "屏幕碎了", SHOP) == ["带屏幕的东西"]
    assert goods(rules, "屏幕碎了", watches) == []
