"""What came of a played dialogue, turn by turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.replay.reading import Dialogue
from bench.replay.setting_up import Caller

HALF_SURE, UNSURE = "nlu_half_sure", "nlu_fallback"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What one wish of a line was taken for."""

    text: str
    intent: str  # HALF_SURE and UNSURE included
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()  # likeliest first

    @property
    def first_choice(self) -> str:
        return next((name for name, _ in self.ranking), self.intent)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A button; `intent` is "" where its title is sent as typed."""

    title: str
    intent: str = ""


@dataclass(frozen=True, kw_only=True)
class Bubble:
    text: str = ""
    response: str = ""
    buttons: tuple[Choice, ...] = ()
    card: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """What an active form waits for."""

    form: str
    slot: str


@dataclass(frozen=True, kw_only=True)
class Turn:
    line: int  # number of the buyer's line, from 1
    said: str
    wish: tuple[str, ...] = ()
    heard: tuple[Heard, ...] = ()
    bubbles: tuple[Bubble, ...] = ()
    handed_over: str = ""  # the reason; "" = the bot keeps the talk
    open_before: Question | None = None
    open_after: Question | None = None

    @property
    def responses(self) -> tuple[str, ...]:
        return tuple(bubble.response for bubble in self.bubbles if bubble.response)


@dataclass(frozen=True, kw_only=True)
class Transcript:
    dialogue: Dialogue
    caller: Caller
    turns: tuple[Turn, ...]
