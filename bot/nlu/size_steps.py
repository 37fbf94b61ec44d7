"""A size further, and the size a buyer wears: 大一码 → size_step 1, 平时穿38 → usual."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found, just_before

# 偏大一码 and 大了一码 tell how goods turned out, not what is wanted.
_COUNTED = re.compile(
    r"(?<![偏太了])(?P<way>大|小)(?P<n>[一1两2半])个?(?:码|号|个尺码)(?!包|袋|瓶|杯|水|背包)"
)
_WANTED = re.compile(
    r"(?:再|换|改|拿|选|挑|往|给我|要|拍|买)(?:个|成|双|件|条|一)?\s{0,2}(?P<way>大|小)(?:一)?(?:点点?|些)(?:的|儿)?"
    r"|(?:换|改|拿|选|拍)(?:个|成)?(?P<other>大|小)(?:的)?(?:码|号)"
)
_STEPS = {"一": 1.0, "1": 1.0, "两": 2.0, "2": 2.0, "半": 0.5}
_USUAL = re.compile(
    r"(?:平时|平常|一般|一直|通常|向来|以前|往常|日常|从来|每次|原来)(?:都|就|我|是|的|在|穿|买|拿|选|鞋|衣服|鞋子|运动鞋|裤子){0,8}\s{0,2}$"
)
_USUAL_AFTER = re.compile(r"(?:码|号)?(?:的)?(?:穿惯了|居多|穿得?多|穿习惯)")


def size_steps(text: str) -> Iterator[Found]:
    """`size_step`: how many sizes further, below zero for smaller; a half size counts 0.5."""
    for match in _COUNTED.finditer(text):
        yield Found("size_step", _signed(match["way"], _STEPS[match["n"]]), *match.span())
    for match in _WANTED.finditer(text):
        yield Found("size_step", _signed(match["way"] or match["other"], 1.0), *match.span())


def is_usual(text: str, one: Found) -> bool:
    """Whether this size is what the buyer wears as a rule, and not the one asked for."""
    before = just_before(text, one.start, 32)
    return bool(_USUAL.search(before) or _USUAL_AFTER.match(text, one.end))


def _signed(way: str, steps: float) -> float:
    return steps if way == "大" else -steps
