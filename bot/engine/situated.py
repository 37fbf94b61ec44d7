"""A line as it is heard, once its situation has been looked at."""

from __future__ import annotations

from dataclasses import dataclass

from rasa.shared.core.events import Event

from bot.dialogue.matter import Step
from bot.dialogue.situation import Situation
from bot.engine.parses import Parse


@dataclass(frozen=True, kw_only=True)
class Situated:
    """A line as it is heard: the parse that policies get, and what it was decided by."""

    parse: Parse
    situation: Situation  # in which it was heard
    before: tuple[Event, ...] = ()  # for the tracker, before the line is heard
    # … and after it: a tracker that holds an event counts as a session that has begun.
    after: tuple[Event, ...] = ()
    waits: Step | None = None  # what a form still waits for that was left for another wish
    decided_by: str  # file and row, or ALONE, BEHIND, BUTTON
    is_continuation: bool
