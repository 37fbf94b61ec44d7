"""What stands for a message that is no text: [语音] 39", [转账] ¥200.00, 对方撤回了一条消息.

Other messengers write these; a buyer did not say their digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found
from bot.nlu.stickers import STAND_INS

# What the messenger adds behind the bracket, by kind: seconds, minutes, a sum, a file's name.
_DETAIL = {
    "voice": r"(?:\s{0,2}\d{1,3}\s{0,2}(?:['\"]{1,2}|秒|s)?)?",
    "call": r"(?:\s{0,2}(?:通话时长|时长)?\s{0,2}:?\s{0,2}\d{1,2}:\d{2}(?::\d{2})?)?",
    "video": r"(?:\s{0,2}\d{1,2}:\d{2})?",
    "transfer": r"(?:\s{0,2}[¥￥]?\s{0,2}\d[\d,.]*\s{0,2}元?)?(?:\s{0,2}恭喜发财[^\n]*)?",
    "file": r"(?:\s{0,2}\S{1,60}\.[a-z0-9]{2,5})?",
    "nudge": r"[^\n]{0,40}",
    "forwarded": r"[^\n]{0,40}",
}
_NAMED = [
    (kind, re.compile(rf"^\[{re.escape(name)}\]{_DETAIL.get(kind, '')}", re.MULTILINE))
    for name, kind in STAND_INS.items()
]
_OTHERS = [
    ("voice", re.compile(r"^语音\s{0,2}\d{1,3}\s{0,2}(?:秒|s|['\"])$", re.MULTILINE)),
    ("other", re.compile(r"\[[^\[\]\n]{0,15}暂不支持[^\[\]\n]{0,20}\]")),
    ("recalled", re.compile(r"^[^\n]{0,24}撤回了一条消息(?:\s{0,2}重新编辑)?\.?$", re.MULTILINE)),
]


def stand_ins(text: str) -> Iterator[Found]:
    """`stand_in` entities of a normalised text: voice, video, call, picture, sticker, file, place,
    transfer, card, forwarded, nudge, recalled or other. Each claims its digits."""
    for kind, pattern in [*_NAMED, *_OTHERS]:
        for match in pattern.finditer(text):
            yield Found("stand_in", kind, match.start(), match.end())
