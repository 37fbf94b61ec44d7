"""What a visitor tells instead of the number we ask for: it belongs to the wish that waits."""

from __future__ import annotations

from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears

WHERE = "utter_where_is_the_number"
_OF_GOODS_BOUGHT = (
    "return_request", "exchange_request", "report_defect", "report_wrong_item", "not_received",
    "price_protection", "refund_status",
)  # fmt: skip
_TELLING = (
    "product", "kind", "category", "goods", "return_reason", "colour", "size", "remedy", "use",
    "person", "date", "quantity",
)  # fmt: skip
_TOLD_BY = ("worn", "bought", "when_bought", "ill_fitting", "no_fault")
_KEPT = 6  # lines
_LONGEST = 60  # characters of each


def has_none(chat: Chat) -> bool:
    """Whether the buyer said before to have no number, and was told where it stands."""
    return bool(chat.slot("lookup_has_none"))


def mark_none(chat: Chat) -> None:
    chat.keep("lookup_has_none", True)


def take_detail(chat: Chat) -> bool:
    """就那双徒步鞋, 才穿了三次: kept beside what was wished; False for what asks or tells no such
    thing."""
    turn, said = chat.turn, _said(chat)
    tells = turn.has(*_TELLING) or hears(turn, *_TOLD_BY)
    if chat.slot("lookup_wish") not in _OF_GOODS_BOUGHT or not tells or turn.questions:
        return False
    told = [
        {"entity": one["entity"], "value": one["value"]}
        for one in turn.entities
        if one.get("entity") in _TELLING
    ]
    chat.keep(
        "lookup_said",
        {
            **said,
            "entities": [*said.get("entities", ()), *told],
            "details": [*said.get("details", ()), turn.text[:_LONGEST]][-_KEPT:],
        },
    )
    return True


def is_stuck(chat: Chat) -> bool:
    """The buyer has no number, or tells of everything else: a person finds the order by other ways."""
    return has_none(chat) or len(_said(chat).get("details", ())) > 1


def _said(chat: Chat) -> dict[str, Any]:
    return dict(chat.slot("lookup_said") or {})
