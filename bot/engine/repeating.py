"""An answer that holds nothing new: other words once, then a person; and what is said with the offer.

我查到的就是这些 is owed to who asks the very same again, and to nobody else: another question that the
shop's data answer no further is owned up to by its words, and a nod or a number asks nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.asking import asks
from bot.dialogue.files import read_matters, read_replies, read_waits
from bot.dialogue.outcome import Outcome, Told
from bot.dialogue.reading import meaning_length
from bot.dialogue.situation import Situation
from bot.engine.parses import Parse, label_of, spoken_in
from bot.engine.questions import SHOWN
from bot.engine.turns import HandOver
from bot.engine.weighed import (
    HAND_OVER_FROM,
    OFFER_FROM,
    OFFERED,
    STUCK,
    Weighed,
    asks_something,
    changed,
    intent_of,
)
from bot.handing_over import HandOverReason
from bot.nlu.normalise import normalise

STILL_SO = "utter_still_so"  # the facts have not changed: said before a person is offered
NO_WORD, NO_WORD_OF = "utter_no_word_of_it", "utter_no_word_of"
AS_TOLD, ALL_RIGHT = "utter_as_told", "utter_all_right"
WAITS = "utter_whenever_you_can"
OFFERS_ORDER = "utter_offer_order"
_NODS = ("affirm", "thank", "praise", "greet")
_PUTS_RIGHT = frozenset(("not", "meant", "off_the_point"))  # cues: 不是，我是问…
_NUMBERS = frozenset(("order_number", "tracking_number", "item_number", "phone", "address"))
# Said once more they complain of the same, whatever their words: 到现在还没派送呢.
_COMPLAINTS = (
    "complain",
    "logistics_delay",
    "parcel_not_received",
    "report_defect",
    "report_wrong_item",
)
_NOT_YET = "not_yet"  # a cue
_PLAIN = "faq"  # plain questions, answered in words of the YAML or by the data beside them
_ALIKE = 0.5  # share of pairs of characters from which two lines ask the same
_POKE = 3  # characters: ???, 在吗, 咋样了
_QUOTED = 16  # characters that are said back


class Repeating:
    def __init__(self) -> None:
        self._asking = frozenset(read_matters().answers)
        self._steps = read_waits().steps
        self._courteous = read_replies().courteous

    def weigh(
        self,
        tracker: DialogueStateTracker,
        told: Sequence[Told],
        before: Sequence[Told],
        situation: Situation,
    ) -> Weighed:
        """Other words once; then a person is offered, then fetched."""
        times = int(tracker.get_slot("fruitless") or 0)
        texts = frozenset(  # a card has none, and an offer may be made in the words of before
            one.text for one in told if one.text and one.response != OFFERS_ORDER
        )
        is_fresh = not texts & {one.text for one in before}
        if self._told_facts(tracker):
            if intent_of(tracker) in _NODS:
                return self._nodded(tracker, situation, is_fresh=is_fresh)
            names = {one.response for one in told if one.response} - self._courteous
            if not is_fresh and _asks_how_once_more(tracker, names):
                return Weighed(outcome=Outcome.REPEATED)
            if not _asked_again(tracker, names):
                return _not_asked_again(tracker, times, is_fresh=is_fresh)
        times += 1
        if times < OFFER_FROM and is_fresh:
            return Weighed(outcome=Outcome.REPEATED, events=changed(tracker, fruitless=times))
        if tracker.active_loop_name and not asks_something(tracker):
            # 我等着收就是了, while a form waits: it goes on waiting, and nobody is sent for.
            return Weighed(outcome=Outcome.COURTESY, takes_back=True, instead=(WAITS,))
        if times < HAND_OVER_FROM:
            return _offered(tracker, times, (STILL_SO,) if self._told_facts(tracker) else ())
        return _fetched(tracker)

    def _told_facts(self, tracker: DialogueStateTracker) -> bool:
        """Whether what was told again is how things stand, and no question that was put again."""
        is_asking = tracker.get_slot("open_question") in self._asking
        return not (tracker.active_loop_name or is_asking)

    def _nodded(
        self, tracker: DialogueStateTracker, situation: Situation, *, is_fresh: bool
    ) -> Weighed:
        """好的, to what we said last, asks nothing: nobody is fetched for it."""
        if is_fresh:
            return Weighed(outcome=Outcome.COURTESY)
        step = self._steps.get(situation.question, "")
        kept = (SlotSet("open_question", situation.question),) if step else ()
        return Weighed(
            outcome=Outcome.COURTESY, events=kept, takes_back=True, instead=(step or ALL_RIGHT,)
        )


def _asks_how_once_more(tracker: DialogueStateTracker, names: set[str]) -> bool:
    """怎么退, answered some lines ago and something else in between: a plain question of the shop's
    ways is answered again, and no facts are looked up for it."""
    line = tracker.latest_message
    if line is None or _puts_right(line) or not intent_of(tracker).startswith(_PLAIN):
        return False
    lines = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            lines += 1
        elif lines == 1 and isinstance(event, BotUttered) and _response(event) in names:
            return False
        if lines > 1:
            break
    return True


def _response(event: BotUttered) -> str:
    return str((event.metadata or {}).get("utter_action") or "")


def _is_same_plain_question(tracker: DialogueStateTracker) -> bool:
    """我是问要退的话怎么操作, behind 怎么退: the same question in other words has its answer."""
    lines = (event for event in reversed(tracker.events) if isinstance(event, UserUttered))
    labels = [label_of(_parse(line)) for line, _ in zip(lines, range(2), strict=False)]
    return labels[0].startswith(_PLAIN) and labels[0] == labels[-1] and len(labels) > 1


def _not_asked_again(tracker: DialogueStateTracker, times: int, *, is_fresh: bool) -> Weighed:
    """Another line that the same answer came to."""
    line = tracker.latest_message
    assert line is not None
    if is_fresh and not _puts_right(line):
        return Weighed(outcome=Outcome.REPEATED, events=changed(tracker, fruitless=times or None))
    if not asks_something(tracker):
        return Weighed(outcome=Outcome.COURTESY, takes_back=True, instead=(AS_TOLD,))
    if times + 1 >= HAND_OVER_FROM:
        return _fetched(tracker)
    if _is_same_plain_question(tracker):
        return Weighed(outcome=Outcome.COURTESY, takes_back=True, instead=(AS_TOLD,))
    asked = str(line.text or "").strip(" ,，.。?？!！~")
    is_short = meaning_length(asked) <= _QUOTED and not spoken_in(_parse(line)) & _NUMBERS
    said = (NO_WORD_OF if is_short else NO_WORD,)
    return _offered(tracker, times + 1, said, asked=asked if is_short else "")


def _offered(
    tracker: DialogueStateTracker, times: int, said: tuple[str, ...], **values: str
) -> Weighed:
    changes: dict[str, object] = {
        "fruitless": max(times, OFFER_FROM),
        "handoff_reason": HandOverReason.MISUNDERSTOOD.value,
    }
    if not tracker.active_loop_name:
        changes["open_question"] = OFFERED
    # What is asked now is whether to fetch a person: 好的 is no yes to a summary before it.
    changes |= dict.fromkeys(SHOWN.values())
    return Weighed(
        outcome=Outcome.REPEATED,
        events=changed(tracker, **changes),
        takes_back=True,
        instead=(*said, STUCK),
        values=values,
    )


def _fetched(tracker: DialogueStateTracker) -> Weighed:
    return Weighed(
        outcome=Outcome.REPEATED,
        events=(
            *changed(tracker, fruitless=None, open_question=None, requested_slot=None),
            *((ActiveLoop(None),) if tracker.active_loop_name else ()),  # a person goes on
        ),
        takes_back=True,
        hand_over=HandOver(
            reason=HandOverReason.MISUNDERSTOOD, note="同一件事来回说了几遍，没帮上买家"
        ),
    )


def _asked_again(tracker: DialogueStateTracker, names: set[str]) -> bool:
    """Whether the newest line asks what an earlier one asked that was answered in these words."""
    line = tracker.latest_message
    if line is None or _puts_right(line):
        return False
    text = normalise(str(line.text or ""))
    if meaning_length(text) <= _POKE:
        return True
    if intent_of(tracker) in _COMPLAINTS or _NOT_YET in spoken_in(_parse(line)):
        return True
    if not asks(text):
        return not spoken_in(_parse(line)) & _NUMBERS  # 还没到啊 goes on complaining
    return any(_are_alike(text, other) for other in _answered_by(tracker, names))


def _puts_right(line: UserUttered) -> bool:
    return bool(spoken_in(_parse(line)) & _PUTS_RIGHT)


def _parse(line: UserUttered) -> Parse:
    return {"intent": line.intent, "entities": line.entities}


def _answered_by(tracker: DialogueStateTracker, names: set[str]) -> list[str]:
    """Normalised texts of the earlier lines that one of these responses answered."""
    found: list[str] = []
    told: set[str] = set()
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            told.add(_response(event))
        elif isinstance(event, UserUttered):
            if event is not tracker.latest_message and told & names:
                found.append(normalise(str(event.text or "")))
            told = set()
    return found


def _are_alike(text: str, other: str) -> bool:
    if text in other or other in text:
        return True
    pairs, others = _pairs(text), _pairs(other)
    shared = len(pairs & others)
    return bool(pairs and others) and shared / min(len(pairs), len(others)) >= _ALIKE


def _pairs(text: str) -> set[str]:
    kept = [one for one in text if one.isalnum()]
    return {first + second for first, second in pairwise(kept)}
