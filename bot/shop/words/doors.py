"""The last part of an address: building, unit and room, which are corrected by themselves."""

from __future__ import annotations

import re

# From the whole to the part: what is said of one replaces it and all that stands behind it.
_RANKS = (("号楼", "栋", "幢", "座"), ("单元",), ("层", "楼"), ("室", "房", "户", ""))
_PART = re.compile(
    r"(?P<n>\d{1,5}|[A-Za-z]\d{0,4}|[一二三四五六七八九十]{1,3})\s{0,2}(?P<unit>号楼|单元|[栋幢座层楼室房户]|)"
)
_TAIL = re.compile(
    rf"(?:{_PART.pattern.replace('?P<n>', '?:').replace('?P<unit>', '?:')}[\s-]{{0,2}}){{1,5}}$"
)


def with_door(address: str, door: str) -> str:
    """`door` (302, 2单元501) in place of the same part of `address`, or behind it.

    The number of the house in its street (88号) is no part of it and stays.
    """
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


def _rank(unit: str) -> int:
    return next(rank for rank, units in enumerate(_RANKS) if unit in units)
