"""Names of the shop's goods typed with a character that sounds the same: 登山仗 for 登山杖."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from bot.nlu.found import Found, Named

SHORTEST = 3  # characters; of two, one wrong leaves too little to know a name by
_SOUNDING = ("product", "kind")


class NearNames:
    """Finds a name whose characters all sound as written and all but one of which are so written."""

    def __init__(self, terms: Iterable[Named]) -> None:
        self._by_sound: dict[tuple[str, ...], list[Named]] = {}
        for term in terms:
            if term.entity in _SOUNDING and len(term.text) >= SHORTEST:
                sound = _sound(term.text)
                if all(sound):
                    self._by_sound.setdefault(sound, []).append(term)
        self._lengths = sorted({len(sound) for sound in self._by_sound}, reverse=True)

    def find(self, text: str) -> Iterator[Found]:
        """The longest first; names that are written rightly are not looked for here."""
        taken = [False] * len(text)
        sound = _sound(text) if self._lengths and len(text) >= self._lengths[-1] else ()
        for length in self._lengths:
            for start in range(len(sound) - length + 1):
                end = start + length
                named = self._by_sound.get(sound[start:end])
                if named is None or any(taken[start:end]):
                    continue
                for term in named:
                    if _is_one_off(term.text, text[start:end]):
                        taken[start:end] = [True] * length
                        yield Found(term.entity, term.value, start, end)


def _is_one_off(name: str, said: str) -> bool:
    return sum(one != other for one, other in zip(name, said, strict=True)) == 1


def _sound(text: str) -> tuple[str, ...]:
    """The reading of each character without its tone; "" for what is no Chinese character."""
    return tuple(_readings().get(one, "") for one in text)


@cache
def _readings() -> Mapping[str, str]:
    """Of each common character; those with several readings have their usual one."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # sentences are not read: 30 MB less
    from pypinyin import lazy_pinyin

    common = [chr(code) for code in range(0x4E00, 0x9FA6) if _is_common(chr(code))]
    return dict(zip(common, lazy_pinyin(common), strict=True))


def _is_common(character: str) -> bool:
    """Whether simplified Chinese keyboards offer it: the 6,763 characters of GB 2312."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
