"""How many, and which of several: 要2双 → quantity 2, 第二个 → ordinal 2, 最后一个 → ordinal -1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found
from bot.nlu.numerals import number

_N = r"(?:\d{1,4}|[一二两俩三仨四五六七八九十百]{1,4})"
_GOODS = "双|件|条|个|只|对|套|包|袋|盒|箱|瓶|罐|桶|支|把|顶|台|部|份|本|提|卷|盆|株|串|副|幅|床|枚|听|筒|篮|板|张|块|根|款|组|单|斤"
_NOT_COUNTED = ("月|小时|星期|礼拜|人|问题|地方|地址|订单|链接|快递|电话|客服|颜色|码|号|多月|半月|工作日|钟|晚上|店|字|尺码|东西|"
                "疑问|事|样|意思|多小时|省|城市|评价|好评|差评|解释|说法|时间|亲戚|朋友|孩子|老板|建议|办法|角度|差价|优惠|红包|赠品|道理|机会")  # fmt: skip
_COUNTED = re.compile(
    rf"(?<![第\d.几一二两三四五六七八九十百千上下前后])(?P<n>{_N})\s*(?P<unit>{_GOODS})(?!{_NOT_COUNTED})"
)
_WANTED = re.compile(r"(?:要|买|拍了?|来|加|下单?|订|定|拿|带|留|发|送|再|共|就|给我)\s*$")
_TIMES = re.compile(r"(?<![a-z\d])[x*]\s*(?P<n>\d{1,3})(?![\d.a-z-])")
_COUPLE = re.compile(r"(?:要|买|拍|来|下单|订)了?\s*(?P<n>[俩仨两])(?![\u4e00-\u9fff])")

_CHOICE = "个|款|双|件|种|条|张|只|套|幅|把|顶|排|行|图|样|家|码|档|项|组|支|包|盒|瓶"
_NTH = re.compile(
    rf"第\s*(?P<n>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*(?:{_CHOICE}|$|(?=[\s,.的吗呢吧有和跟]))"
)
_LAST = re.compile(
    rf"最后(?:面)?(?:的)?(?:那|这)?一?(?:{_CHOICE})|(?:后面|下面|后边|下边|后)(?:的)?(?:那|这|一)+(?:{_CHOICE})"
)
_FIRST = re.compile(rf"(?:前面|上面|前边|上边|前)(?:的)?(?:那|这|一)+(?:{_CHOICE})")


def ordinals(text: str) -> Iterator[Found]:
    """Which of several shown things; 第一次 and 第二天 are none."""
    for match in _NTH.finditer(text):
        value = number(match["n"])
        if value:
            yield Found("ordinal", int(value), match.start(), match.end())
    for match in _LAST.finditer(text):
        yield Found("ordinal", -1, match.start(), match.end())
    for match in _FIRST.finditer(text):
        yield Found("ordinal", 1, match.start(), match.end())


def quantities(text: str) -> Iterator[Found]:
    """How many pieces. 一件 counts only where it is wanted (来一件), not in 有一个问题."""
    for match in _COUNTED.finditer(text):
        value = number(match["n"])
        if value is None or not 1 <= value <= 9999:
            continue
        if value == 1 and not (_WANTED.search(text[: match.start()]) or len(text) <= 3):
            continue
        if match["unit"] in ("斤", "块", "根", "张", "单", "款") and not _WANTED.search(
            text[: match.start()]
        ):
            continue
        yield Found("quantity", int(value), match.start(), match.end())
    for pattern in (_TIMES, _COUPLE):
        for match in pattern.finditer(text):
            value = number(match["n"])
            if value:
                yield Found("quantity", int(value), match.start(), match.end())
