"""The longest text that is read costs a bounded number of steps, whatever is said in it over and over.

Steps are counted, not timed: a busy machine counts the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from types import FrameType
from typing import Any

import pytest

from bench.longest_text import PIECES
from bot.conversations.reflexes import LONGEST_READ
from bot.nlu.addresses import Places
from bot.nlu.entities import EntityRules
from bot.nlu.found import Claims, Found

TODAY = date(2026, 11, 29)
MOST_STEPS = 150 * LONGEST_READ  # a third of them are what cutting words takes


@cache
def _rules() -> EntityRules:
    return EntityRules()


def _steps(piece: str, length: int = LONGEST_READ) -> int:
    """Calls made while the entities of a text of this piece are found."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    text = (piece * length)[:length]
    _rules().find(text, TODAY)  # builds what the first of its kind needs
    sys.setprofile(count)
    try:
        _rules().find(text, TODAY)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("piece", PIECES)
def test_the_longest_text_takes_so_many_steps_at_most(piece: str) -> None:
    assert _steps(piece) < MOST_STEPS


@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_takes_about_twice_the_steps(piece: str) -> None:
    half = _steps(piece, LONGEST_READ // 2)
    assert _steps(piece) < max(2.4 * half, 30 * LONGEST_READ)


def _each_tried(self: Places, text: str, latest: int = 0) -> bool:
    return any(word in text[: len(word) + latest] for word in self._words)


def _each_asked(self: Claims, candidates: list[Found]) -> None:
    for one in sorted(candidates, key=lambda one: (one.start - one.end, one.start)):
        if not any(one.overlaps(other) for other in self.found):
            self._taken.update(range(one.start, one.end))
            self.found.append(one)


@pytest.mark.parametrize(
    ("guard", "instead", "piece"),
    [((Places, "begin"), _each_tried, " 1"), ((Claims, "add"), _each_asked, "2个")],
    ids=["places by their words", "claims by their characters"],
)
def test_without_it_the_steps_would_be_too_many(
    monkeypatch: pytest.MonkeyPatch,
    guard: tuple[type, str],
    instead: Callable[..., Any],
    piece: str,
) -> None:
    """The negative control."""
    monkeypatch.setattr(*guard, instead)
    steps = _steps(piece)
    half = _steps(piece, LONGEST_READ // 2)
    assert steps > MOST_STEPS or steps > max(2.4 * half, 30 * LONGEST_READ)
