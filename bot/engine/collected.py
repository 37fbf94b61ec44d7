"""Gathers what the bot says in a turn and tells words for the buyer from facts for the house."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.engine.payloads import read_payload
from bot.engine.turns import Button, FollowUpWish, HandOver, PromiseMade, Reply
from bot.handing_over import HandOverReason


class Collected(OutputChannel):  # type: ignore[misc]  # Rasa ships no types
    """The output channel of one turn."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[Reply] = []
        self.hand_over: HandOver | None = None
        self.follow_ups: list[FollowUpWish] = []
        self.promises: list[PromiseMade] = []
        self.opts_out = False
        self.unwritten: str | None = None  # what the present wish asks stands in no data; of what
        self._wish_begins_at = 0

    def begin_wish(self) -> None:
        """What is said from now on answers the next wish of the turn."""
        self._wish_begins_at = len(self.replies)
        self.unwritten = None

    def leave_out(self, texts: frozenset[str]) -> None:
        """Takes back texts of the present wish's answer."""
        at = self._wish_begins_at
        kept = [one for one in self.replies[at:] if one.card or one.text not in texts]
        self.replies = [*self.replies[:at], *kept]

    def take_back(self) -> None:
        """Takes back the whole answer to the present wish, cards and all."""
        self.replies = self.replies[: self._wish_begins_at]

    def name(self) -> str:  # type: ignore[override]  # a class method there, the channel here
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        if custom := message.get("custom"):
            self._take_fact(custom, message.get("utter_action", ""))
        if message.get("text") or message.get("image"):
            self._say(
                Reply(
                    text=(message.get("text") or "").strip(),
                    buttons=tuple(map(_button, message.get("buttons") or ())),
                    image=message.get("image") or "",
                    response=message.get("utter_action", ""),
                    beside_cards=((custom or {}).get("beside_cards") or "").strip(),
                )
            )

    def _take_fact(self, custom: dict[str, Any], response: str) -> None:
        if wish := custom.get("hand_over"):
            # The first reason is the cause; what follows in the turn is its consequence.
            self.hand_over = self.hand_over or HandOver(
                reason=HandOverReason(wish["reason"]), note=wish.get("note", "")
            )
        elif plan := custom.get("plan_follow_up"):
            self.follow_ups.append(
                FollowUpWish(kind=plan["kind"], key=plan["key"], about=plan.get("about", {}))
            )
        elif made := custom.get("promise"):
            self.promises.append(PromiseMade(**made))
        elif asked := custom.get("unwritten"):
            self.unwritten = str(asked.get("product") or "")
        elif custom.get("opt_out"):
            self.opts_out = True
        elif card := custom.get("card"):
            self._say(Reply(card=card, response=response))

    def _say(self, reply: Reply) -> None:
        """Adds a reply; one said again in the same turn (a form's question) stays at its end."""
        self.replies = [said for said in self.replies if not _same(said, reply)]
        self.replies.append(reply)


def _same(one: Reply, other: Reply) -> bool:
    if one.response and one.response == other.response and not one.card:
        return one.buttons == other.buttons and one.response.startswith("utter_ask")
    return one.text == other.text and one.card == other.card and one.image == other.image


def _button(raw: dict[str, Any]) -> Button:
    return Button(title=raw["title"], payload=read_payload(raw.get("payload") or ""))
