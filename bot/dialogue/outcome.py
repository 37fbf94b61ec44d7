"""What came of a wish: whether the buyer heard anything new, and when a person should come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.dialogue.files import Replies


class Outcome(Enum):
    """Kept with each wish; desk, figures and the trainers' inbox read it."""

    ANSWERED = "answered"
    COURTESY = "courtesy"  # nothing was asked, or nothing but politeness came back
    ASKED_BACK = "asked_back"
    NOT_UNDERSTOOD = "not_understood"
    REPEATED = "repeated"  # all of the answer had been told before in this talk
    OFFERED_PERSON = "offered_person"
    HANDED_OVER = "handed_over"
    SILENT = "silent"
    LEFT_TO_PERSON = "left_to_person"  # a person was in charge: the bot gave no answer

    @property
    def is_fruitless(self) -> bool:
        return self in (Outcome.ASKED_BACK, Outcome.NOT_UNDERSTOOD, Outcome.REPEATED)

    @property
    def tries_to_help(self) -> bool:
        """Whether a buyer may be asked if it did: a courtesy, a question of ours, or an admission
        that nothing was understood tries nothing."""
        return self in (Outcome.ANSWERED, Outcome.REPEATED)


@dataclass(frozen=True)
class Told:
    """One bubble: the response's name, and a key that is equal where the same thing is told in
    whatever words; `text` is what the buyer read."""

    response: str
    key: str
    text: str


def outcome_of(
    told: Sequence[Told], before: Sequence[Told], replies: Replies, *, handed_over: bool
) -> Outcome:
    """`told`: what the wish was answered with; `before`: all that was told earlier in the talk."""
    if handed_over:
        return Outcome.HANDED_OVER
    if not told:
        return Outcome.SILENT
    names = {one.response for one in told}
    if names & replies.asked_back:
        return Outcome.ASKED_BACK
    if names & replies.not_understood:
        return Outcome.NOT_UNDERSTOOD
    telling = [one for one in told if one.response not in replies.courteous]
    if not telling:
        is_offer = "utter_offer_person" in names
        return Outcome.OFFERED_PERSON if is_offer else Outcome.COURTESY
    known = {one.key for one in before}
    if all(one.key in known for one in telling) and not names & replies.always:
        return Outcome.REPEATED
    return Outcome.ANSWERED


def said_twice(told: Sequence[Told], before: Sequence[Told], replies: Replies) -> frozenset[str]:
    """Texts among `told` that the buyer has read word for word and that something new stands
    beside: they can be left out."""
    heard = {one.text for one in before}
    fresh = [one for one in told if one.text not in heard]
    if not any(one.response not in replies.courteous for one in fresh):
        return frozenset()
    keep = replies.courteous | replies.always
    return frozenset(one.text for one in told if one.text in heard and one.response not in keep)
