"""Finds fixed phrases with spaCy's matcher: thousands of them cost a fraction of a millisecond."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language
from spacy.matcher import PhraseMatcher

from bot.nlu.found import Found
from bot.nlu.normalise import normalise

PATTERNS = Path("data/patterns/entities")
IGNORED = "ignored"
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_PARTED_LATIN = re.compile(r"[a-z0-9]\s+[a-z0-9]")


@dataclass(frozen=True)
class Phrase:
    text: str  # normalised
    entity: str
    value: Any


class PhraseBook:
    """Phrases of any number; the longest of overlapping ones wins, wherever it starts.

    spaCy's default segmenter for Chinese cuts characters, so 手机壳 is found in 手机壳子 and an
    offset in tokens is easily one in characters. A blank is no token of its own: 冲锋 衣 is found
    as 冲锋衣, and phrases are looked up without their blanks.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._meanings: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            same = self._meanings.setdefault(_without_blanks(phrase.text), [])
            if phrase not in same:
                same.append(phrase)
        self._texts = frozenset(phrase.text for same in self._meanings.values() for phrase in same)
        self._matcher = PhraseMatcher(_chinese().vocab)
        if self._meanings:
            self._matcher.add("phrases", [_chinese().make_doc(text) for text in self._meanings])

    def __len__(self) -> int:
        return len(self._meanings)

    def find(self, text: str) -> list[Found]:
        """Phrases in a normalised text, without the ignored ones that hid shorter phrases."""
        taken: list[tuple[int, int]] = []
        for start, end in self._spans(text):
            if not any(start < other_end and other < end for other, other_end in taken):
                taken.append((start, end))
        return [one for start, end in sorted(taken) for one in self._read(text, start, end)]

    def find_each(self, text: str, *, hiding: Any) -> list[Found]:
        """Phrases where only those of one value fight over characters: 送双袜子就买 says two things.

        A phrase of the value `hiding` says nothing and hides the shorter ones of every value.
        """
        found: list[Found] = []
        for start, end in self._spans(text):
            for one in self._read(text, start, end):
                if not any(one.overlaps(it) for it in found if it.value in (one.value, hiding)):
                    found.append(one)
        return [one for one in found if one.value != hiding]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """(start, end) of all phrases, the longest first."""
        document = _chinese().make_doc(text)
        spans = []
        for _, first, last in self._matcher(document):
            start = document[first].idx
            end = document[last - 1].idx + len(document[last - 1])
            if not _cuts_latin(text, start, end) and not self._parts_latin(text[start:end]):
                spans.append((start, end))
        return sorted(spans, key=lambda span: (span[0] - span[1], span[0]))

    def _read(self, text: str, start: int, end: int) -> list[Found]:
        """A phrase can mean one thing of several kinds; of one kind, its first meaning counts."""
        found: dict[str, Found] = {}
        for phrase in self._meanings[_without_blanks(text[start:end])]:
            found.setdefault(phrase.entity, Found(phrase.entity, phrase.value, start, end))
        return list(found.values())

    def _parts_latin(self, words: str) -> bool:
        """s f is not sf, and 3 8 is not 38, unless a phrase is written so (free size)."""
        return _PARTED_LATIN.search(words) is not None and words not in self._texts


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
                raise ValueError(f"{file}: under {entity} must stand values with their words")
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


@lru_cache(maxsize=1)
def _chinese() -> Language:
    return spacy.blank("zh")
