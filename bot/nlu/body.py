"""Height, weight and foot length: cm, kg and mm out of 一米六五, 105斤, 165/52kg, 脚长24.5."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.approximate import APPROXIMATE, about
from bot.nlu.found import Found, just_before
from bot.nlu.numerals import NUMERAL, number

_ABOUT = r"(?:是|有|大概|大约|差不多|在|约|量的?|量了?|:|才|只有|就|快){0,4}\s{0,2}"
_NOT_GOODS = (
    r"(?!\s{0,2}(?:长|宽|的?(?:床|线|绳|杆|被|沙发|桌|垫|布|帘|管|网|伞|带|尺|款)|数据线|乘|x|\*))"
)
_METRES = re.compile(
    r"(?<![\d.])(?P<m>[12一二两])\s{0,2}(?:米|m(?![lma-z]))\s{0,2}"
    r"(?P<rest>\d{1,2}(?!\d)(?!斤|公斤|kg)|[零一二三四五六七八九]十?[一二三四五六七八九]?)?"
    + _NOT_GOODS
)
_DECIMAL = re.compile(
    r"(?<![\d.])(?P<m>1\.[3-9]\d?|2\.0\d?)\s{0,2}(?P<unit>米|m(?![a-z]))?(?![\d.%])" + _NOT_GOODS
)
_CENTIMETRES = re.compile(
    r"(?P<what>[脚足腰胸臀臂肩头裤衣袖杯锅屏帽腿手长宽高厚深径距围]?)\s{0,2}"
    rf"(?P<n>{NUMERAL})(?P<half>\s{{0,2}}半)?\s{{0,2}}(?P<unit>cm|厘米|公分|mm|毫米)"
)
_HEIGHT_SAID = re.compile(
    rf"(?:身高|个子|净高|高){_ABOUT}(?P<n>{NUMERAL})\s{{0,2}}(?:cm|厘米|公分)?(?!\s{{0,2}}(?:[米m元块斤]|公斤|kg)|\d)"
)
_KILOS = re.compile(rf"(?P<n>{NUMERAL})\s{{0,2}}[多来几]?\s{{0,2}}(?:公斤|kg|千克)(?!装)")
_CATTIES = re.compile(rf"(?P<n>{NUMERAL})\s{{0,2}}[多来几]?\s{{0,2}}(?:市斤|斤)(?P<half>半)?(?!装)")
_WEIGHT_SAID = re.compile(
    rf"(?:体重|重){_ABOUT}(?P<n>{NUMERAL})(?!\s{{0,2}}(?:斤|公斤|kg|千克|克|g|吨)|[\d.])"
)
_PAIR = re.compile(
    r"(?<![\d.])(?P<h>1[3-9]\d|20\d)\s{0,2}(?:cm)?\s{0,2}[/,.\-\\ +、]\s{0,2}"
    r"(?P<w>\d{2,3}(?:\.\d)?)\s{0,2}(?P<unit>公斤|kg|千克|斤)?"
    r"(?![\d.]|\s{0,2}(?:[abcy](?![a-z])|块|元|ml|cm|mm|克|g|w|码|号|个|件|[/-]\d))"
)
_GLUED = re.compile(
    r"(?<![\d.])(?P<h>1[4-9]\d)(?P<w>\d{2,3})\s{0,2}(?P<unit>公斤|kg|千克|斤)(?!装)"
)
_FOOT_SAID = re.compile(
    rf"(?:脚长|足长|内长|脚板长|脚掌长|脚丫子?长?|脚){_ABOUT}(?P<n>{NUMERAL})(?P<half>\s{{0,2}}半)?\s{{0,2}}"
    r"(?P<unit>cm|厘米|公分|mm|毫米|码|号)?(?P<rest>半)?"
)
_BARE = re.compile(r"(?<![\d.a-z/\-:#])(?P<n>\d{2,3}(?:\.\d)?|[一二两三]百[零一二三四五六七八九]?十?[一二三四五六七八九]?)"
                   r"(?![\d.a-z/\-:%]|\s{0,2}[块元个件双条包盒袋瓶天岁寸抽片张克毫厘米码号斤公折年月日楼栋室点后位])")  # fmt: skip
_CHILD = re.compile(r"宝宝|孩子|小孩|娃|岁|个月|体重|身高|儿子|女儿|男孩|女孩|宝贝|小朋友")
_ABOUT_SO_MUCH = re.compile(APPROXIMATE)
_WEARING = re.compile(r"脚|鞋|码|穿|内长|尺")
_OF_A_BODY = re.compile(r"身高|个子")
_OF_SOMEBODY = re.compile(r"[我他她高]\s{0,2}$")
_SAYS_A_WORD = re.compile(r"(?!\d)\w")


def body_measures(text: str, context: str = "") -> Iterator[Found]:
    """Heights (height_cm), weights (weight_kg) and foot lengths (foot_mm) of a normalised text.

    `context` is the whole message where words of `text` are blotted out: 宝宝 90cm is a height.

    A weight without a unit counts 斤 from 85 on, kg below: nobody of 85 kg leaves the unit out
    as often as somebody of 85 斤. Goods' lengths and weights (2米的线, 5斤装) are not taken.
    """
    context = context or text
    found = [
        *_pairs(text), *_heights(text, context), *_feet(text, context), *_weights(text, context)
    ]  # fmt: skip
    yield from found
    yield from _partners(text, found)


def _pairs(text: str) -> Iterator[Found]:
    for pattern in (_PAIR, _GLUED):
        for match in pattern.finditer(text):
            kilos = _kilos(float(match["w"]), match["unit"])
            if 25 <= kilos <= 150:
                yield Found("height_cm", float(match["h"]), match.start("h"), match.end("h"))
                yield Found("weight_kg", kilos, match.start("w"), match.end())


def _heights(text: str, context: str) -> Iterator[Found]:
    said = _OF_A_BODY.search(text)
    said_by = said.end() if said else len(text) + 1
    for match in _METRES.finditer(text):
        metres, rest = number(match["m"]), match["rest"]
        is_body = said_by <= match.start() or _OF_SOMEBODY.search(just_before(text, match.start()))
        if rest is None and not is_body:
            continue
        part = number(rest) if rest else 0.0
        if metres and part is not None:
            height = metres * 100 + (part * 10 if part < 10 and len(rest or "") == 1 else part)
            if 60 <= height <= 230:
                yield Found("height_cm", height, match.start(), match.end())
    for match in _DECIMAL.finditer(text):
        if match["unit"] or re.search(r"身高|个子|高|斤|kg|体重|穿|码", context):
            yield Found("height_cm", round(float(match["m"]) * 100, 1), match.start(), match.end())
    for match in _CENTIMETRES.finditer(text):
        value = number(match["n"])
        is_height = match["unit"] in ("cm", "厘米", "公分") and match["what"] in ("", "高")
        lowest = 50 if _CHILD.search(context) else 120
        if value and is_height and lowest <= value <= 215:
            yield Found("height_cm", value, match.start("n"), match.end())
    for match in _HEIGHT_SAID.finditer(text):
        value = number(match["n"])
        if value and 60 <= value <= 215:
            yield Found("height_cm", value, match.start(), match.end())


def _weights(text: str, context: str) -> Iterator[Found]:
    for match in _KILOS.finditer(text):
        value = number(match["n"])
        if value and (30 <= value <= 160 or (3 <= value < 30 and _CHILD.search(context))):
            yield Found("weight_kg", value, match.start(), match.end())
    for match in _CATTIES.finditer(text):
        value = number(match["n"]) or _between(match["n"])
        if value and (70 <= value <= 320 or (6 <= value < 70 and _CHILD.search(context))):
            value += 0.5 if match["half"] else 0
            yield Found("weight_kg", value / 2, match.start(), match.end())
    for match in _WEIGHT_SAID.finditer(text):
        value = number(match["n"])
        if value and 30 <= value <= 300:
            yield Found("weight_kg", _kilos(value, None), match.start(), match.end())


def _feet(text: str, context: str) -> Iterator[Found]:
    for match in _FOOT_SAID.finditer(text):
        value = number(match["n"])
        if value and match["unit"] not in ("码", "号"):
            value += 0.5 if match["half"] or match["rest"] else 0
            length = value * 10 if value < 35 else value
            if 90 <= length <= 320 and not 350 <= length <= 480:
                yield Found("foot_mm", length, match.start(), match.end())
    for match in _CENTIMETRES.finditer(text):
        value = number(match["n"])
        if value is None or match["what"] not in ("", "脚", "足"):
            continue
        value += 0.5 if match["half"] else 0
        length = value if match["unit"] in ("mm", "毫米") else value * 10
        is_alone = match.group().strip() == context.strip()
        if 205 <= length <= 310 and (is_alone or _WEARING.search(context)):
            yield Found("foot_mm", length, match.start("n"), match.end())
    for match in _BARE.finditer(text):
        value = number(match["n"])
        if (
            value
            and 220 <= value <= 290
            and value % 5 == 0
            and re.search(r"脚|鞋|码|内长", context)
        ):
            yield Found("foot_mm", value, match.start(), match.end())


def _partners(text: str, found: list[Found]) -> Iterator[Found]:
    """The bare number beside a height is a weight, and beside a weight a height."""
    kinds = {one.entity for one in found}
    if not kinds & {"height_cm", "weight_kg"} or {"height_cm", "weight_kg"} <= kinds:
        return
    taken = {at for one in found for at in range(one.start, one.end)}
    last_word = max((match.start() for match in _SAYS_A_WORD.finditer(text)), default=-1)
    for match in _BARE.finditer(text):
        if match.start() in taken or match.end() - 1 in taken:
            continue
        value = number(match["n"])
        if value is None:
            continue
        if "height_cm" in kinds and 38 <= value <= 230:
            if value <= 48 and match.start() <= last_word:
                continue
            yield Found("weight_kg", _kilos(value, None), match.start(), match.end())
            return
        if "weight_kg" in kinds and 140 <= value <= 205:
            yield Found("height_cm", value, match.start(), match.end())
            return


def _between(words: str) -> float | None:
    """一百三四十 is 135."""
    bounds = about(words) if _ABOUT_SO_MUCH.fullmatch(words) else None
    return sum(bounds) / 2 if bounds else None


def _kilos(value: float, unit: str | None) -> float:
    if unit in ("公斤", "kg", "千克"):
        return value
    return value / 2 if unit == "斤" or value >= 85 else value
