"""Only the door of an address is corrected; street and house stay."""

from __future__ import annotations

import pytest

from bot.shop.words.doors import with_door, with_street


@pytest.mark.parametrize(
    ("address", "door", "expected"),
    [
        ("杭州市文三西路 88 号 3 幢 602", "302", "杭州市文三西路 88 号 3 幢 302"),
        ("杭州市文三西路 88 号 3 幢 602", "2单元501", "杭州市文三西路 88 号 3 幢 2单元501"),
        ("杭州市文三西路 88 号 3 幢 602", "5幢301", "杭州市文三西路 88 号 5幢301"),
        ("北京市望京街道1号院2号楼301", "405室", "北京市望京街道1号院2号楼 405室"),
        ("武汉市珞喻路 300 号", "302", "武汉市珞喻路 300 号 302"),
        ("武汉市珞喻路300号", "3栋", "武汉市珞喻路300号 3栋"),
        ("西宁市五四大街1号青年公寓", "B座1203", "西宁市五四大街1号青年公寓 B座1203"),
    ],
)
def test_the_door_takes_the_place_of_the_old_one(address: str, door: str, expected: str) -> None:
    assert with_door(address, door) == expected


@pytest.mark.parametrize(
    ("address", "before", "door", "expected"),
    [
        ("杭州市文三西路 88 号 3 幢 602", "3幢", "5幢", "杭州市文三西路 88 号 5幢 602"),
        ("北京市望京街道1号院2号楼3单元301", "3单元", "4单元", "北京市望京街道1号院2号楼4单元301"),
        ("西宁市五四大街1号公寓B座1203", "b座", "c座", "西宁市五四大街1号公寓c座1203"),
        ("杭州市文三西路 88 号 3 幢 602", "3栋", "5栋", "杭州市文三西路 88 号 5栋 602"),
        ("北京市建国路88号5栋1单元602", "2单元", "1单元", "北京市建国路88号5栋1单元602"),
        # What the buyer takes it to be is not there: it is put where such a part belongs.
        ("杭州市文三西路 88 号 3 幢 602", "4幢", "5幢", "杭州市文三西路 88 号 5幢"),
        ("武汉市珞喻路13栋", "3栋", "5栋", "武汉市珞喻路 5栋"),
    ],
)
def test_a_part_that_is_named_as_it_was_is_changed_alone(
    address: str, before: str, door: str, expected: str
) -> None:
    assert with_door(address, door, before) == expected


@pytest.mark.parametrize(
    ("address", "told", "expected"),
    [
        ("杭州市西湖区文三西路 88 号 3 幢 602", "和平路8号", "杭州市西湖区和平路8号"),
        ("四川省成都市武侯区人民南路四段1号", "太升南路6号2栋", "四川省成都市武侯区太升南路6号2栋"),
        ("杭州市西湖区文三西路88号", "好的谢谢", "杭州市西湖区文三西路88号"),
        ("杭州市西湖区文三西路88号", "路上小心", "杭州市西湖区文三西路88号"),
    ],
)
def test_a_street_alone_leaves_the_district(address: str, told: str, expected: str) -> None:
    assert with_street(address, told) == expected
