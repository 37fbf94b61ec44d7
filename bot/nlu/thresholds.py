"""When to act, when to ask back and when to admit not having understood: measured, not guessed.

Each outcome has a price for the buyer; the thresholds are the two confidences that make the
measured messages cheapest. `python -m bot.nlu.measure` takes the messages from real buyers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BUTTONS = 3  # choices offered when half sure


@dataclass(frozen=True)
class Prices:
    """What an outcome costs a buyer, where acting on a wrong reading costs 1."""

    asked_with_the_answer: float = 0.2  # one tap more
    asked_without_it: float = 0.8  # reads wrong buttons, types again
    gave_up: float = 0.6  # types again, or waits for a person


@dataclass(frozen=True)
class Thresholds:
    """At or above `act` the bot acts, at or above `ask` it asks back, below it gives up."""

    act: float
    ask: float


@dataclass(frozen=True)
class Judged:
    """A message whose meaning is known: the model's confidence and where the truth ranked."""

    confidence: float
    place: int | None  # 0 = first choice; None = not among the ranked, or nothing is right


def derive(judged: Sequence[Judged], prices: Prices = Prices()) -> Thresholds:
    """The cheapest thresholds for these messages. Raises ValueError when there are none."""
    if not judged:
        raise ValueError("thresholds need measured messages")
    confidence = np.array([message.confidence for message in judged])
    first = np.array([message.place == 0 for message in judged])
    offered = np.array(
        [message.place is not None and message.place < BUTTONS for message in judged]
    )
    acting = np.where(first, 0.0, 1.0)
    asking = np.where(offered, prices.asked_with_the_answer, prices.asked_without_it)
    grid = np.arange(0.02, 1.0, 0.01)
    best = min(
        (
            float(
                np.where(
                    confidence >= act,
                    acting,
                    np.where(confidence >= ask, asking, prices.gave_up),
                ).sum()
            ),
            float(act),
            float(ask),
        )
        for act in grid
        for ask in grid[grid <= act]
    )
    return Thresholds(act=round(best[1], 2), ask=round(best[2], 2))


@dataclass(frozen=True)
class Bin:
    """Messages of similar confidence: how sure the model was and how often it was right."""

    lowest: float
    count: int
    mean_confidence: float
    share_right: float


def reliability(judged: Sequence[Judged], bins: int = 10) -> list[Bin]:
    """The reliability curve; empty bins are left out."""
    curve = []
    for at in range(bins):
        inside = [
            m for m in judged if at / bins <= m.confidence < (at + 1) / bins + (at == bins - 1)
        ]
        if inside:
            curve.append(
                Bin(
                    at / bins,
                    len(inside),
                    sum(m.confidence for m in inside) / len(inside),
                    sum(m.place == 0 for m in inside) / len(inside),
                )
            )
    return curve


def calibration_error(judged: Sequence[Judged]) -> float:
    """Mean distance between confidence and share right, weighted by messages (0 = honest)."""
    curve = reliability(judged)
    return sum(b.count * abs(b.mean_confidence - b.share_right) for b in curve) / len(judged)
