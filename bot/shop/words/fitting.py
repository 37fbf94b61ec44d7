"""Whether a list that a shop wrote (兼容机型, 适合肤质) names what a buyer asks about: 15 Pro, 油皮."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MODEL = re.compile(r"[a-z]*\d[a-z0-9]*(?:\s?(?:pro|max|plus|mini|ultra|air|se)\b|\s?\+)*", re.I)
_MEASURE = re.compile(r"\d+(?:\.\d+)?(?:w|g|kg|ml|l|a|v|mah|cm|m|k|hz|c)")  # 20w, 3c
_MADE_BY = re.compile(r"[^\W\d]+\s?(?P<model>\d{1,4}(?:\s?[A-Za-z]{2,6})+)")
_PART = re.compile(r"[、，,；;/|｜\n]|和|及|以及")


def plain(text: str) -> str:
    """One spelling whatever blanks, case and width: iPhone 15 Pro → iphone15pro."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return "".join(text.translate(wide).lower().split())


def models_in(text: str) -> list[str]:
    """Names of models, in plain spelling: 15 Pro 能用吗 → 15pro; 20W is none."""
    found = [plain(one) for one in _MODEL.findall(text)]
    return [
        one for one in found if not _MEASURE.fullmatch(one) and (len(one) == 2 or not one.isdigit())
    ]


def models_without_make(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(15 Pro, 远川 15 Pro): models that one make alone has are named without it."""
    owners: dict[str, set[str]] = {}
    for value in dict.fromkeys(values):
        match = _MADE_BY.fullmatch(value)
        if match and not _MEASURE.fullmatch(plain(match["model"])):
            owners.setdefault(match["model"], set()).add(value)
    for model, its in owners.items():
        if len(its) == 1:
            yield model, its.pop()


def parts_of(text: str) -> list[str]:
    """The items of a list written in one cell."""
    return [part.strip() for part in _PART.split(text) if part.strip()]


def names_model(written: Iterable[str], model: str) -> bool:
    """Whether one of the items is this very model: 15pro is in iPhone 15 Pro, not in 15 Pro Max."""
    return any(plain(item).endswith(model) for item in written)
