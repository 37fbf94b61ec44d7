"""Amounts of money in fen: 200块, 两百五以内, 一百来块, 9块9, 三五百, 预算500."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.approximate import APPROXIMATE, about
from bot.nlu.found import Found
from bot.nlu.numerals import NUMERAL, number

# What goods are packed and counted in; said behind a round number it is no money (一百份).
_PACKED = "份|箱|盒|袋|瓶|罐|桶|套|台|枚|卷|盆|株|串"
_SMALL = "零一二三四五六七八九"
_UNIT = r"(?:块钱|元钱|块|元|rmb|人民币|大洋|r(?![a-z]))"
_MARKED = re.compile(r"[¥￥$]\s{0,2}(?P<n>(?<!\d)\d{1,9}(?:\.\d{1,2})?)")
_WITH_UNIT = re.compile(
    rf"(?P<n>{NUMERAL})\s{{0,2}}(?:来|多|几)?\s{{0,2}}{_UNIT}(?P<tail>\d(?!\d)|[{_SMALL}](?![十百千]))?(?:毛|角)?"
)
_DIMES = re.compile(rf"(?P<n>{NUMERAL})\s{{0,2}}(?:毛|角)(?:钱)?")
_RANGE = re.compile(
    rf"(?<![\d.])(?P<a>{NUMERAL})\s{{0,2}}(?:块|元)?\s{{0,2}}(?:-|到|至)\s{{0,2}}(?P<b>{NUMERAL})\s{{0,2}}"
    rf"(?:{_UNIT}|之间|以内|左右|的价|价位|$)"
)
# 三五百, 两三百块, 七八十块: both ends count. Without 块 a number below a hundred is no money.
_FEW = re.compile(rf"(?P<n>{APPROXIMATE})(?P<unit>块钱|块|元|钱)?")
_HUNDREDS = re.compile(
    r"(?<![\d第分一二两三四五六七八九十百千万零])(?P<n>[一二两三四五六七八九]千?[零一二两三四五六七八九]?百[零]?[一二三四五六七八九]?十?[一二三四五六七八九]?"
    r"|[一二两三四五六七八九]千[零一二三四五六七八九]?|\d(?:\.\d)?[百千])(?:来块|多块|来|多)?(?:钱)?"
    rf"(?!分|来|多|几|\s{{0,2}}(?:斤|码|个|克|g|ml|毫|抽|片|张|件|米|m|公|cm|厘|号|天|次|条|粒|颗|年|家|本|支|包|双|人|种|页|集|{_PACKED}))"
)
_OTHER_UNIT = re.compile(
    rf"\s{{0,2}}(?:斤|码|个|克|g|ml|毫|抽|片|张|件|米|m|公|cm|厘|号|天|次|条|粒|颗|年|家|本|支|包|双|人|种|页|集|步|里|度|{_PACKED})"
)
_CUE_BEFORE = re.compile(
    r"(?:预算|价格|价钱|最低|最高|最多|低于|高于|不超过|别超过|超过|不到|便宜到?了?|降到?了?|优惠到?了?|卖到?了?|给到|只要|才|就要|就|原价|现价|"
    r"满|减|少|省|差价?|退|补|返|抹|抹掉|涨到?了?|付了?|花了?|总共|一共|合计|到手价?|拍下|秒杀价?|活动价?|爆价|券|红包|运费|邮费)"
    r"\s{0,2}(?:是|在|个|我|了|:|给你|能给|能出|出)?\s{0,2}(?P<n>(?<!\d)\d{1,9}(?:\.\d{1,2})?)(?P<k>k)?"
    r"(?![\d.]|\s{0,2}(?:个|件|双|条|包|盒|袋|瓶|天|码|号|斤|克|g|ml|cm|米|点|月|小时|分钟|%|次|年|岁|折|kg|公斤|位|片|张|套|单|楼|支|只))"
)
# 两双500吧: what stands behind the goods is their price.
_AFTER_GOODS = re.compile(
    r"(?:[一每两二三四五六七八九十2-9])(?:双|件|条|个|套|只|顶|副|对)\s{0,2}(?:就|算|给|给你|我出|出)?\s{0,2}(?P<n>\d{3,5})"
    r"(?=\s{0,2}(?:吧|行|卖|可|给|包邮|拿|怎么样|,|\.|$))"
)
# 两件按799算: a sum that the goods are to be counted at.
_COUNTED_AT = re.compile(
    r"按(?:照|着)?\s{0,2}(?P<n>(?<!\d)\d{1,6}(?:\.\d{1,2})?)\s{0,2}(?:算|给|卖|结|拿|来算|的价)"
)
_MERELY = re.compile(r"就要?|只要|要就|才")
_CUE_AFTER = re.compile(
    r"(?<![\d.第])(?P<n>(?<!\d)\d{1,9}(?:\.\d{1,2})?)(?P<k>k)?\s{0,2}"
    r"(?:以内|以下|左右|之内|上下|封顶|以上|出头|行不行|行吗|行不|行么|可以吗|可以不|可以么|卖吗|卖不|卖么|成交|拿走|包邮|能卖|给不给|块)"
)


def money(text: str) -> Iterator[Found]:
    """Amounts of a normalised text in fen, in any order; of a range (100到200) both ends.

    一块 alone means together, 8折 is no amount, and a number without a unit counts only beside
    words of price.
    """
    for match in _RANGE.finditer(text):
        if not match["a"].isdigit() or float(match["a"]) < 20:
            continue  # 3-5天, 二到三 …
        yield from _found(match, "a")
        yield from _found(match, "b")
    for match in _WITH_UNIT.finditer(text):
        if match["n"] == "一" and not match["tail"] and not match.group().endswith("钱"):
            continue
        value = number(match["n"])
        if value is not None:
            tail = number(match["tail"]) if match["tail"] else 0.0
            yield _fen(value + (tail or 0.0) / 10, match.start(), match.end())
    for match in _DIMES.finditer(text):
        value = number(match["n"])
        if value is not None:
            yield _fen(value / 10, match.start(), match.end())
    for match in _FEW.finditer(text):
        bounds = about(match["n"])
        if bounds is None or match["n"][-1] in "来几多":
            continue
        if match["unit"] or (bounds[0] >= 100 and not _OTHER_UNIT.match(text, match.end())):
            # The two ends part the words between them, so that neither takes the other's.
            middle = match.start() + 1
            yield _fen(bounds[0], match.start(), middle)
            yield _fen(bounds[1], middle, match.end())
    for match in _HUNDREDS.finditer(text):
        yield from _found(match, "n")
    for pattern in (_MARKED, _CUE_BEFORE, _CUE_AFTER, _AFTER_GOODS, _COUNTED_AT):
        for match in pattern.finditer(text):
            if not _is_size(match):
                yield from _found(match, "n")


def _is_size(match: re.Match[str]) -> bool:
    """就43吧 takes a size; 就43块 would be found by its unit."""
    return _MERELY.match(match.group()) is not None and 34 <= float(match["n"]) <= 48


def _found(match: re.Match[str], group: str) -> Iterator[Found]:
    text = match[group]
    if text[-1] in "百千" and text[0].isdigit():
        value: float | None = float(text[:-1]) * (100 if text[-1] == "百" else 1000)
    else:
        value = number(text)
    if value is not None:
        thousand = 1000 if "k" in match.groupdict() and match["k"] else 1
        yield _fen(value * thousand, match.start(group), match.end(group))


def _fen(yuan: float, start: int, end: int) -> Found:
    return Found("money", round(yuan * 100), start, end)
