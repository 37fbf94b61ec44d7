"""The encoder tuned in NumPy: slopes by hand, Adam, two threads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from bot.nlu.arrays import Array
from bot.nlu.learning_rates import LayerRates, PieceRates
from bot.nlu.numpy_tuning import fine_tune, margins_of
from bot.nlu.sentence_gradients import passed
from bot.nlu.sentence_network import SentenceNetwork, piece_numbers
from tests.nlu.test_sentence_network import TARGETS, TEXTS


@pytest.fixture(scope="module")
def network() -> SentenceNetwork:
    return fine_tune(TEXTS, TARGETS, 3, copies={0: "亲,有货吗"}, epochs=8)


def test_training_and_answering_compute_the_same(network: SentenceNetwork) -> None:
    texts = [*TEXTS, "好", "", "亲 这个包邮吗,我想要两个", *TEXTS, *TEXTS]  # more than a batch
    for text, row in zip(texts, margins_of(network, texts), strict=True):
        assert network.margins(text) == pytest.approx(row, abs=2e-3)


def test_slopes_are_what_a_small_change_of_a_weight_does(network: SentenceNetwork) -> None:
    texts = ["好", "亲 这个包邮吗,我想要两个", "有货吗"]
    lines = [network.rows(piece_numbers(text)) for text in texts]
    lengths = np.array([len(line) for line in lines])
    embedded = network.embeddings[np.concatenate(lines)].astype(np.float32)
    wanted = np.eye(3, dtype=np.float32)
    nothing = np.random.default_rng(0)

    def loss(layers: Mapping[str, Array], rows: Array) -> tuple[float, Array, dict[str, Array]]:
        room = {name: np.empty_like(one) for name, one in layers.items()}
        total, pieces = passed(layers, rows, lengths, wanted, 1.0, nothing, 0.0, room)
        return total, pieces, room

    def changed(begin: Array, slope: Array) -> tuple[Array, Array, float]:
        """Small steps both ways along the slope, and what the loss must change by."""
        step = slope * np.float32(0.01 / np.sqrt((slope**2).sum()))
        return begin + step, begin - step, 2 * float((step * slope).sum())

    _, pieces, slopes = loss(network.layers, embedded)
    for name, slope in slopes.items():
        up, down, wanted_change = changed(network.layers[name], slope)
        above = loss({**network.layers, name: up}, embedded)[0]
        below = loss({**network.layers, name: down}, embedded)[0]
        assert above - below == pytest.approx(wanted_change, rel=0.05), name
    up, down, wanted_change = changed(embedded, pieces)
    difference = loss(network.layers, up)[0] - loss(network.layers, down)[0]
    assert difference == pytest.approx(wanted_change, rel=0.05)


def test_the_same_lines_give_the_same_network(network: SentenceNetwork) -> None:
    """However its two threads take turns."""
    again = fine_tune(TEXTS, TARGETS, 3, copies={0: "亲,有货吗"}, epochs=8)
    assert again.layers["head_W"].tolist() == network.layers["head_W"].tolist()
    assert again.embeddings.tolist() == network.embeddings.tolist()


def test_what_is_taught_further_is_learned_and_no_piece_forgotten(
    network: SentenceNetwork,
) -> None:
    before = network.margins("vip 有吗")
    least = int(before.argmin())
    further = fine_tune(["vip 有吗"], np.array([least]), 3, epochs=9, begin_with=network)
    after = further.margins("vip 有吗")
    assert after[least] - after.max() > before[least] - before.max()
    assert set(network.pieces) < set(further.pieces)


def test_a_layers_first_step_is_the_rate_and_its_decay() -> None:
    rates = LayerRates({"body": np.ones((2, 2), dtype=np.float32), "head": np.ones(1, np.float32)})
    rates.done = 1
    slopes = np.array([1, -8, 0, 2, 1], dtype=np.float32)
    for part in (slice(0, 3), slice(3, 5)):  # parts need not be whole layers
        rates.learn(slopes, 1.0, {"": 0.1, "head": 0.5}, part)
    kept = 1 - 0.1 * 0.01
    wanted = np.array([[kept - 0.1, kept + 0.1], [kept, kept - 0.1]])
    assert rates.layers["body"] == pytest.approx(wanted, abs=1e-4)
    assert rates.layers["head"] == pytest.approx(np.array([1 - 0.5 * 0.01 - 0.5]), abs=1e-4)


def test_only_the_rows_that_a_batch_names_learn() -> None:
    table = np.ones((4, 2), dtype=np.float32)
    rates = PieceRates(table)
    slopes = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, -4.0]], dtype=np.float32)
    rates.learn(np.array([1, 1, 3]), slopes, 0.1)
    # The first step of Adam is the rate, whatever the slope; a row named twice steps once.
    assert table == pytest.approx(np.array([[1, 1], [0.9, 1], [1, 1], [1, 1.1]]))
    rates.learn(np.array([0]), slopes[2:], 0.1)
    assert table[[1, 2, 3]] == pytest.approx(np.array([[0.9, 1], [1, 1], [1, 1.1]]))
    assert table[0, 1] > 1.1  # nothing dulls the first sight of a rare piece
