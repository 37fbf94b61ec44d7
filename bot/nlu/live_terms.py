"""Likeness of a message to new lines by their characters, also in words the model has never met.

The model leaves out terms that it has seen once or never; in a new question these are the very
words that it is about (贺卡). Here an unknown term counts as much as the rarest known one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from bot.nlu.arrays import Array
from bot.nlu.ngrams import Vocabulary, character_terms, plain


class LiveTerms:
    def __init__(self, texts: Sequence[str], known: Vocabulary) -> None:
        """`texts`: normalised lines; `known`: the model's characters and their weights."""
        self._known = known
        self._rarest = float(known.weights.max()) if len(known.weights) else 1.0
        rows = [self._weighted(text) for text in texts]
        self._columns: dict[str, int] = {}
        for row in rows:
            for term in row:
                self._columns.setdefault(term, len(self._columns))
        places = [(at, self._columns[term]) for at, row in enumerate(rows) for term in row]
        values = [value for row in rows for value in row.values()]
        self._rows = csr_matrix(
            (values, ([at for at, _ in places], [column for _, column in places])),
            shape=(len(rows), len(self._columns)),
            dtype=np.float32,
        )

    def likeness(self, text: str) -> Array:
        """(lines,): cosines, 0..1."""
        row = np.zeros(len(self._columns), dtype=np.float32)
        for term, value in self._weighted(text).items():
            if (column := self._columns.get(term)) is not None:
                row[column] = value
        return np.asarray(self._rows @ row)

    def _weighted(self, text: str) -> dict[str, float]:
        """Terms of a normalised text with their weights; of length 1."""
        counts = Counter(character_terms(plain(text)))
        weighted = {term: (1 + math.log(n)) * self._weight(term) for term, n in counts.items()}
        length = math.sqrt(sum(value * value for value in weighted.values())) or 1.0
        return {term: value / length for term, value in weighted.items()}

    def _weight(self, term: str) -> float:
        column = self._known.columns.get(term)
        return self._rarest if column is None else float(self._known.weights[column])
