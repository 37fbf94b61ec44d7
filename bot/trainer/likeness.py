"""How alike lines are, and which intent the other lines would give each: so light that it is made
anew at every check, and nothing is trained.

Character n-grams of one to three in a naive Bayes of all lines. Each line is judged by the others:
its own part in its intent is taken out. docs/trainer-guide.zh.md says how often that is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from bot.nlu.arrays import Array

SMOOTHING = 0.04
SHARPNESS = 1.1  # of the chances: makes them as true as they claim (least log loss on our lines)
_BUCKETS = 1 << 20  # terms are known by a number; two in one bucket are rare
_FACTORS = (np.uint64(1_000_003), np.uint64(2_654_435_761), np.uint64(40_503_001))
_LONGEST = 3
_EDGE = "\x02"


class LastLikeness:
    """Makes the likeness of some lines, and gives the same again while it is asked for the same."""

    def __init__(self) -> None:
        self._kept: tuple[list[str], list[str], Likeness] | None = None

    def of(self, texts: Sequence[str], intents: Sequence[str]) -> Likeness:
        asked = list(texts), list(intents)
        if self._kept is None or self._kept[:2] != asked:
            self._kept = (*asked, Likeness(*asked))
        return self._kept[2]


@dataclass(frozen=True)
class Neighbour:
    at: int  # index of the line
    likeness: float  # 0..1


def buckets(texts: Sequence[str]) -> tuple[Array, Array]:
    """(line, bucket) of every different n-gram of each line, marked at both ends."""
    marked = [f"{_EDGE}{text}{_EDGE}" for text in texts]
    signs = np.frombuffer("".join(marked).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, marked), dtype=np.int64, count=len(marked))
    lines = np.repeat(np.arange(len(marked)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(signs))  # signs to the line's end
    pairs = []
    for size in range(1, _LONGEST + 1):
        if len(signs) < size:
            break
        count = len(signs) - size + 1
        mixed = np.full(count, np.uint64(size * 7919))
        for place in range(size):
            mixed = (mixed ^ signs[place : place + count]) * _FACTORS[place]
            mixed ^= mixed >> np.uint64(29)
        inside = left[:count] >= size
        if size == 1:  # the edge alone says nothing
            inside &= signs != ord(_EDGE)
        bucket = (mixed[inside] % np.uint64(_BUCKETS)).astype(np.int64)
        pairs.append(lines[:count][inside] * _BUCKETS + bucket)
    both = np.unique(np.concatenate(pairs)) if pairs else np.zeros(0, dtype=np.int64)
    return both // _BUCKETS, both % _BUCKETS


class Likeness:
    """All lines with their intents, ready to be asked about each of them and about new ones.

    `texts` are plain (`PlainLines`); there is at least one.
    """

    def __init__(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        self.labels = sorted(set(intents))
        numbers = {label: number for number, label in enumerate(self.labels)}
        self.own = np.array([numbers[intent] for intent in intents], dtype=np.int64)
        lines, terms = buckets(texts)
        counts = np.bincount(terms, minlength=_BUCKETS)
        self._columns = np.full(_BUCKETS, -1, dtype=np.int64)
        # What stands in one line says nothing of another.
        kept = np.flatnonzero(counts > 1)
        self._columns[kept] = np.arange(len(kept))
        self._counts = counts[kept]
        self._weights = (np.log((1 + len(texts)) / (1 + self._counts)) + 1).astype(np.float32)
        self.rows = self._weighted(lines, terms, len(texts))
        members = csr_matrix(
            (np.ones(len(texts), dtype=np.float32), (self.own, np.arange(len(texts)))),
            shape=(len(self.labels), len(texts)),
        )
        self._sums = np.asarray((members @ self.rows).todense(), dtype=np.float32)
        self._totals = self._sums.sum(axis=1, dtype=np.float64)
        self._logs = np.ascontiguousarray(np.log(self._sums + SMOOTHING).T)
        width = SMOOTHING * self.rows.shape[1]
        self._norms = np.log(self._totals + width).astype(np.float32)
        self._postings: csr_matrix | None = None

    def _weighted(self, lines: Array, terms: Array, count: int) -> csr_matrix:
        columns = self._columns[terms]
        known = columns >= 0
        lines, columns = lines[known], columns[known]
        values = self._weights[columns]
        lengths = np.sqrt(np.bincount(lines, weights=values**2, minlength=count))
        lengths[lengths == 0] = 1
        values = (values / lengths[lines]).astype(np.float32)
        return csr_matrix((values, (lines, columns)), shape=(count, len(self._counts)))

    def vectors(self, texts: Sequence[str]) -> csr_matrix:
        """(texts, terms) of plain lines, each of length 1: their product is their likeness."""
        return self._weighted(*buckets(texts), len(texts))

    def _scores(self, rows: csr_matrix) -> Array:
        """(lines, labels): how much each intent says a line; a rare intent counts as a common one."""
        weights = np.asarray(rows.sum(axis=1), dtype=np.float32)
        return np.asarray(rows @ self._logs) - weights * self._norms[None, :]

    def chances(self) -> Array:
        """(lines, labels): what the other lines say of each line; rows add up to 1."""
        rows = self.rows
        scores = self._scores(rows)
        sizes = np.diff(rows.indptr)
        # Without the line itself its own intent knows its terms a little less well.
        left = self._sums[np.repeat(self.own, sizes), rows.indices] - rows.data
        parts = rows.data * np.log(np.maximum(left, 0) + SMOOTHING)
        line_of = np.repeat(np.arange(len(self.own)), sizes)
        own = np.bincount(line_of, weights=parts, minlength=len(self.own))
        weights = np.asarray(rows.sum(axis=1)).ravel()
        width = SMOOTHING * rows.shape[1]
        own -= weights * np.log(np.maximum(self._totals[self.own] - weights, 0) + width)
        scores[np.arange(len(self.own)), self.own] = own
        return _softmax(scores * SHARPNESS)

    def chances_of(self, texts: Sequence[str]) -> Array:
        """(texts, labels) of lines that are none of ours."""
        return _softmax(self._scores(self.vectors(texts)) * SHARPNESS)

    def neighbours(self, at: Sequence[int], most: int = 5) -> list[list[Neighbour]]:
        """The lines most like each of these, itself left out, the nearest first."""
        rows = self.rows[np.array(at, dtype=np.int64)]
        return [
            [one for one in found if one.at != place][:most]
            for place, found in zip(at, self._nearest(rows, most + 1), strict=True)
        ]

    def neighbours_of(self, texts: Sequence[str], most: int = 5) -> list[list[Neighbour]]:
        """The same of lines that are none of ours."""
        return self._nearest(self.vectors(texts), most)

    def _nearest(self, rows: csr_matrix, most: int) -> list[list[Neighbour]]:
        if self._postings is None:
            self._postings = self.rows.T.tocsr()
        found = []
        for row in range(rows.shape[0]):
            part = slice(rows.indptr[row], rows.indptr[row + 1])
            near = self._alike(self._postings, rows.indices[part], rows.data[part])
            best = np.argpartition(-near, min(most, len(near) - 1))[:most]
            best = best[np.argsort(-near[best], kind="stable")]
            found.append([Neighbour(int(at), float(near[at])) for at in best if near[at] > 0])
        return found

    def _alike(self, postings: csr_matrix, columns: Array, values: Array) -> Array:
        """(lines,): the cosine of every line with one whose terms these are."""
        count = self.rows.shape[0]
        if not len(columns):
            return np.zeros(count)
        parts = [slice(postings.indptr[column], postings.indptr[column + 1]) for column in columns]
        lines = np.concatenate([postings.indices[part] for part in parts])
        weights = np.concatenate(
            [postings.data[part] * value for part, value in zip(parts, values, strict=True)]
        )
        return np.bincount(lines, weights=weights, minlength=count)


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
