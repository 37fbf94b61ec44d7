"""Reads a line in its situation: what the shop said last and what the buyer is about decide with
the classifier, before any rule sees the line."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from rasa.shared.core.events import (
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.asking import asks
from bot.dialogue.expected import read_table
from bot.dialogue.files import read_forms, read_matters
from bot.dialogue.matter import LONGEST_TEXT, Matter, values_of
from bot.dialogue.reading import Heard, Ranking, decide, meaning_length
from bot.dialogue.said import read_said
from bot.dialogue.situation import Situation
from bot.dialogue.situations import opens_matter
from bot.dialogue.weights import read_weights
from bot.engine.parses import (
    Parse,
    is_button,
    is_pressed,
    label_of,
    ranking_of,
    spoken_in,
    with_intent,
)
from bot.nlu.labels import catalogue_intent, chance_of_wish
from bot.nlu.normalise import normalise

# A line that is surely a wish of its own needs no second reading behind the one before.
CLEAR_ALONE = 0.9
_LEAVE = frozenset(("goodbye", "deny", "thank"))
_OF_AN_ORDER = ("invoice_form", "return_form", "change_form", "address_form")
_BARE_NO = 4  # characters; 不了吧, 没有呢 are a no
HALF_SURE, UNSURE = "nlu_half_sure", "nlu_fallback"
# What decided, where no row of a table did.
ALONE, BEHIND, BUTTON = "alone", "behind the last wish", "button"
CORRECTED = "data/patterns/entities/cues.yml:not"
_GOODS = frozenset(("product", "kind", "ordinal", "gender", "colour"))
DATA_ROW = "data/dialogue/matters.yml:takes"
_REPLY = re.compile(r"^  (utter_[\w/.]+):", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Situated:
    """A line as it is heard: the parse that policies get, and what it was decided by."""

    parse: Parse
    before: tuple[Event, ...] = ()  # for the tracker, before the line is heard
    # … and after it: a tracker that holds an event counts as a session that has begun.
    after: tuple[Event, ...] = ()
    decided_by: str  # file and row, or ALONE, BEHIND, BUTTON
    is_continuation: bool


class Situating:
    def __init__(self, read: Callable[[str], Awaitable[Parse]], intents: Collection[str]) -> None:
        """`read`: Rasa's parse data of a text by itself; `intents`: full labels of the model."""
        self._read = read
        self._matters = read_matters()
        self._forms = read_forms()
        self._said = read_said()
        self._topics = reply_topics()
        self._table = read_table(intents)
        self._weights = read_weights()

    async def hear(self, tracker: DialogueStateTracker, text: str, parse: Parse) -> Situated:
        """`parse`: the line read by itself, or a button's."""
        situation = self.situation_of(tracker)
        if is_button(parse):
            return Situated(
                parse=parse,
                after=self._matter_kept(situation, text, parse, False),
                decided_by=BUTTON,
                is_continuation=False,
            )
        decided, row, is_continuation = await self._decided(situation, text, parse)
        if not is_continuation and (continued := self._data_for(situation, decided)) is not None:
            decided, row, is_continuation = continued, DATA_ROW, True
        return Situated(
            parse=decided,
            before=self._let_go(situation, decided),
            after=self._matter_kept(situation, text, decided, is_continuation),
            decided_by=row,
            is_continuation=is_continuation,
        )

    def situation_of(self, tracker: DialogueStateTracker) -> Situation:
        form = tracker.active_loop_name or ""
        question = tracker.get_slot("open_question") or ""
        asked = (tracker.get_slot("requested_slot") or "") if form else ""
        replies = [(name, self._topics.get(name, "")) for name in last_replies(tracker)]
        return Situation(
            told=self._said.left_behind(replies, question=question, slot=asked),
            question=question,
            form=form,
            asked=asked,
            matter=Matter.of_slot(tracker.get_slot("matter")),
            parked=Matter.of_slot(tracker.get_slot("matter_parked")),
            fruitless=int(tracker.get_slot("fruitless") or 0),
        )

    async def _decided(
        self, situation: Situation, text: str, parse: Parse
    ) -> tuple[Parse, str, bool]:
        """(parse, row that decided, whether it goes on with the open matter)."""
        alone = ranking_of(parse)
        matter = situation.open_matter
        heard = Heard(
            alone=alone,
            behind=await self._behind(matter, text, alone),
            told=situation.told,
            matter=matter.intent if matter else "",
            values=spoken_in(parse),
            length=meaning_length(normalise(text)),
        )
        is_alone = not heard.told and heard.behind is None
        if _denies_and_asks(parse, text, situation):
            return with_intent(parse, HALF_SURE, alone[0][1]), ALONE, False
        if _denies_and_names(parse, situation):
            return with_intent(parse, "inform", alone[0][1]), CORRECTED, False
        if not alone or (is_alone and label_of(parse) not in (HALF_SURE, UNSURE)):
            return parse, ALONE, False
        decision = decide(heard, self._table, self._weights)
        if decision.ranking is alone:
            return parse, ALONE, False
        label, chance = decision.ranking[0]
        chance = chance_of_wish(decision.ranking)
        ranking = [{"name": name, "confidence": odds} for name, odds in decision.ranking]
        decided = {**parse, "intent_ranking": ranking}
        if label == label_of(parse):
            chance = max(chance, float(parse["intent"]["confidence"]))
        elif _taking_leave(decision.ranking, situation) >= self._weights.act:
            pass  # 没有了 splits between 不要 and 再见: whichever it is, nothing is wished
        elif chance < self._weights.act:
            unclear = HALF_SURE if chance >= self._weights.ask else UNSURE
            decided["intent"] = {"name": unclear, "confidence": chance}
            return decided, decision.row or ALONE, False
        goes_on = matter is not None and decision.behind
        values = matter.values if matter is not None and label == matter.intent else {}
        return (
            with_intent(decided, label, chance, values if goes_on else {}),
            (decision.row or (BEHIND if goes_on else ALONE)),
            goes_on,
        )

    async def _behind(self, matter: Matter | None, text: str, alone: Ranking) -> Ranking | None:
        """The line read behind the buyer's last wish; None where it needs no such reading."""
        if matter is None or not matter.text:
            return None
        if alone and alone[0][1] >= CLEAR_ALONE and opens_matter(alone[0][0]):
            return None
        return ranking_of(await self._read(f"{matter.text}\n{text}"))

    def _data_for(self, situation: Situation, parse: Parse) -> Parse | None:
        """Data alone belong to the open matter, where it takes them; None where it does not."""
        if label_of(parse) != "inform":
            return None
        told = set(values_of(parse["entities"]))
        if situation.form:
            # A form that asks for other things is meant for that order.
            told = told & {"order_number"} if situation.form in _OF_AN_ORDER else set()
        if told & self._matters.answers.get(situation.question, frozenset()):
            return None  # the answer to what we asked
        for matter in (situation.open_matter, situation.parked):
            if matter and told & self._matters.takes.get(matter.intent, frozenset()):
                return with_intent(parse, matter.intent, 1.0, matter.values)
        return None

    def _let_go(self, situation: Situation, parse: Parse) -> tuple[Event, ...]:
        """A form whose matter the buyer has left asks no more."""
        label = label_of(parse)
        if label in (HALF_SURE, UNSURE) or not self._forms.lets_go(situation.form, label):
            return ()
        return (ActiveLoop(None), SlotSet("requested_slot", None))

    def _matter_of(self, label: str) -> str:
        """A part-question (faq/ask_invoice.when) is about its intent's matter, which takes the data
        that come after it."""
        whole = catalogue_intent(label)
        return whole if "." in label and whole in self._matters.takes else label

    def _matter_kept(
        self, situation: Situation, text: str, parse: Parse, is_continuation: bool
    ) -> tuple[Event, ...]:
        label, told = self._matter_of(label_of(parse)), values_of(parse["entities"])
        matter, is_part = situation.matter, label != label_of(parse)
        if label in self._matters.closings:
            kept = None if matter is None else matter.settled()
        elif label == "inform" and matter is not None:
            taken = self._matters.takes.get(matter.intent, frozenset())
            kept = matter.with_values({name: told[name] for name in told.keys() & taken})
        elif label in (HALF_SURE, UNSURE) or not opens_matter(label) or is_pressed(label):
            return ()
        elif matter is not None and label == matter.intent and (is_continuation or is_part):
            kept = replace(matter.with_values(told), is_settled=False)
        else:
            words = normalise(str(told.pop("said", "") or text))[:LONGEST_TEXT]
            kept = Matter(intent=label, text=words, values=told)
        if kept is None or kept == matter:
            return ()
        if matter is None or matter.is_settled or matter.intent == kept.intent:
            return (SlotSet("matter", kept.as_slot()),)
        # The new wish parks the one that was open; data that only that one takes resume it.
        return (SlotSet("matter", kept.as_slot()), SlotSet("matter_parked", matter.as_slot()))


def last_replies(tracker: DialogueStateTracker) -> tuple[str, ...]:
    """Names of the responses said since the buyer's last line, in order."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered) and (name := event.metadata.get("utter_action")):
            names.append(str(name))
    return tuple(reversed(names))


def reply_topics() -> dict[str, str]:
    """Reply → stem of the file that it stands in."""
    files = [*sorted(Path("data/replies").glob("*.yml")), *sorted(Path("data/nlu").glob("*.yml"))]
    return {
        name: file.stem
        for file in files
        for name in _REPLY.findall(file.read_text(encoding="utf-8"))
    }


def _taking_leave(ranking: Ranking, situation: Situation) -> float:
    """How surely the line wishes nothing: whichever kind of no it is, it does no deed."""
    if situation.form or ranking[0][0] not in _LEAVE:
        return 0.0
    return sum(chance for intent, chance in ranking if intent in _LEAVE)


def _denies_and_names(parse: Parse, situation: Situation) -> bool:
    """不是我说的是那件女款 is no mere no to an offer: it says which goods are meant."""
    named = values_of(parse["entities"]).keys() & _GOODS
    return (
        not situation.form
        and label_of(parse) == "deny"
        and "not" in spoken_in(parse)
        and bool(named)
    )


def _denies_and_asks(parse: Parse, text: str, situation: Situation) -> bool:
    """不是三十一包吗 begins like a no; where nothing was asked that it could answer, it asks."""
    is_open = bool(situation.question or situation.form)
    return (
        not is_open
        and label_of(parse) == "deny"
        and asks(text)
        and meaning_length(normalise(text)) > _BARE_NO
    )
