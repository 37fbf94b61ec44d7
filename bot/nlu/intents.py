"""The intent classifier: n-grams and a tuned sentence encoder, with a measured confidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from bot.nlu.arrays import Array
from bot.nlu.confidence import Measured
from bot.nlu.halves import Halves
from bot.nlu.lessons import Beside, Lessons
from bot.nlu.linear_fit import linear_fits
from bot.nlu.ngrams import NgramSpace
from bot.nlu.sentence_network import SentenceNetwork
from bot.nlu.thresholds import Judged, Thresholds, derive
from bot.nlu.tuning import TENSORFLOW, tuning
from bot.nlu.words import Words

EPOCHS = 5  # of the sentence encoder's tuning
MANY = 5000  # messages; of so many, a small part held back tells how far to trust
HELD_BACK = 20, 3  # one in so many: of many messages, of few
SEED = 20


@dataclass(frozen=True)
class Guess:
    """One intent (full label, `faq/ask_color`) and how likely it is, 0..1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class IntentModel:
    """Everything needed to classify a normalised text."""

    space: NgramSpace
    labels: tuple[str, ...]
    weights: Array  # float32, (terms, labels)
    offsets: Array  # float32, (labels,)
    network: SentenceNetwork | None
    trust: tuple[float, ...]  # factor of the n-grams' margins, then of the network's
    favours: Array  # float32, (labels,): log odds that an intent is given on top
    thresholds: Thresholds
    modesty: float = 1.0  # of all margins: what real messages taught (`confidence.Measured`)

    def rank(self, text: str) -> list[Guess]:
        """All intents, likeliest first; confidences add up to 1. Empty for a text without words."""
        columns, values = self.space.row(text)
        if not len(columns):
            return []
        margins = (values @ self.weights[columns] + self.offsets) * self.trust[0]
        if self.network is not None:
            margins = margins + self.network.margins(text) * self.trust[1]
        confidences = softmax((margins + self.favours)[None, :] * self.modesty)[0]
        order = np.argsort(-confidences, kind="stable")
        return [Guess(self.labels[at], float(confidences[at])) for at in order]

    def reads(self, text: str, label: str) -> bool:
        """Whether a normalised text is surely this label."""
        best = next(iter(self.rank(text)), None)
        return best is not None and best.intent == label and best.confidence >= self.thresholds.act


def train(
    texts: Sequence[str],
    intents: Sequence[str],
    words: Words,
    *,
    epochs: int = EPOCHS,
    favoured: Mapping[str, float] | None = None,
    measured: Measured | None = None,
    earlier: IntentModel | None = None,
    fresh: Collection[int] | None = None,
    halves: Sequence[Halves] = (),
    tuned_by: str = TENSORFLOW,
) -> IntentModel:
    """Fits on normalised texts and their full labels; with 0 epochs on n-grams alone.

    With an `earlier` model of the same labels the sentence encoder goes on from there; `fresh`:
    numbers of the texts that it has not seen, None where that is not known. `favoured`: log odds by
    label, for wishes that cost more when missed. `halves`: half sentences, learned behind the
    messages and never held back. `tuned_by`: what tunes the encoder (`tuning`).

    Trust and thresholds come from lines held back from both voices; `measured` on real messages,
    where given, corrects them (real buyers are harder than written examples).
    Raises ValueError with fewer than two intents, when an unknown one is favoured, or for an
    unknown `tuned_by`.
    """
    tuner = tuning(tuned_by)
    labels = tuple(sorted(set(intents)))
    if len(labels) < 2:
        raise ValueError("an intent classifier needs messages of at least two intents")
    numbers = {label: at for at, label in enumerate(labels)}
    targets = np.array([numbers[intent] for intent in intents])
    space, matrix = NgramSpace.learned(texts, words)
    beside = Beside.of(texts, intents, labels, space, halves)
    favours = favours_of(favoured or {}, labels)
    rows = beside.added_to(matrix, targets)
    if earlier is not None and earlier.network is not None and earlier.labels == labels:
        # Nothing is unseen to the earlier network: how far to trust it was settled then.
        everything = np.ones(len(texts), dtype=bool)
        parts = [beside.with_messages(everything)]
        with linear_fits(*rows, len(labels), parts, at_once=False) as fitted:
            dwells = tuner.dwells_on_fresh
            teaches = everything if dwells else learned_from(targets)
            lessons = Lessons.of(texts, targets, beside, teaches)
            if dwells and fresh is not None:
                lessons = lessons.about(fresh)
            further = lessons.taught(tuner.fine_tune, len(labels), epochs, earlier.network)
            [(weights, offsets)] = fitted()
        return replace(
            earlier, space=space, weights=weights, offsets=offsets, network=further, favours=favours
        )
    learned = learned_from(targets)
    parts = [beside.with_messages(inside) for inside in (np.ones_like(learned), learned)]
    unseen = matrix[~learned]
    with linear_fits(*rows, len(labels), parts, at_once=not epochs) as fitted:
        del matrix, rows  # a hundred megabytes; they are fitted elsewhere
        lessons = Lessons.of(texts, targets, beside, learned)
        network = lessons.taught(tuner.fine_tune, len(labels), epochs) if epochs else None
        (weights, offsets), partly = fitted()
    margins = [np.asarray(unseen @ partly[0] + partly[1])]
    if network is not None:
        held_back = [texts[at] for at in np.flatnonzero(~learned)]
        margins.append(tuner.margins_of(network, held_back))
    truth = targets[~learned]
    trust = fit_trust(margins, truth)
    together = sum(part * factor for part, factor in zip(margins, trust, strict=True))
    thresholds = derive(judge(softmax(np.asarray(together + favours)), truth))
    if measured is not None:
        # A few hundred real messages hold too few hopeless ones to tell where asking is no use:
        # that stays as the training messages say.
        thresholds = Thresholds(act=measured.act, ask=min(thresholds.ask, measured.act))
    modesty = measured.modesty if measured else 1.0
    return IntentModel(
        space, labels, weights, offsets, network, trust, favours, thresholds, modesty
    )


def favours_of(favoured: Mapping[str, float], labels: Sequence[str]) -> Array:
    """Log odds in the order of the labels, float32. Raises ValueError for an unknown label."""
    if unknown := sorted(set(favoured) - set(labels)):
        raise ValueError(f"favoured, but without examples: {', '.join(unknown)}")
    return np.array([favoured.get(label, 0.0) for label in labels], dtype=np.float32)


def learned_from(targets: Array) -> Array:
    """Which messages teach (bool); the others are held back to tell how far to trust."""
    count = len(targets)
    part = HELD_BACK[0] if count >= MANY else HELD_BACK[1]
    learned = np.random.default_rng(SEED).permutation(count) % part != 0
    if len(set(targets[learned])) < 2:  # a toy data set: no intent may be missed
        learned[:] = True
        learned[0] = False
    return np.asarray(learned)


def fit_trust(unseen: Sequence[Array], targets: Array) -> tuple[float, ...]:
    """The factors that make the softmax of the summed margins most honest (least log loss)."""
    rows = np.arange(len(targets))

    def loss(logs: Array) -> float:
        together = sum(
            margins * factor for margins, factor in zip(unseen, np.exp(logs), strict=True)
        )
        chances = softmax(np.asarray(together))
        return -float(np.log(chances[rows, targets] + 1e-12).mean())

    start = np.full(len(unseen), np.log(4.0))
    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 0.02, "fatol": 1e-4})
    return tuple(float(factor) for factor in np.exp(np.clip(found.x, -4.0, 4.0)))


def softmax(margins: Array) -> Array:
    """Row-wise chances of margins (messages, labels)."""
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def judge(confidences: Array, targets: Array) -> list[Judged]:
    """How sure each row was and where its truth ranked."""
    order = np.argsort(-confidences, axis=1, kind="stable")
    places = (order == targets[:, None]).argmax(axis=1)
    return [
        Judged(float(row.max()), int(place)) for row, place in zip(confidences, places, strict=True)
    ]
