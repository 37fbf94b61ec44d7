"""The last part of an address: building, unit and room, which are corrected by themselves."""

from __future__ import annotations

import re

# From the whole to the part: what is said of one replaces it and all that stands behind it.
_RANKS = (("号楼", "栋", "幢", "座"), ("单元",), ("层", "楼"), ("室", "房", "户", ""))
_HOUSES = ("栋", "幢", "座")  # said for each other
_PART = re.compile(
    r"(?P<n>\d{1,5}|[A-Za-z]\d{0,4}|[一二三四五六七八九十]{1,3})\s{0,2}(?P<unit>号楼|单元|[栋幢座层楼室房户]|)"
)
_TAIL = re.compile(
    rf"(?:{_PART.pattern.replace('?P<n>', '?:').replace('?P<unit>', '?:')}[\s-]{{0,2}}){{1,5}}$"
)


def with_door(address: str, door: str, before: str = "") -> str:
    """`door` (302, 2单元501) in place of the same part of `address`, or behind it.

    The number of the house in its street (88号) is no part of it and stays. `before`: the part as
    the buyer says it is now; where it stands there, it alone is changed (6栋 → 9栋, and 302 stays).
    """
    if was := _last(before, address):
        return f"{address[: was.start()]}{door}{address[was.end() :]}"
    if not door[-1:].isdigit() and _last(door, address):
        return address  # it is so already: the same words heard twice change it once
    said = _PART.search(door)
    if said is None:
        return address
    tail = _TAIL.search(address)
    start = (
        tail.start()
        if tail and not address[tail.start() - 1 : tail.start()].isdigit()
        else len(address)
    )
    for part in _PART.finditer(address, start):
        if _rank(part["unit"]) >= _rank(said["unit"]):
            return f"{address[: part.start()].rstrip()} {door}" if part.start() else door
    return f"{address.rstrip()} {door}"


def _last(part: str, address: str) -> re.Match[str] | None:
    """Where it stands last, however it is spaced and written (3 幢, B座); no piece of a number."""
    if not part:
        return None
    said = [f"(?:{'|'.join(_HOUSES)})" if one in _HOUSES else re.escape(one) for one in part]
    spaced = r"\s{0,2}".join(said)
    whole = r"(?!\d)" if part[-1].isdigit() else ""
    found = list(re.finditer(rf"(?<!\d){spaced}{whole}", address, re.IGNORECASE))
    return found[-1] if found else None


def _rank(unit: str) -> int:
    return next(rank for rank, units in enumerate(_RANKS) if unit in units)
