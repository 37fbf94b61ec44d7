"""Sizes and models of the shop's own shape that it has not: M8 where it sells M4 and M5, 远川 16.

Such a word is read as what it is, so that it is said back and asked about; unread, the last one
that was talked of would stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.nlu.found import Found

_CODE = re.compile(r"[a-z\u4e00-\u9fff]{1,6}\s?\d{1,4}(?=$|[\s\u4e00-\u9fff])")
_WORD = re.compile(r"(?<![a-z0-9])[a-z]{1,6}(?![a-z0-9])", re.I)
_TAIL = r"(?:\s?[a-z]{2,6}(?![a-z])){0,3}"  # pro max, and the ultra that the shop has not
_DIGITS = re.compile(r"\d+")
_ENTITIES = ("size", "colour")


@dataclass(frozen=True)
class OwnShapes:
    """The shapes of the shop's coded values, and all values that it has, without blanks."""

    patterns: tuple[tuple[re.Pattern[str], str, str], ...]  # pattern, entity, as the shop writes it
    known: frozenset[str]
    words: Mapping[str, str]  # pro → Pro

    @staticmethod
    def of(terms: Iterable[tuple[str, str, str]]) -> OwnShapes:
        """`terms`: (entity, normalised text, as the shop writes it)."""
        shapes: dict[str, tuple[str, str]] = {}
        tailed: set[str] = set()
        known: set[str] = set()
        words: dict[str, str] = {}
        for entity, text, written in terms:
            found = _CODE.match(text) if entity in _ENTITIES else None
            if found is None:
                continue
            shape = _DIGITS.sub("#", found.group()).replace(" ", "")
            shapes.setdefault(shape, (entity, written))
            known |= {_joined(one) for one in (text, found.group(), *text.split())}
            if tail := _WORD.findall(text[found.end() :]):
                tailed.add(shape)
                words.update((word.lower(), word) for word in _WORD.findall(written))
                known.add(_joined(f"{found.group()}{''.join(tail)}"))
        return OwnShapes(
            tuple((_pattern(one, one in tailed), *told) for one, told in shapes.items()),
            frozenset(known),
            words,
        )

    def find(self, text: str) -> Iterator[Found]:
        """Values of these shapes that the shop has not, written as it writes its own."""
        for pattern, entity, written in self.patterns:
            for match in pattern.finditer(text):
                if _joined(match.group()) not in self.known:
                    value = self._as_written(match.group(), written)
                    yield Found(entity, value, match.start(), match.end())

    def _as_written(self, said: str, written: str) -> str:
        """m8 → M8, 远川16pro → 远川 16 Pro, by one that the shop has."""
        number = _DIGITS.search(said)
        assert number is not None
        word = _DIGITS.split(written, maxsplit=1)[0]
        tail = [self.words.get(one, one) for one in said[number.end() :].split()]
        return " ".join([f"{word}{number.group()}", *tail])


def _pattern(shape: str, has_tail: bool) -> re.Pattern[str]:
    word = re.escape(shape.partition("#")[0])
    return re.compile(rf"(?<![a-z0-9]){word}\s?\d{{1,4}}{_TAIL if has_tail else ''}(?![a-z0-9.])")


def _joined(text: str) -> str:
    return "".join(text.split())
