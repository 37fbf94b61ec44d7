"""Every line of the YAML beside this file is heard as it says; a known failure goes on failing.

One training reads a few shaky lines otherwise than the next: of each sort a small share may. Lines
that went over are told, and `python -m bot ask --sentences` holds every single one.
"""

from __future__ import annotations

from pathlib import Path

from bot.engine.engine import Engine
from bot.trainer.sentence_run import Outcome, read_tests, run

ROOT = Path(__file__).resolve().parents[2]
SHAKY = 0.05  # of the same data at most 29 and 34 of 728 on two machines, which multiply in other orders
MENDED = 0.25  # of the known failures


async def test_sentences_are_heard_as_written(engine: Engine) -> None:
    outcomes = [await run(test, engine) for test in read_tests(ROOT)]
    right = [one for one in outcomes if not one.test.known_failure]
    known = [one for one in outcomes if one.test.known_failure]
    assert len(right) > 600
    lost, mended = [one for one in right if one.wrong], [one for one in known if not one.wrong]
    assert len(lost) <= SHAKY * len(right), _told(lost)
    assert len(mended) <= MENDED * len(known), _told(mended)


def _told(outcomes: list[Outcome]) -> str:
    return "\n".join(map(str, outcomes))
