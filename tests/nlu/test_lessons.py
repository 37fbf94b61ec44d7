"""What the encoder reads: messages that teach, their copies, half sentences; a few fresh ones more often."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from bot.nlu import lessons
from bot.nlu.halves import Halves
from bot.nlu.lessons import NO_MESSAGE, TIMES, Beside, Lessons
from bot.nlu.ngrams import NgramSpace
from bot.nlu.words import Words
from tests.nlu.test_intents import POSTAGE, STOCK

TEXTS = [*STOCK, *POSTAGE]
INTENTS = ["stock_check"] * 10 + ["ask_postage"] * 10
TARGETS = np.repeat([0, 1], 10)
HALF = Halves(name="when", lines=("多久",), means={"stock_check": "stock_check"})


@pytest.fixture(scope="module")
def beside() -> Beside:
    space = NgramSpace.of(TEXTS, Words())
    return Beside.of(TEXTS, INTENTS, ["stock_check", "ask_postage"], space, [HALF])


def test_what_is_held_back_is_read_in_no_shape(beside: Beside) -> None:
    learned = np.arange(20) % 4 != 0
    read = Lessons.of(TEXTS, TARGETS, beside, learned)
    assert not {TEXTS[at] for at in np.flatnonzero(~learned)} & set(read.texts)
    assert all(read.texts[at] in copy for at, copy in read.copies.items())
    assert read.texts.count("多久") == 1 and NO_MESSAGE in read.messages


def test_a_fresh_line_is_read_several_times_among_some_others(beside: Beside) -> None:
    whole = Lessons.of(TEXTS, TARGETS, beside, np.ones(20, dtype=bool))
    read = whole.about([4], among=6)
    times = Counter(read.texts)
    assert times.pop(TEXTS[4]) == TIMES
    assert len(times) == 6 and set(times.values()) == {1}
    number = dict(zip(whole.texts, whole.targets.tolist(), strict=True))
    assert read.targets.tolist() == [number[text] for text in read.texts]
    assert all(read.texts[at] in copy for at, copy in read.copies.items())


def test_of_many_fresh_lines_everything_is_read(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons, "FEW", 2)
    whole = Lessons.of(TEXTS, TARGETS, beside, np.ones(20, dtype=bool))
    assert whole.about([1, 2, 3]) is whole
