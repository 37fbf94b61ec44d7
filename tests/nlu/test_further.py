"""A model is taught a few new messages: they are learned, nothing else is forgotten."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.further import LabelsGone, taught_further
from bot.nlu.intents import IntentModel, softmax, train
from bot.nlu.ngrams import NgramSpace
from bot.nlu.numpy_tuning import margins_of
from bot.nlu.words import Words
from tests.nlu.test_sentence_network import TEXTS

INTENTS = ["stock_check"] * 10 + ["ask_postage"] * 10 + ["faq/ask_payment"] * 10
NEW = "贺卡能代写一张不"


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return train(TEXTS, INTENTS, Words(), epochs=2, tuned_by="numpy")


def taught(model: IntentModel, text: str, label: str, *, gone: bool = False) -> IntentModel:
    texts, intents = [*TEXTS, text], [*INTENTS, label]
    return taught_further(model, texts, intents, Words(), fresh=[len(TEXTS)], is_anything_gone=gone)


def test_a_new_message_is_read_as_what_it_stands_under(model: IntentModel) -> None:
    after = taught(model, NEW, "faq/ask_payment")
    assert after.rank(NEW)[0].intent == "faq/ask_payment"
    chances = {one.intent: one.confidence for one in after.rank(NEW)}
    before = {one.intent: one.confidence for one in model.rank(NEW)}
    assert chances["faq/ask_payment"] > before["faq/ask_payment"]


def test_what_was_known_is_read_as_before(model: IntentModel) -> None:
    after = taught(model, NEW, "faq/ask_payment")
    assert [after.rank(text)[0].intent for text in TEXTS] == [
        model.rank(text)[0].intent for text in TEXTS
    ]
    assert (after.trust, after.thresholds, after.labels) == (
        model.trust, model.thresholds, model.labels
    )  # fmt: skip


def test_the_encoder_makes_of_what_was_known_what_it_made_before(
    model: IntentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a label that there is, too; the control learns the same without remembering."""
    monkeypatch.setattr(IntentModel, "reads", lambda *_: False)

    def apart() -> float:
        network = taught(model, NEW, "faq/ask_payment").network
        assert network is not None and model.network is not None
        now, then = (margins_of(one, TEXTS) for one in (network, model.network))
        return float(np.abs(softmax(now) - softmax(then)).max())

    remembered = apart()
    monkeypatch.setattr(
        "bot.nlu.last_layer.softmax", lambda margins, axis: np.eye(3)[margins.argmax(axis)]
    )
    assert remembered < 0.05 < apart()


def test_what_the_linear_voice_has_learned_leaves_the_encoder_alone(model: IntentModel) -> None:
    after = taught(model, NEW, "faq/ask_payment")
    assert after.reads(NEW, "faq/ask_payment")
    assert after.network is model.network


def test_for_many_new_messages_the_encoder_itself_is_tuned(
    model: IntentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert model.network is not None
    monkeypatch.setattr(IntentModel, "reads", lambda *_: False)
    few = taught(model, NEW, "faq/ask_payment").network
    monkeypatch.setattr("bot.nlu.further.MANY", 1)
    many = taught(model, NEW, "faq/ask_payment").network
    assert few is not None and few.embeddings is model.network.embeddings
    assert many is not None and many.layers["p3"].tolist() != model.network.layers["p3"].tolist()


def test_a_word_that_no_model_knew_has_a_weight_of_its_own(model: IntentModel) -> None:
    after = taught(model, NEW, "faq/ask_payment")
    columns = after.space.vocabularies[-1].columns
    assert "贺卡" in columns and "贺卡" not in model.space.vocabularies[-1].columns
    begin = len(after.space.vocabularies[0].columns)
    own = after.weights[begin + columns["贺卡"]]
    assert own.argmax() == after.labels.index("faq/ask_payment")


def test_labels_far_from_it_keep_their_weights_by_their_terms(
    model: IntentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.nlu.further.RIVALS", 0)
    after = taught(model, NEW, "faq/ask_payment")
    kept, moved = model.labels.index("stock_check"), model.labels.index("faq/ask_payment")
    assert weight(after, "有货", kept) == weight(model, "有货", kept)
    assert weight(after, "有货", moved) != weight(model, "有货", moved)


def test_where_a_message_is_gone_all_labels_are_fitted_again(
    model: IntentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.nlu.further.RIVALS", 0)
    after = taught(model, NEW, "faq/ask_payment", gone=True)
    kept = model.labels.index("stock_check")
    assert weight(after, "有货", kept) != weight(model, "有货", kept)


def weight(model: IntentModel, term: str, label: int) -> float:
    space: NgramSpace = model.space
    begin = len(space.vocabularies[0].columns)
    return float(np.asarray(model.weights)[begin + space.vocabularies[-1].columns[term], label])


def test_a_new_question_is_learned_beside_those_there_are(model: IntentModel) -> None:
    """Its label stands between theirs."""
    after = taught(model, NEW, "faq/ask_card")
    assert after.labels == ("ask_postage", "faq/ask_card", "faq/ask_payment", "stock_check")
    chances = {one.intent: one.confidence for one in after.rank(NEW)}
    assert chances["faq/ask_card"] > 0.05
    assert [after.rank(text)[0].intent for text in TEXTS] == [
        model.rank(text)[0].intent for text in TEXTS
    ]


def test_where_a_label_is_gone_it_is_another_training(model: IntentModel) -> None:
    with pytest.raises(LabelsGone, match="ask_payment"):
        taught_further(model, TEXTS[:20], INTENTS[:20], Words(), fresh=[])
