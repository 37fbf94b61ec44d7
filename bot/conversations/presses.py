"""Pressed buttons: each belongs to a question, acts once, and is stale when another one is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from bot.conversations import store
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Message

# Mere answers, and the yes to a deed: pressed twice they act once. What names its own subject
# (a product, a size) may well be pressed again.
_ONCE = ("affirm", "deny", "confirm_cancel")
_BARE = ("affirm", "deny")


class Heard(NamedTuple):
    """A buyer's line and, of a pressed yes or no, the question that it answers."""

    message: Message
    question: str


@dataclass(frozen=True, kw_only=True)
class Sorted:
    lines: tuple[Heard, ...]  # for the engine
    reflexes: tuple[str, ...] = ()  # responses that answer the other presses
    repeated: tuple[Message, ...] = ()  # what is said once more after them


def sort_presses(
    connection: Connection, conversation: Conversation, pending: Sequence[Message]
) -> Sorted:
    """Takes out the presses that must not act: the second of a pair, and the stale ones."""
    lines: list[Heard] = []
    reflexes: list[str] = []
    repeated: list[Message] = []
    for message in pending:
        if message.pressed_seq is None or not _is_one_of(message.payload, _ONCE):
            lines.append(Heard(message, ""))
            continue
        first = store.pressed_before(connection, message)
        if first is not None and first.seq >= pending[0].seq:
            continue  # its answer comes in this very turn
        asked = store.by_seq(connection, message.conversation_id, message.pressed_seq)
        question = asked.question if asked is not None else ""
        if question and question == conversation.question:
            # Also where it was pressed before: then the shop failed, and the question stayed open.
            lines.append(Heard(message, question))
        elif first is not None:
            reflexes.append("utter_pressed_already")
            repeated += _outcome(connection, first)
        elif _is_one_of(message.payload, _BARE):
            reflexes.append("utter_stale_button")
        else:
            lines.append(Heard(message, ""))  # names its own subject, and the shop knows its state
    if "utter_stale_button" in reflexes and conversation.question:
        still = store.asking(connection, conversation.conversation_id, conversation.question)
        repeated += [] if still is None else [still]
    return Sorted(
        lines=tuple(lines), reflexes=tuple(dict.fromkeys(reflexes)), repeated=tuple(repeated)
    )


def _outcome(connection: Connection, press: Message) -> list[Message]:
    """The card and the first words that the first press got; without buttons, it is history."""
    told = store.of_turn(connection, press.conversation_id, press.turn_id, after=press.seq)
    cards = [one for one in told if one.card is not None][:1]
    words = [one for one in told if one.text][:1]
    return [replace(one, buttons=(), question="") for one in (*cards, *words)]


def _is_one_of(payload: Any, intents: tuple[str, ...]) -> bool:
    return payload is not None and payload["intent"] in intents
