"""Teaches an encoder's last layer a few fresh messages, and nothing else of it.

Tuning the encoder itself for their sake moved what it makes of a thousand messages that nobody had
touched, and taught it little (docs/teaching.md). Here the vectors of all messages stay what they are:
only the labels of fresh messages are fitted again, and of all other messages they shall make what
they made before (learning without forgetting: Li and Hoiem, 2016).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from bot.nlu.arrays import Array
from bot.nlu.sentence_network import SentenceNetwork

AMONG = 6000  # messages of the fitted labels, and of all others: each for as many as there are
SEED = 20
PULL = 1.0  # towards what a label's weights were, against the summed loss of the messages
FRESH = 16.0  # what a fresh message counts, of others each one
STEPS = 100


def taught(
    network: SentenceNetwork, texts: Sequence[str], targets: Array, fresh: Collection[int]
) -> SentenceNetwork:
    """`texts` normalised; `targets` int (texts,), numbers of their labels; `fresh`: which are new."""
    again = np.unique(targets[list(fresh)])
    rows, weights = _chosen(targets, again, fresh)
    vectors = vectors_of(network, [texts[at] for at in rows]).astype(np.float64)
    head, bias = network.layers["head_W"], network.layers["head_b"]
    begin = np.vstack([head[:, again], bias[again]]).astype(np.float64)
    margins = vectors @ head + bias
    now = softmax(margins, axis=1)[:, again]
    count = len(fresh)  # they come first; the others shall stay what they are
    wanted = np.where(np.arange(len(rows))[:, None] < count, targets[rows][:, None] == again, now)
    margins[:, again] = -np.inf  # what is fitted is not among the rest
    fitted = _fitted(begin, vectors, logsumexp(margins, axis=1), wanted, weights)
    heads = {"head_W": head.copy(), "head_b": bias.copy()}
    heads["head_W"][:, again], heads["head_b"][again] = fitted[:-1], fitted[-1]
    return replace(network, layers={**network.layers, **heads})


def _chosen(targets: Array, again: Array, fresh: Collection[int]) -> tuple[Array, Array]:
    """(numbers of the messages to fit on, float64 what each counts): of many, some for all."""
    own = np.isin(targets, again)
    known = np.ones(len(targets), dtype=bool)
    known[list(fresh)] = False
    dice = np.random.default_rng(SEED)
    rows, weights = [np.flatnonzero(~known)], [np.full(len(fresh), FRESH)]
    for group in (np.flatnonzero(known & own), np.flatnonzero(~own)):
        kept = dice.permutation(group)[:AMONG]
        rows.append(kept)
        weights.append(np.full(len(kept), len(group) / max(len(kept), 1)))
    return np.concatenate(rows), np.concatenate(weights)


def _fitted(begin: Array, vectors: Array, rest: Array, wanted: Array, weights: Array) -> Array:
    """Weights and offset of the labels (513, labels), beginning with and pulled towards `begin`.

    `rest`: (messages,) the logarithm of what all other labels sum up to, which stays; `wanted`:
    (messages, labels) how likely each of the fitted ones shall be.
    """
    wide = np.hstack([vectors, np.ones((len(vectors), 1))])
    of_rest = 1.0 - wanted.sum(axis=1)

    def loss(flat: Array) -> tuple[float, Array]:
        given = flat.reshape(begin.shape)
        margins = wide @ given
        total = np.logaddexp(logsumexp(margins, axis=1), rest)
        lost = total - (wanted * margins).sum(axis=1) - of_rest * rest
        slopes = (np.exp(margins - total[:, None]) - wanted) * weights[:, None]
        apart = given - begin
        value = weights @ lost + 0.5 * PULL * (apart**2).sum()
        return float(value), (wide.T @ slopes + PULL * apart).ravel()

    found = minimize(loss, begin.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return np.asarray(found.x.reshape(begin.shape), dtype=np.float32)


def vectors_of(network: SentenceNetwork, texts: Sequence[str]) -> Array:
    """float32 (texts, 512), as the last layer gets them."""
    from bot.nlu.numpy_tuning import margins_of

    width = network.layers["head_W"].shape[0]
    bare = {"head_W": np.eye(width, dtype=np.float32), "head_b": np.zeros(width, dtype=np.float32)}
    return margins_of(replace(network, layers={**network.layers, **bare}), texts)
