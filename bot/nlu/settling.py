"""What the grammar around unlisted words tells: a choice that is made (就酒红M吧, 就刻字款得了), and a
thing that is asked to come along (送地钉吗)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.nlu.found import Found, Laid

_END = r"(?=$|[\s,，。.!！~])"
_SETTLES = re.compile(
    rf"(?:就|还是|那|拿|要)[^,，。.!！?？\s]{{1,12}}?(?:吧|好了|得了|行了|就行|了吧){_END}"
    rf"|(?<![\w])那就[^,，。.!！?？\s]{{1,8}}{_END}"
)
_OPEN = re.compile(r"[吗么嘛呢不没]|怎|哪|多少|几[个天点]|什么")

# 送我, 送货, 送到, 送楼上, 送小礼品 …: whom to, how, or a present pleaded for.
_NO_PART = (
    "我你您他她它人货上下到去来过回楼得快给一两三几双个条点些不没礼啥什谁哪赠小优惠券红积分东运完错"
)
_COMES = re.compile(
    rf"(?:会|有|还|都|能)?(?P<along>送)(?P<thing>(?![{_NO_PART}])[\u4e00-\u9fff]{{2,4}}?)(?:吗|么|嘛|不送?)(?=$|[\s,.?!~])"
)
_NO_THINGS = frozenset(("region", "address", "person", "date", "gender", "cue"))


def comes_along(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """A cue `comes_along` on the 送 of 送地钉吗; 送北京吗 and 送老人吗 ask nothing of the kind."""
    others = Laid(one for one in found if one.entity in _NO_THINGS)
    for match in _COMES.finditer(text):
        thing = Found("thing", "", match.start("thing"), match.end("thing"))
        if not list(others.over(thing)):
            yield Found("cue", "comes_along", match.start("along"), match.end("along"))


def settled(text: str) -> Iterator[Found]:
    """A cue `settles` for each clause of a normalised text that decides on something.

    It says nothing of what is chosen: 就这样吧 settles as well.
    """
    for match in _SETTLES.finditer(text):
        if not _OPEN.search(match.group()):
            yield Found("cue", "settles", *match.span())
