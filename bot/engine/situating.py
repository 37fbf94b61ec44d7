"""Reads a line in its situation: what the shop said last and what the buyer is about decide with
the classifier, before any rule sees the line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.asking import asks
from bot.dialogue.expected import read_table
from bot.dialogue.files import GROUPS, read_by_cue, read_forms, read_matters
from bot.dialogue.matter import Matter
from bot.dialogue.reading import Heard, Ranking, decide, meaning_length
from bot.dialogue.said import read_said
from bot.dialogue.situation import Situation
from bot.dialogue.situations import COURTESIES, opens_matter
from bot.dialogue.weights import read_weights
from bot.engine.continuing import Continuing
from bot.engine.corrections import (
    MEANT,
    affirms_and_asks,
    asks_instead,
    meant_part,
    names_others,
    tells_anew,
)
from bot.engine.our_words import OurWords, last_replies, last_words, reply_topics
from bot.engine.parses import (
    CUE,
    HALF_SURE,
    UNSURE,
    Parse,
    is_button,
    label_of,
    ranking_of,
    spoken_in,
    whole_cues,
    with_intent,
)
from bot.engine.reminding import Reminding, with_step
from bot.engine.situated import Situated
from bot.nlu.labels import chance_of_wish
from bot.nlu.normalise import normalise

# A line that is surely a wish of its own needs no second reading behind the one before.
CLEAR_ALONE = 0.9
BOUGHT = "bought"  # cue
_LEAVE = frozenset(("goodbye", "deny", "thank"))
_POLITE = frozenset(("affirm", "praise"))  # where nothing was asked, these wish nothing either
_GROUP_OF_FORM = {"return_form": "after_sale", "invoice_form": "invoice"}
# What decided, where no row of a table did.
ALONE, BEHIND, BUTTON = "alone", "behind the last wish", "button"
CORRECTED = "data/patterns/entities:not, meant"
TOLD_ANEW = "data/patterns/entities:instead, delays"
WITHDRAWN_ROW = "data/dialogue/matters.yml:withdraws"
CUES_ROW = "data/dialogue/cues.yml"
_NAMED = frozenset(("product", "kind", "category", "goods", "amount", "money", "size", "colour"))
MEANT_QUESTION = "meant"
PROGRESS_ROW = "data/dialogue/matters.yml:progress"
GRAVE_ROW = "data/dialogue/matters.yml:grave"
FORM_ROW = "the open form"
ALONE_ROW = "data/dialogue/matters.yml:alone"
MEANT_ROW = "data/dialogue/said.yml:meant"
ANSWER_ROW = "data/dialogue/matters.yml:answers"
DATA_ROW = "data/dialogue/matters.yml:takes"


class Situating:
    def __init__(self, read: Callable[[str], Awaitable[Parse]], intents: Collection[str]) -> None:
        """`read`: Rasa's parse data of a text by itself; `intents`: full labels of the model."""
        self._read = read
        self._trained = frozenset(intents) | {HALF_SURE, UNSURE}
        self._matters = read_matters()
        self._continuing = Continuing(self._matters)
        self._forms = read_forms()
        self._reminding = Reminding()
        self._by_cue = read_by_cue()
        self._said = read_said()
        self._topics = reply_topics()
        self._our_words = OurWords(read)
        self._table = read_table(intents)
        self._weights = read_weights()

    async def hear(self, tracker: DialogueStateTracker, text: str, parse: Parse) -> Situated:
        """`parse`: the line read by itself, or a button's."""
        situation = self.situation_of(tracker)
        if is_button(parse):
            return Situated(
                parse=parse,
                after=self._continuing.kept(situation, text, parse, False),
                situation=situation,
                decided_by=BUTTON,
                is_continuation=False,
            )
        decided, row, is_continuation = await self._decided(situation, text, parse)
        if not is_continuation:
            if (nod := self._continuing.nods(situation, text, decided)) is not None:
                decided, row = nod, ANSWER_ROW
            if (agreed := self._continuing.agreed(situation, decided)) is not None:
                decided, row, is_continuation = agreed, MEANT_ROW, True
            elif self._continuing.is_withdrawn(
                text, decided, self._groups_of(situation)
            ) or self._continuing.drops_the_order(situation, text, parse, decided):
                decided, row = with_intent(decided, "deny", 1.0), WITHDRAWN_ROW
            elif (grave := self._continuing.stays_grave(situation, decided)) is not None:
                decided, row, is_continuation = grave, GRAVE_ROW, True
            elif (on := self._continuing.asked_on(situation, decided)) is not None:
                decided, row, is_continuation = on, PROGRESS_ROW, True
            elif (own := self._continuing.own_of_form(situation, text, decided)) is not None:
                decided, row = own, FORM_ROW
            elif (wished := self._continuing.wished_by_data(situation, decided)) is not None:
                decided, row = wished, ALONE_ROW
            elif (data := self._continuing.with_data(situation, text, decided)) is not None:
                decided, row, is_continuation = data, DATA_ROW, True
            elif (named := self._continuing.goods_alone(situation, text, decided)) is not None:
                decided, row = named, DATA_ROW
            elif (told := self._continuing.answers_ours(situation, decided)) is not None:
                decided, row = told, ANSWER_ROW
        before = self._let_go(tracker, situation, decided)
        waits = self._reminding.left(situation, decided, lets_go=bool(before))
        after = self._continuing.kept(situation, text, decided, is_continuation)
        return Situated(
            parse=decided,
            before=before,
            after=(*after, *with_step(after, situation, waits)),
            situation=situation,
            waits=waits,
            decided_by=row,
            is_continuation=is_continuation,
        )

    def situation_of(self, tracker: DialogueStateTracker) -> Situation:
        form = tracker.active_loop_name or ""
        question = tracker.get_slot("open_question") or ""
        asked = (tracker.get_slot("requested_slot") or "") if form else ""
        replies = [(name, self._topics.get(name, "")) for name in last_replies(tracker)]
        return Situation(
            words=last_words(tracker),
            told=self._said.left_behind(replies, question=question, slot=asked),
            question=question,
            form=form,
            asked=asked,
            matter=Matter.of_slot(tracker.get_slot("matter")),
            parked=Matter.of_slot(tracker.get_slot("matter_parked")),
            asked_about=Matter.of_slot(tracker.get_slot("asked_about"))
            if question == MEANT_QUESTION
            else None,
            fruitless=int(tracker.get_slot("fruitless") or 0),
        )

    async def _decided(
        self, situation: Situation, text: str, parse: Parse
    ) -> tuple[Parse, str, bool]:
        """(parse, row that decided, whether it goes on with the open matter)."""
        part = meant_part(parse, text)
        if part and (asks(part) or not names_others(parse, situation)):
            return await self._put_right(part)
        alone = ranking_of(parse)
        is_buying = self._matters.is_buying(situation.open_matter, situation.form)
        if alone and tells_anew(parse, text, situation, is_buying=is_buying):
            return with_intent(parse, "inform", alone[0][1]), TOLD_ANEW, False
        is_fresh = label_of(parse) not in self._trained  # a question saved since the training
        if intent := self._by_cue.decided(
            [] if is_fresh else cues_of(parse),
            is_alone=not _names_something(parse),
            whole=whole_cues(parse, normalise(text)),
            groups=self._groups_of(situation),
        ):
            return with_intent(parse, intent, 1.0), f"{CUES_ROW}:{intent}", False
        matter = situation.open_matter
        heard = Heard(
            alone=alone,
            behind=await self._behind(matter, text, parse),
            told=situation.told,
            shop=await self._our_words.speak_of(situation.words) if situation.told else None,
            matter=matter.intent if matter else "",
            values=spoken_in(parse),
            length=meaning_length(normalise(text)),
        )
        is_alone = not heard.told and heard.behind is None
        if asks_instead(parse, text, situation):
            return with_intent(parse, HALF_SURE, alone[0][1]), ALONE, False
        if affirms_and_asks(parse, text, situation):
            return with_intent(parse, HALF_SURE, alone[0][1]), ALONE, False
        if names_others(parse, situation):
            return with_intent(parse, "inform", alone[0][1]), CORRECTED, False
        if not alone or (is_alone and label_of(parse) not in (HALF_SURE, UNSURE)):
            return parse, ALONE, False
        decision = decide(heard, self._table, self._weights)
        if decision.ranking is alone:
            return parse, ALONE, False
        label, chance = decision.ranking[0]
        chance = chance_of_wish(decision.ranking)
        listed = decision.ranking[: len(alone)]  # talks keep it of every line
        ranking = [{"name": name, "confidence": odds} for name, odds in listed]
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

    async def _put_right(self, part: str) -> tuple[Parse, str, bool]:
        """我问的是快递: what was meant is read by itself, whatever the line was read as before."""
        parse = await self._read(part)
        intent = self._by_cue.decided(cues_of(parse), is_alone=True, groups=GROUPS)
        if intent:
            parse = with_intent(parse, intent, 1.0)
        elif label_of(parse) in COURTESIES and _names_something(parse):
            parse = with_intent(parse, "inform", 1.0)  # 是衣服, of 不是鞋 是衣服, nods to nothing
        # That it puts something right is told to the action, which says sorry.
        said = {"entity": CUE, "value": MEANT, "start": 0, "end": 0}
        return {**parse, "entities": [*parse["entities"], said]}, CORRECTED, False

    def _groups_of(self, situation: Situation) -> set[str]:
        """What the buyer is about after an order: by the form, the open matter and the one parked."""
        matters = (situation.open_matter, situation.parked)
        groups = {self._matters.group_of(one.intent) for one in matters if one is not None}
        return groups | {_GROUP_OF_FORM.get(situation.form, "")}

    async def _behind(self, matter: Matter | None, text: str, parse: Parse) -> Ranking | None:
        """The line read behind the buyer's last wish; None where it needs no such reading."""
        if matter is None or not matter.text:
            return None
        alone = ranking_of(parse)
        if alone and alone[0][1] >= CLEAR_ALONE and opens_matter(alone[0][0]):
            return None
        if BOUGHT in cues_of(parse) and self._matters.is_buying(matter, ""):
            return None  # 我在你们店买的帐篷漏水 goes on with no wish to buy
        return ranking_of(await self._read(f"{matter.text}\n{text}"))

    def _let_go(
        self, tracker: DialogueStateTracker, situation: Situation, parse: Parse
    ) -> tuple[Event, ...]:
        """A form whose matter the buyer has left asks no more."""
        label = label_of(parse)
        if label == "goodbye" and situation.asked.endswith("_confirmed"):
            return ()  # what is shown waits for its yes, and the buyer is told so
        if self._reminding.keeps_open(tracker, situation, parse):
            return ()
        if label in (HALF_SURE, UNSURE) or not self._forms.lets_go(situation.form, label):
            return ()
        return (ActiveLoop(None), SlotSet("requested_slot", None))


def _taking_leave(ranking: Ranking, situation: Situation) -> float:
    """How surely the line wishes nothing: whichever kind of no it is, it does no deed."""
    if situation.asked.endswith("_confirmed"):
        return 0.0  # there a no is an answer
    likeliest, is_asked = ranking[0][0], bool(situation.question or situation.form)
    if likeliest in _LEAVE:
        return sum(
            chance
            for intent, chance in ranking
            if intent in _LEAVE or (intent in _POLITE and not is_asked)
        )
    if likeliest in _POLITE and not is_asked:  # 那就好谢谢
        return sum(chance for intent, chance in ranking if intent in _LEAVE | _POLITE)
    return 0.0


def cues_of(parse: Parse) -> list[str]:
    return [str(one["value"]) for one in parse["entities"] if one["entity"] == "cue"]


def _names_something(parse: Parse) -> bool:
    return any(one["entity"] in _NAMED for one in parse["entities"])
