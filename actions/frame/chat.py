"""What an action holds in its hands during one turn: the shop, the buyer, words out, slots kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.frame.phrasing import axes_text
from actions.frame.turn import Turn
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Buyer
from bot.shop.words.goods import AXES, Product
from bot.shop.words.port import Shop

Event = dict[str, Any]

_MERE_QUESTIONS = (
    "utter_offer_order",
    "utter_offer_order_for_sum",
    "utter_offer_person",
    "utter_ask_use",
)


class Chat:
    """Collects replies and slot changes; nothing is changed in the tracker itself."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker, shop: Shop) -> None:
        self.turn = Turn.of(tracker)
        self.shop = shop
        self.has_asked = False
        self.names_a_part = ""  # 腰带, of the goods in talk (actions/hearing/parts.py)
        self._dispatcher = dispatcher
        self._slots: Mapping[str, Any] = tracker.slots
        self._kept: dict[str, Any] = {}
        self._next_action: str | None = None
        self._reopened: str | None = None
        self.has_handed_over = False
        self._buyer: Buyer | None = None
        self._buyer_was_read = False
        self._axes = {"axes": AXES[1], "colour_name": AXES[0], "size_name": AXES[1]}

    # -- what is known

    def about(self, product: Product) -> None:
        """Replies call what its SKUs differ in as the shop does: {axes}, {colour_name}, {size_name}."""
        self._axes = {
            "axes": axes_text(product),
            "colour_name": product.colour_name,
            "size_name": product.size_name,
        }

    def slot(self, name: str) -> Any:
        return self._kept[name] if name in self._kept else self._slots.get(name)

    def keep(self, name: str, value: Any) -> None:
        self._kept[name] = value

    async def buyer(self) -> Buyer | None:
        """Who signed in, with what the shop knows of them; None for visitors."""
        if not self._buyer_was_read and self.turn.signed_in:
            self._buyer = await self.shop.buyer(self.turn.buyer_id)
        self._buyer_was_read = True
        return self._buyer

    async def remember(self, **attributes: Any) -> None:
        """Keeps what a signed-in buyer told, for all later chats; None is left out."""
        told = {name: str(value) for name, value in attributes.items() if value is not None}
        if told and self.turn.signed_in:
            await self.shop.remember(self.turn.buyer_id, told)

    # -- what is said

    def reply(
        self, response: str, buttons: Sequence[Mapping[str, str]] = (), **values: Any
    ) -> None:
        words = {**self._axes, **values}
        self._dispatcher.utter_message(response=response, buttons=list(buttons), **words)

    def show(self, card: Mapping[str, Any]) -> None:
        self._dispatcher.utter_message(json_message={"card": dict(card)})

    def ask(
        self,
        question: str,
        response: str,
        buttons: Sequence[Mapping[str, str]] = (),
        **values: Any,
    ) -> None:
        """Answers, and asks something that the next message may answer.

        Within a form the answer is given all the same, but the question that stays open is the
        form's; what is nothing but a question is left out.
        """
        if self.turn.in_form:
            if response not in _MERE_QUESTIONS:
                self.reply(response, buttons, **values)
            return
        self.reply(response, buttons, **values)
        self.keep("open_question", question)
        self.has_asked = True

    def hand_over(self, reason: HandOverReason, note: str) -> None:
        """Fetches a person. `note` is Chinese and short: what the agent must know."""
        self.has_handed_over = True
        response = "utter_handing_over" if self.turn.people_are_in else "utter_handing_over_away"
        self.reply(response, back=self.turn.people_back_text)
        self._dispatcher.utter_message(
            json_message={"hand_over": {"reason": reason.value, "note": note}}
        )

    def plan_follow_up(self, kind: str, key: str, **about: Any) -> None:
        self._dispatcher.utter_message(
            json_message={"plan_follow_up": {"kind": kind, "key": key, "about": about}}
        )

    def promise(self, matter: str, text: str, product_id: str = "") -> None:
        """Writes a promise down that no day was named for. `text`: what was promised, in Chinese."""
        self._dispatcher.utter_message(
            json_message={"promise": {"matter": matter, "text": text, "product_id": product_id}}
        )

    def opt_out(self) -> None:
        """No more follow-ups for this buyer; those that were planned are dropped."""
        self._dispatcher.utter_message(json_message={"opt_out": True})

    def note_unwritten(self, product_id: str) -> None:
        """What this line asks stands in none of the shop's data: the owner shall read it.

        `product_id`: the goods it was asked of, "" for the shop as a whole.
        """
        self._dispatcher.utter_message(json_message={"unwritten": {"product": product_id}})

    def take_back(self) -> None:
        """Nothing was said or kept so far: half of an answer is none."""
        self._dispatcher.messages.clear()
        self._kept.clear()
        self.has_asked = False
        self._next_action = self._reopened = None
        self.has_handed_over = False

    def reopen(self, form: str, *, asking: str) -> None:
        """The form that has just ended is open again, at this question."""
        self._reopened = form
        self.keep("requested_slot", asking)

    def go_on_with(self, action: str) -> None:
        """Runs this action or form right after the present one."""
        self._next_action = action

    # -- what remains

    def events(self) -> list[Event]:
        """SlotSets for what changed, and no others: fewer events make later turns faster."""
        events: list[Event] = [
            SlotSet(name, value)
            for name, value in self._kept.items()
            if value != self._slots.get(name)
        ]
        if self.has_handed_over and self.turn.in_form:
            # A person goes on: the form must not ask its question after the goodbye.
            events += [ActiveLoop(None), SlotSet("requested_slot", None)]
        elif self._reopened:
            events.append(ActiveLoop(self._reopened))
        elif self._next_action:
            events.append(FollowupAction(self._next_action))
        return events


def button(title: str, intent: str, **entities: Any) -> dict[str, str]:
    """A button whose payload the buyer cannot see or forge; `title` comes from shop data."""
    told = {name: value for name, value in entities.items() if value not in (None, "")}
    payload = f"/{intent}{json.dumps(told, ensure_ascii=False)}" if told else f"/{intent}"
    return {"title": title, "payload": payload}
