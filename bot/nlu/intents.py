"""The intent classifier: n-grams and nearness of meaning, with a confidence that is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack
from sklearn.svm import LinearSVC

from bot.nlu.arrays import Array
from bot.nlu.confidence import Measured
from bot.nlu.courtesies import wrapped
from bot.nlu.encoders import encoder, vectors
from bot.nlu.ngrams import NgramSpace
from bot.nlu.semantics import SemanticVoice, fit_semantic
from bot.nlu.thresholds import Judged, Thresholds, derive
from bot.nlu.words import Words

STRENGTH = 0.5  # inverse regularisation; chosen in docs/understanding.md
FOLDS = 3
MANY = 5000  # messages; from here on a sample tells how far to trust
SEED = 20
ENCODERS = ("use",)


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
    voices: tuple[SemanticVoice, ...]
    trust: tuple[float, ...]  # factor of the n-grams' margins, then of each voice's
    thresholds: Thresholds

    def rank(self, text: str) -> list[Guess]:
        """All intents, likeliest first; confidences add up to 1. Empty for a text without words."""
        columns, values = self.space.row(text)
        if not len(columns):
            return []
        margins = (values @ self.weights[columns] + self.offsets) * self.trust[0]
        for voice, trust in zip(self.voices, self.trust[1:], strict=True):
            margins = margins + voice.margins(encoder(voice.encoder).encode([text]))[0] * trust
        confidences = softmax(margins[None, :])[0]
        order = np.argsort(-confidences, kind="stable")
        return [Guess(self.labels[at], float(confidences[at])) for at in order]


def train(
    texts: Sequence[str],
    intents: Sequence[str],
    words: Words,
    *,
    encoders: Sequence[str] = ENCODERS,
    measured: Measured | None = None,
) -> IntentModel:
    """Fits on normalised texts and their full labels.

    Trust and thresholds come from lines that the predicting model did not see; `measured` on
    real messages, where given, corrects both (real buyers are harder than written examples).
    Raises ValueError with fewer than two intents.
    """
    labels = tuple(sorted(set(intents)))
    if len(labels) < 2:
        raise ValueError("an intent classifier needs messages of at least two intents")
    targets = np.array([labels.index(intent) for intent in intents])
    space = NgramSpace.of(texts, words)
    matrix = space.matrix(texts)
    copies = Copies.of(texts, intents, space)
    (weights, offsets), examined, margins = fit_and_examine(matrix, targets, len(labels), copies)
    unseen = [margins]
    voices = []
    for name in encoders:
        voice, left_out = fit_semantic(name, vectors(name, texts), targets, len(labels))
        voices.append(voice)
        unseen.append(left_out[examined])
    truth = targets[examined]
    trust = fit_trust(unseen, truth)
    together = sum(part * factor for part, factor in zip(unseen, trust, strict=True))
    thresholds = derive(judge(softmax(np.asarray(together)), truth))
    if measured is not None:
        trust = tuple(factor * measured.modesty for factor in trust)
        thresholds = measured.thresholds
    return IntentModel(space, labels, weights, offsets, tuple(voices), trust, thresholds)


def fit_linear(matrix: csr_matrix, targets: Array, count: int) -> tuple[Array, Array]:
    """One linear support vector machine per label: weights (terms, labels), offsets (labels,).

    A label without messages (a rare one, in a fold) keeps weight 0 and is never a first choice.
    """
    machine = LinearSVC(C=STRENGTH, random_state=SEED).fit(matrix, targets)
    weights = np.zeros((matrix.shape[1], count), dtype=np.float32)
    offsets = np.full(count, -2.0, dtype=np.float32)
    if len(machine.classes_) == 2:  # sklearn gives one machine for two labels
        coefficients = np.vstack([-machine.coef_, machine.coef_])
        intercepts = np.concatenate([-machine.intercept_, machine.intercept_])
    else:
        coefficients, intercepts = machine.coef_, machine.intercept_
    weights[:, machine.classes_] = coefficients.T
    offsets[machine.classes_] = intercepts
    return weights, offsets


@dataclass(frozen=True)
class Copies:
    """Wrapped copies of messages, learned beside them and never without them."""

    matrix: csr_matrix
    origins: Array  # index of each copy's message

    @classmethod
    def of(cls, texts: Sequence[str], intents: Sequence[str], space: NgramSpace) -> Copies:
        copies = list(wrapped(texts, intents))
        return cls(
            space.matrix([text for text, _ in copies]),
            np.array([at for _, at in copies], dtype=np.int64),
        )

    def beside(
        self, matrix: csr_matrix, targets: Array, inside: Array | None = None
    ) -> tuple[csr_matrix, Array]:
        """Messages (those where `inside` holds) with their copies below them."""
        if inside is None:
            inside = np.ones(len(targets), dtype=bool)
        kept = inside[self.origins]
        rows = vstack([matrix[inside], self.matrix[kept]]).tocsr()
        return rows, np.concatenate([targets[inside], targets[self.origins[kept]]])


def fit_and_examine(
    matrix: csr_matrix, targets: Array, count: int, copies: Copies
) -> tuple[tuple[Array, Array], Array, Array]:
    """The fitted machine; which rows were examined; their margins by machines without them.

    Few messages are examined all, in turns; of many, every fifth tells enough. One machine is
    fitted after the other: the solver has one random stream for the whole process, and two at
    once would make every training a little different.
    """
    few = matrix.shape[0] < MANY
    turns = FOLDS if few else 1
    fold = np.random.default_rng(SEED).permutation(matrix.shape[0]) % (FOLDS if few else 5)
    examined = fold < turns
    margins = np.empty((matrix.shape[0], count), dtype=np.float32)

    def examine(at: int) -> None:
        outside = fold != at
        if len(set(targets[outside])) < 2:  # a toy data set: nothing better is known
            outside = np.ones_like(outside)
        weights, offsets = fit_linear(*copies.beside(matrix, targets, outside), count)
        margins[fold == at] = matrix[fold == at] @ weights + offsets

    for turn in range(turns):
        examine(turn)
    whole = fit_linear(*copies.beside(matrix, targets), count)
    return whole, np.flatnonzero(examined), margins[examined]


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
