"""退订 in the words people use, told from the parcel and the invoice; data in opt_out.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu.opting_out import read_opting_out
from bot.nlu.sentences import SentenceError, Sentences

_LINES: dict[str, list[Any]] = yaml.safe_load(
    Path(__file__).with_name("opt_out.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("text", _LINES["always"])
def test_an_opt_out_counts_at_any_time(text: str) -> None:
    assert read_opting_out(text, after_follow_up=False).opts_out
    assert read_opting_out(text, after_follow_up=True).opts_out


@pytest.mark.parametrize("text", _LINES["after"])
def test_what_may_mean_the_parcel_counts_after_a_message_of_ours(text: str) -> None:
    assert read_opting_out(text, after_follow_up=True).opts_out
    assert not read_opting_out(text, after_follow_up=False).opts_out


@pytest.mark.parametrize("text", _LINES["refusals"])
def test_a_refusal_is_no_opt_out_and_stays_to_be_answered(text: str) -> None:
    for after in (True, False):
        found = read_opting_out(text, after_follow_up=after)
        assert (found.opts_out, found.refuses, found.rest) == (False, True, text)


@pytest.mark.parametrize("text", _LINES["others"])
def test_other_wishes_are_neither(text: str) -> None:
    for after in (True, False):
        found = read_opting_out(text, after_follow_up=after)
        assert (found.opts_out, found.refuses, found.rest) == (False, False, text)


@pytest.mark.parametrize("line", _LINES["rest"])
def test_what_else_is_said_is_left_to_be_answered(line: dict[str, str]) -> None:
    found = read_opting_out(line["said"], after_follow_up=False)
    assert (found.opts_out, found.rest) == (True, line["left"])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("kind:\n  - 别发[了", "「别发\\[了」的括号不成对"),
        ("kind:\n  - 别发)了", "「别发\\)了」的括号不成对"),
        ("kind:\n  - (别)?发了", "可有可无请写"),
        ("kind:\n  - 别<发>了", "请在 words: 下写上它的词"),
        ("kind:\n  - [再]别发了", ":2: 读不懂"),
        ("- 别发了", "要有 words:"),
        ("other:\n  - 别发了", "缺少「kind:」"),
    ],
)
def test_a_broken_template_is_told_with_what_to_write(
    tmp_path: Path, content: str, problem: str
) -> None:
    file = tmp_path / "sentences.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SentenceError, match=problem):
        Sentences(file).whole("kind")
