"""A street is no province, far places are found by their cities, and what buyers say the shop knows."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.shop.words.regions import find_region

WORDS = yaml.safe_load(Path("data/patterns/entities/regions.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "province", "city"),
    [
        ("黄浦区西藏中路9号", "上海", ""),
        ("市北区新疆路5号", "山东", "青岛"),
        ("静安区陕西南路7号", "上海", ""),
        ("奎屯市北京东路5号", "新疆", "奎屯"),
        ("图木舒克市前海东街", "新疆", "图木舒克"),
        ("乌市天山区", "新疆", "乌鲁木齐"),
        ("内蒙呼市赛罕区", "内蒙古", "呼和浩特"),
        ("桃园市中坜区中正路1号", "台湾", "桃园市"),
        ("尖沙咀广东道30号", "香港", ""),
        ("Flat 9, Queen's Road, Hong Kong", "香港", ""),
        ("到上海路上几天", "上海", ""),
        ("新疆路费多少", "新疆", ""),
    ],
)
def test_a_place_is_told_by_its_own_words(text: str, province: str, city: str) -> None:
    region = find_region(text)
    assert region is not None
    assert (region.province, region.city, region.is_abroad) == (province, city, False)


@pytest.mark.parametrize("text", ["鼓楼区中山北路1号", "运河北路3号", "广东道1号", "荷兰小镇二期"])
def test_a_street_or_an_estate_tells_no_region(text: str) -> None:
    assert find_region(text) is None


@pytest.mark.parametrize("text", ["寄到墨尔本", "我在荷兰", "发首尔不", "5-2-1 Chuo-ku, Tokyo"])
def test_abroad_is_known_by_its_cities(text: str) -> None:
    region = find_region(text)
    assert region is not None
    assert region.is_abroad


@pytest.mark.parametrize("value", WORDS["region"], ids=str)
def test_every_region_that_is_understood_is_known_to_the_shop(value: str) -> None:
    assert find_region(str(value)) is not None
