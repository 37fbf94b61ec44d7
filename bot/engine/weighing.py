"""Looks at what a wish was answered with: nothing is said twice, and the second fruitless turn on
one matter brings a person."""

from __future__ import annotations

import json

from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.files import read_replies
from bot.dialogue.matter import Step
from bot.dialogue.outcome import Outcome, Told, outcome_of, said_twice
from bot.dialogue.situation import Situation
from bot.engine.questions import SHOWN
from bot.engine.reminding import Reminding
from bot.engine.repeating import Repeating
from bot.engine.turns import HandOver
from bot.engine.weighed import OFFER_FROM, OFFERED, STUCK, Weighed, changed, intent_of
from bot.handing_over import HandOverReason

NOWHERE = Situation()
ELSEWHERE_STILL = "utter_elsewhere_still"
AGAIN_TO_A_PERSON = "utter_again_to_person"
_HANDING_OVER = ("utter_handing_over", "utter_handing_over_away")
_NODS = ("affirm", "deny", "hold_on", "thank")
_DECLINES = "deny"
_ENDING = ("deny", "thank", "goodbye", "praise")  # whoever declines or leaves is not stuck
_TAKEN = ("order_", "return_", "lookup_", "change_", "address_", "invoice_")  # slots of forms


class Weighing:
    def __init__(self) -> None:
        self._replies = read_replies()
        self._reminding = Reminding()
        self._repeating = Repeating()

    def weigh(
        self,
        tracker: DialogueStateTracker,
        *,
        has_handed_over: bool,
        situation: Situation = NOWHERE,
        waits: Step | None = None,
    ) -> Weighed:
        """After a wish was answered; `tracker` ends with that answer. `situation`: as the line was
        heard; `waits`: what a form still waits for that was left for another wish."""
        told, before = _told(tracker)
        if not has_handed_over and (due := self._reminding.remind(tracker, situation, waits, told)):
            return Weighed(
                outcome=Outcome.COURTESY,
                events=(*changed(tracker, fruitless=None), *due.events),
                left_out=due.left_out,
                instead=(due.reply,),
            )
        outcome = outcome_of(told, before, self._replies, handed_over=has_handed_over)
        times = int(tracker.get_slot("fruitless") or 0)
        if asked_again := self._asked_behind_a_nod(tracker, told, before):
            return Weighed(outcome=Outcome.COURTESY, left_out=asked_again)
        if has_handed_over and (old := _told_to_a_person_before(tracker, told)):
            return Weighed(
                outcome=outcome,
                events=changed(tracker, fruitless=None),
                left_out=old | {one.text for one in told if one.response == _HANDING_OVER[0]},
                instead=(AGAIN_TO_A_PERSON,),
            )
        if not has_handed_over and _offers_again(tracker, told):
            return _fetch_now(tracker, told)
        if not has_handed_over and _says_yes_within_a_form(tracker):
            return _fetch_now(tracker, told)
        if outcome is Outcome.REPEATED and self._is_of_elsewhere(told):
            # A person sells no goods that the shop does not have: other words, and never a person.
            is_heard = any(one.text in {other.text for other in before} for one in told)
            instead = (ELSEWHERE_STILL,) if is_heard else ()
            return Weighed(outcome=outcome, takes_back=is_heard, instead=instead)
        if outcome is Outcome.REPEATED and _presses_on(tracker):
            return Weighed(outcome=Outcome.ANSWERED, events=changed(tracker, fruitless=None))
        if outcome is Outcome.REPEATED and _took_something(tracker):
            # The form heard its buyer and asks for the rest: nothing was in vain, and the
            # question must be put, in words heard before if there are no others.
            return Weighed(outcome=Outcome.ANSWERED, events=changed(tracker, fruitless=None))
        if outcome is Outcome.REPEATED:
            return self._repeating.weigh(tracker, told, before, situation)
        if outcome.is_fruitless:
            times += 1
        elif outcome in (Outcome.ANSWERED, Outcome.HANDED_OVER):
            times = 0
        changes: dict[str, object] = {"fruitless": times or None}
        if intent_of(tracker) in _ENDING:
            changes = {"fruitless": None}
            if tracker.get_slot("open_question") == OFFERED:
                changes["open_question"] = None  # 谢谢 to 要不要请同事: goes on without one
        return Weighed(
            outcome=outcome,
            events=changed(tracker, **changes),
            left_out=frozenset()
            if _took_something(tracker)
            else said_twice(told, before, self._replies),
        )

    def _asked_behind_a_nod(
        self, tracker: DialogueStateTracker, told: list[Told], before: list[Told]
    ) -> frozenset[str]:
        """好的, to the question of a form: it waits in silence. Texts of the question put again."""
        if not tracker.active_loop_name or intent_of(tracker) not in _NODS:
            return frozenset()
        polite = [one for one in told if one.response in self._replies.courteous]
        heard = {one.response for one in before} - self._replies.always
        rest = [one for one in told if one not in polite]
        if not polite or not rest or not all(one.response in heard for one in rest):
            return frozenset()
        return frozenset(one.text for one in rest)

    def _is_of_elsewhere(self, told: list[Told]) -> bool:
        """Whether nothing but courtesies and 不是咱们店的 was said."""
        names = {one.response for one in told} - self._replies.courteous
        return bool(names) and names <= self._replies.honest


def _offers_again(tracker: DialogueStateTracker, told: list[Told]) -> bool:
    """Whether a person is offered who was offered one or two lines before and not declined."""
    if STUCK not in {one.response for one in told}:
        return False
    lines = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            lines += 1
            if lines > OFFER_FROM or (lines > 1 and event.intent.get("name") == _DECLINES):
                return False
        elif isinstance(event, BotUttered) and lines:
            response = event.metadata.get("utter_action")
            if response in _HANDING_OVER:
                return False
            if response == STUCK:
                return intent_of(tracker) != _DECLINES
    return False


def _says_yes_within_a_form(tracker: DialogueStateTracker) -> bool:
    """嗯, to 要不要请同事 that was asked in place of a form's question, which stays open beside it."""
    if not tracker.active_loop_name or intent_of(tracker) != "affirm":
        return False
    lines = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            lines += 1
        elif isinstance(event, BotUttered) and lines:
            return lines == 1 and bool(event.metadata.get("utter_action") == STUCK)
    return False


def _presses_on(tracker: DialogueStateTracker) -> bool:
    """那拍吧, while the colour is still missing: the question must be put, and not waited with."""
    return tracker.active_loop_name == "order_form" and intent_of(tracker) == "place_order"


def _told_to_a_person_before(tracker: DialogueStateTracker, told: list[Told]) -> frozenset[str]:
    """Texts about a matter that went to a person before, in the same words, and was given back:
    nobody is sorry anew for what a colleague has looked at."""
    names = {one.response for one in told} - set(_HANDING_OVER)
    intents: list[str] = []
    before: set[str] = set()
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            intents.append(str(event.intent.get("name") or ""))
            if len(intents) > 1 and before & set(_HANDING_OVER) and intents[-1] == intents[0]:
                known = names & before
                return frozenset(one.text for one in told if one.response in known and one.text)
            before = set()
        elif isinstance(event, BotUttered) and intents:
            before.add(str(event.metadata.get("utter_action") or ""))
    return frozenset()


def _fetch_now(tracker: DialogueStateTracker, told: list[Told]) -> Weighed:
    """The offer was heard and the buyer goes on with the matter: it is not made twice."""
    reason = HandOverReason(tracker.get_slot("handoff_reason") or HandOverReason.MISUNDERSTOOD)
    return Weighed(
        outcome=Outcome.HANDED_OVER,
        events=changed(tracker, fruitless=None, open_question=None, handoff_reason=None),
        left_out=frozenset(one.text for one in told if one.response == STUCK),
        hand_over=HandOver(reason=reason, note="问过要不要请同事，买家接着说这件事"),
    )


def _took_something(tracker: DialogueStateTracker) -> bool:
    """Whether the open form took data of the last line, not only asked again."""
    if not tracker.active_loop_name:
        return False
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if (
            isinstance(event, SlotSet)
            and event.key.startswith(_TAKEN)
            and event.key not in SHOWN.values()
            and not event.key.endswith(("_offered", "_suggested"))  # ours, not the buyer's
            and event.value not in (None, "", [])
        ):
            return True
    return False


def _told(tracker: DialogueStateTracker) -> tuple[list[Told], list[Told]]:
    """(what the last line was answered with, what was told before), oldest first; what was said
    before a person came in between is another talk."""
    told: tuple[list[Told], list[Told]] = ([], [])
    is_earlier = False
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            is_earlier = True
        elif isinstance(event, BotUttered) and (one := _one(event)):
            if is_earlier and one.response in _HANDING_OVER:
                break
            told[is_earlier].append(one)
    return told[0][::-1], told[1][::-1]


def _one(event: BotUttered) -> Told | None:
    """None for facts that are no words (a hand-over, a plan)."""
    metadata = dict(event.metadata or {})
    response = str(metadata.pop("utter_action", ""))
    custom = (event.data or {}).get("custom") or {}
    if "card" in custom:
        return Told(response, json.dumps(custom["card"], sort_keys=True, ensure_ascii=False), "")
    if not event.text:
        return None
    key = json.dumps([response, metadata], sort_keys=True, ensure_ascii=False, default=str)
    return Told(response, key, event.text.strip())
