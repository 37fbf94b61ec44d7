"""Finds the province and city that a word, a city name or a pasted address speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

REGIONS = Path(__file__).with_name("regions.txt")
ABROAD = "国外"  # the line of the file that names places we do not deliver to
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
    cities: dict[str, list[str]] = {}
    for line in REGIONS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            province, _, rest = line.partition(":")
            cities[province] = rest.split()
    abroad = [ABROAD, *cities.pop(ABROAD)]
    names = {word: Region(province=word, is_abroad=True) for word in abroad}
    names.update({word: Region(province=province) for word, province in GROUPS.items()})
    for province, below in cities.items():
        names.update({city: Region(province=province, city=city) for city in below})
    # Last: 吉林 is a province before it is a city.
    names.update({province: Region(province=province) for province in cities})
    return names


def find_region(text: str) -> Region | None:
    """The region named first in the text (江苏省南京市上海路 is in Nanjing); None if there is none.

    A country counts only where the text names no place in China (日本料理店 in an address).
    """
    names = _names()
    found = sorted((text.index(name), -len(name), name) for name in names if name in text)
    regions = [names[name] for _, _, name in found]
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
