"""The intent classifier: n-grams and a tuned sentence encoder, with a measured confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack
from sklearn.svm import LinearSVC

from bot.nlu.arrays import Array
from bot.nlu.confidence import Measured
from bot.nlu.courtesies import wrapped
from bot.nlu.halves import Halves, halves_taught
from bot.nlu.ngrams import NgramSpace
from bot.nlu.sentence_network import SentenceNetwork
from bot.nlu.thresholds import Judged, Thresholds, derive
from bot.nlu.words import Words

STRENGTH = 0.5  # inverse regularisation; chosen in docs/understanding.md
PRECISION = 0.05  # of its solution; finer ones take many times as long and score the same
EPOCHS = 5  # of the sentence encoder's tuning
MANY = 5000  # messages; of so many, a small part held back tells how far to trust
HELD_BACK = 20, 3  # one in so many: of many messages, of few
SEED = 20
NO_MESSAGE = -1


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


def train(
    texts: Sequence[str],
    intents: Sequence[str],
    words: Words,
    *,
    epochs: int = EPOCHS,
    favoured: Mapping[str, float] | None = None,
    measured: Measured | None = None,
    earlier: IntentModel | None = None,
    halves: Sequence[Halves] = (),
) -> IntentModel:
    """Fits on normalised texts and their full labels; with 0 epochs on n-grams alone.

    With an `earlier` model of the same labels the sentence encoder goes on from there. `favoured`:
    log odds by label, for wishes that cost more when missed. `halves`: half sentences, learned
    behind the messages and never held back.

    Trust and thresholds come from lines held back from both voices; `measured` on real messages,
    where given, corrects them (real buyers are harder than written examples).
    Raises ValueError with fewer than two intents, or when an unknown one is favoured.
    """
    labels = tuple(sorted(set(intents)))
    if len(labels) < 2:
        raise ValueError("an intent classifier needs messages of at least two intents")
    targets = np.array([labels.index(intent) for intent in intents])
    space = NgramSpace.of(texts, words)
    matrix = space.matrix(texts)
    beside = Beside.of(texts, intents, labels, space, halves)
    weights, offsets = fit_linear(*beside.added_to(matrix, targets), len(labels))
    favours = favours_of(favoured or {}, labels)
    learned = learned_from(targets)
    tune = partial(
        tuned_network, texts, targets, len(labels), beside=beside, learned=learned, epochs=epochs
    )
    if earlier is not None and earlier.network is not None and earlier.labels == labels:
        # Nothing is unseen to the earlier network: how far to trust it was settled then.
        further = tune(begin_with=earlier.network)
        return replace(
            earlier, space=space, weights=weights, offsets=offsets, network=further, favours=favours
        )
    partly = fit_linear(*beside.added_to(matrix, targets, learned), len(labels))
    unseen = [np.asarray(matrix[~learned] @ partly[0] + partly[1])]
    network = tune() if epochs else None
    if network is not None:
        held_back = [texts[at] for at in np.flatnonzero(~learned)]
        unseen.append(np.stack([network.margins(text) for text in held_back]))
    truth = targets[~learned]
    trust = fit_trust(unseen, truth)
    together = sum(part * factor for part, factor in zip(unseen, trust, strict=True))
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


def tuned_network(
    texts: Sequence[str],
    targets: Array,
    count: int,
    *,
    beside: Beside,
    learned: Array,
    epochs: int,
    begin_with: SentenceNetwork | None = None,
) -> SentenceNetwork:
    """The sentence encoder, tuned on the messages that teach and the half sentences."""
    from bot.nlu.fine_tuning import fine_tune  # TensorFlow, needed for training only

    places = {int(at): place for place, at in enumerate(np.flatnonzero(learned))}
    alone = np.flatnonzero(beside.origins == NO_MESSAGE)
    return fine_tune(
        [*(texts[at] for at in places), *(beside.texts[at] for at in alone)],
        np.concatenate([targets[learned], beside.targets[alone]]),
        count,
        copies={
            places[at]: copy
            for at, copy in zip(beside.origins.tolist(), beside.texts, strict=True)
            if at in places
        },
        epochs=epochs,
        begin_with=begin_with,
    )


def fit_linear(matrix: csr_matrix, targets: Array, count: int) -> tuple[Array, Array]:
    """One linear support vector machine per label: weights (terms, labels), offsets (labels,).

    A label without messages (a rare one, in a fold) keeps weight 0 and is never a first choice.
    """
    machine = LinearSVC(C=STRENGTH, tol=PRECISION, random_state=SEED).fit(matrix, targets)
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
class Beside:
    """Lines learned beside the messages: wrapped copies, never without theirs, and half sentences."""

    texts: Sequence[str]
    matrix: csr_matrix
    targets: Array  # int (texts,), numbers of the labels
    origins: Array  # int (texts,), index of each copy's message, or NO_MESSAGE

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        labels: Sequence[str],
        space: NgramSpace,
        halves: Sequence[Halves] = (),
    ) -> Beside:
        copies = [(text, intents[at], at) for text, at in wrapped(texts, intents)]
        taught = halves_taught(halves, texts, intents)
        rows = [*copies, *((text, intent, NO_MESSAGE) for text, intent in taught)]
        number = {label: at for at, label in enumerate(labels)}
        return cls(
            texts=[text for text, _, _ in rows],
            matrix=space.matrix(text for text, _, _ in rows),
            targets=np.array([number[intent] for _, intent, _ in rows], dtype=np.int64),
            origins=np.array([at for _, _, at in rows], dtype=np.int64),
        )

    def added_to(
        self, matrix: csr_matrix, targets: Array, inside: Array | None = None
    ) -> tuple[csr_matrix, Array]:
        """Messages (those where `inside` holds), with what is learned beside them below."""
        if inside is None:
            inside = np.ones(len(targets), dtype=bool)
        kept = (self.origins == NO_MESSAGE) | inside[self.origins]
        rows = vstack([matrix[inside], self.matrix[kept]]).tocsr()
        return rows, np.concatenate([targets[inside], self.targets[kept]])


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
