"""Reads numbers as buyers write them: 38, 24.5, 三十八, 一百六, 两百五, 一千二, 百来."""

from __future__ import annotations

import re

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "仨": 3, "壹": 1, "贰": 2, "叁": 3, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000}

_WRITTEN = "零〇一二两三四五六七八九十百千万"
NUMERAL = (
    r"(?:(?<!\d)\d{1,9}(?:\.\d{1,6})?"
    rf"|(?<![{_WRITTEN}])[{_WRITTEN}]{{1,12}}(?:点[零〇一二三四五六七八九]{{1,6}})?)"
)
"""A pattern for what `number` reads (俩 and 仨 only where counted things are expected).

It starts at the left edge of a number and is bounded, or a long run of digits would be tried from
every one of them to its end.
"""


def number(text: str) -> float | None:
    """The value of digits or Chinese numerals; None when the text is neither.

    A digit after 百, 千 or 万 counts the next smaller unit, as in speech: 两百五 is 250.
    """
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None:
        return None
    if fraction:
        if not all(char in _DIGITS for char in fraction):
            return None
        value += float("0." + "".join(str(_DIGITS[char]) for char in fraction))
    return value


def _whole(text: str) -> float | None:
    if not text:
        return None
    if all(char in _DIGITS for char in text):  # read out digit by digit: 一六五
        return float("".join(str(_DIGITS[char]) for char in text))
    large, found, small = text.partition("万")
    if found:
        head = _below_ten_thousand(large)
        if head is None:
            return None
        if small and len(small) == 1 and small in _DIGITS:
            return head * 10000 + _DIGITS[small] * 1000
        tail = _below_ten_thousand(small) if small else 0.0
        return None if tail is None else head * 10000 + tail
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> float | None:
    total, digit, unit, after_zero = 0, None, 1, False
    for char in text:
        if char in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
            after_zero = after_zero or digit == 0
        elif char in _UNITS:
            unit = _UNITS[char]
            total += (1 if digit is None else digit) * unit
            digit, after_zero = None, False
        else:
            return None
    if digit is not None:
        total += digit * (unit // 10 if unit > 10 and not after_zero else 1)
    return float(total)
