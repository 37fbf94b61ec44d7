"""Finds the province and city that a word, a city name or a pasted address speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

REGIONS = Path(__file__).with_name("regions.txt")
ABROAD = "国外"  # the line of the file that names places we do not deliver to
# 西藏中路 is a street in Shanghai; 新疆路上 and 北京路费 are no streets.
_STREET = re.compile(
    r"[东西南北中]?[一二三四五六七八九十]?(?:路(?![上费程途过线况])|大?街|大?道(?![理地路歉])|巷|弄|胡同)"
)
# 荷兰小镇, 罗马花园, 日本料理店: estates and shops are called after places abroad.
_NAMED_AFTER = re.compile(
    r"(?:花园|小区|广场|城|国际|春天|公寓|小镇|水岸|湾|家园|公馆|苑|都|大厦|酒店|豪庭|假日|印象|风情|之|豆|郡|名|时代|商|料理|餐|咖啡|烧肉|拉面|村|院|里|店|区)"
)
GROUPS = {"江浙沪": "浙江", "珠三角": "广东", "长三角": "江苏", "港澳台": "香港"}


@dataclass(frozen=True, kw_only=True)
class Region:
    """`city` may be empty; a municipality has its name in `province` alone."""

    province: str = ""
    city: str = ""
    is_abroad: bool = False

    @property
    def name(self) -> str:
        return self.city or self.province


@lru_cache(maxsize=1)
def _names() -> dict[str, Region]:
    """Every word for a place, in lower case → the place."""
    names: dict[str, Region] = {}
    provinces: dict[str, Region] = {}
    for line in REGIONS.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        head, _, rest = line.partition(":")
        province, *aliases = _words(head)
        if province == ABROAD:
            names.update({word: Region(province=word, is_abroad=True) for word in rest.split()})
            continue
        provinces.update({word: Region(province=province) for word in (province, *aliases)})
        # 重庆=…,hong kong: names of two words stand in aliases only, so that blanks part cities.
        for entry in rest.split():
            city, *others = _words(entry)
            names.update({word: Region(province=province, city=city) for word in (city, *others)})
    names.update({word: Region(province=province) for word, province in GROUPS.items()})
    return {**names, **provinces}  # provinces last: 吉林 is a province before it is a city


def _words(entry: str) -> list[str]:
    name, _, aliases = entry.partition("=")
    return [name, *(alias for alias in aliases.split(",") if alias)]


def known_names() -> frozenset[str]:
    """Words for places as `regions.txt` has them."""
    return frozenset(_names())


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """All names, the longer first; Latin ones only as whole words."""
    names = sorted(_names(), key=len, reverse=True)
    words = "|".join(
        rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name)
        for name in names
    )
    return re.compile(rf"(?=(?P<name>{words}))")


def find_region(text: str) -> Region | None:
    """The region named first in the text (江苏省南京市上海路 is in Nanjing); None if there is none.

    A country counts only where the text names no place in China (日本料理店 in an address).
    """
    text = text.lower()
    regions = [
        region
        for match in _pattern().finditer(text)
        if (region := _names()[match["name"]])
        and not _is_only_a_name(region, text, match.end("name"))
    ]
    home = [region for region in regions if not region.is_abroad]
    if not home:
        return regions[0] if regions else None
    first = home[0]
    if first.city:
        return first
    for region in home[1:]:  # the city that follows its province
        if region.city and region.province == first.province:
            return region
    return first


def _is_only_a_name(region: Region, text: str, end: int) -> bool:
    return bool(_STREET.match(text, end)) or (
        region.is_abroad and bool(_NAMED_AFTER.match(text, end))
    )
