"""Whether a buyer wants no more messages of ours, or nothing of what a message offered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.normalise import normalise
from bot.nlu.sentences import Sentences
from bot.read_once import read_once

FILE = Path(__file__).resolve().parents[2] / "data" / "patterns" / "opt_out.yml"

_BORDER = re.compile(r"(?:[^\w.]|_|\.(?!\d))+")
_LONGEST = 60  # characters; a longer text is a story and is read as one


@dataclass(frozen=True)
class OptingOut:
    """What a message says about our messages, and what else it says."""

    opts_out: bool  # no more follow-ups of any kind
    refuses: bool  # not this: follow-ups of the kind that was answered have lost their reason
    rest: str  # the buyer's other words; "" where there are none


@dataclass(frozen=True)
class _Patterns:
    always: re.Pattern[str]
    after_follow_up: re.Pattern[str]
    alone_after_follow_up: re.Pattern[str]  # and nothing else is said
    refusals: re.Pattern[str]
    beside: re.Pattern[str]


@read_once
def _patterns() -> _Patterns:
    sentences = Sentences(FILE)
    return _Patterns(
        always=sentences.whole("always", before="before", after="after"),
        after_follow_up=sentences.whole("after_follow_up", before="before", after="after"),
        alone_after_follow_up=sentences.whole("alone_after_follow_up"),
        refusals=sentences.whole("refusals", before="before", after="after"),
        beside=sentences.whole("beside", after="after"),
    )


def read_opting_out(text: str, *, after_follow_up: bool) -> OptingOut:
    """Reads clause by clause: 别再发广告了,黑色42还有吗 stops our messages and asks something.

    别发了 and 别催了 mean the parcel unless the last thing we said was a follow-up.
    """
    if len(text) > _LONGEST:
        return OptingOut(False, False, text)
    clauses = [clause for clause in _BORDER.split(normalise(text)) if clause]
    whole = "".join(clauses)
    is_alone = after_follow_up and _patterns().alone_after_follow_up.fullmatch(whole)
    if is_alone or _opts_out(whole, after_follow_up):
        return OptingOut(True, False, "")
    stops = [_opts_out(clause, after_follow_up) for clause in clauses]
    if not any(stops):
        refuses = any(map(_patterns().refusals.fullmatch, [whole, *clauses]))
        return OptingOut(False, refuses, text)
    rest = [
        clause
        for clause, stop in zip(clauses, stops, strict=True)
        if not stop and not _patterns().beside.fullmatch(clause)
    ]
    return OptingOut(True, False, " ".join(rest))


def _opts_out(clause: str, after_follow_up: bool) -> bool:
    patterns = _patterns()
    if patterns.always.fullmatch(clause):
        return True
    return after_follow_up and patterns.after_follow_up.fullmatch(clause) is not None


WORD_LISTS = (_patterns,)
