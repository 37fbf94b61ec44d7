"""Turns a message into weighted n-grams: words, and characters across word borders.

sklearn's vectorizers give the same numbers, but cost a millisecond a message and a pickle on
disk; these cost a tenth of it and are two arrays and a word list.
"""

from __future__ import annotations

import itertools
import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from bot.nlu.arrays import Array
from bot.nlu.words import Words

MANY = 1000  # messages; from here on terms seen once are left out: they only name one's noun
_MARKS = re.compile(r"[^\w%￥$]+")
_LONG_NUMBER = re.compile(r"\d{5,}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def plain(text: str) -> str:
    """A normalised text as the classifier reads it: no punctuation, numbers by their shape.

    Buyers punctuate or not as they please, and which number they name says nothing of the wish;
    that it is one does: 5 and more digits are a phone or an order (`#`), fewer become `0`.
    """
    text = _MARKS.sub(" ", text)
    text = _LONG_NUMBER.sub("#", text)
    return _NUMBER.sub("0", text).strip()


def character_terms(text: str, shortest: int = 1, longest: int = 3) -> list[str]:
    """Character n-grams of a text that is marked at both ends and has no blanks inside."""
    if not text:
        return []
    marked = f"^{text.replace(' ', '')}$"
    return [
        marked[at : at + size]
        for size in range(shortest, longest + 1)
        for at in range(len(marked) - size + 1)
    ]


def word_terms(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbouring words."""
    return [*words, *(f"{left} {right}" for left, right in itertools.pairwise(words))]


@dataclass(frozen=True)
class Vocabulary:
    """The known terms of one kind: column and weight (inverse document frequency) of each."""

    columns: dict[str, int]
    weights: Array  # float32, one per column

    @classmethod
    def of(cls, documents: Iterable[Sequence[str]]) -> Vocabulary:
        counts: Counter[str] = Counter()
        size = 0
        for terms in documents:
            # Once a document, and in an order that is the same in every process.
            counts.update(list(dict.fromkeys(terms)))
            size += 1
        lowest = 2 if size >= MANY else 1
        kept = {term: count for term, count in counts.items() if count >= lowest}
        columns = {term: column for column, term in enumerate(kept)}
        seen = np.fromiter(kept.values(), dtype=np.float64, count=len(kept))
        return cls(columns, (np.log((1 + size) / (1 + seen)) + 1).astype(np.float32))

    def vector(self, terms: Sequence[str]) -> tuple[list[int], list[float]]:
        """(columns, values): sublinear term frequency times weight, of length 1."""
        counts = Counter(column for term in terms if (column := self.columns.get(term)) is not None)
        values = [
            (1 + math.log(count)) * float(self.weights[column]) for column, count in counts.items()
        ]
        length = math.sqrt(sum(value * value for value in values)) or 1.0
        return list(counts), [value / length for value in values]


class NgramSpace:
    """Words and characters side by side; one row of a sparse matrix per message."""

    def __init__(self, words: Words, vocabularies: Sequence[Vocabulary]) -> None:
        self._words = words
        self.vocabularies = tuple(vocabularies)

    @classmethod
    def of(cls, texts: Sequence[str], words: Words) -> NgramSpace:
        """Learns the terms of normalised texts."""
        return cls.learned(texts, words)[0]

    @classmethod
    def learned(cls, texts: Sequence[str], words: Words) -> tuple[NgramSpace, csr_matrix]:
        """With the matrix of the very texts: they are cut into words once."""
        plains = [plain(text) for text in texts]
        cuts = [_cut(text, words) for text in plains]
        vocabularies = (
            Vocabulary.of(word_terms(cut) for cut in cuts),
            Vocabulary.of(character_terms(text) for text in plains),
        )
        space = cls(words, vocabularies)
        return space, space._matrix(map(space._row, plains, cuts))

    @property
    def width(self) -> int:
        return sum(len(vocabulary.columns) for vocabulary in self.vocabularies)

    def row(self, text: str) -> tuple[Array, Array]:
        """(columns, values) of one normalised text; both empty when no term of it is known."""
        text = plain(text)
        columns, values = self._row(text, _cut(text, self._words))
        return np.array(columns, dtype=np.int64), np.array(values, dtype=np.float32)

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        plains = map(plain, texts)
        return self._matrix(self._row(text, _cut(text, self._words)) for text in plains)

    def _row(self, text: str, words: Sequence[str]) -> tuple[list[int], list[float]]:
        columns: list[int] = []
        values: list[float] = []
        offset = 0
        terms = (word_terms(words), character_terms(text))
        for found_terms, vocabulary in zip(terms, self.vocabularies, strict=True):
            found, weighted = vocabulary.vector(found_terms)
            columns += [offset + column for column in found]
            values += weighted
            offset += len(vocabulary.columns)
        return columns, values

    def _matrix(self, rows: Iterable[tuple[list[int], list[float]]]) -> csr_matrix:
        # Millions of numbers: as objects they would take ten times the memory.
        columns, values, ends = array("i"), array("f"), array("i", [0])
        for found, weighted in rows:
            columns.extend(found)
            values.extend(weighted)
            ends.append(len(columns))
        return csr_matrix(
            (
                np.array(values, dtype=np.float32),
                np.array(columns, dtype=np.int32),
                np.array(ends, dtype=np.int32),
            ),
            shape=(len(ends) - 1, self.width),
        )


def _cut(text: str, words: Words) -> list[str]:
    return [word for word, _ in words.cut(text)]
