"""The trained model on real lines in mid-talk, where they are beside us: floors, not goals.

Both halves are held: the one the weights were fitted on, and the other, which tells more.
"""

from __future__ import annotations

import os

import pytest

from bench.nlu_report import ROOT
from bench.situation import CONTEXT
from bench.situation_scores import SituationScore, score_file

pytestmark = pytest.mark.model
HALVES = ["not fitted on", "fitted on"]


@pytest.fixture(scope="module")
def scores() -> dict[str, SituationScore]:
    if not CONTEXT.is_file():
        if os.environ.get("REQUIRE_REAL_MESSAGES"):
            pytest.fail("the real messages are demanded here and not beside us")
        pytest.skip("the real messages are not beside us")
    return score_file(CONTEXT, ROOT / "models")


@pytest.mark.parametrize("half", HALVES)
def test_lines_are_understood_where_they_stand(
    scores: dict[str, SituationScore], half: str
) -> None:
    score = scores[half]
    assert score.situated.right >= 0.77
    assert score.situated.right_hard >= 0.40
    assert score.situated.right >= score.bare.right
    assert score.situated.right_hard > score.bare.right_hard


@pytest.mark.parametrize("half", HALVES)
def test_what_is_clear_alone_is_left_alone(scores: dict[str, SituationScore], half: str) -> None:
    score = scores[half]
    assert score.broken <= 0.04 * score.lines  # 4 of 162; one line is 0.6 points
    assert score.mended > score.broken


@pytest.mark.parametrize("half", HALVES)
def test_who_is_sure_in_a_situation_is_mostly_right(
    scores: dict[str, SituationScore], half: str
) -> None:
    score = scores[half]
    assert score.situated.acted >= 0.58
    assert score.situated.acted_right >= 0.85
