"""What a buyer who waits for a person says of the waiting: no need any more, or how long still.

Read in that state alone: 还要等多久 means the parcel at any other time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.normalise import normalise
from bot.nlu.sentences import Sentences
from bot.read_once import read_once

FILE = Path(__file__).resolve().parents[2] / "data" / "patterns" / "while_waiting.yml"

_BORDER = re.compile(r"(?:[^\w.]|_|\.(?!\d))+")
_LONGEST = 60  # characters; a longer text is a story and is read as one


@dataclass(frozen=True)
class OfWaiting:
    """What a line says of the waiting, and what else it says."""

    wants_bot: bool = False  # no person is needed any more
    asks_how_long: bool = False
    rest: str = ""  # the buyer's other words; "" where there are none


@dataclass(frozen=True)
class _Patterns:
    no_person: re.Pattern[str]
    how_long: re.Pattern[str]
    beside: re.Pattern[str]


@read_once
def _patterns() -> _Patterns:
    sentences = Sentences(FILE)
    return _Patterns(
        no_person=sentences.whole("no_person", before="before", after="after"),
        how_long=sentences.whole("how_long", before="before", after="after"),
        beside=sentences.whole("before", before="before", after="after"),
    )


def read_while_waiting(text: str) -> OfWaiting:
    """Reads clause by clause: 算了不用人工了，快递到哪了 gives the bot its question back."""
    if len(text) > _LONGEST:
        return OfWaiting(rest=text)
    patterns = _patterns()
    clauses = [clause for clause in _BORDER.split(normalise(text)) if clause]
    wants = [patterns.no_person.fullmatch(clause) is not None for clause in clauses]
    asks = [patterns.how_long.fullmatch(clause) is not None for clause in clauses]
    if not any(wants) and not any(asks):
        return OfWaiting(rest=text)
    rest = [
        clause
        for clause, want, ask in zip(clauses, wants, asks, strict=True)
        if not want and not ask and not patterns.beside.fullmatch(clause)
    ]
    return OfWaiting(wants_bot=any(wants), asks_how_long=any(asks), rest=" ".join(rest))


WORD_LISTS = (_patterns,)
