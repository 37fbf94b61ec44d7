"""The trained model on lines that we wrote, most of them not to be read alone: floors, not goals.

`in_situation.jsonl` has the form of the labelled real lines (`bench.situation.read_context`). On
one half of it, by a hash of the text, weights are fitted and errors looked at; the other measures.
"""

from __future__ import annotations

import json

import pytest

from bench.nlu_report import ROOT
from bench.situation import WRITTEN, read_context
from bench.situation_scores import SituationScore, score_file
from bot.dialogue.situations import SITUATIONS

HALVES = ["not fitted on", "fitted on"]


def test_every_situation_is_there_and_no_line_twice() -> None:
    rows = read_context(WRITTEN)
    assert {name for row in rows for name in row.situation} == set(SITUATIONS)
    assert {row.alone for row in rows} == {"yes", "no"}
    assert sum(row.alone == "no" for row in rows) >= len(rows) / 2
    lines = WRITTEN.read_text(encoding="utf-8").splitlines()
    talks = [json.dumps((one["before"], one["text"])) for one in map(json.loads, lines)]
    assert len(set(talks)) == len(talks) >= 450
    assert all(row.row.intent in row.row.accept for row in rows)


@pytest.fixture(scope="module")
def scores() -> dict[str, SituationScore]:
    return score_file(WRITTEN, ROOT / "models")


@pytest.mark.model
@pytest.mark.parametrize("half", HALVES)
def test_lines_are_understood_where_they_stand(
    scores: dict[str, SituationScore], half: str
) -> None:
    score = scores[half]
    assert score.situated.right >= 0.80
    assert score.situated.right_hard >= 0.76
    assert score.situated.right_easy >= score.bare.right_easy - 0.01
    assert score.situated.right_hard >= score.bare.right_hard + 0.1


@pytest.mark.model
@pytest.mark.parametrize("half", HALVES)
def test_what_is_right_alone_is_hardly_ever_broken(
    scores: dict[str, SituationScore], half: str
) -> None:
    score = scores[half]
    assert score.broken <= 0.02 * score.lines
    assert score.mended >= 5 * score.broken


@pytest.mark.model
@pytest.mark.parametrize("half", HALVES)
def test_who_is_sure_is_mostly_right(scores: dict[str, SituationScore], half: str) -> None:
    score = scores[half]
    assert score.situated.acted >= 0.65
    assert score.situated.acted_right >= 0.87
