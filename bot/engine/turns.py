"""What goes into a turn of the bot and what comes out of it, without a word of Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.handing_over import HandOverReason

FOLLOW_UP = "follow_up"  # the question of a message that we sent by ourselves


@dataclass(frozen=True, kw_only=True)
class Payload:
    """A choice that we offered ourselves: an intent and its entities, never typed by a buyer."""

    intent: str
    entities: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing the buyer said: free text, or a payload with the text that the buyer saw."""

    request_id: str  # stable when the turn is tried again
    text: str
    payload: Payload | None = None
    question: str = ""  # that the pressed button answers, where it is a mere yes or no


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who speaks, in the terms that actions need."""

    buyer_id: str  # "visitor:<id>" where nobody signed in
    signed_in: bool
    asker: str  # whose tries are counted when orders are guessed at
    channel: str
    origin: str = (
        ""  # the address it comes from, where the door tells; tries are counted for it too
    )
    product_in_view: str | None = None
    people_are_in: bool = True
    people_back_text: str = ""

    def as_metadata(self, request_id: str, turn_id: str) -> dict[str, Any]:
        return {
            "buyer_id": self.buyer_id,
            "signed_in": self.signed_in,
            "asker": self.asker,
            "origin": self.origin,
            "channel": self.channel,
            "product_in_view": self.product_in_view,
            "people_are_in": self.people_are_in,
            "people_back_text": self.people_back_text,
            "request_id": request_id,
            "turn_id": turn_id,
        }


@dataclass(frozen=True, kw_only=True)
class Button:
    title: str
    payload: Payload | None  # None: the title is sent as text


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One bubble of the bot: text with buttons, a picture or a card."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    image: str = ""
    card: Mapping[str, Any] | None = None
    response: str = ""  # name of the response in the YAML, for tests and figures
    question: str = ""  # the open question that it asks, if its buttons are a mere yes or no
    wording: str = ""  # which of the response's variants it is, where that is known
    beside_cards: str = ""  # in place of `text` where the cards above it are seen; "" = the same


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What one wish was taken for; kept with the buyer's message."""

    text: str
    intent: str
    confidence: float
    entities: tuple[Mapping[str, Any], ...]
    ranking: tuple[tuple[str, float], ...]
    decided_by: str = ""  # file and row that decided, "alone" (the classifier), "button"
    is_continuation: bool = False  # it went on with the open matter
    outcome: str = ""  # a value of bot.dialogue.outcome.Outcome
    request_id: str = ""  # of what was said
    unwritten: str | None = None  # no data tell it: of which product; "" = of none, of the shop


@dataclass(frozen=True, kw_only=True)
class HandOver:
    reason: HandOverReason
    note: str


@dataclass(frozen=True, kw_only=True)
class FollowUpWish:
    """Something an action wants said later; `key` keeps it from being planned twice."""

    kind: str
    key: str
    about: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PromiseMade:
    """What the bot has promised in its words, without a day."""

    matter: str  # a value of followups.promises.Matter
    text: str
    product_id: str = ""


@dataclass(frozen=True, kw_only=True)
class TurnResult:
    replies: tuple[Reply, ...]
    understood: tuple[Understood, ...]
    memory: str  # what the bot must be given at its next turn of this conversation
    hand_over: HandOver | None = None
    follow_ups: tuple[FollowUpWish, ...] = ()
    promises: tuple[PromiseMade, ...] = ()
    opts_out: bool = False  # the buyer was promised that no more follow-ups come
    question: str = ""  # the one that stands open afterwards (questions.py)
    is_in_form: bool = False  # it collects data afterwards, or asks for the yes to a deed
    facts: Mapping[str, Any] = field(default_factory=dict)  # slots worth telling an agent
    model: str = ""  # that understood it
