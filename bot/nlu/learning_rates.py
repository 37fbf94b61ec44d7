"""Adam, for the encoder's layers and for its table of pieces, of which a batch names a few."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_matrix

from bot.nlu.arrays import Array

MOMENTUM, FADING = 0.9, 0.999  # of slopes and of their variance, a batch
STEADY = 1e-7
WEIGHT_DECAY = 0.01
PIECE = 1 << 15  # numbers at a time: what is calculated on the way stays in the cache


class LayerRates:
    """Adam with weight decay. The layers lie one behind the other in one row of numbers."""

    def __init__(self, layers: Mapping[str, Array]) -> None:
        self._flat = np.concatenate([np.ravel(one) for one in layers.values()], dtype=np.float32)
        self._mean, self._variance = np.zeros_like(self._flat), np.zeros_like(self._flat)
        self.layers = _views(self._flat, layers)
        self._places = _places(layers)
        self.done = 0

    def __len__(self) -> int:
        return len(self._flat)

    def empty(self) -> tuple[Array, dict[str, Array]]:
        """Room for slopes: all in a row, and by layer."""
        flat = np.empty_like(self._flat)
        return flat, _views(flat, self.layers)

    def learn(self, slopes: Array, scale: float, rates: Mapping[str, float], part: slice) -> None:
        """A step of a `part` of all numbers; parts may be done at once, and `done` counts steps.

        `slopes` are multiplied by `scale`. `rates`: of layers by name, "" of all others.
        """
        unbiased = np.sqrt(1 - FADING**self.done) / (1 - MOMENTUM**self.done)
        for name, (begin, end) in self._places.items():
            rate = rates.get(name, rates[""])
            begin, end = max(begin, part.start), min(end, part.stop)
            for start in range(begin, end, PIECE):
                self._step(slice(start, min(start + PIECE, end)), slopes, scale, rate, unbiased)

    def _step(self, at: slice, slopes: Array, scale: float, rate: float, unbiased: float) -> None:
        slope = slopes[at] * np.float32(scale)
        mean, variance, weights = self._mean[at], self._variance[at], self._flat[at]
        mean *= np.float32(MOMENTUM)
        mean += slope * np.float32(1 - MOMENTUM)
        variance *= np.float32(FADING)
        slope *= slope
        slope *= np.float32(1 - FADING)
        variance += slope
        np.sqrt(variance, out=slope)
        slope += np.float32(STEADY)
        np.divide(mean, slope, out=slope)
        slope *= np.float32(rate * unbiased)
        weights *= np.float32(1 - rate * WEIGHT_DECAY)
        weights -= slope


class PieceRates:
    """Adam for a table of which a batch sees a few rows: the others cost nothing.

    A row's step is what Adam's momentum would spread over the next dozen batches; its variance
    fades with every batch, seen or not.
    """

    def __init__(self, table: Array) -> None:
        self._table = table  # float32 (rows, numbers): changed by `learn`
        self._variance = np.zeros_like(table)
        self._seen = np.zeros(len(table))  # the batch that a row was last in
        self._batch = 0

    def learn(self, rows: Array, slopes: Array, rate: float) -> None:
        """`slopes` (rows, numbers): a row may come twice."""
        self._batch += 1
        named, places = np.unique(rows, return_inverse=True)
        count = len(rows)
        sums = csr_matrix((np.ones(count, np.float32), (places, np.arange(count)))) @ slopes
        faded = FADING ** (self._batch - self._seen[named])[:, None]
        variance = np.float32(1 - FADING) * sums**2
        variance += faded.astype(np.float32) * self._variance[named]
        spread = np.sqrt(variance / np.float32(1 - FADING**self._batch)) + np.float32(STEADY)
        self._variance[named], self._seen[named] = variance, self._batch
        self._table[named] -= np.float32(rate) * sums / spread


def _places(layers: Mapping[str, Array]) -> dict[str, tuple[int, int]]:
    ends = np.cumsum([layer.size for layer in layers.values()]).tolist()
    return {
        name: (end - layer.size, end)
        for (name, layer), end in zip(layers.items(), ends, strict=True)
    }


def _views(flat: Array, layers: Mapping[str, Array]) -> dict[str, Array]:
    return {
        name: flat[begin:end].reshape(layers[name].shape)
        for name, (begin, end) in _places(layers).items()
    }
