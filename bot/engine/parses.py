"""Rasa's parse data of one line: what is read out of it, and the same with another intent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.reading import Ranking, meaning_length

Parse = dict[str, Any]

CUE = "cue"
_NOT_CARRIED = ("said", "goods")  # which goods that are none of ours, a slot of its own knows
GOODS = frozenset(("product", "kind", "category", "goods", "item_number"))
_OF_GOODS = GOODS | {"colour", "size", "quantity", "money", "ordinal", "gender"}
_PARTICLE = 1  # characters
HALF_SURE, UNSURE = "nlu_half_sure", "nlu_fallback"
OF_MATTER = "matter"  # the extractor of what the line leaves unsaid


def ranking_of(parse: Parse) -> Ranking:
    return tuple(
        (one["name"], float(one["confidence"])) for one in parse.get("intent_ranking") or ()
    )


def label_of(parse: Parse) -> str:
    intent = parse["intent"]
    return str(
        intent.get("full_retrieval_intent_name")
        or intent.get("full_name")
        or intent.get("name")
        or ""
    )


def with_intent(
    parse: Parse, label: str, chance: float, values: Mapping[str, Any] | None = None
) -> Parse:
    """The parse with another intent (full label), and values that the line leaves unsaid."""
    told = {entity["entity"] for entity in parse["entities"]}
    if told & GOODS:  # 我说的是冲锋衣, behind a wish about shoes: theirs are not these goods' size
        told |= _OF_GOODS
    added = [
        {"entity": name, "value": value, "start": 0, "end": 0, "extractor": OF_MATTER}
        for name, value in (values or {}).items()
        if name not in told and name not in _NOT_CARRIED
    ]
    changed = {
        **parse,
        "intent": {"name": label.split("/")[0], "confidence": chance, "full_name": label},
        "entities": [*parse["entities"], *added],
    }
    if "/" in label:
        retrieval = label.split("/")[0]
        changed["intent"]["full_retrieval_intent_name"] = label
        changed["response_selector"] = {
            "all_retrieval_intents": [retrieval],
            retrieval: {
                "response": {
                    "responses": [],
                    "confidence": chance,
                    "intent_response_key": label,
                    "utter_action": f"utter_{label}",
                },
                "ranking": [],
            },
        }
    return changed


def spoken_in(parse: Parse) -> frozenset[str]:
    """What the line holds: entities by name, and which cues."""
    found = parse["entities"]
    cues = {str(one["value"]) for one in found if one["entity"] == CUE}
    return frozenset({one["entity"] for one in found} | cues)


def whole_cues(parse: Parse, text: str) -> frozenset[str]:
    """Cues beside which the normalised text holds no more than a particle: 薄的那件呢."""
    return frozenset(
        str(one["value"])
        for one in parse["entities"]
        if one["entity"] == CUE
        and meaning_length(text[: int(one["start"])] + text[int(one["end"]) :]) <= _PARTICLE
    )


def is_name_of_goods(parse: Parse, text: str) -> bool:
    """Whether the normalised text is a name of goods and at most a particle: 气炉呢."""
    named = [one for one in parse["entities"] if one["entity"] in GOODS]
    rest = text
    for one in sorted(named, key=lambda one: -int(one["start"])):
        rest = rest[: int(one["start"])] + rest[int(one["end"]) :]
    return bool(named) and meaning_length(rest) <= _PARTICLE


def is_button(parse: Parse) -> bool:
    return "intent_thresholds" not in parse and [parse["intent"]] == parse["intent_ranking"]


def is_pressed(label: str) -> bool:
    """Intents that only buttons and doors send; they answer a matter and are none."""
    return label.startswith(("choose_", "send_", "view_", "parcel_is_", "confirm_", "wait_for"))
