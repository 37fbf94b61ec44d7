"""What the talk is about, where a line was only half understood and acted upon or asked about."""

from __future__ import annotations

from actions.frame.chat import Chat
from bot.dialogue.matter import LONGEST_TEXT, Matter, values_of
from bot.dialogue.situations import opens_matter

_RATHER_SURE = 0.6  # chance from which later lines are read behind this one


def is_about(chat: Chat, intent: str) -> None:
    """`intent` (full label) was answered: data that come next go on with it.

    A faint one takes the data only where nothing else is open, and lends no words to what follows.
    """
    before = Matter.of_slot(chat.slot("matter"))
    is_open = before is not None and not before.is_settled
    if not opens_matter(intent) or not chat.turn.text:
        return
    if is_open and before is not None and before.intent == intent:
        return
    is_sure = bool(chat.turn.chances) and chat.turn.chances[0] >= _RATHER_SURE
    if is_open and not is_sure:
        return
    matter = _of_this_line(chat, intent, has_words=is_sure)
    for slot, value in matter.beside(before).items():
        chat.keep(slot, value)


def asks_about(chat: Chat, intent: str) -> None:
    """The buyer is asked whether this is meant; a yes is heard as this line with that intent."""
    chat.keep("asked_about", _of_this_line(chat, intent).as_slot())


def _of_this_line(chat: Chat, intent: str, *, has_words: bool = True) -> Matter:
    told = {name: value for name, value in values_of(chat.turn.entities).items() if name != "cue"}
    text = chat.turn.text[:LONGEST_TEXT] if has_words else ""
    return Matter(intent=intent, text=text, values=told)
