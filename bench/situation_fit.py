"""Finds the weights of the least log loss on labelled lines, all lines at once in arrays.

The same sum as `bot.dialogue.reading.decide`, which reads one line; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from bench.nlu_scores import Row
from bot.dialogue.expected import Level, Table
from bot.dialogue.expected import Row as Expected
from bot.dialogue.reading import FAINTEST, Heard, Ranking, candidates
from bot.dialogue.situations import COURTESIES
from bot.dialogue.weights import Weights
from bot.nlu.arrays import Array
from bot.nlu.labels import catalogue_intent

# Where the fit begins and what it is pulled to, in the order of FITTED.
PRIOR = Weights(
    behind=1.0,
    matter=1.5,
    shop=0.4,
    sure=0.4,
    very_likely=4.0,
    likely=2.0,
    unlikely=-1.5,
    spoken=0.5,
    short=16.0,
    act=0.7,
    ask=0.1,
)
FITTED = (
    *("behind", "matter", "shop", "sure"),
    *("very_likely", "likely", "unlikely", "spoken", "short"),
)
PULL = 0.06  # loss of a line, per weight that is twice its start: a few lines bend none far
_SHARES = ("sure", "spoken")  # between 0 and 1
_LEVELS = (None, Level.VERY_LIKELY, Level.LIKELY, Level.UNLIKELY)


@dataclass(frozen=True)
class Lines:
    """What is heard of many lines: a row each, a column for each intent of the model."""

    alone: Array  # log odds, as behind and shop; 0 throughout where there is no such reading
    behind: Array
    shop: Array
    matter: Array  # 1 in the open matter's column, where there is a reading behind it
    rows: Array  # (level, line, intent): whether a row of the situation or matter has that level
    spoken: Array  # … and a row of what the line holds
    may_be: Array
    is_plain: Array  # without anything around it the line alone decides
    length: Array
    courtesy: Array  # chance of one
    first: Array  # chance of the likeliest

    def chances(self, weights: Weights) -> Array:
        """(line, intent), adding up to 1 for each line."""
        leaning = weights.short / (weights.short + self.length)
        doubt = np.sqrt(np.maximum(1.0 - self.first, 0.0))
        open_to = np.maximum(1.0 - self.courtesy, 0.0) * (weights.sure + (1 - weights.sure) * doubt)
        open_to = (open_to * leaning)[:, None]
        odds = (
            self.alone
            + leaning[:, None] * _bonus(self.rows, weights)
            + weights.spoken * _bonus(self.spoken, weights)
            + open_to * weights.shop * self.shop
            + open_to * (weights.behind * self.behind + weights.matter * self.matter)
        )
        odds = np.where(self.is_plain[:, None], self.alone, np.where(self.may_be, odds, -np.inf))
        powers: Array = np.exp(odds - odds.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def lines_of(heard: Sequence[Heard], table: Table, labels: Sequence[str]) -> Lines:
    rows = [table.rows(one.told, one.matter) for one in heard]
    spoken = [table.spoken(one.values) for one in heard]
    alone = np.array([_chances(one.alone, labels) for one in heard])
    courtesies = np.array([label in COURTESIES for label in labels])
    return Lines(
        alone=np.log(np.maximum(alone, FAINTEST)),
        behind=np.array([_odds(one.behind, labels) for one in heard]),
        shop=np.array([_odds(one.shop if one.told else None, labels) for one in heard]),
        matter=np.array(
            [[one.behind is not None and label == one.matter for label in labels] for one in heard]
        ),
        rows=_levels(rows, labels),
        spoken=_levels(spoken, labels),
        may_be=np.array(
            [
                np.isin(labels, candidates(one, [*held, *there]))
                for one, there, held in zip(heard, rows, spoken, strict=True)
            ]
        ),
        is_plain=np.array(
            [not (one.told or one.behind or held) for one, held in zip(heard, spoken, strict=True)]
        ),
        length=np.array([one.length for one in heard], dtype=float),
        courtesy=(alone * courtesies).sum(axis=1),
        first=alone.max(axis=1),
    )


def fit(
    heard: Sequence[Heard],
    rows: Sequence[Row],
    table: Table,
    labels: Sequence[str],
    counts: Sequence[float] | None = None,
) -> Weights:
    """The weights of the least log loss, pulled to `PRIOR`; thresholds untouched.

    `counts`: how much each line counts; None: all the same.
    """
    lines = lines_of(heard, table, labels)
    right = np.array([[catalogue_intent(one) in row.accept for one in labels] for row in rows])
    share = np.array(counts if counts is not None else np.ones(len(rows)))
    share = share / share.sum()
    start = np.array([getattr(PRIOR, name) for name in FITTED])

    def loss(values: Array) -> float:
        chance = (lines.chances(_with(values)) * right).sum(axis=1)
        distance = float((((values - start) / np.abs(start)) ** 2).sum())
        return float(-(share * np.log(chance + 1e-3)).sum()) + PULL * distance

    found = minimize(
        loss, start, method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-5, "maxiter": 4000}
    )
    return _with(found.x)


def _with(values: Array) -> Weights:
    # Signs are part of what the levels mean.
    bounded = {name: round(float(value), 3) for name, value in zip(FITTED, values, strict=True)}
    bounded = {name: max(value, 0.0) for name, value in bounded.items()} | {
        "unlikely": min(bounded["unlikely"], 0.0),
        "short": max(bounded["short"], 1.0),
    }
    return replace(PRIOR, **bounded | {name: min(bounded[name], 1.0) for name in _SHARES})


def _bonus(levels: Array, weights: Weights) -> Array:
    """The most that a row gives, as in `decide`."""
    worth = (0.0, weights.very_likely, weights.likely, weights.unlikely)
    each = [np.where(has, value, -np.inf) for has, value in zip(levels, worth, strict=True)]
    return np.asarray(np.max(each, axis=0))


def _levels(rows: Sequence[Sequence[Expected]], labels: Sequence[str]) -> Array:
    found = np.zeros((len(_LEVELS), len(rows), len(labels)), dtype=bool)
    for line, expected in enumerate(rows):
        for row in expected:
            for column, label in enumerate(labels):
                found[_LEVELS.index(row.level_of(label)), line, column] = True
        if not expected:
            found[0, line] = True
    return found


def _chances(ranking: Ranking, labels: Sequence[str]) -> list[float]:
    chances = dict(ranking)
    return [chances.get(label, 0.0) for label in labels]


def _odds(ranking: Ranking | None, labels: Sequence[str]) -> Array:
    if ranking is None:
        return np.zeros(len(labels))
    return np.asarray(np.log(np.maximum(_chances(ranking, labels), FAINTEST)))
