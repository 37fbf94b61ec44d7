"""The buyer's mood as the talk itself holds it: what was heard in their lines, beside why a person was called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversations.messages import Author, Message
from bot.desk.masking import masked_text
from bot.handing_over import HandOverReason

_LONGEST_QUOTE = 30


@dataclass(frozen=True, kw_only=True)
class Mood:
    text: str
    intents: frozenset[str] = frozenset()
    cues: frozenset[str] = frozenset()  # names of data/patterns/entities
    times: int = 1  # lines in which it has to be heard
    known_by: tuple[HandOverReason, ...] = ()  # the reason says it already


# The weightier first.
_MOODS = (
    Mood(
        text="买家说了要给差评",
        cues=frozenset({"threatens_review"}),
        known_by=(HandOverReason.REVIEW_THREATENED,),
    ),
    Mood(
        text="买家有火气，先安抚",
        intents=frozenset({"complain"}),
        cues=frozenset({"upset"}),
        known_by=(HandOverReason.ANGER, HandOverReason.REVIEW_THREATENED),
    ),
    Mood(
        text="买家等急了",
        cues=frozenset({"so_long", "hurry", "nobody_answers"}),
        known_by=(HandOverReason.URGED, HandOverReason.ANGER),
    ),
    Mood(
        text="买家催了不止一回",
        intents=frozenset({"logistics_delay"}),
        cues=frozenset({"urge", "urged_yet"}),
        times=2,
        known_by=(HandOverReason.URGED,),
    ),
    Mood(text="买家怕上当，说话要有凭据", cues=frozenset({"lied_to", "distrust"})),
)


def heard_mood(
    lines: Sequence[Message], known: Sequence[str], reason: HandOverReason | None
) -> str:
    """One sentence with the buyer's newest words for it, "" where nothing was heard that `reason` does
    not say. `lines`: oldest first; `known`: addresses to be masked."""
    buyers = [one for one in lines if one.author is Author.BUYER and one.taken_back_at is None]
    for mood in _MOODS:
        said = [words for one in buyers if (words := _words(one, mood))]
        if len(said) >= mood.times and reason not in mood.known_by:
            return f"{mood.text}：「{masked_text(said[-1], known)[:_LONGEST_QUOTE]}」"
    return ""


def _words(line: Message, mood: Mood) -> str:
    """Those in which it was heard; "" where it was not."""
    for one in line.understood:
        if one.get("intent") in mood.intents or not mood.cues.isdisjoint(_cues(one)):
            return str(one.get("text") or line.text)
    return ""


def _cues(understood: Mapping[str, Any]) -> Iterator[str]:
    for one in understood.get("entities", ()):
        if one.get("entity") == "cue":
            yield str(one.get("value"))
