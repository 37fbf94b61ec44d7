"""The frame of actions that ask for a form's slot; they answer nothing and close nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import answer_kindly, was_served
from actions.chat import Chat, Event
from actions.form import give_up
from actions.shop import shop

MOST_REMINDERS = 2


class Question(Action, ABC):  # type: ignore[misc]  # rasa_sdk ships no types
    """Subclasses give `name()` (action_ask_<slot>) and `ask(chat)`.

    A question that cannot be put, since the shop cannot be read, stays open: it is an apology now,
    and is put when the buyer writes again.
    """

    must_ask = False  # asked after every digression, since a yes to it has consequences

    @abstractmethod
    async def ask(self, chat: Chat) -> None: ...

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> list[Event]:
        chat = Chat(dispatcher, tracker, shop())
        if not self.must_ask and _was_asked_enough(chat):
            return chat.events()
        if await answer_kindly(self.ask, chat):
            was_served(chat)
        if chat.has_handed_over:
            give_up(chat, is_told=True)  # else the form would end as if all had been answered
        return chat.events()


def _was_asked_enough(chat: Chat) -> bool:
    """After two digressions in a row the question waits in silence; the buyer has heard it."""
    slot = chat.turn.requested_slot
    has_digressed = chat.turn.came_after != "action_listen"
    before: dict[str, Any] = chat.slot("form_asked") or {}
    is_again = has_digressed and before.get("slot") == slot
    times = int(before.get("times") or 0) + 1 if is_again else 0
    chat.keep("form_asked", {"slot": slot, "times": times})
    return times > MOST_REMINDERS and chat.turn.has_answer  # else nobody would say a word
