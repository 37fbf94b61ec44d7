"""The frame of actions that ask for a form's slot; they answer nothing and close nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering.answer import answer_kindly, was_served
from actions.answering.form import give_up
from actions.frame.chat import Chat, Event
from actions.frame.heard import hears
from actions.frame.shop import shop

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
        if _is_taking_leave(chat) or (not self.must_ask and _was_asked_enough(chat)):
            return chat.events()
        if await answer_kindly(self.ask, chat):
            was_served(chat)
        if chat.has_handed_over:
            give_up(chat, is_told=True)  # else the form would end as if all had been answered
        return chat.events()


def _is_taking_leave(chat: Chat) -> bool:
    """没有了 or 再见, to a summary: it was answered, and what is shown waits for its yes."""
    is_leaving = chat.turn.intent == "goodbye" or hears(chat.turn, "nothing_more")
    return chat.turn.has_answer and is_leaving


def _was_asked_enough(chat: Chat) -> bool:
    """After two digressions in a row the question waits in silence; the buyer has heard it."""
    slot = chat.turn.requested_slot
    has_digressed = chat.turn.came_after != "action_listen"
    before: dict[str, Any] = chat.slot("form_asked") or {}
    is_again = has_digressed and before.get("slot") == slot
    if has_digressed and chat.turn.has_answer and chat.turn.label.startswith("faq/"):
        return True  # a plain question in between is answered, and the buyer knows what we wait for
    times = int(before.get("times") or 0) + 1 if is_again else 0
    chat.keep("form_asked", {"slot": slot, "times": times})
    return times > MOST_REMINDERS and chat.turn.has_answer  # else nobody would say a word
