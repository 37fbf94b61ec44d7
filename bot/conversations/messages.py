"""What is said in a conversation, as it is stored and as each side may see it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class Author(Enum):
    BUYER = "buyer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"
    SUGGESTION = "suggestion"  # what the bot would have said; agents see it, buyers do not


@dataclass(frozen=True, kw_only=True)
class StoredButton:
    """A choice under a bot's message. The payload stays here; the buyer's side gets the title."""

    title: str
    payload: Mapping[str, Any] | None  # {"intent": …, "entities": {…}}; None = the title as text


@dataclass(frozen=True, kw_only=True)
class Message:
    """One line of a conversation; `seq` counts from 1 without gaps (buyers see none of the
    suggestions, so theirs may have some)."""

    conversation_id: str
    seq: int
    message_id: str  # the sender's own id; unique in the conversation
    author: Author
    at: datetime
    text: str = ""
    buttons: tuple[StoredButton, ...] = ()
    picture: Mapping[str, Any] | None = None  # {"picture_id", "url", "width", "height"}
    card: Mapping[str, Any] | None = None
    payload: Mapping[str, Any] | None = None  # of the button that a buyer pressed
    pressed_seq: int | None = None  # the message that the button belongs to
    pressed_index: int | None = None
    question: str = ""  # the open question that this message asks, if its buttons answer one
    response: str = ""
    agent: str = ""
    agent_name: str = ""  # as buyers read it; "" = the account's name
    turn_id: str = ""  # of the turn that answered it, or that it answers in
    understood: tuple[Mapping[str, Any], ...] = ()
    takes_back: int | None = None  # seq of the line that this one says is taken back
    taken_back_at: datetime | None = None  # its words are gone
    beside_cards: str = ""  # what a page says in place of `text`; "" = the same
    may_be_doubted: bool = False  # it tries to help, and the buyer has not said that it did not

    @property
    def kind(self) -> str:
        if self.card is not None:
            return "card"
        return "picture" if self.picture is not None else "text"

    def for_buyer(self) -> dict[str, Any]:
        """The JSON the chat page gets (docs/chat-protocol.md)."""
        shown: dict[str, Any] = {
            "seq": self.seq,
            "id": self.message_id,
            "from": self.author.value,
            "kind": self.kind,
            "text": self.text,
            "buttons": [{"title": button.title} for button in self.buttons],
            "at": self.at.isoformat(),
        }
        if self.picture is not None:
            shown["picture"] = dict(self.picture)
        if self.card is not None:
            shown["card"] = dict(self.card)
        if self.pressed_seq is not None:
            shown["pressed"] = {"seq": self.pressed_seq, "button": self.pressed_index}
        if self.takes_back is not None:
            shown["takes_back"] = self.takes_back
        if self.taken_back_at is not None:
            shown["is_taken_back"] = True
        if self.agent:
            shown["agent_name"] = self.agent_name or self.agent
        return shown


def system_line(
    conversation_id: str, text: str, at: datetime, *, takes_back: int | None = None
) -> Message:
    """What the house tells of itself (客服小李来了); it has no number yet."""
    return Message(
        conversation_id=conversation_id,
        seq=0,
        message_id=f"system-{uuid.uuid4().hex}",
        author=Author.SYSTEM,
        at=at,
        text=text,
        takes_back=takes_back,
    )


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A buyer's message at the door, checked and not yet stored."""

    message_id: str
    text: str = ""
    picture: Mapping[str, Any] | None = None
    button: tuple[int, int] | None = None  # seq of the message and index of its button
    product_id: str = ""  # a product the buyer shows
    card: Mapping[str, Any] | None = None  # as which it is shown
    payload: Mapping[str, Any] | None = None  # of a question that the page offered


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of an incoming message."""

    seq: int
    is_new: bool  # False: it had come before, and is answered once
