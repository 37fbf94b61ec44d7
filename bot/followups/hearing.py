"""Reads what a shop's webhook says: one happening, as its feed would tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.shop.words.codec import BadShape, decode
from bot.shop.words.happening import TELLS, Happening, HappeningKind

TYPE = "happening"
_MOST = {"key": 260, "buyer_id": 80, "order_number": 32, "product_id": 64}  # characters of columns
_MOST_TOLD, _LONGEST_TOLD = 20, 500


def read_happening(body: Mapping[str, Any]) -> Happening:
    """Of `{"type": "happening", "data": {…}}`; `number` may be missing. Raises BadShape."""
    if body.get("type") != TYPE:
        raise BadShape("type", TYPE)
    data = body.get("data")
    if not isinstance(data, dict):
        raise BadShape("data", "an object")
    told: Happening = decode(Happening, {"number": 0, **data}, "data")
    for name, most in _MOST.items():
        text = getattr(told, name)
        if len(text) > most or "\x00" in text:
            raise BadShape(f"data.{name}", f"at most {most} characters")
    if not told.key:
        raise BadShape("data.key", "a value (it is empty)")
    for name in TELLS[told.kind]:
        if not (getattr(told, name) if name in _MOST else told.told(name)):
            raise BadShape(f"data.{name if name in _MOST else f'about {name}'}", "a value")
    _demand_plain(told)
    return told


def _demand_plain(told: Happening) -> None:
    if len(told.about) > _MOST_TOLD:
        raise BadShape("data.about", f"at most {_MOST_TOLD} pairs")
    for name, value in told.about:
        where = f"data.about {name[:20]}"
        if len(name) + len(value) > _LONGEST_TOLD or "\x00" in name + value:
            raise BadShape(where, f"at most {_LONGEST_TOLD} characters")
        if name.endswith("_fen") and not (value.isascii() and value.isdecimal()):
            raise BadShape(where, "whole fen, in digits")
    is_review = told.kind in (HappeningKind.GOOD_REVIEW, HappeningKind.BAD_REVIEW)
    if is_review and told.told("stars") not in tuple("12345"):
        raise BadShape("data.about stars", "1 to 5")
