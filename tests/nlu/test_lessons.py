"""What the encoder reads: messages that teach, their copies, half sentences."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.halves import Halves
from bot.nlu.lessons import NO_MESSAGE, Beside, Lessons
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
