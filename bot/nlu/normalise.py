"""One spelling for what buyers type, so that everything after it sees the same text.

Entities are matched on the normalised text, and their offsets count its characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.nlu.stickers import STAND_INS, STICKERS

# What a picture says in words; every other picture only colours the tone and is dropped.
_PICTURE_WORDS = {
    "👌": "好的",
    "👍": "赞",
    "🙏": "谢谢",
    "👎": "差评",
    "😡": "生气",
    "🤬": "生气",
    "👋": "再见",
    "[ok]": "好的",
    "[好的]": "好的",
    "[强]": "赞",
    "[赞]": "赞",
    "[握手]": "好的",
    "[抱拳]": "谢谢",
    "[感谢]": "谢谢",
    "[再见]": "再见",
    "[发怒]": "生气",
    "[愤怒]": "生气",
}
_PICTURE_WORD = re.compile("|".join(re.escape(picture) for picture in _PICTURE_WORDS))
# #E-s21, /:^_^ and /:087 of the old shop messengers.
_STICKER = re.compile(r"#e-[a-z]?\d+|/:[!-.:-~0-9]{1,5}")
_BRACKETED = re.compile(r"\[(?P<inside>[^\[\]\n]{1,40})\]")
# [emoji_12], and the little pictures of Xiaohongshu: [偷笑R].
_PICTURE_NAME = re.compile(r"emoji\S{0,12}|[\u4e00-\u9fff]{1,5}r")
# [该消息类型暂不支持,请在手机上查看] is written by the messenger, not by the buyer.
_KEPT = rf"\[(?:{'|'.join(map(re.escape, STAND_INS))}|[^\[\]\n]{{0,15}}暂不支持[^\[\]\n]{{0,20}})\]"
_KEPT_OR_BRACKET = re.compile(rf"(?P<kept>{_KEPT})|[\[\]]")
_KEYCAP = re.compile("(?<=[0-9])\ufe0f?\u20e3")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U0001fb00-\U0001fbff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff"
    "\u25a0-\u25ff\u2190-\u21ff\ufe00-\ufe0f\u20e3\U000e0000-\U000e01ef\ue000-\uf8ff]+"
)
_FACE = re.compile(r"\^[_\-.oо]?\^|(?<![a-z0-9]):-?[)(dp](?![a-z])|t_t|qaq|orz|o_o|>_<|-_-[|#!]*")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
                        "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]")  # fmt: skip
# x stays: xxxl is a size. Digits stay: 111 is a number.
_STRETCHED = re.compile(r"([\u3400-\u9fffa-wyz])\1{2,}")
_REPEATED_MARK = re.compile(r"([^\w\s])\1+")
_TILDE = re.compile(r"(?<=\d) ?~+ ?(?=\d)")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_MARKS = str.maketrans(
    {"。": ".", "、": ",", "…": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]",
     "〖": "[", "〗": "]", "《": "<", "》": ">", "′": "'", "—": "-", "–": "-", "‑": "-", "−": "-", "〜": "~", "∼": "~", "×": "x"}
)  # fmt: skip


class _Simplifier:
    """Traditional to simplified; most texts have nothing to convert and cost one set lookup."""

    def __init__(self) -> None:
        from opencc import OpenCC

        self._convert = OpenCC("t2s").convert
        every = "".join(map(chr, range(0x4E00, 0xA000)))
        simple = "".join(self._convert(char) for char in every)
        self._traditional = frozenset(
            char for char, other in zip(every, simple, strict=True) if char != other
        )

    def __call__(self, text: str) -> str:
        if self._traditional.isdisjoint(text):
            return text
        return str(self._convert(text))


@lru_cache(maxsize=1)
def _simplifier() -> _Simplifier:
    return _Simplifier()


def normalise(text: str) -> str:
    """The text in half width, lower case and simplified characters, without ornament.

    Emoji and stickers go (a few become the word they stand for), words in brackets stay without
    them, and what stands for another kind of message ([语音]) with them; stretched letters shrink to
    two, runs of one punctuation mark to one, blanks to one space; line breaks stay, because
    pasted addresses live by them. May be empty. Normalising twice changes nothing more.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFKC", text).lower()
    text = _INVISIBLE.sub("", text)
    text = "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cc")
    text = _simplifier()(_KEYCAP.sub("", text).translate(_MARKS))
    text = _PICTURE_WORD.sub(lambda found: f" {_PICTURE_WORDS[found.group()]} ", text)
    text = _STICKER.sub(" ", text)
    text = _BRACKETED.sub(_without_sticker, text)
    text = _KEPT_OR_BRACKET.sub(lambda found: found["kept"] or " ", text)
    text = _FACE.sub(" ", text)
    text = _EMOJI.sub(" ", text)
    text = _TILDE.sub("-", text).replace("~", " ")
    text = _STRETCHED.sub(r"\1\1", text)
    text = _REPEATED_MARK.sub(r"\1", text)
    text = _BLANKS.sub(" ", text)
    return _LINES.sub("\n", text).strip()


def _without_sticker(found: re.Match[str]) -> str:
    inside = found["inside"].strip()
    if inside in STICKERS or _PICTURE_NAME.fullmatch(inside):
        return " "
    return found.group()


def sign_by_sign(text: str) -> str:
    """Full-width and circled digits and letters as plain ones, lower case; one character stays one,
    so that places agree with the text as it was typed."""
    return "".join(map(_plain_sign, text))


def _plain_sign(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).lower()
    return plain if len(plain) == 1 else char
