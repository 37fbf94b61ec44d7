"""Sizes told by weight, volume, length or power: 500克 and 一斤 are the shop's 500g; 750g it has not.

Only kinds of measure that the shop's own sizes have are looked for: elsewhere 500克 is no size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.nlu.found import Found
from bot.nlu.numerals import number

# Unit as written → (kind of measure, how much of its smallest unit).
_UNITS: Mapping[str, tuple[str, float]] = {
    "g": ("weight", 1), "克": ("weight", 1), "kg": ("weight", 1000), "公斤": ("weight", 1000),
    "千克": ("weight", 1000), "斤": ("weight", 500), "ml": ("volume", 1), "毫升": ("volume", 1),
    "l": ("volume", 1000), "升": ("volume", 1000), "w": ("power", 1), "瓦": ("power", 1),
    "米": ("length", 100), "厘米": ("length", 1), "cm": ("length", 1),
}  # fmt: skip
_MEASURE = re.compile(
    r"(?<![a-z0-9.:])(?P<n>\d+(?:\.\d+)?|[半一二两三四五六七八九十百]{1,4})\s?"
    rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-z0-9一二三四五六七八九\d]|装?得|多|少)"
)


@dataclass(frozen=True)
class PackSizes:
    """The shop's sizes that are measures: as written, by kind and amount."""

    written: Mapping[tuple[str, float], str]

    @staticmethod
    def of(sizes: Iterable[tuple[str, str]]) -> PackSizes:
        """`sizes`: (normalised text, as the shop writes it)."""
        found: dict[tuple[str, float], str] = {}
        for text, written in sizes:
            match = _MEASURE.fullmatch(text)
            if match and (amount := _amount(match)) is not None:
                found.setdefault(amount, written)
        return PackSizes(found)

    def find(self, text: str) -> Iterator[Found]:
        """Measures of the shop's kinds; one that it has not keeps the buyer's words."""
        kinds = {kind for kind, _ in self.written}
        if not kinds:
            return
        for match in _MEASURE.finditer(text):
            amount = _amount(match)
            if amount is not None and amount[0] in kinds:
                value = self.written.get(amount, match.group().replace(" ", ""))
                yield Found("size", value, match.start(), match.end())


def _amount(match: re.Match[str]) -> tuple[str, float] | None:
    kind, unit = _UNITS[match["unit"]]
    told = 0.5 if match["n"] == "半" else number(match["n"])
    return None if told is None else (kind, round(told * unit, 3))
