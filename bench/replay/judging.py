"""What may be said of a played turn without a reader: how it ends, what it repeats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path

import yaml

from bench.replay.transcript import Transcript, Turn
from bot.handing_over import HandOverReason
from bot.nlu.labels import catalogue_intent

RESPONSES = Path(__file__).with_name("responses.yml")
PERSON = "ask_human"  # the intent of a button that fetches a person: no real choice


class Ending(Enum):
    """How a turn ends; of several in one turn the first in this order counts."""

    HANDED_OVER = "handed over"
    SILENT = "silent"
    OFFERED_A_PERSON = "offered a person"
    NOT_UNDERSTOOD = "not understood"
    ASKED_BACK = "asked back"
    ANSWERED = "answered"


class Sign(Enum):
    """What else may be said of a turn."""

    TROUBLE = "handed over because something broke"
    ONE_BUTTON = "ask-back with one real button"
    ASKED_BACK_AGAIN = "second or later ask-back of the dialogue"
    REPEATED = "a sentence of before, word for word"
    TAGGED = "a form's question behind another answer"
    LABELLED = "the wish is labelled"
    FIRST_CHOICE = "… and is the first choice"
    LABELLED_ASKED_BACK = "… was asked back"
    AMONG_BUTTONS = "… and is among the buttons"


ABOUT_LABELS = frozenset(
    [Sign.LABELLED, Sign.FIRST_CHOICE, Sign.LABELLED_ASKED_BACK, Sign.AMONG_BUTTONS]
)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One turn as the figures see it."""

    code: str
    source: str
    line: int
    ending: Ending
    signs: frozenset[Sign]


@dataclass(frozen=True)
class Kinds:
    """Names of responses by what they mean (responses.yml)."""

    asks_back: frozenset[str]
    not_understood: frozenset[str]
    offers_a_person: frozenset[str]
    courtesies: frozenset[str]


@cache
def read_kinds() -> Kinds:
    """Raises TypeError for a kind that is missing, or that nothing counts."""
    raw: dict[str, list[str]] = yaml.safe_load(RESPONSES.read_text(encoding="utf-8"))
    return Kinds(**{name: frozenset(responses) for name, responses in raw.items()})


def judge(transcript: Transcript) -> list[Judged]:
    """Every turn of a dialogue, in the light of those before it."""
    kinds, past, judged = read_kinds(), _Past(), []
    for turn in transcript.turns:
        ending = _ending(turn, kinds)
        judged.append(
            Judged(
                code=transcript.dialogue.code,
                source=transcript.dialogue.source,
                line=turn.line,
                ending=ending,
                signs=frozenset(_signs(turn, ending, past, kinds)),
            )
        )
        past.add(turn, ending, kinds)
    return judged


@dataclass
class _Past:
    """What was said in the dialogue before a turn."""

    sentences: set[str] = field(default_factory=set)
    questions: set[tuple[str, str]] = field(default_factory=set)  # (slot, response) that asked
    asked_back: bool = False

    def add(self, turn: Turn, ending: Ending, kinds: Kinds) -> None:
        self.sentences |= _sentences(turn, kinds)
        self.asked_back |= ending is Ending.ASKED_BACK
        if turn.open_after and turn.bubbles:
            self.questions.add((turn.open_after.slot, turn.bubbles[-1].response))


def _ending(turn: Turn, kinds: Kinds) -> Ending:
    said = set(turn.responses)
    if turn.handed_over:
        return Ending.HANDED_OVER
    if not turn.bubbles:
        return Ending.SILENT
    if said & kinds.offers_a_person:
        return Ending.OFFERED_A_PERSON
    if said & kinds.not_understood:
        return Ending.NOT_UNDERSTOOD
    return Ending.ASKED_BACK if said & kinds.asks_back else Ending.ANSWERED


def _signs(turn: Turn, ending: Ending, past: _Past, kinds: Kinds) -> Iterable[Sign]:
    asking = [bubble for bubble in turn.bubbles if bubble.response in kinds.asks_back]
    offered = [one.intent for bubble in asking for one in bubble.buttons if one.intent != PERSON]
    if turn.handed_over == HandOverReason.TROUBLE.value:
        yield Sign.TROUBLE
    if ending is Ending.ASKED_BACK:
        if len(offered) == 1:
            yield Sign.ONE_BUTTON
        if past.asked_back:
            yield Sign.ASKED_BACK_AGAIN
    if _sentences(turn, kinds) & past.sentences:
        yield Sign.REPEATED
    if _is_tagged(turn, past):
        yield Sign.TAGGED
    if turn.wish:
        yield Sign.LABELLED
        if turn.heard and _bare(turn.heard[0].first_choice) in turn.wish:
            yield Sign.FIRST_CHOICE
        if ending is Ending.ASKED_BACK:
            yield Sign.LABELLED_ASKED_BACK
            if {_bare(intent) for intent in offered} & set(turn.wish):
                yield Sign.AMONG_BUTTONS


def _is_tagged(turn: Turn, past: _Past) -> bool:
    """The form waited for the same thing before, something was said, and the question again."""
    if turn.open_after is None or turn.open_before != turn.open_after or len(turn.bubbles) < 2:
        return False
    last = turn.bubbles[-1].response
    return last.startswith("utter_ask_") or (turn.open_after.slot, last) in past.questions


def _sentences(turn: Turn, kinds: Kinds) -> set[str]:
    return {
        bubble.text
        for bubble in turn.bubbles
        if bubble.text and bubble.response not in kinds.courtesies
    }


def _bare(intent: str) -> str:
    """Labels name plain questions without `faq/`."""
    return catalogue_intent(intent)
