"""How many, and which of several: 要2双 → quantity 2, 第二个 → ordinal 2, 最后一个 → ordinal -1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.approximate import APPROXIMATE, about
from bot.nlu.found import Found, just_before
from bot.nlu.numerals import number

_N = rf"(?:\d{{1,4}}|{APPROXIMATE}|[一二两三四五六七八九]?[十百][一二两三四五六七八九零十]{{0,3}}|[一二两俩三仨四五六七八九])"
COUNTED_BY = "双|件|条|个|只|对|套|包|袋|盒|箱|瓶|罐|桶|支|把|顶|台|部|份|本|提|卷|盆|株|串|副|幅|床|枚|听|筒|篮|板|张|块|根|款|盏|组|单|斤"
_NOT_COUNTED = ("月|小时|星期|礼拜|人|问题|地方|地址|订单|链接|快递|电话|客服|颜色|码|号|多月|半月|工作日|钟|晚上|店|字|尺码|东西|"
                "疑问|事|样|意思|多小时|省|城市|评价|好评|差评|解释|说法|时间|亲戚|朋友|孩子|老板|建议|办法|角度|差价|优惠|红包|赠品|道理|机会")  # fmt: skip
_COUNTED = re.compile(
    rf"(?<![第\d.几一二两俩三仨四五六七八九十百千上下前后])(?P<n>{_N})(?P<gap>\s{{0,2}})(?P<unit>{COUNTED_BY})(?!{_NOT_COUNTED})"
)
# 271对吧 asks whether 271 is right.
_RIGHT = re.compile(r"[吧吗么嘛不的了呀啊]")
_WANTED = re.compile(
    r"(?:数量|要|买|拍了?|来|加|下单?|订|定|拿|带|留|发|送|再|共|就|给我|改成|改为|变成|换成|改到|减到|减|去掉|少要|多)个?\s{0,2}$"
)
# What is said to happen to a number of pieces that was told before.
_SET = re.compile(
    r"(?:数量|改成|改为|变成|换成|改到|减到|减成|加到|改|就要|只要|只拍|不是\S{1,4}是)\s{0,2}$"
)
_ADD = re.compile(r"(?:再|多|另外|追加|添|加)(?:加|来|要|拿|买|拍|下|带|订|给我|个){0,4}\s{0,2}$")
_LESS = re.compile(r"(?:减|去掉|少要|少拿|少买|少拍|减掉|扣掉)\s{0,2}$")
# 一个就够了, 两双就行: so many and no more.
_ENOUGH = re.compile(
    r"(?:也|就)?(?:够了|够啦|够用了?|就?够(?=$|[\s,.!吧])|就(?:够|行|好|可以|成)(?![用看玩]))"
)
_THESE = re.compile(r"[这那]\s{0,2}$")  # 这两双 points at what there is
_TIMES = re.compile(r"(?<![a-z\d])[x*]\s{0,2}(?P<n>\d{1,3})(?![\d.a-z-])")
_COUPLE = re.compile(r"(?:要|买|拍|来|下单|订)了?\s{0,2}(?P<n>[俩仨两])(?![\u4e00-\u9fff])")

_CHOICE = "个|款|双|件|种|条|张|只|套|幅|把|顶|排|行|图|样|家|码|档|项|组|支|包|盒|瓶"
_NTH = re.compile(
    rf"第\s{{0,2}}(?P<n>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s{{0,2}}(?:{_CHOICE}|$|(?=[\s,.的吗呢吧有和跟]))"
)
_LAST = re.compile(
    rf"最后(?:面)?(?:的)?(?:那|这)?一?(?:{_CHOICE})|(?:后面|下面|后边|下边|后)(?:的)?(?:那|这|一)+(?:{_CHOICE})"
)
_FIRST = re.compile(rf"(?:前面|上面|前边|上边|前)(?:的)?(?:那|这|一)+(?:{_CHOICE})")


def ordinals(text: str) -> Iterator[Found]:
    """Which of several shown things; 第一次 and 第二天 are none."""
    for match in _NTH.finditer(text):
        value = number(match["n"])
        if value and about(match["n"]) is None:
            yield Found("ordinal", int(value), match.start(), match.end())
    for match in _LAST.finditer(text):
        yield Found("ordinal", -1, match.start(), match.end())
    for match in _FIRST.finditer(text):
        yield Found("ordinal", 1, match.start(), match.end())


def quantities(text: str) -> Iterator[Found]:
    """How many pieces. 一件 counts only where it is wanted (来一件), not in 有一个问题.

    Beside another number it counts, too: 42一双43一双, 两件黑的一件红的.
    三四双 is 3 with the detail `up_to` 4. The detail `role` tells what happens to a number told
    before: set (改成两个), add (再加一双), less (减一双), these (这两双, which are only pointed at);
    `unit` is the measure word.
    """
    counted = list(_COUNTED.finditer(text))
    for match in counted:
        low, high = about(match["n"]) or (number(match["n"]) or 0, 0)
        if not 1 <= low <= 9999 or _is_no_count(match, text):
            continue
        before = just_before(text, match.start())
        is_enough = _ENOUGH.match(text, match.end()) is not None
        is_wanted = is_enough or _WANTED.search(before) is not None
        is_beside = len(counted) > 1 and match["unit"] not in ("款", "个")
        if low == 1 and not high and not (is_wanted or is_beside or len(text) <= 3):
            continue
        if match["unit"] in ("斤", "块", "根", "张", "单", "款") and not (is_wanted or is_beside):
            continue
        found = Found("quantity", int(low), match.start(), match.end())
        found = found.with_detail("unit", match["unit"])
        if high > low:
            found = found.with_detail("up_to", int(high))
        if role := _role(before) or ("set" if is_enough else None):
            found = found.with_detail("role", role)
        yield found
    for pattern in (_TIMES, _COUPLE):
        for match in pattern.finditer(text):
            value = number(match["n"])
            if value:
                yield Found("quantity", int(value), match.start(), match.end())


def _is_no_count(match: re.Match[str], text: str) -> bool:
    """271对吧 and 鞋239 包149: a sum of money beside a word that is no measure here; 六十九包邮不."""
    if text.startswith("包邮", match.end() - 1):
        return True
    if match["unit"] == "对" and (_RIGHT.match(text, match.end()) or match["n"].isdigit()):
        return float(match["n"]) > 20 if match["n"].isdigit() else False
    return bool(match["gap"]) and match["n"].isdigit() and int(match["n"]) >= 30


def _role(before: str) -> str | None:
    for role, pattern in (("set", _SET), ("add", _ADD), ("less", _LESS), ("these", _THESE)):
        if pattern.search(before):
            return role
    return None
