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
_NUMBER = re.compile(r"\s?\d{1,4}(?![a-z0-9.])")
# With what stands behind it: pro max, and the ultra that the shop has not.
_TAILED = re.compile(r"\s?\d{1,4}(?:\s?[a-z]{2,6}(?![a-z])){0,3}(?![a-z0-9.])")
_DIGITS = re.compile(r"\d+")
_ENTITIES = ("size", "colour")


@dataclass(frozen=True)
class OwnShapes:
    """The shapes of the shop's coded values, and all values that it has, without blanks."""

    shapes: tuple[tuple[str, bool, str, str], ...]  # word, has a tail, entity, one as it is written
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
            shape = _DIGITS.split(found.group(), maxsplit=1)[0].strip()
            shapes.setdefault(shape, (entity, written))
            known |= {_joined(one) for one in (text, found.group(), *text.split())}
            if tail := _WORD.findall(text[found.end() :]):
                tailed.add(shape)
                words.update((word.lower(), word) for word in _WORD.findall(written))
                known.add(_joined(f"{found.group()}{''.join(tail)}"))
        return OwnShapes(
            tuple((one, one in tailed, *told) for one, told in shapes.items()),
            frozenset(known),
            words,
        )

    def find(self, text: str) -> Iterator[Found]:
        """Values of these shapes that the shop has not, written as it writes its own."""
        for word, has_tail, entity, written in self.shapes:
            for start, end in _places(text, word, _TAILED if has_tail else _NUMBER):
                if _joined(text[start:end]) not in self.known:
                    yield Found(entity, self._as_written(text[start:end], written), start, end)

    def _as_written(self, said: str, written: str) -> str:
        """m8 → M8, 远川16pro → 远川 16 Pro, by one that the shop has."""
        number = _DIGITS.search(said)
        assert number is not None
        word = _DIGITS.split(written, maxsplit=1)[0]
        tail = [self.words.get(one, one) for one in said[number.end() :].split()]
        return " ".join([f"{word}{number.group()}", *tail])


def _places(text: str, word: str, behind: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where the word stands by itself, with a number right behind it."""
    at = text.find(word)
    while at >= 0:
        before, match = text[at - 1 : at] if at else "", behind.match(text, at + len(word))
        if match and not (before.isascii() and before.isalnum()):
            yield at, match.end()
        at = text.find(word, at + 1)


def _joined(text: str) -> str:
    return "".join(text.split())
