"""A finer plain question counts as its intent of the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.labels import catalogue_intent

_QUESTIONS = Path(__file__).resolve().parents[2] / "data" / "nlu" / "questions"


@pytest.mark.parametrize(
    ("label", "intent"),
    [
        ("faq/return_policy.how", "return_policy"),
        ("faq/ask_color", "ask_color"),
        ("stock_check", "stock_check"),
    ],
)
def test_a_label_counts_as_its_intent(label: str, intent: str) -> None:
    assert catalogue_intent(label) == intent


@pytest.mark.parametrize("path", sorted(_QUESTIONS.glob("*.yml")), ids=lambda path: path.name)
def test_a_plain_question_has_its_lines_title_and_answer_in_one_file(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for block in content["nlu"]:
        assert block["metadata"]["title"]
        # Fewer are not heard beside the whole wish.
        assert len(block["examples"].splitlines()) >= 30
    assert {f"utter_{block['intent']}" for block in content["nlu"]} == set(content["responses"])
