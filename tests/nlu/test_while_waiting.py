"""What is said of waiting for a person; data in while_waiting.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu.while_waiting import OfWaiting, read_while_waiting

_LINES: dict[str, list[Any]] = yaml.safe_load(
    Path(__file__).with_name("while_waiting.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("text", _LINES["no_person"])
def test_no_person_is_needed_any_more(text: str) -> None:
    assert read_while_waiting(text).wants_bot


@pytest.mark.parametrize("text", _LINES["how_long"])
def test_how_long_it_still_takes(text: str) -> None:
    found = read_while_waiting(text)
    assert (found.wants_bot, found.asks_how_long) == (False, True)


@pytest.mark.parametrize("text", _LINES["others"])
def test_other_wishes_are_neither(text: str) -> None:
    assert read_while_waiting(text) == OfWaiting(rest=text)


@pytest.mark.parametrize("line", _LINES["rest"])
def test_what_else_is_said_is_left_to_be_answered(line: dict[str, str]) -> None:
    assert read_while_waiting(line["said"]).rest == line["left"]


def test_a_long_line_is_a_story() -> None:
    text = "不等了" + "我跟你说" * 30
    assert read_while_waiting(text) == OfWaiting(rest=text)


def test_the_words_of_the_button_are_understood() -> None:
    file = Path(__file__).resolve().parents[2] / "data" / "replies" / "handoff.yml"
    replies = yaml.safe_load(file.read_text(encoding="utf-8"))["responses"]
    for one in replies["utter_waiting_no_person"]:
        assert read_while_waiting(one["text"]).wants_bot
