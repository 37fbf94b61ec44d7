"""The parts of an address that are corrected by themselves: district and street, the number of the
house, building, unit and room."""

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


_HOUSE = re.compile(r"\d{1,5}\s{0,2}号(?!楼)")  # in its street
_UNITS = "自治区|街道|大道|省|市|区|县|镇|乡|路|街|村"
_PLACE = re.compile(rf"[\u4e00-\u9fff]{{1,8}}?(?P<unit>{_UNITS})")
_BECOMES = re.compile(
    rf"(?<!不)(?:是|成|为|到|改|换|写)\s?(?P<new>[\u4e00-\u9fff]{{1,8}}?(?P<unit>{_UNITS}))(?=$|[^\w]|[吧了哈啊呀的不])"
)
_NUMBER = re.compile(r"\d{1,5}")
_STREET_NAME = r"[^\W\d省市区县镇乡旗]{1,8}?(?:路|街|大道|巷|弄|胡同)(?:[东南西北中]?[一二三四五六七八九十]{0,2}段)?"
_STREET_ALONE = re.compile(rf"{_STREET_NAME}\s?\d{{1,5}}\s?号?\S{{0,12}}")
_STREET_IN = re.compile(rf"(?<=[省市区县镇乡旗]){_STREET_NAME}\s?\d{{1,5}}\s?号?")


def with_door(address: str, door: str, before: str = "") -> str:
    """`door` (302, 2单元501) in place of the same part of `address`, or behind it.

    The number of the house in its street (88号) is no part of it and stays. `before`: the part as
    the buyer says it is now; where it stands there, it alone is changed (6栋 → 9栋, and 302 stays).
    """
    if was := _last(before, address):
        return f"{address[: was.start()]}{door}{address[was.end() :]}"
    if house := _HOUSE.match(door):
        return _with_house(address, door, is_whole=house.end() == len(door))
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


def _with_house(address: str, door: str, *, is_whole: bool) -> str:
    """9号 in place of 88号, and 3幢602 behind it stay; 9号2单元 stands for all behind it."""
    found = list(_HOUSE.finditer(address))
    if not found:
        return f"{address.rstrip()} {door}"
    tail = address[found[-1].end() :] if is_whole else ""
    return f"{address[: found[-1].start()]}{door}{tail}"


def with_street(address: str, text: str) -> str:
    """和平路8号, told where a new address was asked for: street and house in place of those of
    `address`, whose province, city and district stay; the same where `text` is no such thing."""
    if not _STREET_ALONE.fullmatch(text.strip()):
        return address
    found = list(_STREET_IN.finditer(address))
    return f"{address[: found[-1].start()]}{text.strip()}" if found else address


def put_right(address: str, text: str) -> str:
    """徐汇区不对 是长宁区, 301不对 是103: `address` with the part that the line names anew; the same
    where it names none, or it cannot be told which part it stands for."""
    numbers = list(dict.fromkeys(_NUMBER.findall(text)))
    if len(numbers) == 2:
        known = [one for one in numbers if _last(one, address)]
        if len(known) == 1:
            was, new = _last(known[0], address), next(one for one in numbers if one not in known)
            assert was is not None
            return f"{address[: was.start()]}{new}{address[was.end() :]}"
    said = list(_BECOMES.finditer(text))
    if not said or numbers:
        return address
    new, unit = said[-1]["new"], said[-1]["unit"]
    alike = [one for one in _PLACE.finditer(address) if one["unit"] == unit]
    named = [one for one in alike if one.group() in text and one.group() != new]
    if len(alike) != 1 and len(named) != 1:
        return address
    was = (named or alike)[0]
    return f"{address[: was.start()]}{new}{address[was.end() :]}"


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
