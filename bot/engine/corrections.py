"""A no that says more: which goods are meant, what is asked, or what the buyer had meant all along."""

from __future__ import annotations

from bot.asking import asks
from bot.dialogue.matter import values_of
from bot.dialogue.reading import meaning_length
from bot.dialogue.situation import Situation
from bot.engine.parses import Parse, label_of, ranking_of, spoken_in
from bot.nlu.normalise import normalise

_BARE_NO = 4  # characters; 不了吧, 没有呢 are a no
_NAMES = frozenset(("product", "kind", "category", "goods"))
_DENIES = "instead"
_GOODS = frozenset(("product", "kind", "ordinal", "gender", "colour"))
# data/patterns/entities: 我问的是 …, and the 不是 that begins what was not meant
MEANT, _NOT = "meant", frozenset(["instead", "not"])


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
