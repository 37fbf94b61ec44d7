"""What the bot remembers of a conversation between turns: the tracker, bounded, as JSON.

Rasa replays every event of a session at each turn. So that the five-thousandth message costs
what the fiftieth did, old events are folded into the slots and the form they left behind.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

FOLD_BEYOND = 160  # events
KEEP_TURNS = 6  # one more than the policies' max_history


class HeldTrackers(TrackerStore):  # type: ignore[misc]  # Rasa ships no types
    """The store Rasa sees during a turn: it holds the trackers of running turns, nothing else.

    Saving is the conversation's business, in the transaction that also writes the replies.
    """

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self.domain = domain
        self._held: dict[str, DialogueStateTracker] = {}

    def hold(self, tracker: DialogueStateTracker) -> None:
        self._held[tracker.sender_id] = tracker

    def release(self, sender_id: str) -> None:
        self._held.pop(sender_id, None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return self._held.get(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        self._held[tracker.sender_id] = tracker

    async def keys(self) -> list[str]:
        return list(self._held)


def unpack(memory: str, sender_id: str, domain: Domain) -> DialogueStateTracker:
    """The tracker that `pack` wrote; an empty one for an empty memory."""
    events = [_restored(event) for event in json.loads(memory)] if memory else []
    return DialogueStateTracker.from_events(sender_id, events, domain.slots, domain=domain)


def pack(tracker: DialogueStateTracker, domain: Domain) -> str:
    """The tracker's events as a JSON list, folded where there are many."""
    events = list(tracker.events)
    if len(events) > FOLD_BEYOND:
        events = _folded(tracker.sender_id, events, domain)
    return json.dumps([_slim(event.as_dict()) for event in events], ensure_ascii=False)


def _restored(event: dict[str, Any]) -> Event:
    """Rasa's own reader walks all event classes for each event: 1 ms a turn."""
    return _event_types()[event["event"]]._from_parameters(event)


@lru_cache(maxsize=1)
def _event_types() -> dict[str, type[Event]]:
    return {kind.type_name: kind for kind in all_subclasses(Event)}


def _slim(event: dict[str, Any]) -> dict[str, Any]:
    """Without what no policy or action reads: the classifier's raw parse data."""
    if event.get("event") == UserUttered.type_name and "parse_data" in event:
        parse = event["parse_data"]
        kept = ("intent", "entities", "text", "intent_ranking", "response_selector")
        event["parse_data"] = {key: parse[key] for key in kept if key in parse}
    return event


def _folded(sender_id: str, events: Sequence[Event], domain: Domain) -> list[Event]:
    turns = [at for at, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= KEEP_TURNS:
        return list(events)
    cut = turns[-KEEP_TURNS]
    while cut and _is_listen(events[cut - 1]):
        cut -= 1
    before = DialogueStateTracker.from_events(
        sender_id, list(events[:cut]), domain.slots, domain=domain
    )
    left: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    left += [SlotSet(slot.name, slot.value) for slot in before.slots.values() if slot.has_been_set]
    if before.active_loop_name:
        left.append(ActiveLoop(before.active_loop_name))
    return [*left, *events[cut:]]


def _is_listen(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
