"""Thanks and farewells while a step still waits: the buyer hears that nothing is registered yet.

Whoever says 好的谢谢 before the title, the new address or the photo has come leaves in the belief that
all is done. In place of the courtesy one light reminder is said: what is missing, and how to go on. The
step stays open; a second farewell is let go, and who calls the matter off is not reminded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.files import Waits, read_matters, read_waits
from bot.dialogue.matter import Matter, Step
from bot.dialogue.outcome import Told
from bot.dialogue.situation import Situation
from bot.engine.parses import HALF_SURE, Parse, label_of, ranking_of, spoken_in

_CLOSING = frozenset(("thank", "goodbye", "deny"))
_LEAVING = ("thank", "goodbye")
_NOTHING_MORE = "nothing_more"  # a cue
_BUYING = "order_form"  # no sale is pushed at who leaves
_LOOKING_UP = "order_lookup_form"  # does no deed: left for another wish it is over
_PERSON = "hand_over"
_MOMENT, _MEANWHILE = "utter_take_your_time", "utter_whenever_you_can"
_TITLES = ("utter_waits_invoice_title",)
_OPEN_FOR = 8  # lines that a step left for another wish is remembered

Answers = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class Reminder:
    reply: str
    events: tuple[Event, ...]  # the step is open again
    left_out: frozenset[str]  # courtesies that it takes the place of, and the question put again


class Reminding:
    def __init__(self) -> None:
        self._waits: Waits = read_waits()
        self._withdraws = read_matters().withdraws

    def keeps_open(self, tracker: DialogueStateTracker, situation: Situation, parse: Parse) -> bool:
        """Whether thanks or a first farewell leave the open form as it is, to be reminded of."""
        label = label_of(parse)
        if label == "thank":
            return True
        reply = self._reminder(situation.asked, _answers(tracker))
        return label == "goodbye" and bool(reply) and not _was_reminded(_answers(tracker), reply)

    def left(self, situation: Situation, parse: Parse, *, lets_go: bool) -> Step | None:
        """The step that waits while something else is talked of, after this line."""
        label = label_of(parse)
        if label == "goodbye" and lets_go:
            return None
        if lets_go and situation.form not in (_BUYING, _LOOKING_UP) and situation.asked:
            return Step(form=situation.form, slot=situation.asked)
        step = situation.matter.waits if situation.matter is not None else None
        is_off = spoken_in(parse) & (self._waits.called_off | self._withdraws)
        if step is None or situation.form == step.form or is_off or step.lines >= _OPEN_FOR:
            return None
        return Step(form=step.form, slot=step.slot, lines=step.lines + 1)

    def remind(
        self,
        tracker: DialogueStateTracker,
        situation: Situation,
        left: Step | None,
        told: Sequence[Told],
    ) -> Reminder | None:
        """What is said in place of the courtesies among `told`; None where they may stand."""
        said = {one.response for one in told} & self._waits.closers
        latest = tracker.latest_message
        if not said or latest is None:
            return None
        parse = {"intent": latest.intent, "entities": latest.entities}
        if spoken_in(parse) & self._waits.called_off:
            return None
        step, events = self._open_step(tracker, situation, left)
        _, *before = _answers(tracker)
        if parting := self._parting(latest, situation, before):
            return Reminder(reply=parting, events=(), left_out=frozenset(one.text for one in told))
        reply = self._reminder(step, before)
        if not reply:
            return None
        if _closes(latest):
            is_due = not _was_reminded(before, reply)
        elif step == situation.asked:  # 好的, to the form's question: the first is let be
            just_said = {*before[0][1]} if before else set()
            is_due = bool(said & self._waits.nods and just_said & {*self._waits.nods, reply})
        else:
            is_due = not situation.question and all(reply not in names for _, names in before)
        if not is_due and _MOMENT in said and step == situation.asked and tracker.active_loop_name:
            reply = _MEANWHILE  # 我这就去拍: the form waits, and nobody is sent away to be busy
        elif not is_due:
            return None
        left_out = {one.text for one in told if one.response in said or step == situation.asked}
        return Reminder(reply=reply, events=events, left_out=frozenset(left_out))

    def _reminder(self, step: str, answers: Answers) -> str:
        """By the words in which it was asked for, else by what is asked for; "" where none is."""
        reply = self._waits.steps.get(step, "")
        asked = {name for _, names in answers for name in names} & self._waits.instead.keys()
        return self._waits.instead[asked.pop()] if reply in _TITLES and asked else reply

    def _parting(self, latest: UserUttered, situation: Situation, before: Answers) -> str:
        """88, though it was told that the address is missing: whereto it goes, once."""
        reply = self._waits.parting.get(situation.asked, "")
        is_farewell = latest.intent.get("name") == "goodbye"
        due = self._waits.steps.get(situation.asked, "")
        is_reminded = bool(due) and _was_reminded(before, due)
        was_said = any(reply in names for _, names in before)
        return reply if is_farewell and is_reminded and not was_said else ""

    def _open_step(
        self, tracker: DialogueStateTracker, situation: Situation, left: Step | None
    ) -> tuple[str, tuple[Event, ...]]:
        """(slot or question that waits, what opens it again); "" where nothing does."""
        form = tracker.active_loop_name
        if form:
            asked = str(tracker.get_slot("requested_slot") or "")
            is_same = form == situation.form and asked == situation.asked
            return (asked if is_same and form != _BUYING else "", ())
        question = situation.question
        if question == _PERSON:
            matter = situation.open_matter
            is_unsolved = matter is not None and matter.intent in self._waits.unsolved
            return (question if is_unsolved else "", (SlotSet("open_question", None),))
        if question in self._waits.steps:
            return question, (SlotSet("open_question", question),)
        if left is not None:
            opened = (ActiveLoop(left.form), SlotSet("requested_slot", left.slot))
            return left.slot, (SlotSet("open_question", None), *opened)
        return "", ()


def _closes(line: UserUttered) -> bool:
    """Thanks, a farewell, 没有了; half heard, where it is thanks or a farewell rather than all else."""
    heard = str(line.intent.get("name") or "")
    ranking = ranking_of(line.parse_data) if heard == HALF_SURE else ()
    if not ranking:
        return heard in _CLOSING
    is_all = _NOTHING_MORE in spoken_in({"intent": line.intent, "entities": line.entities})
    return ranking[0][0] in _LEAVING or (is_all and ranking[0][0] in _CLOSING)


def with_step(
    after: Sequence[Event], situation: Situation, waits: Step | None
) -> tuple[Event, ...]:
    """The matter as it is kept after this line, with the step that still waits."""
    kept = [one.value for one in after if isinstance(one, SlotSet) and one.key == "matter"]
    matter = Matter.of_slot(kept[-1]) if kept else situation.matter
    if matter is None or matter.waits == waits:
        return ()
    return (SlotSet("matter", replace(matter, waits=waits).as_slot()),)


def without_step(tracker: DialogueStateTracker) -> tuple[Event, ...]:
    """After a person nothing that was asked before is open."""
    matter = Matter.of_slot(tracker.get_slot("matter"))
    if matter is None or matter.waits is None:
        return ()
    return (SlotSet("matter", replace(matter, waits=None).as_slot()),)


def _was_reminded(answers: Answers, reply: str) -> bool:
    """Whether it was said to thanks or a farewell before, or just now to a nod."""
    return any(
        reply in names and (intent in _CLOSING or place == 0)
        for place, (intent, names) in enumerate(answers)
    )


def _answers(tracker: DialogueStateTracker) -> Answers:
    """Of each line its intent and the responses it was answered with, newest first."""
    answers: list[tuple[str, list[str]]] = []
    names: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            names.append(str((event.metadata or {}).get("utter_action") or ""))
        elif isinstance(event, UserUttered):
            answers.append((str(event.intent.get("name") or ""), names))
            names = []
    return answers
