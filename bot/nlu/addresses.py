"""Which stretch of a text is a postal address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.nlu.found import Found

_UNIT = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:自治区|特别行政区|省|市|区|县|镇|乡|村|旗|盟|州|街道|大街|大道|街|路|巷|弄|胡同|里|道"
    r"|小区|社区|花园|广场|大厦|公寓|家园|公馆|名苑|苑|新城|城|庄园|新村|山庄|中心|工业园|产业园|科技园|园区|园|开发区|工业区"
    r"|大学|学院|中学|小学|学校|医院|公司|银行|宿舍|超市|驿站|厂|门面|商铺|店铺|写字楼|组|队|庄|屯|湾|营|号院)"
)
_NUMBERED = re.compile(
    r"(?:(?<!\d)\d{1,9}|[a-z]\d{0,9}|(?<![一二三四五六七八九十])[一二三四五六七八九十]{1,9})\s{0,2}-?\s{0,2}(?:号楼|号院|号|栋|幢|座|楼|层|单元|室|房|弄|组|队|巷|期|区|门|铺|户)"
    r"|(?<!\d)\d{1,9}-\d{1,9}(?:-\d{1,9})?(?:号|室)?|[a-z]座"
)
# What no address contains: talk.
_CHAT = re.compile(
    r"[吗呢嘛么吧啊?我你您他她它没不了是这还被让]|那里|多少|几天|能|可以|包邮|怎|什么|多久|到货|发货|快递|运费|邮费|为啥|为什么|有没|买|退|换|客服|"
    r"谢谢|旗舰店|显示|送到|推荐|好不|哪|家发|的到|做产品"
)
_LEAD = re.compile(
    r"^(?:(?:收货地址|新地址|地址|改成|改为|改到|换成|换到|寄到|寄往|发到|发往|送到|送往|邮到|麻烦|帮我|我的|我们|现在|还是|一下|"
    r"我|请|就|都|把|给|改|换|寄|发|送|到|收|是|为|在|往|填|写|下|:)\s{0,2}){1,12}"
)
_TAIL = re.compile(
    r"(?:谢谢|麻烦了|就行|就可以|可以了|这个地址|这里|收|寄到这|吧|哈|哦|啦|了|的){1,8}$"
)

# 西藏中路 is a street in Shanghai; 新疆路上 and 北京路费 are no streets.
_STREET = re.compile(
    r"[东西南北中]?[一二三四五六七八九十]?(?:路(?![上费程途过线况])|大?街|大?道(?![理地路歉])|巷|弄|胡同)"
)


# What is said to be the door, and only then: 302 by itself is no door.
_PART = r"(?:[a-z]?\d{1,5}|[a-z]|[一二三四五六七八九十]{1,3})(?:号楼|单元|[栋幢座层楼室])"
_NEW = rf"(?:(?:[a-z]?\d{{1,5}}(?:号楼|单元|[栋幢座层楼室])?-?){{1,3}}|{_PART})"
_PARTS = rf"(?:{_PART}){{1,4}}\d{{0,5}}"  # 9栋101, 3号楼2单元501
_WRONG = r"(?:(?:写|填|打|弄|搞|说)?(?:错了?|反了|的?不对)(?:一位)?)?"
_BECOMES = r"(?:应该)?(?:改成|改为|改到|换成|换为|写成|是|为|改)"
_DOOR = re.compile(
    r"(?:门牌号?码?|房间?号|楼栋?号|门号|室号|单元号|[几哪](?:栋|幢|座|单元|楼|室|号楼)"
    r"|(?:单元|楼栋|楼层)(?=[写填打弄搞]?错|不对))"
    rf"{_WRONG}[\s,:]{{0,2}}(?:不是\S{{1,8}}[\s,]{{1,2}})?{_BECOMES}?\s{{0,2}}"
    rf"(?P<door>{_NEW}|[a-z]座\d{{1,5}}室?)(?![\d元块斤码度cmk])"
)
# 地址改成9号: the number of the house in its street, alone or with what stands behind it.
_HOUSE = re.compile(
    r"(?:地址|门牌号?码?|门号)(?:是|写|填)?"
    rf"{_WRONG}[\s,:]{{0,2}}{_BECOMES}?\s{{0,2}}(?P<door>\d{{1,5}}号(?!楼)(?:{_PART}){{0,3}}\d{{0,5}}室?)(?=$|[\s,.!~吧了哈啊呀的])"
)
# 6栋改成9栋, 是2单元不是3单元, 不是3单元是2单元: the old part is named beside the new one.
_CHANGED = re.compile(
    rf"(?P<old>{_PART}|\d{{2,5}})(?:室|房)?\s?(?:{_WRONG}[\s,]{{0,2}})(?:改成|改为|换成|换为|改到)\s?(?P<new>{_PARTS})"
    rf"|是?(?P<new2>{_PART})[\s,]{{0,2}}不是(?P<old2>{_PART})"
    rf"|不是(?P<old3>{_PART})[\s,]{{0,2}}(?:应该)?是(?P<new3>{_PARTS})"
)


class Places:
    """Known places by their words; looking for one costs the same however many are known."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lengths = sorted({len(word) for word in self._words})

    def __contains__(self, text: str) -> bool:
        return text in self._words

    def begin(self, text: str, latest: int = 0) -> bool:
        """Whether one of them begins at the first character, or at most `latest` behind it."""
        return any(
            text[at : at + length] in self._words
            for at in range(latest + 1)
            for length in self._lengths
        )


def doors(text: str) -> Iterator[Found]:
    """门牌改成2单元501: the part of an address that is corrected by itself."""
    for pattern in (_HOUSE, _DOOR):
        for match in pattern.finditer(text):
            yield Found("door", match["door"], match.start("door"), match.end("door"))


def changed_doors(text: str) -> Iterator[Found]:
    """6栋改成9栋: with the part that was there `before`. It claims the whole, so that it is read
    as no new address."""
    for match in _CHANGED.finditer(text):
        new = match["new"] or match["new2"] or match["new3"]
        old = match["old"] or match["old2"] or match["old3"]
        found = Found("door", new, match.start(), match.end())
        if _unit_of(new) == _unit_of(old):
            yield found.with_detail("before", old)
        elif old.isdecimal():
            yield found


def _unit_of(part: str) -> str:
    """栋 of 9栋101."""
    return re.sub(r"^[a-z0-9一二三四五六七八九十]+", "", part).rstrip("0123456789")


def is_street(text: str, end: int) -> bool:
    """Whether the place that ends here only names a street."""
    return _STREET.match(text, end) is not None


def score(text: str, regions: Places) -> int:
    """How much a stretch looks like an address: 3 and more is one, where it stands in a contact."""
    if lead := _LEAD.match(text):
        text = text[lead.end() :]
    if _CHAT.search(re.sub(r"(?:就行|可以|谢谢|了|的|吧){1,8}$", "", text)):
        return 0
    points = 2 if regions.begin(text, latest=3) else 0
    points += min(4, len(_UNIT.findall(text)))
    points += 2 * min(2, len(_NUMBERED.findall(text)))
    return points


def continues(text: str) -> bool:
    """Whether a short stretch after an address belongs to it: 3栋402, 1203室, 菜鸟驿站."""
    if _CHAT.search(text) or len(text) > 24:
        return False
    return bool(
        _NUMBERED.search(text) or _UNIT.search(text) or re.fullmatch(r"[\da-z#-]{1,6}", text)
    )


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without 寄到, 地址是 before it and 谢谢 after it."""
    piece = text[start:end]
    if lead := _LEAD.match(piece):
        start += lead.end()
    if tail := _TAIL.search(text[start:end]):
        end = start + tail.start()
    while start < end and text[start] in " ,.;:\n-":
        start += 1
    while end > start and text[end - 1] in " ,.;:\n":
        end -= 1
    return start, end
