"""One message of a buyer as actions need it: who says it, what was understood, by what right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from bot.asking import asks, is_question
from bot.shop.words.dealing import Access

_BY_BUTTON = "payload"  # extractor of the entities that a button carried (bot/engine/payloads.py)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A buyer's wish with its metadata; `rasa shell` sends none, so every field has a fallback."""

    conversation_id: str
    buyer_id: str  # "visitor:<id>" where nobody signed in
    signed_in: bool
    asker: str
    origin: str = ""  # the address it comes from, where the door tells
    request_id: str  # unique per wish, the same when the turn is tried again
    turn_id: str = ""  # the same for all wishes of a turn, and when it is tried again
    channel: str
    product_in_view: str | None
    people_are_in: bool
    people_back_text: str
    text: str  # the buyer's own words; "" for a button without any
    intent: str
    label: str = ""  # the intent in full, faq/ask_invoice.when of a plain question
    entities: tuple[Mapping[str, Any], ...]
    ranking: tuple[str, ...]  # what it may have meant, likeliest first
    chances: tuple[float, ...]  # of each in `ranking`, 0..1
    in_form: str | None  # name of the active form
    requested_slot: str | None
    came_after: str  # the action before the one that runs; a form that asks does not count
    has_answer: bool = False  # something was said to this message before the action that runs
    told_before: tuple[str, ...] = ()  # responses that answered the line before this one
    told_in_talk: frozenset[str] = frozenset()  # … and any line before, as far as is remembered

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        entities = tuple(message.get("entities") or ())
        intent = message.get("intent") or {}
        form = (tracker.active_loop or {}).get("name")
        guesses = [
            one for one in message.get("intent_ranking") or () if not one["name"].startswith("nlu_")
        ]
        return cls(
            conversation_id=tracker.sender_id,
            buyer_id=metadata.get("buyer_id") or f"visitor:{tracker.sender_id}",
            signed_in=bool(metadata.get("signed_in")),
            asker=metadata.get("asker") or tracker.sender_id,
            origin=str(metadata.get("origin") or ""),
            request_id=metadata.get("request_id") or message.get("message_id") or "",
            turn_id=metadata.get("turn_id") or metadata.get("request_id") or "",
            channel=metadata.get("channel") or "",
            product_in_view=metadata.get("product_in_view"),
            people_are_in=bool(metadata.get("people_are_in", True)),
            people_back_text=metadata.get("people_back_text") or "",
            text=_own_words(message.get("text") or "", entities),
            intent=intent.get("name") or "",
            label=intent.get("full_retrieval_intent_name") or intent.get("name") or "",
            entities=entities,
            ranking=tuple(one["name"] for one in guesses),
            chances=tuple(float(one.get("confidence") or 0.0) for one in guesses),
            in_form=form,
            requested_slot=tracker.slots.get("requested_slot") if form else None,
            came_after=_last_action(tracker, form),
            has_answer=_has_answer(tracker),
            told_before=_last_replies(tracker),
            told_in_talk=frozenset(
                str((event.get("metadata") or {}).get("utter_action") or "")
                for event in tracker.events
                if event.get("event") == "bot"
            ),
        )

    def values(self, name: str) -> list[Any]:
        """The values of an entity, each once, in their order; a payload's list is spread."""
        found: list[Any] = []
        for entity in self.entities:
            if entity.get("entity") == name:
                value = entity.get("value")
                told = value if isinstance(value, list) else [value]
                found.extend(one for one in told if one not in found)
        return found

    def value(self, name: str) -> Any:
        """The first value of an entity, None where the buyer did not give it."""
        return next(iter(self.values(name)), None)

    def has(self, *names: str) -> bool:
        return any(entity.get("entity") in names for entity in self.entities)

    def names_only(self, **shown: str) -> bool:
        """Whether entities of these names were given, and all of them are what was shown."""
        said = [(name, str(value)) for name in shown for value in self.values(name)]
        return bool(said) and all(value == shown[name] for name, value in said)

    @property
    def pressed(self) -> frozenset[str]:
        """The entities that a button carried; what was typed can never be among them."""
        carried = (one for one in self.entities if one.get("extractor") == _BY_BUTTON)
        return frozenset(str(one["entity"]) for one in carried)

    @property
    def asks(self) -> bool:
        """Whether the line has the form of a question or a request."""
        return asks(self.text)

    @property
    def questions(self) -> bool:
        """Whether the line has the form of a question."""
        return is_question(self.text)

    @property
    def is_first_of_burst(self) -> bool:
        """False for the second and later wishes of one message."""
        _, dot, place = self.request_id.rpartition(".")
        return not (dot and place.isdecimal() and place != "0")

    def access(
        self, phone_tail: str | None = None, *, phone: str | None = None, name: str | None = None
    ) -> Access:
        """The right to an order: one's own, by the phone's last digits, or by phone and name."""
        return Access(
            buyer_id=self.buyer_id,
            phone_tail=phone_tail,
            phone=phone,
            name=name,
            asker=self.asker,
            origin=self.origin,
        )


def _last_action(tracker: Tracker, form: str | None) -> str:
    for event in reversed(tracker.events):
        if event.get("event") == "action" and event.get("name") != form:
            return event.get("name") or ""
    return ""


def _has_answer(tracker: Tracker) -> bool:
    for event in reversed(tracker.events):
        if event.get("event") in ("user", "bot"):
            return bool(event["event"] == "bot")
    return False


def _last_replies(tracker: Tracker) -> tuple[str, ...]:
    names: list[str] = []
    has_heard = False
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            if has_heard:
                break
            has_heard = True
        elif event.get("event") == "bot" and has_heard:
            names.append(str((event.get("metadata") or {}).get("utter_action") or ""))
    return tuple(reversed(names))


def _own_words(text: str, entities: tuple[Mapping[str, Any], ...]) -> str:
    for entity in entities:
        if entity.get("entity") == "said":
            return str(entity.get("value"))
    return "" if text.startswith("/") else text
