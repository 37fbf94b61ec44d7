"""Goods pointed at by a part of their name: 小力那把 of 小力12V充电电钻, 大块20000那个, 那个小熊的."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.nlu.counting import COUNTED_BY
from bot.nlu.found import Found, Named

SHORTEST = 2  # characters of a name
_POINTED = re.compile(rf"(?P<part>[a-z0-9\u4e00-\u9fff]{{2,12}})[那这]一?(?:{COUNTED_BY})")
# 那个小熊的有粉的吗: the part stands between.
_HELD = re.compile(rf"[那这]一?(?:{COUNTED_BY})(?P<part>[a-z0-9\u4e00-\u9fff]{{2,8}}?)的")


class NameParts:
    def __init__(self, terms: Iterable[Named]) -> None:
        """`terms`: with normalised texts."""
        self._names = [(one.text, one.value) for one in terms if one.entity == "product"]

    def find(self, text: str) -> Iterator[Found]:
        """The longest part that stands in a name; one that several goods share points at none."""
        for match in _HELD.finditer(text):
            owners = {value for name, value in self._names if match["part"] in name}
            if len(owners) == 1:
                yield Found("product", owners.pop(), match.start("part"), match.end("part"))
        for match in _POINTED.finditer(text):
            said = match["part"]
            for start in range(len(said) - SHORTEST + 1):
                owners = {value for name, value in self._names if said[start:] in name}
                if not owners:
                    continue
                if len(owners) == 1:
                    begin = match.start("part") + start
                    yield Found("product", owners.pop(), begin, match.end("part"))
                break
