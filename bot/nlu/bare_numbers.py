"""A number and nothing else, whose it is, and one that stands behind words that put right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.nlu.body import body_measures
from bot.nlu.found import Found

_BARE = re.compile(r"(?P<n>\d{1,4}(?:\.\d)?)\W*")
_LEADS = frozenset(("delays", "instead", "misremembered", "is_instead"))  # cues
# What may stand beside the number that is told anew: 不对 他170, 错了 应该是42.
_NOT = "不是"
_BY_WHOM = re.compile(r"[他她我]\s{0,2}")
_NOBODY = "\0"
_WHOSE = re.compile(r"[\W他她我它是该哦噢啊才就]*")


def of_somebody(text: str) -> Found | None:
    """他170, 她38: a body's number; 我2 is none."""
    lead = _BY_WHOM.match(text)
    found = bare_number(text[lead.end() :]) if lead else None
    if lead is None or found is None or found.entity in ("quantity", "phone_tail"):
        return None
    return found.moved(lead.end())


def told_anew(text: str, cues: Iterable[Found], found: Iterable[Found]) -> list[Found]:
    """A number or a measure behind words that put right: 不对 他170, 身高打错了 168."""
    leads = [cue for cue in cues if cue.value in _LEADS]
    if not leads or any(one.entity not in ("ordinal", "person") for one in found):
        return []
    start, end = min(one.start for one in leads), max(one.end for one in leads)
    for one in found:
        if one.entity == "person":  # 不对 我爸是170: whose it is stands where 他 may stand
            text = f"{text[: one.start]}{_NOBODY * (one.end - one.start)}{text[one.end :]}"
    head, rest = text[:start], text[end:]
    if text[start:end] == _NOT and rest[:1].isdigit():
        return []  # 不是42 denies it
    shift = end - len(head)
    if measures := list(body_measures(f"{head}{rest}")):
        return [_parted(one, len(head), shift) for one in measures]
    lead = _WHOSE.match(rest)
    if lead is None or _WHOSE.fullmatch(head) is None:
        return []
    bare = bare_number(rest[lead.end() :])
    return [] if bare is None else [bare.moved(end + lead.end())]


def _parted(one: Found, at: int, by: int) -> Found:
    """Where it stands in the text, whose words from `at` on were cut out."""
    start, end = (place + by if place >= at else place for place in (one.start, one.end - 1))
    return replace(one, start=start, end=end + 1)


def bare_number(text: str) -> Found | None:
    """A message that is one number answers what was asked; by its size it is the likeliest thing.

    1–20 pieces (or the nth of what was shown), 34–48 a size, 48–84 kg, 85–139 斤, 140–205 cm (or
    斤), 220–290 mm of a foot, four digits the end of a phone number.
    """
    match = _BARE.fullmatch(text)
    if match is None:
        return None
    digits, start, end = match["n"], match.start("n"), match.end("n")
    value = float(digits)
    if len(digits) == 4 and digits.isdigit():
        return Found("phone_tail", digits, start, end)
    if 34 <= value <= 48 and value * 2 % 1 == 0:
        return Found("size", f"{value:g}", start, end, ("weight_kg", value))
    if 48 < value < 85:
        return Found("weight_kg", value, start, end)
    if 85 <= value < 140:
        return Found("weight_kg", value / 2, start, end)
    if 140 <= value <= 205:
        return Found("height_cm", value, start, end, ("weight_kg", value / 2))
    if 220 <= value <= 290:
        return Found("foot_mm", value, start, end)
    if 22 <= value <= 31 and "." in digits:
        return Found("foot_mm", value * 10, start, end)
    if 1 <= value <= 20 and digits.isdigit():
        return Found("quantity", int(value), start, end, ("ordinal", int(value)))
    return None
