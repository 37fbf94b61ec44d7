"""Cross-validation of the training lines, each judged by all others: confusions, worst pairs, curve.

It asks the light judge of the check (`Likeness`), not the trained model, which reads more rightly: what it
confuses lies close together in words, and that is where lines are missing. Nothing is trained.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.arrays import Array
from bot.trainer.likeness import Likeness

SHARES = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # of the lines, for the curve
HELD_OUT = 0.1
SEED = 7
_SENTENCES = 5


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Lines of one intent that the others would have taken for another."""

    written: str
    taken_for: str
    count: int
    share: float  # of the lines of `written`
    sentences: tuple[str, ...]  # the surest mistakes


@dataclass(frozen=True, kw_only=True)
class Intent:
    name: str
    lines: int
    recall: float  # of its lines, rightly read
    precision: float  # of what is read as it, really it


@dataclass(frozen=True, kw_only=True)
class Crossed:
    lines: int
    right: float
    intents: tuple[Intent, ...]  # the worst first
    pairs: tuple[Pair, ...]  # the most lines first
    confused: dict[tuple[str, str], int]  # (written, taken for), right ones too
    curve: tuple[tuple[int, float], ...]  # (lines learned from, right of those held out)


def crossed(texts: Sequence[str], intents: Sequence[str], raw: Sequence[str]) -> Crossed:
    """`texts` are plain, `raw` the same lines as they are written; at least two intents."""
    likeness = Likeness(texts, intents)
    chances = likeness.chances()
    read = chances.argmax(axis=1)
    labels = likeness.labels
    taken = [labels[int(at)] for at in read]
    confused = Counter(zip(intents, taken, strict=True))
    right = sum(count for (a, b), count in confused.items() if a == b)
    return Crossed(
        lines=len(texts),
        right=right / len(texts),
        intents=_by_intent(confused),
        pairs=_pairs(confused, intents, taken, raw, chances.max(axis=1)),
        confused=dict(confused),
        curve=_curve(texts, intents),
    )


def _by_intent(confused: Counter[tuple[str, str]]) -> tuple[Intent, ...]:
    written: Counter[str] = Counter()
    read: Counter[str] = Counter()
    for (a, b), count in confused.items():
        written[a] += count
        read[b] += count
    found = [
        Intent(
            name=name,
            lines=lines,
            recall=confused[name, name] / lines,
            precision=confused[name, name] / read[name] if read[name] else 0.0,
        )
        for name, lines in written.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.recall, one.name)))


def _pairs(
    confused: Counter[tuple[str, str]],
    intents: Sequence[str],
    taken: Sequence[str],
    raw: Sequence[str],
    sureness: Array,
) -> tuple[Pair, ...]:
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, pair in enumerate(zip(intents, taken, strict=True)):
        if pair[0] != pair[1]:
            lines[pair].append(number)
    totals = Counter(intents)
    found = []
    for (a, b), at in lines.items():
        surest = sorted(at, key=lambda one: -float(sureness[one]))[:_SENTENCES]
        found.append(
            Pair(
                written=a,
                taken_for=b,
                count=confused[a, b],
                share=confused[a, b] / totals[a],
                sentences=tuple(raw[one] for one in surest),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.count, one.written, one.taken_for)))


def _curve(texts: Sequence[str], intents: Sequence[str]) -> tuple[tuple[int, float], ...]:
    """Always the same lines are held out, so that the points can be compared."""
    order = list(range(len(texts)))
    random.Random(SEED).shuffle(order)
    held = order[: max(1, int(len(order) * HELD_OUT))]
    rest = order[len(held) :]
    asked = [texts[at] for at in held]
    points = []
    for share in SHARES:
        part = rest[: max(2, int(len(rest) * share))]
        likeness = Likeness([texts[at] for at in part], [intents[at] for at in part])
        read = np.asarray(likeness.chances_of(asked)).argmax(axis=1)
        right = [likeness.labels[int(a)] == intents[b] for a, b in zip(read, held, strict=True)]
        points.append((len(part), sum(right) / len(right)))
    return tuple(points)
