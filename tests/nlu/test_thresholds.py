"""Thresholds are the cheapest for the measured messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.confidence import Measured, read_measured, write_measured
from bot.nlu.thresholds import Judged, calibration_error, derive, reliability


def judged(*messages: tuple[float, int | None]) -> list[Judged]:
    return [Judged(confidence, place) for confidence, place in messages]


def test_acting_starts_where_the_first_choice_becomes_trustworthy() -> None:
    sure = [(0.9, 0)] * 50
    doubtful = [(0.5, 1)] * 30
    hopeless = [(0.1, None)] * 30
    found = derive(judged(*sure, *doubtful, *hopeless))
    assert 0.5 < found.act <= 0.9
    assert 0.1 < found.ask <= 0.5


def test_a_model_that_is_always_right_always_acts() -> None:
    assert derive(judged(*[(0.3, 0)] * 20)).act <= 0.3


def test_without_messages_there_are_no_thresholds() -> None:
    with pytest.raises(ValueError, match="measured messages"):
        derive([])


def test_honest_confidence_has_no_calibration_error() -> None:
    honest = judged(*[(0.8, 0)] * 80, *[(0.8, None)] * 20)
    assert calibration_error(honest) == pytest.approx(0.0)
    assert reliability(honest)[0].share_right == pytest.approx(0.8)


def test_findings_of_an_older_version_say_how_to_measure_again(tmp_path: Path) -> None:
    findings = tmp_path / "confidence.json"
    findings.write_text(
        '{"modesty": 1.0, "thresholds": {"act": 0.7, "ask": 0.2}}', encoding="utf-8"
    )
    with pytest.raises(ValueError, match="measure again"):
        read_measured(findings)


def test_findings_are_read_as_they_were_written(tmp_path: Path) -> None:
    findings = Measured(modesty=0.9, act=0.7, messages=10, error_before=0.1, error_after=0.05)
    write_measured(findings, tmp_path / "confidence.json")
    assert read_measured(tmp_path / "confidence.json") == findings
    assert read_measured(tmp_path / "nothing.json") is None
