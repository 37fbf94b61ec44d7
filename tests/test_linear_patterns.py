"""No text of a buyer can hold up a pattern: twice the text is about twice the work."""

from __future__ import annotations

import math
import re
import signal
from collections.abc import Callable
from time import process_time

import pytest

from tests.support.patterns import hard_texts, patterns_of

TRIES = 4
# Up in steps, so that what grows without measure is stopped early: by a half at first, where each
# character may double the work, and one step too far is for ever.
STOPPED_S = 8.0  # of work in one try, whatever else the machine does
SIZES = (16, 20, 24, 28, 32, 40, 60, 90, 200, 600, 2000)

PATTERNS = patterns_of("bot.nlu", "bot.conversations", "actions")


class _Stopped(Exception):
    """The work took STOPPED_S."""


def _stop(*_: object) -> None:
    raise _Stopped


def _work(attempt: Callable[[str], object], text: str) -> float:
    """Seconds of it; infinite where it was stopped."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    start = process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, STOPPED_S)
    try:
        attempt(text)
    except _Stopped:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return process_time() - start


# Below this at 4,000 characters growth is not looked at: one that is quadratic takes longer, on
# this machine (12 ms on a slow one).
UNNOTICED_S = min(
    _work(lambda text: re.sub("[一二三]+斤", "", text), "一" * 4000) / 2 for _ in range(5)
)


def _is_linear(attempt: Callable[[str], object], head: str, piece: str) -> bool:
    def text(size: int) -> str:
        return (head + piece * (size // len(piece) + 1))[: size - 1] + "\x01"  # fits nothing

    for size in SIZES:
        if _work(attempt, text(size)) > 5 * UNNOTICED_S and (
            min(_work(attempt, text(size)) for _ in range(3)) > UNNOTICED_S
        ):
            return False
    if _work(attempt, text(4000)) < UNNOTICED_S:
        return True
    small, large = (min(_work(attempt, text(size)) for _ in range(5)) for size in (2000, 4000))
    return large < UNNOTICED_S or large < 3 * small


def _attempts(pattern: re.Pattern[str]) -> tuple[Callable[[str], object], ...]:
    return (lambda text: pattern.sub("", text), pattern.match, pattern.fullmatch)


def _held_up_by(pattern: re.Pattern[str]) -> str | None:
    """The first text of the hard ones for which the work grows faster than the text."""
    for head, piece in hard_texts(pattern):
        for attempt in _attempts(pattern):
            if not _is_linear(attempt, head, piece):
                return f"{head!r} and then {piece!r} over and over"
    return None


@pytest.mark.parametrize("place", sorted(PATTERNS))
def test_twice_the_text_is_about_twice_the_work(place: str) -> None:
    held = [_held_up_by(PATTERNS[place])]
    while held[-1] is not None and len(held) < TRIES:  # a busy machine holds anything up once
        held.append(_held_up_by(PATTERNS[place]))
    assert held[-1] is None, held


@pytest.mark.parametrize(
    "slow",
    [
        r"\d+(?:\.\d+)?\s*块",
        r"(?:a+)+b",
        r"1栋(?:[a-z]?\d{1,5}栋|\d{1,5})*",  # by the whole text alone, and not before some 24 characters
        r"\s*$",
        "[一二三]+斤",
    ],
)
def test_the_measure_sees_patterns_that_are_not_linear(slow: str) -> None:
    assert any(_held_up_by(re.compile(slow)) is not None for _ in range(TRIES))


def test_what_would_take_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the small texts do not give away would otherwise hang the measure itself."""
    monkeypatch.setitem(globals(), "STOPPED_S", 0.2)
    assert _work(re.compile(r"(?:a+)+b").match, "a" * 2000) == math.inf


def test_patterns_are_found_by_themselves() -> None:
    assert "bot.nlu.money:_RANGE" in PATTERNS  # compiled, of a module
    assert any(one.pattern.startswith("身高") for one in PATTERNS.values())  # where it is used
