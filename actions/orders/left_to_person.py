"""What is still said of goods that are none of ours, once a person was fetched for them."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears

_IN_GENERAL = "utter_mended_in_general"
_MENDING = ("once_mended", "mends_on", "recurs")  # cues


def leave_to_the_person(chat: Chat, goods: str) -> None:
    """How mending goes anywhere is told once; the rest is theirs who were fetched."""
    if hears(chat.turn, *_MENDING) and _IN_GENERAL not in chat.turn.told_in_talk:
        chat.reply(_IN_GENERAL, goods=goods)
    else:
        chat.reply("utter_again_to_person")
