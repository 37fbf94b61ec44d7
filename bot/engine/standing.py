"""A memory in which the shop has just said something of one situation: for trying and testing lines."""

from __future__ import annotations

from collections.abc import Mapping

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.said import Said
from bot.engine.memory import pack


def memory_after(situation: str, said: Said, domain: Domain) -> str:
    """Raises KeyError when neither a reply nor a question of said.yml leads there."""
    events: list[Event] = []
    if question := _first(said.questions, situation):
        events.append(SlotSet("open_question", question))
    elif reply := _first(said.replies, situation):
        events.append(BotUttered(text="…", metadata={"utter_action": reply}))
    else:
        raise KeyError(situation)
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    tracker = DialogueStateTracker.from_events("standing", [], domain.slots)
    tracker.update_with_events(events, domain)
    return pack(tracker, domain)


def _first(told: Mapping[str, tuple[str, ...]], situation: str) -> str:
    return next((name for name, names in told.items() if names[:1] == (situation,)), "")
