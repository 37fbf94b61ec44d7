"""Tunes the pretrained sentence encoder on labelled messages, without TensorFlow.

The same network and course of learning as `fine_tuning`, which stays the default
(docs/understanding.md). Here no sum is spent on padding, so batches are drawn freely.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from bot.nlu.arrays import Array
from bot.nlu.fine_tuning import (
    BATCH,
    DROPOUT,
    GENTLE,
    HEAD_HASTE,
    LABEL_SMOOTHING,
    LEARNING_RATE,
    LOST_PIECES,
    SEED,
    SHORT,
    WARM_UP,
)
from bot.nlu.learning_rates import PIECE, LayerRates, PieceRates
from bot.nlu.sentence_gradients import logits, passed
from bot.nlu.sentence_network import SentenceNetwork, known_pieces, piece_numbers, pretrained

HEAD = ("head_W", "head_b")
LONGEST_SLOPE = 1.0  # of all weights together
THREADS = 2  # on a machine of more cores, too: their number is part of the result


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

    As `fine_tuning.fine_tune`; the network that `begin_with` is keeps all pieces that it knew.
    """
    numbers = [piece_numbers(text) for text in texts]
    wrapped = {at: piece_numbers(copy) for at, copy in (copies or {}).items()}
    pieces = known_pieces(piece for line in [*numbers, *wrapped.values()] for piece in line)
    if begin_with is not None:
        pieces = np.union1d(pieces, begin_with.pieces)
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
    steps = epochs * -(-len(lines) // BATCH)
    trainer = Trainer(embeddings, layers, steps, LEARNING_RATE if begin_with is None else GENTLE)
    bar = tqdm(total=steps, desc="Sentence encoder", unit="batch", disable=None)
    with bar as progress, threadpool_limits(1, "blas"):
        for _ in range(epochs):
            for chosen, batch in _batches(lines, wrapped_lines, dice):
                loss = trainer.learn(batch, targets[chosen])
                progress.set_postfix(loss=f"{loss:.2f}", refresh=False)
                progress.update()
    tuned_embeddings, tuned_layers = trainer.weights()
    return SentenceNetwork(pieces, tuned_embeddings.astype(np.float16), tuned_layers)


def _batches(
    lines: Sequence[Array], copies: Mapping[int, Array], dice: np.random.Generator
) -> Iterator[tuple[Array, list[Array]]]:
    """(indices, their pieces) of every message once."""
    order = dice.permutation(len(lines))
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        read = (copies[at] if at in copies and dice.random() < 0.5 else lines[at] for at in chosen)
        yield chosen, [_with_losses(line, dice) for line in read]


def _with_losses(line: Array, dice: np.random.Generator) -> Array:
    if len(line) <= SHORT:
        return line
    kept = line[dice.random(len(line)) >= LOST_PIECES]
    return kept if len(kept) else line


def margins_of(network: SentenceNetwork, texts: Sequence[str]) -> Array:
    """`SentenceNetwork.margins` of many texts, ten times as fast: float32 (texts, labels)."""
    found = []
    for start in range(0, len(texts), BATCH):
        lines = [network.rows(piece_numbers(text)) for text in texts[start : start + BATCH]]
        embedded = network.embeddings[np.concatenate(lines)].astype(np.float32)
        found.append(logits(network.layers, embedded, np.array([len(line) for line in lines])))
    return np.concatenate(found)


class Trainer:
    """An encoder that learns, batch by batch, in two threads: each takes half of every batch."""

    def __init__(
        self,
        embeddings: Array,
        layers: Mapping[str, Array],
        steps: int,
        highest_rate: float = LEARNING_RATE,
    ) -> None:
        self._embeddings = embeddings.astype(np.float32)  # a copy: it changes
        self._pieces = PieceRates(self._embeddings)
        self._rates = LayerRates(layers)
        self._steps = steps
        self._highest_rate = highest_rate
        self._rooms = [self._rates.empty() for _ in range(THREADS)]
        # Of their own, so that the same data give the same model however the threads take turns.
        self._dice = [np.random.default_rng((SEED, at)) for at in range(THREADS)]
        ends = [len(self._rates) * at // THREADS for at in range(THREADS + 1)]
        self._parts = [slice(begin, end) for begin, end in itertools.pairwise(ends)]
        self._threads = ThreadPoolExecutor(THREADS)

    def learn(self, batch: Sequence[Array], targets: Array) -> float:
        """One step; the batch's mean loss. `batch`: the pieces of each message."""
        rate = self._highest_rate * _rate(self._rates.done / self._steps)
        halves = _halves([len(line) for line in batch])
        passes = [
            self._threads.submit(self._pass, at, batch[half], targets[half], 1 / len(batch))
            for at, half in enumerate(halves)
        ]
        done = [one.result() for one in passes]
        slopes = np.concatenate([pieces for _, pieces in done])
        rooms = [flat for flat, _ in self._rooms[: len(done)]]
        length = float(np.vdot(slopes, slopes)) + sum(
            self._threads.map(lambda part: _added_up(rooms, part), self._parts)
        )
        scale = min(1.0, LONGEST_SLOPE / max(float(np.sqrt(length)), 1e-12))
        self._pieces.learn(np.concatenate(batch), slopes * np.float32(scale), rate)
        self._rates.done += 1
        rates = {"": rate, **dict.fromkeys(HEAD, rate * HEAD_HASTE)}
        list(
            self._threads.map(
                lambda part: self._rates.learn(rooms[0], scale, rates, part), self._parts
            )
        )
        return sum(loss for loss, _ in done) / len(batch)

    def _pass(
        self, at: int, lines: Sequence[Array], targets: Array, share: float
    ) -> tuple[float, Array]:
        layers, room = self._rates.layers, self._rooms[at][1]
        count = len(layers["head_b"])
        wanted = np.full((len(lines), count), LABEL_SMOOTHING / count, dtype=np.float32)
        wanted[np.arange(len(lines)), targets] += np.float32(1 - LABEL_SMOOTHING)
        lengths = np.array([len(line) for line in lines])
        embedded = self._embeddings[np.concatenate(lines)]
        return passed(layers, embedded, lengths, wanted, share, self._dice[at], DROPOUT, room)

    def weights(self) -> tuple[Array, dict[str, Array]]:
        """Embeddings and layers, float32; ends the threads."""
        self._threads.shutdown()
        return self._embeddings, {name: one.copy() for name, one in self._rates.layers.items()}


def _halves(lengths: Sequence[int]) -> list[slice]:
    """Where a batch is cut, so that each thread has much the same number of pieces."""
    if len(lengths) < THREADS:
        return [slice(0, len(lengths))]
    ends = np.cumsum(lengths)
    cut = 1 + int(np.searchsorted(ends[:-2], ends[-1] / 2)) if len(lengths) > 2 else 1
    return [slice(0, cut), slice(cut, len(lengths))]


def _added_up(rooms: Sequence[Array], part: slice) -> float:
    """Adds a part of all slopes to those of the first room; its squared length."""
    total = 0.0
    for start in range(part.start, part.stop, PIECE):
        at = slice(start, min(start + PIECE, part.stop))
        for other in rooms[1:]:
            rooms[0][at] += other[at]
        total += float(np.vdot(rooms[0][at], rooms[0][at]))
    return total


def _rate(progress: float) -> float:
    """Share of the highest learning rate: up in a line, down in half a cosine."""
    if progress < WARM_UP:
        return (progress + 1e-3) / (WARM_UP + 1e-3)
    return 0.5 * (1.0 + float(np.cos(np.pi * (progress - WARM_UP) / (1.0 - WARM_UP))))
