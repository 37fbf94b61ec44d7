"""What is worn below the goods (里面还要穿抓绒): a wish for room, and no goods that are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found

_BELOW = re.compile(
    r"(?:里面|里头|里边|内里|内搭)(?:还|再|也|要|想|得|会|能|可以|准备|打算)*"
    r"(?:穿|套|加|搭|叠)(?:一?[件个层])?(?!.{0,2}[袜什啥哪不])[\u4e00-\u9fff]{1,3}"
)


def layers(text: str) -> Iterator[Found]:
    """The wish for a loose fit in a normalised text; thick socks are another matter."""
    for match in _BELOW.finditer(text):
        yield Found("fit", "loose", match.start(), match.end())
