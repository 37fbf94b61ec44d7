"""The three ways to train, and what each asks of Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from bot.training.hurry import hurried

FURTHER = "further"
QUICK_NAME = "first-"  # how the file of a quick model begins


class Kind(Enum):
    """Values are how a training is called in sentences."""

    FULL = "训练模型"
    FURTHER = "接着上次的模型训练"  # new examples only
    QUICK = "先训练一个小模型"  # to open with

    @property
    def usual_seconds(self) -> int:
        """On two cores, before any training here has told better."""
        return {Kind.FULL: 420, Kind.FURTHER: 60, Kind.QUICK: 40}[self]


def is_quick(model: Path) -> bool:
    return model.name.startswith(QUICK_NAME)


def arguments(kind: Kind, *, root: Path, out: Path, models: Path) -> Sequence[str]:
    """Of `rasa train`, for a model that is put into the folder `out`; or of `bot.training.further`,
    whose first one is `FURTHER`."""
    common = ["train", "--quiet", "--out", str(out)]
    if kind is Kind.FURTHER:
        return [FURTHER, "--models", str(models), "--out", str(out)]
    if kind is Kind.QUICK:
        return [*common, *hurried(root, out)]
    return common
