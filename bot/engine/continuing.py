"""What goes on with the buyer's open matter, and how a line changes which matter that is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from rasa.shared.core.events import Event, SlotSet

from bot.asking import is_question
from bot.dialogue.files import Matters
from bot.dialogue.matter import LONGEST_TEXT, Matter, values_of
from bot.dialogue.reading import meaning_length
from bot.dialogue.situation import Situation
from bot.dialogue.situations import COURTESIES, opens_matter
from bot.engine.parses import (
    CUE,
    HALF_SURE,
    OF_MATTER,
    UNSURE,
    Parse,
    is_name_of_goods,
    is_pressed,
    label_of,
    ranking_of,
    spoken_in,
    with_intent,
)
from bot.nlu.labels import catalogue_intent
from bot.nlu.normalise import normalise

_OF_AN_ORDER = ("invoice_form", "return_form", "change_form", "address_form")
_OWN_OF_FORM = {
    "invoice_form": ("ask_invoice", "faq/ask_invoice.when", "faq/ask_invoice.needs"),
    "change_form": ("change_order",),
    "address_form": ("change_address",),
}
_FAULT = "return_reason"
# Cues by which a line puts right what the form was told.
_WRITTEN_WRONG = {"invoice_form": frozenset(("change_invoice",))}
_KEPT = "kept_part"  # an entity
# Half heard, an answer that tells of the buyer sounds like these.
_OFF = frozenset(("deny", "cancel_order", "return_request"))
_CALLED_OFF = frozenset(("called_off", "order_gone"))
_PARTS = frozenset(("product", "kind", "category", "colour", "size"))
_POINTING = frozenset(("pointing", "ordinal"))
_YES_OR_NO = frozenset(("hand_over", "meant"))
_FINE, _ENDS = "fine_so", frozenset((HALF_SURE, UNSURE, "goodbye", "thank"))
_TAKES_BACK, _DO_IT = "withdraw_it", "you_do_it"  # an open question; a cue
_NO_ANSWERS = frozenset(("hesitate", "praise", "complain", "out_of_scope"))
_LEAVING = frozenset(("stop", "later_maybe", "dear", "just_looking", "off_the_point", "not"))
_OF_THE_BUYER = frozenset(("use", "person", "gender", "likes", "money"))
_VAGUE = frozenset((HALF_SURE, UNSURE, "inform", "order_status"))
_ASKED_ON = frozenset(("is_done", "not_yet"))
_TOO_LATE, _OF_A_PARCEL = "too_late", frozenset(("track_parcel", "logistics_delay"))
_DAYS, _NEEDED_BY = "ask_delivery_time", frozenset(("date", "leaves_on"))
_NUMBERS = frozenset(("order_number", "tracking_number"))
# A line this short around a number wishes nothing of its own: 找到了 6900… 这是我的.
_AROUND_A_NUMBER = 12  # characters that carry meaning; the number counts as one
_TAIL = 2  # characters behind what lets a matter be: 谢谢
_GOES_ON = frozenset(("missing", "return_reason", "not_yet"))
_FAINT = 0.5  # chance of the likeliest meaning below which it is none


class Continuing:
    def __init__(self, matters: Matters) -> None:
        self._matters = matters

    def nods(self, situation: Situation, text: str, parse: Parse) -> Parse | None:
        """好，谢谢, to what waits for a yes: a yes, and no end of the talk. 谢谢 alone is none."""
        if situation.question == _TAKES_BACK and _DO_IT in spoken_in(parse):
            return with_intent(parse, "affirm", 1.0)  # 我不会撤 你弄一下
        if self._is_fine(situation, parse) and not is_question(text):
            return with_intent(parse, "affirm", 1.0)
        waits = situation.question in _YES_OR_NO or situation.asked.endswith("_confirmed")
        if not waits or label_of(parse) != "thank" or "nods" not in spoken_in(parse):
            return None
        return with_intent(parse, "affirm", 1.0)

    def _is_fine(self, situation: Situation, parse: Parse) -> bool:
        """没问题了 and 就这样吧, to a summary or while an order is written, take no leave."""
        is_shown = situation.asked.endswith("_confirmed")
        spoken, ranking = spoken_in(parse), ranking_of(parse)
        is_end = label_of(parse) in _ENDS or (label_of(parse) == "deny" and "settles" in spoken)
        if not (is_shown or situation.form == "order_form") or not is_end:
            return False
        is_half_a_yes = "settles" in spoken or (bool(ranking) and ranking[0][0] == "affirm")
        return _FINE in spoken or (is_shown and is_half_a_yes and "nothing_more" in spoken)

    def agreed(self, situation: Situation, parse: Parse) -> Parse | None:
        """对, to 您是说「…」吗: the wish that was asked about, with the words that were asked about."""
        matter = situation.asked_about
        if matter is None or label_of(parse) != "affirm":
            return None
        meant = with_intent(parse, matter.intent, 1.0, matter.values)
        said = {"entity": "said", "value": matter.text, "start": 0, "end": 0}
        return {**meant, "entities": [*meant["entities"], said]}

    def with_data(self, situation: Situation, text: str, parse: Parse) -> Parse | None:
        """Data alone belong to the open matter, where it takes them; None where it does not."""
        told = set(values_of(parse["entities"])) & self._free_data(
            text, parse, situation.open_matter
        )
        if situation.form:
            # A form that asks for other things is meant for that order.
            told = told & {"order_number"} if situation.form in _OF_AN_ORDER else set()
        if told & self._matters.answers.get(situation.question, frozenset()):
            return None  # the answer to what we asked
        for matter in (situation.open_matter, situation.parked):
            taken = self._matters.takes.get(matter.intent, frozenset()) if matter else frozenset()
            tells_else = (
                _FAULT in told and _FAULT not in taken
            )  # 书包开线了, behind where a parcel is
            if matter and told & taken and not tells_else:
                return with_intent(parse, matter.intent, 1.0, matter.values)
        return None

    def wished_by_data(self, situation: Situation, parse: Parse) -> Parse | None:
        """A tax number wishes an invoice, whatever else was talked of."""
        is_vague = label_of(parse) in (HALF_SURE, UNSURE, "inform")
        told = spoken_in(parse)
        for intent, names in self._matters.alone.items():
            if is_vague and told & names and not situation.form:
                return with_intent(parse, intent, 1.0)
        return None

    def asked_on(self, situation: Situation, parse: Parse) -> Parse | None:
        """办好了吗, 还是没有: the open matter is meant, where the line wishes nothing else."""
        matter = situation.open_matter
        if (needed := self._needed_by(situation, parse)) is not None:
            return needed
        is_free = not (situation.form or situation.question or matter is None)
        if not is_free or matter is None or not spoken_in(parse) & _ASKED_ON:
            return None
        is_vague = label_of(parse) in _VAGUE | COURTESIES
        intent = self._matters.told_by(matter.intent)
        return with_intent(parse, intent, 1.0, matter.values) if is_vague and intent else None

    def _needed_by(self, situation: Situation, parse: Parse) -> Parse | None:
        """我后天就出发, behind the days that a parcel takes: said of these, and no order is looked up."""
        matter, spoken = situation.open_matter, spoken_in(parse)
        if situation.form or matter is None or matter.intent != _DAYS:
            return None
        is_told = (spoken >= _NEEDED_BY or _TOO_LATE in spoken) and not spoken & _NUMBERS
        is_vague = label_of(parse) in _VAGUE | COURTESIES | _NO_ANSWERS | _OF_A_PARCEL
        return with_intent(parse, _DAYS, 1.0, matter.values) if is_told and is_vague else None

    def stays_grave(self, situation: Situation, parse: Parse) -> Parse | None:
        """现在放在厨房, 怎么处理, after a gas can that leaks: the danger is what it is about."""
        matter = situation.open_matter
        if matter is None or not self._matters.grave.get(matter.intent) or situation.form:
            return None
        if label_of(parse) not in (HALF_SURE, UNSURE, "inform"):
            return None
        cue = {"entity": CUE, "value": matter.values.get(CUE), "start": 0, "end": 0}
        meant = with_intent(parse, matter.intent, 1.0, matter.values)
        return {**meant, "entities": [*parse["entities"], {**cue, "extractor": OF_MATTER}]}

    def is_withdrawn(self, text: str, parse: Parse, groups: Collection[str]) -> bool:
        """麻烦 算了我自己粘一下: the buyer lets what came wrong be; 自己修一下行吗 asks, and
        自己粘一下又开了 goes on."""
        if "after_sale" not in groups or is_question(text):
            return False
        spoken = spoken_in(parse)
        if spoken & _NUMBERS or spoken & _GOES_ON:
            return False  # 找到了 6900… finds the number, 找到了一只 还少一只 goes on
        if spoken & self._matters.withdraws & {one["entity"] for one in parse["entities"]}:
            return True
        ends = [
            int(one["end"])
            for one in parse["entities"]
            if str(one["value"]) in self._matters.withdraws and "end" in one
        ]
        return bool(ends) and meaning_length(normalise(text)[max(ends) :]) <= _TAIL

    def drops_the_order(
        self, situation: Situation, text: str, alone: Parse, decided: Parse
    ) -> bool:
        """算了 不要了, while an order is written: half a no, half a cancelling, and a no either way.
        帐篷不要了 leaves one thing out, 先不要蓝的 tells a colour."""
        ranking = ranking_of(alone)
        is_off = bool(ranking) and ranking[0][0] in _OFF and bool(spoken_in(alone) & _CALLED_OFF)
        is_pointing = bool(spoken_in(alone) & _POINTING)  # 那个不要了
        is_whole = not (values_of(alone["entities"]).keys() & _PARTS or is_pointing)
        is_vague = label_of(decided) in _VAGUE
        is_open = situation.form == "order_form" and is_vague
        return is_open and is_off and is_whole and not is_question(text)

    def own_of_form(self, situation: Situation, text: str, parse: Parse) -> Parse | None:
        """所以才叫你们开啊, half understood, while the form for the invoice is open; 抬头写错了 and
        电话不用改, of what the form collects, whatever else they may sound like."""
        spoken = spoken_in(parse)
        is_kept = situation.form in _OF_AN_ORDER and _KEPT in spoken
        is_wrong = bool(spoken & _WRITTEN_WRONG.get(situation.form, frozenset()))
        if (is_kept or is_wrong) and not is_question(text):
            return with_intent(parse, "inform", 1.0)
        if label_of(parse) != HALF_SURE or not ranking_of(parse):
            return None
        likeliest, chance = ranking_of(parse)[0]
        is_own = likeliest in _OWN_OF_FORM.get(situation.form, ())
        return with_intent(parse, likeliest, chance) if is_own and chance >= _FAINT else None

    def answers_ours(self, situation: Situation, parse: Parse) -> Parse | None:
        """平时就逛逛公园, to what it shall be for, neither hesitates nor takes leave."""
        label, told = label_of(parse), set(values_of(parse["entities"]))
        asked = self._matters.answers.get(situation.question, frozenset())
        is_mistaken = label in _NO_ANSWERS and not spoken_in(parse) & _LEAVING
        is_told = told & asked & _OF_THE_BUYER
        if situation.form or not is_mistaken or not is_told:
            return None
        return with_intent(parse, "inform", 1.0)

    def goods_alone(self, situation: Situation, text: str, parse: Parse) -> Parse | None:
        """气炉呢, after 头灯多少钱, complains of nothing: a name of goods and a particle go on with
        what was asked of others, or tell which are meant."""
        label, matter = label_of(parse), situation.open_matter
        is_vague = label in (HALF_SURE, UNSURE, "inform") or label in self._matters.presale
        if situation.form or is_vague or not is_name_of_goods(parse, normalise(text)):
            return None
        if matter is None:
            return with_intent(parse, "inform", 1.0)
        if matter.intent not in self._matters.presale:
            return None  # what came wrong, or is on its way
        is_taken = spoken_in(parse) & self._matters.takes.get(matter.intent, frozenset())
        return with_intent(parse, matter.intent if is_taken else "inform", 1.0)

    def _opens(self, label: str, parse: Parse) -> bool:
        """A wish, or set words so grave that what follows belongs to them."""
        is_grave = bool(spoken_in(parse) & self._matters.grave.get(label, frozenset()))
        return is_grave or (label not in (HALF_SURE, UNSURE) and opens_matter(label))

    def _free_data(self, text: str, parse: Parse, matter: Matter | None) -> frozenset[str]:
        """Entities of the line that no wish of its own, but for the open one, needs."""
        label, told = label_of(parse), frozenset(values_of(parse["entities"]))
        if label == "inform":
            return told
        if label in ("thank", "affirm"):  # 那帮我补发吧 谢谢 is more than thanks
            return frozenset({"remedy"})
        if label not in (HALF_SURE, UNSURE) or not ranking_of(parse):
            return frozenset()
        likeliest, chance = ranking_of(parse)[0]
        if meaning_length(normalise(text)) > _AROUND_A_NUMBER:
            return frozenset()
        is_open = matter is not None and likeliest == matter.intent
        is_no_wish = likeliest == "inform" or likeliest in COURTESIES or chance < _FAINT or is_open
        return _NUMBERS if is_no_wish else frozenset()

    def kept(
        self, situation: Situation, text: str, parse: Parse, is_continuation: bool
    ) -> tuple[Event, ...]:
        """The matter after this line, for the tracker."""
        label, told = self._matter_of(label_of(parse)), values_of(parse["entities"])
        told.pop(CUE, None)  # how it was said is over with the line: no later one says sorry anew
        matter, is_part = situation.matter, label != label_of(parse)
        if label in self._matters.closings:
            kept = None if matter is None else matter.settled()
        elif label == "inform" and matter is not None:
            taken = self._matters.takes.get(matter.intent, frozenset())
            kept = matter.with_values({name: told[name] for name in told.keys() & taken})
        elif not self._opens(label, parse) or is_pressed(label):
            return ()
        elif matter is not None and label == matter.intent and (is_continuation or is_part):
            kept = replace(matter.with_values(told), is_settled=False)
        else:
            for grave in spoken_in(parse) & self._matters.grave.get(label, frozenset()):
                told[CUE] = grave
            words = normalise(str(told.pop("said", "") or text))[:LONGEST_TEXT]
            kept = Matter(intent=label, text=words, values=told)
        if kept is None or kept == matter:
            return ()
        return tuple(SlotSet(name, value) for name, value in kept.beside(matter).items())

    def _matter_of(self, label: str) -> str:
        """A part-question (faq/ask_invoice.when) is about its intent's matter, which takes the data
        that come after it."""
        whole = catalogue_intent(label)
        return whole if "." in label and whole in self._matters.takes else label
