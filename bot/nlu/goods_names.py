"""Names of goods that no list holds, by how Chinese builds them: the last character says what it is.

除湿机 is some 机, 录音笔 some 笔. The list of such heads, of words that end so and are no goods, and
of words that need a counter beside them stand in `data/patterns/goods_heads.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.nlu.found import Found, just_before
from bot.nlu.words import LEXICON, Words, lexicon_files

HEADS = Path("data/patterns/goods_heads.yml")
_SHORTEST_MODIFIER = 2  # 硬盘 before 包; a single character before a head is mostly a verb
_LONGEST = 8
_NEAR = 6
_BESIDE = re.compile(
    r"(?:(?<!在)用|拿|插|接|连|配|给|放|装|比|当|像|代替|适合|不如)(?:了|着|上|到|在|进)?"
    r"(?:我们?的?|自己的?|家里的?|原来的?|普通的?|原装的?|别的|其他的?|个|一个)?\s?$"
)


@dataclass(frozen=True)
class Telling:
    """Words that tell what sort of thing it is though nobody names it: 屏幕碎了."""

    goods: str
    part: str  # written in the data of goods that have one
    words: re.Pattern[str]


@dataclass(frozen=True)
class GoodsHeads:
    """The content of goods_heads.yml."""

    heads: frozenset[str]
    not_inside: frozenset[str]
    never_first: frozenset[str]
    not_goods: frozenset[str]
    counted: frozenset[str]
    counters: tuple[str, ...]
    never_before: frozenset[str]
    troubled: re.Pattern[str]  # 手机 of 手机黑屏
    with_model: re.Pattern[str]  # iphone of iphone15pro
    telling: tuple[Telling, ...]
    told_of: tuple[str, ...]  # sorts of goods whose shops these words tell nothing
    deeds: tuple[re.Pattern[str], ...]  # 洗衣机能洗

    @staticmethod
    def read(file: Path) -> GoodsHeads:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        after = _any_of(content["troubles_after"])
        between = _any_of([*content["troubles_after"], *content["telling_between"]])
        return GoodsHeads(
            heads=frozenset(content["heads"]),
            not_inside=frozenset(content["not_inside"]),
            never_first=frozenset(content["never_first"]),
            not_goods=frozenset(word for group in content["not_goods"] for word in group),
            counted=frozenset(content["counted"]),
            counters=tuple(content["counters"]),
            never_before=frozenset(content["never_before"]),
            troubled=re.compile(
                f"(?P<goods>{_any_of(content['troubled'])})"
                f"(?={after}{{0,2}}{_any_of(content['troubles'])})"
            ),
            with_model=re.compile(
                rf"(?<![a-z0-9])(?P<goods>{_any_of(content['with_model'])})(?=\s?[a-z0-9])"
            ),
            telling=tuple(
                Telling(
                    goods,
                    row["part"],
                    re.compile(
                        rf"{_any_of(row['words'])}(?={between}{{0,3}}{_any_of(row['then'])})"
                        rf"|(?<![a-z0-9]){_any_of(row['alone'])}"
                    ),
                )
                for goods, row in content["telling"].items()
            ),
            told_of=tuple(content["of"]),
            deeds=tuple(
                re.compile(
                    f"(?P<goods>{_any_of(row['goods'])})"
                    f"{_any_of(content['deeds_between'])}{{0,3}}{_any_of(row['deeds'])}"
                )
                for row in content["deeds"]
            ),
        )


def _any_of(words: Sequence[str]) -> str:
    """The longest first, as a group."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"


class GoodsNames:
    """Finds `goods` in a normalised text; `own_heads` are last characters of the shop's own kinds, `own_sorts`
    all its kinds and categories."""

    def __init__(self, file: Path = HEADS, lexicon: Path = LEXICON) -> None:
        self._lists = GoodsHeads.read(file)
        self._marks = self._lists.heads | {word[-1] for word in self._lists.counted}
        self._words = Words.of_files(lexicon_files(lexicon))

    def find(
        self, text: str, own_heads: frozenset[str] = frozenset(), own_sorts: str = ""
    ) -> Iterator[Found]:
        """Goods by their head. Blotted out characters (\\0) are part of no name."""
        for shape in (self._lists.troubled, self._lists.with_model):
            for match in shape.finditer(text):
                yield Found("goods", match["goods"], match.start("goods"), match.end("goods"))
        if not any(sort in own_sorts for sort in self._lists.told_of):
            for one in self._lists.telling:
                if told := one.words.search(text):
                    found = Found("goods", one.goods, told.start(), told.end())
                    yield found.with_detail("part", one.part)
        if self._marks.isdisjoint(text):
            return  # cutting words costs more than all the rest
        words = self._words.cut(text)
        for at, (word, start) in enumerate(words):
            end = start + len(word)
            after = words[at + 1][0] if at + 1 < len(words) else ""
            if self._is_counted(word, text[:start], after):
                name = word if word in self._lists.counted else word[-1]
            elif word[-1] in self._lists.heads - own_heads:
                modifier = self._modifier(words[:at], start) if len(word) == 1 else ""
                name = self._named(word, modifier)
            else:
                continue
            if name and len(name) <= _LONGEST:
                yield Found("goods", name, end - len(name), end)

    def with_roles(self, found: Iterable[Found], text: str) -> Iterator[Found]:
        """`role: beside` with goods that are only used with, put into or compared: 用充电宝充不进去
        complains of no power bank, 洗衣机能洗吗 asks for no washing machine."""
        for one in found:
            is_beside = one.entity == "goods" and (
                _BESIDE.search(just_before(text, one.start, _NEAR)) or self._does(one, text)
            )
            yield one.with_detail("role", "beside") if is_beside else one

    def _does(self, goods: Found, text: str) -> bool:
        """Its own work stands behind it."""
        found = (deed.match(text, goods.start) for deed in self._lists.deeds)
        return any(one is not None and one.end("goods") == goods.end for one in found)

    def _is_counted(self, word: str, before: str, after: str) -> bool:
        """书 in 这本书, also where 那本书 was cut as one word."""
        lists = self._lists
        if after in lists.never_before:
            return False
        if word in lists.counted:
            return before.endswith(lists.counters)
        return word[-1] in lists.counted and all(one in lists.counters for one in word[:-1])

    def _modifier(self, before: Sequence[tuple[str, int]], end: int) -> str:
        """What a head that stands alone is joined to: 硬盘 (包), 除螨 (仪); "" where nothing fits."""
        modifier = ""
        for word, start in reversed(before):
            if start + len(word) != end - len(modifier) or not self._is_content(word):
                break
            modifier = word + modifier
            if len(modifier) >= _SHORTEST_MODIFIER:
                return modifier
        return ""

    def _named(self, word: str, modifier: str) -> str:
        """The name that `word` is the end of; "" where it is none."""
        lists = self._lists
        if len(word) == 1:
            name = modifier + word
            return name if modifier and name not in lists.not_goods else ""
        name = word
        while len(name) > 1 and name[0] in lists.not_inside and name not in self._words:
            name = name[1:]
        is_known = name in self._words
        if len(name) < 2 or name[0] in lists.never_first or (name != word and not is_known):
            return ""
        if name in lists.not_goods or name[-2:] in lists.not_goods:
            return ""
        return name if is_known or self._is_content(name) else ""

    def _is_content(self, word: str) -> bool:
        return all("一" <= one <= "鿿" and one not in self._lists.not_inside for one in word)
