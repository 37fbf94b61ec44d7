"""What an amount of money is said to be: taken off, for one piece, for all of them, or a budget."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["off", "apiece", "for_all", "budget"]

_ONE = r"(?:[双件条个只对套包顶把瓶盒张块副罐]|单)"
_OFF = re.compile(
    r"(?:便宜|优惠|立减|直减|减免|减掉?|(?<!多)少收?|抹掉?|去掉|降|让利?|省)(?:了|个|我|点)*\s{0,2}$"
)
_APIECE_BEFORE = re.compile(
    rf"(?:(?<![\d一二两三四五六七八九十])一|每|单){_ONE}\s{{0,2}}(?:就|给我?|算|是|卖)*\s{{0,2}}$|单价\s{{0,2}}(?:是|就)?\s{{0,2}}$"
)
_APIECE_AFTER = re.compile(
    rf"\s{{0,2}}(?:/|每|(?:[一1](?!百|千|十|万)))\s{{0,2}}{_ONE}|\s{{0,2}}单{_ONE}"
)
_FOR_ALL_BEFORE = re.compile(
    rf"(?:一共|总共|共计|合计|全部|加起来|打包|都拿|一起拿?|拢共|两样|(?:[2-9两俩二三四五六七八九十]|\d\d){_ONE})"
    r"\s{0,2}(?:就|给我?|算|是|卖|一共|总共|只要){0,3}\s{0,2}$"
)
_FOR_ALL_AFTER = re.compile(rf"\s{{0,2}}(?:[2-9两俩二三四五六七八九十]|\d\d){_ONE}")
_BUDGET_BEFORE = re.compile(
    r"(?:预算(?:在|是|就|大概|也就|只有|有|差不多|最多|最高|不超过){0,3}|不超过|别超过|不要超过|控制在|不高于|低于|最好在?|价位在?)\s{0,2}$"
)
_BUDGET_AFTER = re.compile(r"\s{0,2}(?:以内|以下|之内|左右|上下|封顶|之间|的?价位|的?预算|这个价)")


def role_of(text: str, start: int, end: int) -> Role | None:
    """The role of the amount at text[start:end] by the words beside it; None: the text tells none.

    便宜到200 and 优惠价200 name a price, not what is taken off.
    """
    before, after = text[max(0, start - 12) : start], text[end : end + 8]
    if _OFF.search(before):
        return "off"
    if _BUDGET_BEFORE.search(before) or _BUDGET_AFTER.match(after) or _inside(text[start:end]):
        return "budget"
    if _APIECE_BEFORE.search(before) or _APIECE_AFTER.match(after):
        return "apiece"
    if _FOR_ALL_BEFORE.search(before) or _FOR_ALL_AFTER.match(after):
        return "for_all"
    return None


def _inside(words: str) -> bool:
    """Rules of amounts take 左右 into the amount where nothing else marks it as one."""
    return _BUDGET_AFTER.search(words) is not None
