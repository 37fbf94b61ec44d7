"""What tunes the encoder is a choice: one way stays what it was, the other has ways of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException

from bot.nlu import fine_tuning, intents, numpy_tuning
from bot.nlu.arrays import Array
from bot.nlu.components.classifier import ShopIntentClassifier
from bot.nlu.intents import learned_from, train
from bot.nlu.lessons import TIMES
from bot.nlu.sentence_network import SentenceNetwork, piece_numbers, pretrained
from bot.nlu.tuning import NUMPY, TENSORFLOW, tuning
from bot.nlu.words import Words
from tests.nlu.test_sentence_network import TARGETS, TEXTS

ROOT = Path(__file__).resolve().parents[2]
INTENTS = ["stock_check"] * 10 + ["ask_postage"] * 10 + ["faq/ask_payment"] * 10


class Reader:
    """In place of a tuning: it remembers what it was given, and learns nothing."""

    def __init__(self) -> None:
        self.read: list[Sequence[str]] = []
        pieces = np.unique(np.concatenate([piece_numbers(text) for text in TEXTS]))
        embeddings, layers = pretrained(pieces)
        layers |= {"head_W": np.zeros((512, 3), np.float32), "head_b": np.zeros(3, np.float32)}
        self._network = SentenceNetwork(pieces, embeddings.astype(np.float16), layers)

    def __call__(
        self,
        texts: Sequence[str],
        targets: Array,
        count: int,
        *,
        copies: Mapping[int, str] | None = None,
        epochs: int,
        begin_with: SentenceNetwork | None = None,
    ) -> SentenceNetwork:
        self.read.append(texts)
        return self._network


def read_further(tuned_by: str, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What the encoder reads where a model that has not seen one message is taught further."""
    reader = Reader()
    monkeypatch.setattr(intents, "tuning", lambda name: replace(tuning(name), fine_tune=reader))
    model = train(TEXTS, INTENTS, Words(), tuned_by=tuned_by)
    train(TEXTS, INTENTS, Words(), tuned_by=tuned_by, earlier=model, fresh=[4])
    return Counter(reader.read[-1])


def test_tensorflow_reads_what_it_always_read(monkeypatch: pytest.MonkeyPatch) -> None:
    learned = np.flatnonzero(learned_from(TARGETS))
    assert read_further(TENSORFLOW, monkeypatch) == Counter(TEXTS[at] for at in learned)


def test_numpy_dwells_on_what_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_further(NUMPY, monkeypatch)
    assert read[TEXTS[4]] == TIMES
    assert set(read) == set(TEXTS) and sum(read.values()) == len(TEXTS) - 1 + TIMES


def test_each_name_has_its_own_way() -> None:
    assert tuning(TENSORFLOW).fine_tune is fine_tuning.fine_tune
    assert tuning(NUMPY).fine_tune is numpy_tuning.fine_tune


def test_both_learn_from_the_same_margins() -> None:
    network = Reader()._network
    network = replace(network, layers={**network.layers, "head_W": np.eye(512, 3, dtype="f4")})
    one, other = (tuning(name).margins_of(network, TEXTS) for name in (TENSORFLOW, NUMPY))
    assert np.abs(one).max() > 0.1 and one == pytest.approx(other, abs=2e-3)


def created(settings: Mapping[str, Any], folder: Path) -> ShopIntentClassifier:
    return ShopIntentClassifier.create(
        {**ShopIntentClassifier.get_default_config(), **settings},
        LocalModelStorage(folder),
        Resource("understanding"),
        ExecutionContext(GraphSchema({}), "test"),
    )


def test_tensorflow_is_the_default_and_the_shops_choice() -> None:
    assert ShopIntentClassifier.get_default_config()["tuned_by"] == TENSORFLOW
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    assert {part.get("tuned_by", TENSORFLOW) for part in pipeline} == {TENSORFLOW}


@pytest.mark.parametrize("name", ["Numpy", "torch", "", None, ["numpy"]])
def test_another_name_is_refused_at_once(name: Any, tmp_path: Path) -> None:
    created({"tuned_by": NUMPY}, tmp_path)
    with pytest.raises(InvalidConfigException, match=r"tuned_by.*tensorflow 或 numpy"):
        created({"tuned_by": name}, tmp_path)
    with pytest.raises(ValueError, match="tensorflow 或 numpy"):
        tuning(name)
