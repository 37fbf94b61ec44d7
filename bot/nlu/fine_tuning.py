"""Tunes the pretrained sentence encoder on labelled messages (TensorFlow, which Rasa brings).

The same network as `sentence_network`, with batches and gradients. Only training imports this
module: a running bot has no TensorFlow in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from bot.nlu.arrays import Array
from bot.nlu.sentence_network import (
    CHANNELS,
    EPSILON,
    ORDERS,
    SHARPNESS,
    SentenceNetwork,
    known_pieces,
    piece_numbers,
    pretrained,
)

BATCH = 64  # messages
LEARNING_RATE = 1e-3  # at its highest; the last layer, which begins at nothing, learns faster
GENTLE = 3e-4  # where an earlier network is taught further
HEAD_HASTE = 5.0
WARM_UP = 0.1  # of all steps
WEIGHT_DECAY = 0.01
LABEL_SMOOTHING = 0.05
FADING = 0.999  # of the embeddings' variance, a batch; as in Adam
STEADY = 1e-7
DROPOUT = 0.1
LOST_PIECES = 0.1  # so that no single word decides
SHORT = 4  # pieces; fewer are all needed
SEED = 20


def fine_tune(
    texts: Sequence[str],
    targets: Array,
    count: int,
    *,
    copies: Mapping[int, str] | None = None,
    epochs: int,
    begin_with: SentenceNetwork | None = None,
) -> SentenceNetwork:
    """A network that tells `count` labels apart; `targets` int (texts,) are their numbers.

    In every second epoch, on average, a message is read in its wrapped copy (index of the text →
    copy) instead. `begin_with` is a network that was tuned on much the same messages and the very
    same labels: one epoch then teaches it what is new.
    """
    numbers = [piece_numbers(text) for text in texts]
    wrapped = {at: piece_numbers(copy) for at, copy in (copies or {}).items()}
    pieces = known_pieces(piece for line in [*numbers, *wrapped.values()] for piece in line)
    dice = np.random.default_rng(SEED)
    embeddings, layers = pretrained(pieces)
    if begin_with is None:
        layers["head_W"] = dice.normal(0.0, 0.02, (embeddings.shape[1], count)).astype(np.float32)
        layers["head_b"] = np.zeros(count, dtype=np.float32)
    else:
        layers = dict(begin_with.layers)
        _, ours, theirs = np.intersect1d(pieces, begin_with.pieces, return_indices=True)
        embeddings[ours] = begin_with.embeddings[theirs]
    lines = [np.searchsorted(pieces, line) for line in numbers]
    wrapped_lines = {at: np.searchsorted(pieces, line) for at, line in wrapped.items()}
    padding = len(pieces)
    steps = epochs * -(-len(lines) // BATCH)
    trainer = Trainer(embeddings, layers, steps, LEARNING_RATE if begin_with is None else GENTLE)
    with tqdm(total=steps, desc="Sentence encoder", unit="batch", disable=None) as progress:
        for _ in range(epochs):
            for chosen, batch in _batches(lines, wrapped_lines, padding, dice):
                loss = trainer.learn(batch, targets[chosen])
                progress.set_postfix(loss=f"{loss:.2f}", refresh=False)
                progress.update()
    tuned_embeddings, tuned_layers = trainer.weights()
    return SentenceNetwork(pieces, tuned_embeddings.astype(np.float16), tuned_layers)


def _batches(
    lines: Sequence[Array], copies: Mapping[int, Array], padding: int, dice: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """(indices, padded pieces) of every message once; lines of like length come together."""
    order = dice.permutation(len(lines))
    read = {
        at: _with_losses(copies[at] if at in copies and dice.random() < 0.5 else lines[at], dice)
        for at in order.tolist()
    }
    batches = []
    for start in range(0, len(order), 40 * BATCH):
        near = sorted(order[start : start + 40 * BATCH].tolist(), key=lambda at: len(read[at]))
        batches += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    for at in dice.permutation(len(batches)):
        chosen = batches[at]
        padded = np.full((len(chosen), max(len(read[one]) for one in chosen)), padding)
        for row, one in enumerate(chosen):
            padded[row, : len(read[one])] = read[one]
        yield np.array(chosen), padded


def _with_losses(line: Array, dice: np.random.Generator) -> Array:
    if len(line) <= SHORT:
        return line
    kept = line[dice.random(len(line)) >= LOST_PIECES]
    return kept if len(kept) else line


class Trainer:
    """Weights as TensorFlow variables, and one compiled step of learning."""

    def __init__(
        self,
        embeddings: Array,
        layers: Mapping[str, Array],
        steps: int,
        highest_rate: float = LEARNING_RATE,
    ) -> None:
        import tensorflow as tf

        self._tf = tf
        tf.random.set_seed(SEED)
        # The same data give the same model; it costs no time here.
        tf.config.experimental.enable_op_determinism()
        nothing = np.zeros((1, embeddings.shape[1]), dtype=np.float32)  # the padding's row
        self._embeddings = tf.Variable(np.vstack([embeddings, nothing]))
        self._pieces = PieceRates(self._embeddings)
        self._layers = {name: tf.Variable(values) for name, values in layers.items()}
        self._steps = steps
        self._highest_rate = highest_rate
        self._done = 0
        head = {"head_W", "head_b"}
        self._body = [variable for name, variable in self._layers.items() if name not in head]
        self._head = [self._layers[name] for name in sorted(head)]
        self._optimizers = [
            tf.keras.optimizers.AdamW(learning_rate=0.0, weight_decay=WEIGHT_DECAY) for _ in "12"
        ]
        for optimizer, variables in zip(self._optimizers, (self._body, self._head), strict=True):
            optimizer.build(variables)
        whole = tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None,), tf.int32)
        self._step = tf.function(self._learn, input_signature=whole, autograph=False)

    def learn(self, batch: Array, targets: Array) -> float:
        """One step; the batch's loss."""
        rate = self._highest_rate * _rate(self._done / self._steps)
        for optimizer, haste in zip(self._optimizers, (1.0, HEAD_HASTE), strict=True):
            optimizer.learning_rate.assign(rate * haste)
        self._done += 1
        return float(self._step(batch.astype(np.int32), targets.astype(np.int32)))

    def weights(self) -> tuple[Array, dict[str, Array]]:
        """Embeddings without the padding's row, and the layers; float32."""
        layers = {name: variable.numpy() for name, variable in self._layers.items()}
        return self._embeddings.numpy()[:-1], layers

    def _learn(self, batch: Any, targets: Any) -> Any:
        tf = self._tf
        with tf.GradientTape() as tape:
            logits = self.logits(batch, DROPOUT)
            count = logits.shape[1]
            wanted = tf.one_hot(targets, count) * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / count
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(wanted, logits))
        gradients = tape.gradient(loss, [self._embeddings, *self._body, *self._head])
        (pieces, *gradients), _ = tf.clip_by_global_norm(gradients, 1.0)
        self._pieces.learn(pieces, self._optimizers[0].learning_rate)
        body, head = gradients[: len(self._body)], gradients[len(self._body) :]
        self._optimizers[0].apply_gradients(zip(body, self._body, strict=True))
        self._optimizers[1].apply_gradients(zip(head, self._head, strict=True))
        return loss

    def logits(self, batch: Any, dropout: float = 0.0) -> Any:
        """What `SentenceNetwork.margins` says, for padded batches: (messages, labels).

        Rows of all messages stand in one matrix between the convolutions: TensorFlow multiplies
        two dimensions three times as fast as three.
        """
        tf, layers = self._tf, self._layers
        messages, length = tf.shape(batch)[0], tf.shape(batch)[1]
        flat = tf.reshape(batch, [-1])
        real = tf.cast(flat < self._embeddings.shape[0] - 1, tf.float32)[:, None]
        embedded = tf.nn.dropout(tf.gather(self._embeddings, flat), dropout) * real
        projected = self._normed(embedded @ layers["proj_W"] + layers["proj_b"], "proj_") * real
        parts = [embedded]
        for at, (width, left) in enumerate(ORDERS):
            hidden = projected[:, at * CHANNELS : (at + 1) * CHANNELS]
            for step in ("w1", "w2"):
                rows = tf.reshape(hidden, (messages, length, CHANNELS))
                padded = tf.pad(rows, [[0, 0], [left, width - 1 - left], [0, 0]])
                weights = tf.reshape(layers[f"{step}_{width}"], (width, CHANNELS, CHANNELS))
                grown = tf.reshape(tf.nn.conv1d(padded, weights, 1, "VALID"), (-1, CHANNELS))
                hidden = (tf.nn.relu(grown + layers[f"{step}_b_{width}"]) + hidden) * real
            parts.append(hidden)
        features = self._normed(tf.concat(parts, axis=-1), "") * real
        total = tf.reduce_sum(tf.reshape(features, (messages, length, features.shape[-1])), axis=1)
        count = tf.reduce_sum(tf.reshape(real, (messages, length)), axis=1)[:, None]
        mean = (total @ layers["cnn_W"] + count * layers["cnn_b"]) / tf.sqrt(count)
        mean = tf.nn.dropout(mean, dropout)
        first = mean @ layers["p1"] + tf.nn.relu(mean @ layers["d0"]) @ layers["d1"]
        first = tf.nn.relu(first)
        last = tf.tanh(first @ layers["p3"] + tf.nn.relu(first @ layers["d2"]) @ layers["d3"])
        vector = last * tf.math.rsqrt(tf.reduce_sum(last**2, axis=1, keepdims=True) + EPSILON)
        vector = tf.nn.dropout(vector, dropout) * SHARPNESS
        return vector @ layers["head_W"] + layers["head_b"]

    def _normed(self, rows: Any, name: str) -> Any:
        tf = self._tf
        mean, variance = tf.nn.moments(rows, axes=[-1], keepdims=True)
        scaled = (rows - mean) * tf.math.rsqrt(variance + EPSILON)
        return scaled * self._layers[f"{name}ln_g"] + self._layers[f"{name}ln_b"]


class PieceRates:
    """Adam for a table of which a batch sees a few rows: the others cost nothing.

    A row's step is what Adam's momentum would spread over the next dozen batches; its variance
    fades with every batch, seen or not.
    """

    def __init__(self, table: Any) -> None:
        import tensorflow as tf

        self._tf, self._table = tf, table
        self._variance = tf.Variable(tf.zeros_like(table))
        self._seen = tf.Variable(tf.zeros(table.shape[0]))  # the batch that a row was last in
        self._batch = tf.Variable(0.0)

    def learn(self, gradient: Any, rate: Any) -> None:
        """`gradient`: IndexedSlices of the table, rows may come twice."""
        tf = self._tf
        now = self._batch.assign_add(1.0)
        rows, places = tf.unique(gradient.indices)
        slope = tf.math.unsorted_segment_sum(gradient.values, places, tf.size(rows))
        faded = tf.pow(FADING, now - tf.gather(self._seen, rows))[:, None]
        variance = faded * tf.gather(self._variance, rows) + (1.0 - FADING) * slope**2
        step = rate * slope / (tf.sqrt(variance / (1.0 - tf.pow(FADING, now))) + STEADY)
        for variable, change in (
            (self._variance, variance),
            (self._seen, tf.fill([tf.size(rows)], now)),
        ):
            variable.scatter_update(tf.IndexedSlices(change, rows))
        self._table.scatter_sub(tf.IndexedSlices(step, rows))


def _rate(progress: float) -> float:
    """Share of the highest learning rate: up in a line, down in half a cosine."""
    if progress < WARM_UP:
        return (progress + 1e-3) / (WARM_UP + 1e-3)
    return 0.5 * (1.0 + float(np.cos(np.pi * (progress - WARM_UP) / (1.0 - WARM_UP))))
