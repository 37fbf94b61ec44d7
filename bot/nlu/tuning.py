"""What tunes the sentence encoder: TensorFlow or NumPy, as `tuned_by` of the classifier chooses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.nlu.arrays import Array
from bot.nlu.sentence_network import SentenceNetwork

TENSORFLOW = "tensorflow"
NUMPY = "numpy"  # cheaper; what it owes before it may be the default: docs/understanding.md


class FineTune(Protocol):
    """A network that tells `count` labels apart; `targets` int (texts,) are their numbers."""

    def __call__(
        self,
        texts: Sequence[str],
        targets: Array,
        count: int,
        *,
        copies: Mapping[int, str] | None = None,
        epochs: int,
        begin_with: SentenceNetwork | None = None,
    ) -> SentenceNetwork: ...


@dataclass(frozen=True)
class Tuning:
    """A way to tune, and what goes with it."""

    fine_tune: FineTune
    margins_of: Callable[[SentenceNetwork, Sequence[str]], Array]  # float32 (texts, labels)
    # Taught further, it reads fresh messages several times among some of the others.
    dwells_on_fresh: bool


def tuning(name: str) -> Tuning:
    """Imports what it needs, which only training does. Raises ValueError for an unknown name."""
    if name == TENSORFLOW:
        from bot.nlu.fine_tuning import fine_tune

        return Tuning(fine_tune, _one_by_one, dwells_on_fresh=False)
    if name == NUMPY:
        from bot.nlu import numpy_tuning

        return Tuning(numpy_tuning.fine_tune, numpy_tuning.margins_of, dwells_on_fresh=True)
    raise ValueError(refusal(name))


def refusal(name: object) -> str:
    """What is wrong with this choice; empty for one that there is."""
    if name in (TENSORFLOW, NUMPY):
        return ""
    return f"tuned_by: {name!r} 不认识，config.yml 里只能写 {TENSORFLOW} 或 {NUMPY}。"


def _one_by_one(network: SentenceNetwork, texts: Sequence[str]) -> Array:
    return np.stack([network.margins(text) for text in texts])
