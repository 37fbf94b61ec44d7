"""Finds fixed phrases, a hundred thousand of them in microseconds, with an Aho–Corasick automaton."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick
import yaml

from bot.nlu.found import Found
from bot.nlu.normalise import normalise

PATTERNS = Path("data/patterns/entities")
IGNORED = "ignored"
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_PARTED_LATIN = re.compile(r"[a-z0-9]\s+[a-z0-9]")


_Meaning = tuple[str, Any]  # entity and value


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str  # normalised
    entity: str
    value: Any


class _Span(NamedTuple):
    start: int
    end: int
    meanings: tuple[_Meaning, ...]

    def read(self) -> list[Found]:
        return [Found(entity, value, self.start, self.end) for entity, value in self.meanings]


class PhraseBook:
    """Phrases of any number; the longest of overlapping ones wins, wherever it starts.

    They are matched by characters, so 手机壳 is found in 手机壳子. Blanks say nothing in Chinese:
    冲锋 衣 is found as 冲锋衣, and phrases are looked up without their blanks.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        meanings: dict[str, tuple[_Meaning, ...]] = {}
        parted = set()
        one_each: dict[tuple[_Meaning, ...], tuple[_Meaning, ...]] = {}  # most phrases share theirs
        for phrase in phrases:
            if _PARTED_LATIN.search(phrase.text):
                parted.add(phrase.text)
            text, said = _without_blanks(phrase.text), (phrase.entity, phrase.value)
            so_far = meanings.get(text, ())
            # Of one kind, the first meaning counts.
            if all(entity != phrase.entity for entity, _ in so_far):
                meanings[text] = one_each.setdefault((*so_far, said), (*so_far, said))
        self._parted = frozenset(parted)
        self._count = len(meanings)
        self._automaton = ahocorasick.Automaton()
        for text, said_by_it in meanings.items():
            self._automaton.add_word(text, (len(text), said_by_it))
        self._automaton.make_automaton()

    def __len__(self) -> int:
        return self._count

    def find(self, text: str) -> list[Found]:
        """Phrases in a normalised text, without the ignored ones that hid shorter phrases."""
        taken: set[int] = set()
        kept: list[_Span] = []
        for span in self._spans(text):
            places = range(span.start, span.end)
            if taken.isdisjoint(places):
                taken.update(places)
                kept.append(span)
        return [one for span in sorted(kept, key=lambda it: it.start) for one in span.read()]

    def find_each(self, text: str, *, hiding: Any) -> list[Found]:
        """Phrases where only those of one value fight over characters: 送双袜子就买 says two things.

        A phrase of the value `hiding` says nothing and hides the shorter ones of every value.
        """
        found: list[Found] = []
        taken: defaultdict[Any, set[int]] = defaultdict(set)  # by value
        for span in self._spans(text):
            places = range(span.start, span.end)
            for one in span.read():
                if taken[one.value].isdisjoint(places) and taken[hiding].isdisjoint(places):
                    taken[one.value].update(places)
                    found.append(one)
        return [one for one in found if one.value != hiding]

    def _spans(self, text: str) -> list[_Span]:
        """All phrases, the longest first."""
        if not self._count:
            return []
        places = [at for at, character in enumerate(text) if character != " "]
        spans = []
        for last, (length, meanings) in self._automaton.iter(text.replace(" ", "")):
            start, end = places[last - length + 1], places[last] + 1
            if not _cuts_latin(text, start, end) and not self._parts_latin(text[start:end]):
                spans.append(_Span(start, end, meanings))
        return sorted(spans, key=lambda span: (span.start - span.end, span.start))

    def _parts_latin(self, words: str) -> bool:
        """s f is not sf, and 3 8 is not 38, unless a phrase is written so (free size)."""
        return _PARTED_LATIN.search(words) is not None and words not in self._parted


def _without_blanks(text: str) -> str:
    return "".join(text.split())


def read_patterns(folder: Path) -> list[Phrase]:
    """The phrases of data/patterns/entities/*.yml: entity, value, words. Raises ValueError on other shapes.

    A word may hold choices in braces, see `_spelt_out`.
    """
    phrases = []
    for file in sorted(folder.glob("*.yml")):
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader) or {}
        for entity, values in content.items():
            if isinstance(values, list):  # groups of words that stand for themselves
                words = [normalise(str(word)) for group in values for word in group]
                phrases += [Phrase(word, entity, word) for word in words]
                continue
            if not isinstance(values, dict):
                raise ValueError(f"{file}: {entity} 下面要写成 名字: [说法, 说法]")
            for value, words in values.items():
                for word in words:
                    phrases += [Phrase(text, entity, value) for text in _spelt_out(str(word), file)]
    return phrases


def _spelt_out(word: str, file: Path) -> list[str]:
    """再{便宜|少}点 → 再便宜点, 再少点; an empty choice leaves the place out. Normalised.

    Raises ValueError where a brace has no partner.
    """
    parts = _CHOICE.split(normalise(word))
    if any("{" in part or "}" in part for part in parts[::2]):
        raise ValueError(f"{file}: 「{word}」的花括号不成对, 写成 {{甲|乙}}")
    choices = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    return [text for chosen in product(*choices) if (text := "".join(chosen).strip())]


def _cuts_latin(text: str, start: int, end: int) -> bool:
    """sf inside of sfx or m inside of 5mm is no word."""
    return (start > 0 and text[start] in _LATIN and text[start - 1] in _LATIN) or (
        end < len(text) and text[end - 1] in _LATIN and text[end] in _LATIN
    )
