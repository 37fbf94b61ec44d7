"""What `rasa test core` plays has every entity marked that is found in it, found without a model."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.training_data.entities_parser import parse_training_example

from bot.nlu.entities import EntityRules
from bot.nlu.normalise import normalise

STORIES = Path(__file__).parents[1] / "stories"
TODAY = date(2026, 3, 2)  # of relative dates; no line has one
LINES = [
    step["user"].strip()
    for file in sorted(STORIES.glob("*.yml"))
    for story in yaml.safe_load(file.read_text(encoding="utf-8"))["stories"]
    for step in story["steps"]
    if "user" in step
]


@pytest.fixture(scope="module")
def rules() -> EntityRules:
    return EntityRules()


@pytest.mark.parametrize("line", LINES)
def test_every_entity_of_a_played_line_is_marked(rules: EntityRules, line: str) -> None:
    example = parse_training_example(line)
    marked: list[dict[str, Any]] = example.get("entities", [])
    text = normalise(example.get("text"))
    assert text == example.get("text"), "write the line as the rules see it"
    found = {(one.start, one.end, one.entity, one.value) for one in rules.find(text, TODAY)}
    assert {(one["start"], one["end"], one["entity"], one["value"]) for one in marked} == found
