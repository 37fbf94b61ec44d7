"""Only the door of an address is corrected; street and house stay."""

from __future__ import annotations

import pytest

from bot.shop.words.doors import with_door


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
