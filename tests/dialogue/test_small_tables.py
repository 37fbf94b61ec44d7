"""matters.yml, forms.yml and replies.yml name only what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.dialogue.expected import read_table
from bot.dialogue.files import read_forms, read_matters, read_replies, read_waits
from bot.dialogue.table_file import TableError
from tests.support.house import ROOT

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
INTENTS = set(DOMAIN["intents"])
# Plain questions by their full names: each has lines in data/nlu.
PLAIN_QUESTIONS = {
    intent
    for file in (ROOT / "data" / "nlu").rglob("*.yml")
    for intent in re.findall(r"^- intent: (faq/\S+)", file.read_text("utf-8"), re.MULTILINE)
}
ENTITIES = {name for entity in DOMAIN["entities"] for name in entity}
REPLIES = {
    name
    for file in sorted((ROOT / "data" / "replies").glob("*.yml"))
    for name in re.findall(r"^  (utter_[\w/.]+):", file.read_text(encoding="utf-8"), re.MULTILINE)
}


def unknown_intents(names: frozenset[str]) -> set[str]:
    return set(names) - INTENTS - PLAIN_QUESTIONS


CUES = {
    cue
    for file in sorted((ROOT / "data/patterns/entities").glob("*.yml"))
    for cue in yaml.safe_load(file.read_text(encoding="utf-8")).get("cue", ())
}


def test_the_expected_values_are_entities_and_cues() -> None:
    intents = {*INTENTS, *PLAIN_QUESTIONS}
    assert read_table(intents, values=ENTITIES | CUES).values


def test_matters_name_intents_and_entities_of_the_domain() -> None:
    matters = read_matters()
    assert not unknown_intents(matters.closings | matters.presale | frozenset(matters.takes))
    assert {name for names in matters.takes.values() for name in names} <= ENTITIES
    assert {name for names in matters.answers.values() for name in names} <= ENTITIES
    assert set(matters.answers) <= set(DOMAIN["slots"]["open_question"]["values"])


def test_forms_name_forms_and_intents_of_the_domain() -> None:
    stays = read_forms().stays
    assert set(stays) < set(DOMAIN["forms"])
    assert not {name for names in stays.values() for name in unknown_intents(names)}


def test_replies_name_replies() -> None:
    replies = read_replies()
    named = replies.courteous | replies.asked_back | replies.not_understood | replies.always
    assert named <= REPLIES


def test_what_waits_names_replies_cues_intents_and_steps() -> None:
    waits = read_waits()
    assert waits.closers | waits.nods | frozenset(waits.steps.values()) <= REPLIES
    assert {*waits.instead, *waits.instead.values(), *waits.parting.values()} <= REPLIES
    assert {*waits.parting} <= {*waits.steps}
    assert waits.nods <= waits.closers <= read_replies().courteous
    assert waits.called_off <= CUES
    assert waits.unsolved <= INTENTS
    slots = set(DOMAIN["slots"])
    assert set(waits.steps) <= slots | set(DOMAIN["slots"]["open_question"]["values"])


def test_a_mistake_is_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "matters.yml").write_text("closings: [goodbye]\nbefore: [ask]\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"matters\.yml:2: .*before"):
        read_matters(tmp_path)
