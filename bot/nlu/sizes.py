"""Sizes of shoes and clothes: 38码, 四十码半, 3XL, 均码, 175/92A."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from bot.nlu.found import Found
from bot.nlu.numerals import number

_NUMBER = r"(?:\d{2,3}(?:\.5)?|[二三四五六]十[一二三四五六七八九]?(?:点五)?)"
_NAMED = re.compile(
    rf"(?<![\d.])(?P<n>{_NUMBER})\s{{0,2}}(?P<mid>半)?\s{{0,2}}(?P<unit>码|号)(?P<half>半(?!码))?(?!楼|线|店|铺|院)"
)
_LETTERS = re.compile(
    r"(?<![a-z0-9.])(?P<s>[2-6]?x{1,5}l|[2-6]?xl|x{0,2}s|m|l)(?:码|号)?(?![a-z0-9]|[.+'-][a-z0-9])"
)
_WORDS = {"均码": "均码", "f码": "均码", "均号": "均码", "freesize": "均码", "free size": "均码", "小号": "S",
          "小码": "S", "中号": "M", "中码": "M", "大号": "L", "加大号": "XL", "加大码": "XL", "特大号": "2XL"}  # fmt: skip
_WORD = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))
_NATIONAL = re.compile(r"(?<!\d)(?P<s>\d{2,3}/\d{2,3}[abcy])(?![a-z])")
_UNITS = ("块|元|r|个|件|双|条|包|盒|袋|瓶|天|小时|分|秒|岁|斤|kg|公斤|千克|g|克|ml|毫升|l|w|v|a|寸|英寸|cm|厘米|公分|mm|毫米|"
          "月|日|号|度|片|张|米|m|套|万|百|千|楼|栋|幢|室|折|点|年|抽|支|本|卷|箱|周|款|种|人|次|单|元|g|k|位|页|颗|粒|升|寸|%|/\\d{2}日")  # fmt: skip
_BARE = re.compile(
    rf"(?<![\d.a-z:#第])(?P<n>3[4-9]|4[0-8])(?P<half>\.5|半)?(?![\d.:]|\s{{0,2}}(?:{_UNITS}))"
)


def canonical(size: str) -> str:
    """One spelling for a size: XXL → 2XL, 40.0 → 40, f码 → 均码; anything else in upper case."""
    text = size.strip().lower()
    if text in _WORDS:
        return _WORDS[text]
    if found := re.fullmatch(r"(x{2,9})([sl])", text):
        return f"{len(found[1])}X{found[2].upper()}"
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return f"{float(text):g}"
    return text.upper()


def sizes(text: str) -> Iterator[Found]:
    """Sizes of a normalised text, as `canonical` spells them.

    A number without 码 counts from 34 to 48 and only where no unit follows; 号 only from 32 on,
    because 20号 is a day.
    """
    for match in _NATIONAL.finditer(text):
        yield Found("size", match["s"].upper(), match.start(), match.end())
    for match in _NAMED.finditer(text):
        value = number(match["n"])
        if value is None or not _is_size(value, match["unit"]):
            continue
        half = 0.5 if match["mid"] or match["half"] else 0.0
        yield Found("size", f"{value + half:g}", match.start(), match.end())
    for match in _LETTERS.finditer(text):
        yield Found("size", canonical(match["s"]), match.start(), match.end())
    for match in _WORD.finditer(text):
        yield Found("size", _WORDS[match.group()], match.start(), match.end())
    for match in _BARE.finditer(text):
        half = 0.5 if match["half"] else 0.0
        yield Found("size", f"{int(match['n']) + half:g}", match.start(), match.end())


_BABIES = (66, 73)  # of 52, 59, 66, 73, 80, 90: so their clothes are made
_SMALL = re.compile(
    rf"(?<![\d.a-z:#第])(?P<n>2\d|3[0-3]|[5-9]\d|1[0-7]\d)(?:\.5)?(?![\d.:]|\s{{0,2}}(?:{_UNITS}))"
)


def small_sizes(text: str, beside: Iterable[Found], made: Collection[str]) -> Iterator[Found]:
    """Children's sizes without 码, where the shop makes them: 粉色31, 睡袋90, right beside a colour or
    goods, and 90的, 90和100.

    `beside`: what was found in the text; `made`: the sizes of the shop's goods, in `canonical`.
    """
    edges = {edge for one in beside if one.entity in _BESIDE for edge in (one.start, one.end)}
    for match in _SMALL.finditer(text):
        is_beside = bool(edges & {match.start(), match.end()})
        is_joined = text.startswith(_AFTER, match.end()) or text.endswith(_JOINS, 0, match.start())
        if match.group() in made and (is_beside or is_joined):
            yield Found("size", match.group(), match.start(), match.end())


_JOINS = ("和", "跟", "还是")
_AFTER = ("的", *_JOINS)
_BESIDE = ("colour", "product", "kind", "category")


def _is_size(value: float, unit: str) -> bool:
    if unit == "号":
        return 32 <= value <= 60
    return 20 <= value <= 60 or value in _BABIES or (66 <= value <= 195 and value % 5 == 0)
