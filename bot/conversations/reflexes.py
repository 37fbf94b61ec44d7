"""What needs no understanding: texts that are too long, or that hold no word at all."""

from __future__ import annotations

import unicodedata

from bot.nlu.found import Claims
from bot.nlu.normalise import normalise
from bot.nlu.stand_ins import stand_ins

LONGEST_READ = 600
"""Characters of a burst, joined and normalised, that the bot reads; more is kept and answered kindly."""
TOO_LONG = "utter_too_long"
LONGEST_KEPT = 5000
# Answers to what says nothing: with words beside it, the words are answered.
SAID_ALONE = frozenset(["utter_only_signs", "utter_recalled", "utter_take_your_time", "utter_here"])

_SPACES = str.maketrans("\t\v\f\x85\u2028\u2029", "  \n\n\n\n")
_SAY_NOTHING = {"sticker", "nudge", "recalled"}
_UNSEEN = ("Cc", "Cf", "Cs", "Co")


def cleaned(text: str) -> str:
    """Without control characters and invisible marks; line breaks stay."""
    kept = (
        char
        for char in text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES)
        if char == "\n"
        or char == "\u200d"  # joins emoji
        or unicodedata.category(char) not in _UNSEEN
    )
    return "".join(kept).strip().strip("\u200d").strip()


def is_too_long(text: str) -> bool:
    """Whether the engine would read more than LONGEST_READ characters of this: ﷺ is eighteen."""
    # In steps: most of what is too long is seen to be so for little.
    if len(text) > LONGEST_READ or len(unicodedata.normalize("NFKC", text)) > LONGEST_READ:
        return True
    return len(normalise(text)) > LONGEST_READ


def reflex(text: str) -> str | None:
    """The response that answers this text without the engine; None: let the engine read it."""
    if is_too_long(text):
        return TOO_LONG
    # Read as the engine reads it: 👌 is a word there, [微笑] is none.
    read = normalise(text)
    instead = Claims()
    instead.add(stand_ins(read))
    if any(char.isalnum() for char in instead.masked(read)):
        return None
    kinds = {one.value for one in instead.found}
    if kinds - _SAY_NOTHING:
        return "utter_not_readable"
    return "utter_recalled" if "recalled" in kinds else "utter_only_signs"
