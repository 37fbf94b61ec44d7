"""Lets one action answer what was understood, on a real shop and without a trained model.

Slots are carried from turn to turn as the tracker would; which action comes is the test's choice,
for that is the rules' business (`tests/conversations`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.frame.clock
import actions.frame.shop
import actions.orders.not_ours  # looks at a line before any action answers it
from bot.engine.payloads import BY_BUTTON
from bot.settings import Settings
from bot.shop.words.port import Shop
from tests.support.house import Clock


@dataclass(frozen=True)
class Heard:
    """What came of one turn."""

    replies: list[str]
    values: Mapping[str, Any]  # of all replies together
    cards: list[str]
    handed_over: Mapping[str, str] | None
    goes_on_with: str | None
    buttons: list[str]


@dataclass
class Talk:
    shop: Shop
    clock: Clock
    settings: Settings
    buyer_id: str | None = None  # None: a visitor
    slots: dict[str, Any] = field(default_factory=dict)
    turns: int = 0
    is_pressing: bool = False
    label: str = ""  # the intent in full, of a plain question

    async def presses(
        self, action: Action, intent: str, title: str, *, form: str = "", **entities: Any
    ) -> Heard:
        """Runs `action` on a button that carried these entities."""
        self.is_pressing = True
        try:
            return await self.hears(action, intent, title, form=form, **entities)
        finally:
            self.is_pressing = False

    async def hears(
        self,
        action: Action,
        intent: str,
        text: str = "",
        *,
        form: str = "",
        came_after: str = "",
        rows: Any = (),
        **entities: Any,
    ) -> Heard:
        """Runs `action` on a message that was understood so; a list gives an entity twice.

        `rows`: entities as the rules found them, with their details.

        `came_after`: the action that answered the message before this one in the same turn.
        """
        actions.frame.shop.provide(self.shop)
        actions.frame.clock.provide(self.clock, self.settings.shop.zone)
        self.turns += 1
        found = [
            {"entity": name, "value": value, "extractor": BY_BUTTON if self.is_pressing else "shop"}
            for name, values in entities.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        found += [dict(row) for row in rows]
        message = {
            "text": text,
            "intent": {"name": intent, "full_retrieval_intent_name": self.label or None},
            "entities": found,
            "metadata": {
                "buyer_id": self.buyer_id or "visitor:t",
                "signed_in": self.buyer_id is not None,
                "asker": self.buyer_id or "visitor:t",
                "request_id": f"t{self.turns}",
            },
        }
        events = [{"event": "action", "name": came_after}] if came_after else []
        loop = {"name": form} if form else {}
        tracker = Tracker("t", self.slots, message, events, False, None, loop, "action_listen")
        dispatcher = CollectingDispatcher()
        changes = await action.run(dispatcher, tracker, {})
        for event in changes:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        following = [event["name"] for event in changes if event["event"] == "followup"]
        return _heard(dispatcher.messages, following)


def _heard(messages: Sequence[Mapping[str, Any]], following: list[str]) -> Heard:
    told = [message for message in messages if message.get("response")]
    customs = [message.get("custom") or {} for message in messages]
    values = {name: value for message in told for name, value in message.items()}
    return Heard(
        replies=[str(message["response"]) for message in told],
        values=values,
        cards=[custom["card"]["type"] for custom in customs if "card" in custom],
        handed_over=next((c["hand_over"] for c in customs if "hand_over" in c), None),
        goes_on_with=following[0] if following else None,
        buttons=[one["title"] for message in told for one in message.get("buttons") or ()],
    )
