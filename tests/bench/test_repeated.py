"""Runs again and again: what differs from the first is told, and nothing else is."""

from __future__ import annotations

import argparse

import pytest

from bench import repeated
from bench.repeated import Run
from bench.servers import ROOT


def _collected(monkeypatch: pytest.MonkeyPatch, *said: str) -> list[Run]:
    answers = iter(said)
    monkeypatch.setattr(
        repeated, "_run", lambda what, *_, **__: (Run(what, True, 1.0, "ok"), next(answers))
    )
    monkeypatch.setattr("time.sleep", lambda _: None)
    return list(repeated._collections(argparse.Namespace(times=len(said))))


def test_collections_that_name_the_same_tests_are_green(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = _collected(
        monkeypatch, "a.py::one\n\n1 collected in 2s", "a.py::one\n\n1 collected in 3s"
    )
    assert [run.is_green for run in runs] == [True, True]


def test_a_collection_of_other_names_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = _collected(monkeypatch, "a.py::one[12:00:01]", "a.py::one[12:00:02]")
    assert [run.is_green for run in runs] == [True, False]


def test_every_place_it_names_is_there() -> None:
    assert all((ROOT / one).exists() for one in (*repeated.RACES, *repeated.DAY_TESTS))
