"""The last model with new sentences: its file, made without Rasa."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bot.nlu import model_files
from bot.nlu.intents import IntentModel, train
from bot.nlu.learned import Learned
from bot.nlu.training_lines import TrainingLine
from bot.nlu.words import Words
from bot.training import further
from tests.nlu.test_sentence_network import TEXTS

INTENTS = ["stock_check"] * 10 + ["ask_postage"] * 10 + ["faq/ask_payment"] * 10
PLACE = "components/train_bot.nlu.components.classifier.ShopIntentClassifier1"
NEW = "贺卡能代写一张不"


@pytest.fixture
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "model"
    (root / PLACE).mkdir(parents=True)
    model_files.save(train(TEXTS, INTENTS, Words(), epochs=0), root / PLACE)
    Learned.of(zip(TEXTS, INTENTS, strict=True)).save(root / PLACE)
    (root / "metadata.json").write_text(json.dumps({"model_id": "old", "domain": {"a": 1}}))
    (tmp_path / "config.yml").write_text(
        "pipeline:\n- name: bot.nlu.components.classifier.ShopIntentClassifier\n"
        "  favoured: {stock_check: 0.5}\n"
    )
    monkeypatch.chdir(tmp_path)
    return root


def lines(*more: tuple[str, str]) -> list[TrainingLine]:
    told = [*zip(TEXTS, INTENTS, strict=True), *more]
    return [TrainingLine(text, label, Path("a.yml")) for text, label in told]


def learned(root: Path) -> Learned:
    found = Learned.load(root / PLACE)
    assert found is not None
    return found


def test_a_new_sentence_is_learned_and_the_model_is_another(unpacked: Path) -> None:
    further.teach(unpacked, lines((NEW, "faq/ask_payment")))
    model = model_files.load(unpacked / PLACE, Words())
    assert model.rank(NEW)[0].intent == "faq/ask_payment"
    assert model.favours[model.labels.index("stock_check")] == 0.5
    told = json.loads((unpacked / "metadata.json").read_text())
    assert told["model_id"] != "old" and told["domain"] == {"a": 1}
    assert learned(unpacked).knows(TEXTS[0], INTENTS[0])


def test_new_lines_go_on_voting_until_everything_is_trained(unpacked: Path) -> None:
    """So what is near them is heard after a publish as it was before it."""
    further.teach(unpacked, lines((NEW, "faq/ask_payment")))
    further.teach(unpacked, lines((NEW, "faq/ask_payment"), ("花呗能分期不", "faq/ask_payment")))
    kept = learned(unpacked)
    for text in (NEW, "花呗能分期不"):
        assert kept.knows(text, "faq/ask_payment") and kept.votes(text, "faq/ask_payment")
    assert not kept.votes(TEXTS[0], INTENTS[0])


def test_a_new_line_that_is_deleted_again_is_noticed(
    unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    further.teach(unpacked, lines((NEW, "faq/ask_payment")))
    told: dict[str, Any] = {}

    def note(earlier: IntentModel, *_: object, **named: object) -> IntentModel:
        told.update(named)
        return earlier

    monkeypatch.setattr(further, "taught_further", note)
    further.teach(unpacked, lines())
    assert told["is_anything_gone"] and not learned(unpacked).voting


def test_a_model_that_has_not_kept_what_it_learned_goes_by_what_it_reads(
    unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next(unpacked.rglob("learned.npy")).unlink()
    monkeypatch.setattr(IntentModel, "reads", lambda model, text, label: text != NEW)
    further.teach(unpacked, lines((NEW, "faq/ask_payment")))
    assert learned(unpacked).votes(NEW, "faq/ask_payment")
    assert not learned(unpacked).votes(TEXTS[0], INTENTS[0])


def test_a_packed_model_has_the_form_of_rasas(unpacked: Path, tmp_path: Path) -> None:
    place = tmp_path / "20260101-further.tar.gz"
    further.pack(unpacked, place)
    with tarfile.open(place) as archive:
        names = {name.strip("/") for name in archive.getnames()}
    assert {"metadata.json", f"{PLACE}/intents.npz"} <= names
    assert not list(tmp_path.glob("*.half"))
