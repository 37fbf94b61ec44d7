"""What a change touches is run again; what both models read the same is not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.nlu.intents import Guess, IntentModel, train
from bot.nlu.words import Words
from bot.publishing.depending import (
    TALKS,
    lines_that_depend,
    read_in,
    read_otherwise,
    talks_that_depend,
)
from tests.nlu.test_sentence_network import TEXTS
from tests.support.house import ROOT

INTENTS = ["stock_check"] * 10 + ["ask_postage"] * 10 + ["faq/ask_payment"] * 10


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return train(TEXTS, INTENTS, Words(), epochs=1, tuned_by="numpy")


def classifier(model: IntentModel, live: object = None) -> Any:
    return SimpleNamespace(model=model, live=live)


class HearsPayment:
    """In place of lines that vote: one text is another wish."""

    def __init__(self, text: str) -> None:
        self._text = text

    def vote(self, text: str, ranking: list[Guess]) -> list[Guess]:
        return [Guess("faq/ask_payment", 0.97), *ranking] if text == self._text else ranking


def test_a_model_reads_nothing_otherwise_than_itself(model: IntentModel) -> None:
    assert read_otherwise(classifier(model), classifier(model), [*TEXTS, "亲"]) == frozenset()
    assert read_otherwise(classifier(model), classifier(model), []) == frozenset()


def test_many_read_at_once_are_read_as_one_by_one(model: IntentModel) -> None:
    """Were they not, a line could be left out that is answered otherwise."""

    class Asked:
        def vote(self, text: str, ranking: list[Guess]) -> list[Guess]:
            alone = model.rank(text)
            assert [one.intent for one in ranking] == [one.intent for one in alone]
            assert np.allclose(
                [one.confidence for one in ranking], [one.confidence for one in alone], atol=2e-3
            )
            return ranking

    read_otherwise(classifier(model, Asked()), classifier(model, Asked()), TEXTS)


def test_a_line_depends_on_the_change_where_a_part_of_it_does(model: IntentModel) -> None:
    old, new = classifier(model), classifier(model, HearsPayment("能用花呗吗"))
    lines = ["包邮吗 能用花呗吗", "包邮吗", "能用花呗吗"]
    assert lines_that_depend(old, new, lines) == [True, False, True]


def test_a_talk_depends_on_it_where_a_line_does_alone_or_behind_another(
    model: IntentModel, tmp_path: Path
) -> None:
    for name, turns in (
        ("alone", "- buyer: 能用花呗吗\n"),
        ("burst", "- buyer: [有货吗, 能用花呗吗]\n- press: 好\n"),
        ("other", "- buyer: 有货吗\n"),
        ("number", "- buyer: 6.802E+15\n- buyer: 6802000000000101\n"),
        ("behind", "- buyer: 有货吗\n- buyer: 多久\n"),
    ):
        file = tmp_path / "tests" / "conversations" / "topic" / f"{name}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"about: 一段\nturns:\n{turns}", encoding="utf-8")
    old = classifier(model)
    found, of = talks_that_depend(old, classifier(model, HearsPayment("能用花呗吗")), tmp_path)
    assert (found, of) == (("topic/alone", "topic/burst"), 5)
    found, _ = talks_that_depend(old, classifier(model, HearsPayment("有货吗\n多久")), tmp_path)
    assert found == ("topic/behind",)


def test_every_conversation_test_of_ours_can_be_read() -> None:
    """One that cannot would end a publish half way."""
    files = sorted((ROOT / TALKS).glob("*/*.yml"))
    assert sum(1 for file in files if list(read_in(file))) > 0.9 * len(files)  # some only show
