"""Teaches a model a few new messages in the time that a trainer waits: nothing is learned anew.

The terms are counted anew, because a new word is what a new message is about. Of the linear voice
only those labels are fitted again that a fresh message is about, or is taken for; of the encoder
the last layer of those that it is about (of hundreds of messages the whole encoder learns, in
NumPy, among some of all others). What no fresh message is near is read as before, so nothing else
has to be tried again. Trust and thresholds stay: nothing is unseen to the earlier encoder.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from bot.nlu import last_layer
from bot.nlu.arrays import Array
from bot.nlu.halves import Halves
from bot.nlu.intents import IntentModel, favours_of
from bot.nlu.lessons import Beside, Lessons
from bot.nlu.linear_fit import UNHEARD, Fitted, fit_linear
from bot.nlu.ngrams import NgramSpace
from bot.nlu.sentence_network import SentenceNetwork
from bot.nlu.words import Words

MANY = 300  # fresh messages, from which on the encoder itself is tuned
RIVALS = 6  # labels that a fresh message may be taken for


class LabelsGone(ValueError):
    """Labels of the model have no messages any more: that is learned as a whole."""


def taught_further(
    earlier: IntentModel,
    texts: Sequence[str],
    intents: Sequence[str],
    words: Words,
    *,
    fresh: Collection[int],
    is_anything_gone: bool = False,
    halves: Sequence[Halves] = (),
    favoured: Mapping[str, float] | None = None,
) -> IntentModel:
    """`texts` normalised, with full labels, of which some may be new; `fresh`: numbers of those that
    it has not learned. `is_anything_gone`: it has learned messages that are none any more, of nobody
    knows which label.

    Raises LabelsGone.
    """
    if gone := sorted(set(earlier.labels) - set(intents)):
        raise LabelsGone(gone)
    earlier = _with_labels(earlier, tuple(sorted(set(intents))))
    labels = earlier.labels
    numbers = {label: at for at, label in enumerate(labels)}
    targets = np.array([numbers[intent] for intent in intents])
    space, matrix = NgramSpace.learned(texts, words)
    beside = Beside.of(texts, intents, labels, space, halves)
    rows = beside.added_to(matrix, targets)
    again = (
        set(range(len(labels))) if is_anything_gone else _touched(earlier, texts, targets, fresh)
    )
    weights, offsets = _fitted_again(earlier, space, rows, sorted(again))
    favours = favours_of(favoured or {}, labels)
    model = replace(earlier, space=space, weights=weights, offsets=offsets, favours=favours)
    # What the linear voice has taught it already needs no more, which could only move its neighbours.
    missed = [at for at in fresh if not model.reads(texts[at], intents[at])]
    if model.network is None or not missed:
        return model
    return replace(model, network=_taught(model.network, texts, targets, missed, beside))


def _taught(
    network: SentenceNetwork,
    texts: Sequence[str],
    targets: Array,
    fresh: Collection[int],
    beside: Beside,
) -> SentenceNetwork:
    if len(fresh) < MANY:
        return last_layer.taught(network, texts, targets, fresh)
    from bot.nlu.numpy_tuning import fine_tune

    everything = np.ones(len(texts), dtype=bool)
    lessons = Lessons.of(texts, targets, beside, everything).about(fresh)
    return lessons.taught(fine_tune, len(network.layers["head_b"]), 1, network)


def _with_labels(model: IntentModel, labels: tuple[str, ...]) -> IntentModel:
    """The same model with columns for new labels, which it never chooses as yet."""
    if labels == model.labels:
        return model
    at = np.array([labels.index(label) for label in model.labels])

    def wider(known: Array, other: float) -> Array:
        made = np.full((*known.shape[:-1], len(labels)), other, dtype=known.dtype)
        made[..., at] = known
        return made

    network = model.network
    if network is not None:
        head, bias = network.layers["head_W"], network.layers["head_b"]
        heads = {"head_W": wider(head, 0.0), "head_b": wider(bias, float(bias.min()))}
        network = replace(network, layers={**network.layers, **heads})
    return replace(
        model,
        labels=labels,
        weights=wider(model.weights, 0.0),
        offsets=wider(model.offsets, UNHEARD),
        network=network,
        favours=wider(model.favours, 0.0),
    )


def _touched(
    earlier: IntentModel, texts: Sequence[str], targets: Array, fresh: Collection[int]
) -> set[int]:
    numbers = {label: at for at, label in enumerate(earlier.labels)}
    rivals = {numbers[guess.intent] for at in fresh for guess in earlier.rank(texts[at])[:RIVALS]}
    return rivals | {int(targets[at]) for at in fresh}


def _fitted_again(
    earlier: IntentModel, space: NgramSpace, rows: tuple[csr_matrix, Array], again: Sequence[int]
) -> Fitted:
    """The earlier weights by their terms, and those of these labels learned from all rows."""
    weights = _moved(earlier, space)
    offsets = np.array(earlier.offsets, dtype=np.float32)
    matrix, targets = rows
    for label in again:
        own, its = fit_linear(matrix, (targets == label).astype(np.int64), 2)
        weights[:, label], offsets[label] = own[:, 1], its[1]
    return weights, offsets


def _moved(earlier: IntentModel, space: NgramSpace) -> Array:
    """A new term weighs nothing for labels that are not fitted again."""
    weights = np.zeros((space.width, len(earlier.labels)), dtype=np.float32)
    begin = old_begin = 0
    for now, then in zip(space.vocabularies, earlier.space.vocabularies, strict=True):
        both = [term for term in now.columns if term in then.columns]
        new = np.array([now.columns[term] for term in both], dtype=np.int64)
        old = np.array([then.columns[term] for term in both], dtype=np.int64)
        weights[begin + new] = earlier.weights[old_begin + old]
        begin, old_begin = begin + len(now.columns), old_begin + len(then.columns)
    return weights
