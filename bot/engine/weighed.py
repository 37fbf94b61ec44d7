"""What is made of the answer to a wish: said as it is, left out in parts, or replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.asking import asks
from bot.dialogue.outcome import Outcome
from bot.engine.turns import HandOver

OFFER_FROM = 2  # fruitless turns in a row
HAND_OVER_FROM = 3
STUCK = "utter_offer_person"
OFFERED = "hand_over"  # the open question it leaves


@dataclass(frozen=True, kw_only=True)
class Weighed:
    outcome: Outcome
    events: tuple[Event, ...] = ()  # for the tracker
    left_out: frozenset[str] = frozenset()  # texts that are not said after all
    takes_back: bool = False  # nothing of the answer is said after all, cards neither
    instead: tuple[str, ...] = ()  # responses said in their place
    values: Mapping[str, str] = field(default_factory=dict)  # what stands in their braces
    hand_over: HandOver | None = None


def intent_of(tracker: DialogueStateTracker) -> str:
    latest = tracker.latest_message
    return "" if latest is None else str(latest.intent.get("name") or "")


def asks_something(tracker: DialogueStateTracker) -> bool:
    latest = tracker.latest_message
    return latest is not None and asks(str(latest.text or ""))


def changed(tracker: DialogueStateTracker, **slots: object) -> tuple[Event, ...]:
    return tuple(
        SlotSet(name, value) for name, value in slots.items() if tracker.get_slot(name) != value
    )
