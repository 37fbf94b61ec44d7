"""What a buyer wants off by rate: 九折 → 0.9, 八五折 → 0.85, 半价 → 0.5."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found

_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_DIGIT = r"[1-9一二两三四五六七八九]"
# 三折叠伞 and 两折伞 tell how goods fold; 打折 alone names no rate.
_RATE = re.compile(
    rf"(?<![\d第.])(?P<tens>{_DIGIT})[.点]?(?P<ones>{_DIGIT})?\s{{0,2}}折(?![叠扣腾磨返断痕损算合旧线伞起])"
)
_HALF = re.compile(r"半价|打?对折(?![叠起])|半折")


def discounts(text: str) -> Iterator[Found]:
    """`discount`: the share of the price that is left, above 0 and below 1."""
    for match in _HALF.finditer(text):
        yield Found("discount", 0.5, match.start(), match.end())
    for match in _RATE.finditer(text):
        rate = _digit(match["tens"]) * 10 + (_digit(match["ones"]) if match["ones"] else 0)
        yield Found("discount", rate / 100, match.start(), match.end())


def _digit(word: str) -> int:
    return int(word) if word.isdigit() else _DIGITS[word]
