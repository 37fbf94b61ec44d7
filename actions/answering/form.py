"""The frame of a form: reads one message, keeps what it gives, says what to ask next.

A message that gives nothing is rejected, so that rules answer it; Rasa then comes back to the
form's question by itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering.answer import answer_kindly
from actions.frame.chat import Chat, Event
from actions.frame.heard import hears
from actions.frame.shop import shop
from actions.frame.turn import Turn
from actions.hearing.kept_parts import kept_part

_BY_BUYER = "buyer"
_FAILED = "failed"
_WITHDRAWN = "withdrawn"


class FormReader(Action, ABC):  # type: ignore[misc]  # rasa_sdk ships no types
    """Subclasses give `name()` (validate_<form>), `read(chat)` and `next_slot(chat)`."""

    @abstractmethod
    async def read(self, chat: Chat) -> bool:
        """Keeps what the message gives; False, and nothing kept, where it gives nothing."""

    @abstractmethod
    async def next_slot(self, chat: Chat) -> str | None:
        """The slot to ask for; None ends the form."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> list[Event]:
        chat = Chat(dispatcher, tracker, shop())
        outcome = _Outcome()

        async def read_on(chat: Chat) -> None:
            if self._is_news(tracker):
                if _wants_nothing_more(chat) or not (await self.read(chat) or _keeps_a_part(chat)):
                    outcome.is_rejected = True
                    return
                # An answer of no use counts as one too: the question is asked again.
                chat.keep("form_heard", chat.turn.request_id)
            if not chat.slot("form_given_up"):
                outcome.next_slot = await self.next_slot(chat)
            outcome.is_whole = True

        was_read = await answer_kindly(read_on, chat)
        if outcome.is_rejected:
            return []
        if not was_read:
            return stay_or_give_up(chat)
        if not outcome.is_whole:  # the shop refused, and the buyer was told
            chat.keep("form_given_up", _FAILED)
        return [*chat.events(), SlotSet("requested_slot", outcome.next_slot)]

    def _is_news(self, tracker: Tracker) -> bool:
        """Whether the message was not yet answered: after a digression the form runs again."""
        form = self.name().removeprefix("validate_")
        for event in reversed(tracker.events):
            if event.get("event") == "user":
                return True
            if event.get("event") == "action" and event.get("name") != form:
                return False
        return True


def stay_or_give_up(chat: Chat) -> list[Event]:
    """The shop could not be read: the same question once more, if one was open already."""
    asked = None if chat.has_handed_over else chat.slot("requested_slot")
    if asked is None:
        give_up(chat, is_told=True)
    return [*chat.events(), SlotSet("requested_slot", asked)]


def _wants_nothing_more(chat: Chat) -> bool:
    """没有了, to a summary: no other wish, and no no to what is shown."""
    asked = chat.turn.requested_slot or ""
    is_no = chat.turn.intent in ("deny", "goodbye")
    return is_no and asked.endswith("_confirmed") and hears(chat.turn, "nothing_more")


def _keeps_a_part(chat: Chat) -> bool:
    """电话不用改, and nothing else: said back, and the rest is asked for."""
    if part := kept_part(chat):
        chat.reply("utter_part_kept", what=part)
    return bool(part)


@dataclass
class _Outcome:
    is_rejected: bool = False
    is_whole: bool = False
    next_slot: str | None = None


def give_up(chat: Chat, *, is_told: bool = False) -> None:
    """Ends the form without its deed; `is_told` where the buyer already knows why."""
    by_buyer = _WITHDRAWN if _lets_it_be(chat.turn) else _BY_BUYER
    chat.keep("form_given_up", _FAILED if is_told else by_buyer)


def was_given_up(chat: Chat) -> bool:
    """Whether the form that just ended was given up; says so once and forgets it."""
    given_up = chat.slot("form_given_up")
    chat.keep("form_given_up", None)
    if given_up in (_BY_BUYER, _WITHDRAWN):
        is_withdrawn = given_up == _WITHDRAWN
        chat.reply("utter_matter_withdrawn" if is_withdrawn else "utter_form_given_up")
    return bool(given_up)


_BARE_NO = 4  # characters: 不需要, 不用了
_LEAVING = ("deny", "cancel_order", "thank", "goodbye", "hesitate")


def wants_to_stop(chat: Chat) -> bool:
    """算了, 不退了, 先不办了: the buyer leaves this road. 不退了,换货吧 does not."""
    turn = chat.turn
    if turn.intent == "deny" and not turn.text:
        return True
    if _lets_it_be(turn) and not turn.questions:
        return True
    if turn.intent == "deny" and "utter_whenever_you_can" in turn.told_before:
        return len(turn.text) <= _BARE_NO  # whoever had put it off says no to it
    if turn.in_form == "return_form" and turn.value("remedy") == "resend":
        return False  # 不用退 给我补一个
    gone = _spans(turn, "no_deed", "cancel_change", "no_cancel")
    if kept_part(chat):  # 电话不用改 calls nothing off but that
        kept = [_span(one) for one in turn.entities if one.get("entity") == "kept_part"]
        gone = [one for one in gone if not any(_lies_in(one, whole) for whole in kept)]
    deeds = _spans(turn, "deed", "refund_when")
    if any(not any(_lies_in(deed, whole) for whole in gone) for deed in deeds):
        return False  # another deed than the one called off
    likely = turn.ranking[:2] if turn.intent == "nlu_half_sure" else (turn.intent,)
    is_off = hears(turn, "stop", "called_off", "order_gone")
    return bool(gone) or (is_off and any(intent in _LEAVING for intent in likely))


def _lets_it_be(turn: Turn) -> bool:
    """将就着用吧, 我自己粘一下; 找到了, of what was said to be missing."""
    is_there = turn.in_form == "return_form" and turn.has("parcel_turned_up")
    return hears(turn, "keeps_it", "mends_oneself") or is_there


def _spans(turn: Turn, *cues: str) -> list[tuple[int, int]]:
    said = (one for one in turn.entities if one.get("entity") == "cue" and one["value"] in cues)
    return list(map(_span, said))


def _span(one: Mapping[str, Any]) -> tuple[int, int]:
    return one.get("start", 0), one.get("end", 0)


def _lies_in(part: tuple[int, int], whole: tuple[int, int]) -> bool:
    return part[0] >= whole[0] and part[1] <= whole[1]
