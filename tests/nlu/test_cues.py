"""What names one thing a buyer says is found in such lines, and not in lines that only look so."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.entities import NO_CUE
from bot.nlu.normalise import normalise
from bot.nlu.phrases import PATTERNS, Phrase, PhraseBook, read_patterns

LINES = yaml.safe_load(Path(__file__).with_name("cues.yml").read_text(encoding="utf-8"))
CUES = [phrase for phrase in read_patterns(PATTERNS) if phrase.entity == "cue"]
SAID = [(cue, line) for cue, lines in LINES.items() for line in lines["says"]]
NOT_SAID = [(cue, line) for cue, lines in LINES.items() for line in lines["not"]]


@pytest.fixture(scope="module")
def book() -> PhraseBook:
    return PhraseBook(CUES)


@pytest.mark.parametrize(("cue", "line"), SAID, ids=[f"{cue}: {line}" for cue, line in SAID])
def test_a_cue_is_heard(book: PhraseBook, cue: str, line: str) -> None:
    assert cue in [one.value for one in book.find_each(normalise(line), hiding=NO_CUE)]


@pytest.mark.parametrize(
    ("cue", "line"), NOT_SAID, ids=[f"{cue}: {line}" for cue, line in NOT_SAID]
)
def test_what_only_looks_like_a_cue_is_none(book: PhraseBook, cue: str, line: str) -> None:
    assert cue not in [one.value for one in book.find_each(normalise(line), hiding=NO_CUE)]


def test_one_line_can_say_two_things(book: PhraseBook) -> None:
    heard = {one.value for one in book.find_each("送双袜子就买", hiding=NO_CUE)}
    assert heard == {"gift", "on_condition", "then_buy"}


def test_every_cue_has_as_many_lines_that_must_not_match_as_lines_that_must() -> None:
    assert set(LINES) == {phrase.value for phrase in CUES} - {NO_CUE}
    assert [cue for cue, lines in LINES.items() if len(lines["not"]) < len(lines["says"])] == []
    assert [cue for cue, lines in LINES.items() if len(lines["says"]) < 5] == []


def test_no_word_stands_under_two_cues() -> None:
    owners: dict[str, set[str]] = {}
    for phrase in CUES:
        owners.setdefault(phrase.text, set()).add(phrase.value)
    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


def test_choices_in_braces_are_spelt_out(tmp_path: Path) -> None:
    (tmp_path / "cues.yml").write_text("cue:\n  dear: ['{好|太|}贵{了|}啊']\n", encoding="utf-8")
    words = {phrase.text for phrase in read_patterns(tmp_path)}
    assert words == {"好贵了啊", "好贵啊", "太贵了啊", "太贵啊", "贵了啊", "贵啊"}
    assert all(isinstance(phrase, Phrase) for phrase in read_patterns(tmp_path))


def test_a_brace_without_its_partner_names_the_word(tmp_path: Path) -> None:
    (tmp_path / "cues.yml").write_text("cue:\n  dear: ['{好|太贵']\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"cues\.yml.*花括号不成对"):
        read_patterns(tmp_path)
