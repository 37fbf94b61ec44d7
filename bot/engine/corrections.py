"""A no that says more: which goods are meant, what is asked, what the buyer had meant all along, or
the value that is right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.asking import asks, is_question
from bot.dialogue.matter import values_of
from bot.dialogue.reading import meaning_length
from bot.dialogue.situation import Situation
from bot.dialogue.situations import COURTESIES
from bot.engine.parses import Parse, label_of, ranking_of, spoken_in
from bot.nlu.normalise import normalise

_BARE_NO = 4  # characters; 不了吧, 没有呢 are a no
_NAMES = frozenset(("product", "kind", "category", "goods"))
_DENIES = "instead"
_GOODS = frozenset(("product", "kind", "ordinal", "gender", "colour"))
# data/patterns/entities: 我问的是 …, and the 不是 that begins what was not meant
MEANT, _NOT = "meant", frozenset(["instead", "not"])
_DELAYS = "delays"
_NUMBER = re.compile(r"\d{2,5}")
# What may be told anew in half a line.
_VALUES = _GOODS | frozenset(
    "amount category size quantity height_cm weight_kg foot_mm person address door receiver_name phone region"
    " company tax_number email order_number phone_tail remedy size_step".split()
)
# Beside such a value these are no wish of their own: 不对 他170 takes no leave, 错了 是两双 reports
# nothing that came wrong.
_NO_WISHES = COURTESIES | frozenset(
    ("nlu_half_sure", "nlu_fallback", "inform", "hesitate", "complain", "out_of_scope")
)
_BESIDE = 4  # characters that are neither the word nor the value: 他, 应该是
_SOUND_WRONG = frozenset(("report_wrong_item", "report_defect"))  # 说错了 42, before buying
_CAME_WRONG = frozenset(("return_reason",))  # 发错了 是黑的
_OWN_SLIPS = frozenset(("misremembered", "own_mistake"))  # 我打错了, beside what is right
_OFF = frozenset(("stop", "later_maybe", "called_off", "cancel_change", "leave_out"))


def meant_part(parse: Parse, text: str) -> str:
    """坏了怎么办 of 我问的是坏了怎么办 不是怎么用; "" where nothing is put right or nothing is left."""
    cues = [one for one in parse["entities"] if one["entity"] == "cue"]
    begins = [one for one in cues if one["value"] == MEANT]
    if not begins:
        return _other_goods(parse, normalise(text))
    start = int(begins[-1]["end"])
    ends = [int(one["start"]) for one in cues if one["value"] in _NOT and one["start"] >= start]
    part = normalise(text)[start : min(ends, default=None)].strip(" ,.?!;:")
    return part if meaning_length(part) > 1 else ""


def _other_goods(parse: Parse, text: str) -> str:
    """我说的睡袋 of 不是帐篷 我说的睡袋; "" unless goods are named beside those that are not meant."""
    goods = [one for one in parse["entities"] if one["entity"] in _NAMES]
    for cue in parse["entities"]:
        start, end = int(cue["start"]), int(cue["end"])
        if cue["value"] != _DENIES or text[:start].endswith("是"):  # 是不是 only asks
            continue
        denied = [one for one in goods if one["start"] == end]
        if denied and any(one["start"] > end or one["end"] <= start for one in goods):
            return (text[:start] + text[int(denied[0]["end"]) :]).strip(" ,.?!;:")
    return ""


def names_others(parse: Parse, situation: Situation) -> bool:
    """不是我说的是那件女款 is no mere no to an offer: it says which goods are meant."""
    named = values_of(parse["entities"]).keys() & _GOODS
    is_no = ranking_of(parse)[0][0] == "deny" and bool(spoken_in(parse) & {"not", MEANT})
    return not situation.form and is_no and bool(named)


def asks_instead(parse: Parse, text: str, situation: Situation) -> bool:
    """不是三十一包吗 begins like a no; where nothing was asked that it could answer, it asks."""
    is_open = bool(situation.question or situation.form)
    is_long = meaning_length(normalise(text)) > _BARE_NO
    return not is_open and label_of(parse) == "deny" and asks(text) and is_long


def affirms_and_asks(parse: Parse, text: str, situation: Situation) -> bool:
    """那是我看错了？ is no yes to an offer: what ends in a question mark agrees to nothing."""
    is_question = text.rstrip().endswith(("?", "？"))
    is_long = meaning_length(normalise(text)) > _BARE_NO
    return not situation.form and label_of(parse) == "affirm" and is_question and is_long


def tells_anew(parse: Parse, text: str, situation: Situation, *, is_buying: bool) -> bool:
    """不对 他170, 等下 黑的: what stands behind the word that puts right or puts off is what the line
    says; 等下 我看看 and 不是42 say nothing of the kind."""
    said = normalise(text)
    if is_question(said) or spoken_in(parse) & _OFF:
        return False
    leads = [one for one in parse["entities"] if one["value"] in (_DENIES, _DELAYS)]
    values = [one for one in parse["entities"] if one["entity"] in _VALUES and "end" in one]
    # What stands right behind 不是 is what it is not: 不是M 是L.
    behind = [one for one in values if any(_stands_behind(one, lead) for lead in leads)]
    label = label_of(parse).split("/")[0]
    is_no_wish = label in _NO_WISHES or (is_buying and label in _SOUND_WRONG)
    if not is_no_wish or spoken_in(parse) & _CAME_WRONG:
        return False
    if not behind:  # 301不对 是103, to an address that is shown
        is_shown = situation.asked.endswith("_confirmed")
        return bool(leads) and is_shown and len(set(_NUMBER.findall(said))) > 1
    slips = [one for one in parse["entities"] if one["value"] in _OWN_SLIPS]
    covered = {
        at for one in (*leads, *slips, *values) for at in range(int(one["start"]), int(one["end"]))
    }
    rest = "".join(character for at, character in enumerate(said) if at not in covered)
    return meaning_length(rest) <= _BESIDE


def _stands_behind(value: Mapping[str, Any], lead: Mapping[str, Any]) -> bool:
    start, end = int(value["start"]), int(lead["end"])
    return start > end or (start == end and lead["value"] == _DELAYS)
