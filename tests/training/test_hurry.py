"""A small model learns a part of every intent's lines, and all replies."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.training.hurry import MOST_LINES, hurried


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "nlu" / "questions"
    folder.mkdir(parents=True)
    many = "".join(f"    - 有{number}号的吗: 问问\n" for number in range(MOST_LINES + 50))
    (folder.parent / "stock.yml").write_text(
        f"nlu:\n- intent: stock_check\n  examples: |\n{many}", encoding="utf-8"
    )
    (folder / "bot.yml").write_text(
        "nlu:\n- intent: faq/ask_bot\n  examples: |\n    - 你是谁\n"
        "responses:\n  utter_faq/ask_bot:\n  - text: 我是机器人~\n",
        encoding="utf-8",
    )
    (tmp_path / "config.yml").write_text("pipeline: []\npolicies:\n- name: RulePolicy\n")
    return tmp_path


def test_a_part_of_the_lines_of_every_intent_is_given(root: Path, tmp_path: Path) -> None:
    given = hurried(root, tmp_path)
    data = RasaYAMLReader().read(given[given.index("--data") + 1])
    counts = data.number_of_examples_per_intent
    assert counts == {"stock_check": MOST_LINES, "faq": 1}
    assert data.responses["utter_faq/ask_bot"] == [{"text": "我是机器人~"}]
    texts = [one.get("text") for one in data.intent_examples if one.get("intent") != "faq"]
    assert all(text.endswith("号的吗: 问问") for text in texts)


def test_rules_are_not_checked_against_stories(root: Path, tmp_path: Path) -> None:
    given = hurried(root, tmp_path)
    config = yaml.safe_load(Path(given[given.index("--config") + 1]).read_text("utf-8"))
    assert config["policies"] == [{"name": "RulePolicy", "check_for_contradictions": False}]
