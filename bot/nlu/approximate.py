"""About so many: 三四双 is three to four, 四五百 four to five hundred, 十来双 ten or a few more."""

from __future__ import annotations

import re

from bot.nlu.numerals import number

_ONES = "一二三四五六七八九"
_NEIGHBOURS = {_ONES[at] + _ONES[at + 1] for at in range(8)} | {"两三", "三五", "一两", "一俩"}
_PAIR = rf"(?:{'|'.join(sorted(_NEIGHBOURS))})"

APPROXIMATE = rf"(?:[一二两三四五六七八九]百{_PAIR}十?|[二三四五六七八九]?十{_PAIR}|{_PAIR}[十百千万]?|[一二两三四五六七八九]?[十百千][来几多]|几[十百])"
"""A pattern for what `about` reads."""


def about(text: str) -> tuple[int, int] | None:
    """(lowest, highest) of words that `APPROXIMATE` matches; None for others."""
    if text[-1:] in ("来", "几", "多") and (round_number := number(text[:-1])):
        step = {"十": 10, "百": 100, "千": 1000}[text[-2]]
        lowest = int(round_number) + (1 if text[-1] == "几" and step == 10 else 0)
        return lowest, int(round_number) + step // (2 if text[-1] == "来" else 1) - 1
    if re.fullmatch(r"几[十百]", text):
        return (20, 99) if text[1] == "十" else (200, 999)
    if hundreds := re.fullmatch(rf"(?P<n>.百)(?P<pair>{_PAIR})十?", text):
        low, high = (_times(digit, "十") for digit in hundreds["pair"])
        base = int(number(hundreds["n"]) or 0)
        return base + low, base + high
    head = re.fullmatch(
        rf"(?P<tens>[二三四五六七八九]?十)?(?P<pair>{_PAIR})(?P<unit>[十百千万])?", text
    )
    if head is None or (head["tens"] and head["unit"]):
        return None
    low, high = (_times(digit, head["unit"] or "") for digit in head["pair"])
    tens = int(number(head["tens"]) or 0) if head["tens"] else 0
    return tens + low, tens + high


def _times(digit: str, unit: str) -> int:
    value = {"两": 2, "俩": 2}.get(digit) or _ONES.index(digit) + 1
    return value * {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10000}[unit]
