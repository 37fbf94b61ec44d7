"""Signs by which a half-sure line is about a parcel or a way back, whatever it may be exactly."""

from __future__ import annotations

from collections.abc import Collection

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from bot.shop.words.dealing import Reason

CLEAR = 0.5  # chance of the likeliest meaning, and how far it must be ahead of the next
TOGETHER = 0.65  # chance of all wishes about a parcel
# 什么时候能到 is about the parcel where one is on its way.
WHERE = {
    "track_parcel",
    "ask_delivery_time",
    "ask_ship_time",
    "order_status",
    "logistics_delay",
    "ask_courier",
}
_OF_PARCELS = {"track_parcel", "logistics_delay", "parcel_not_received"}
HOW_TO_RETURN = "faq/return_policy.how"
_MISSED = {*_OF_PARCELS, "refund_status", "order_status", "report_wrong_item"}
_HAGGLING = {"bargain", "ask_promotion", "ask_price"}
_RETURNING = {HOW_TO_RETURN, "return_request", "exchange_request", "return_policy"}


def is_not_received(turn: Turn) -> bool:
    return bool(turn.value("return_reason") == Reason.NOT_RECEIVED.value)


def asks_how_to_return(turn: Turn) -> bool:
    """想退货怎么弄: between the wish and how it is done, how is told and nothing is begun."""
    return HOW_TO_RETURN in turn.ranking[:2] and sum_of(turn, _RETURNING) >= TOGETHER


def grows_impatient(turn: Turn) -> bool:
    """好久哦: whichever wish about sending and arriving it is, the order's own day answers it."""
    if hears(turn, "so_long") and not turn.has("region", "product"):
        return True
    likeliest = next(iter(turn.ranking), "")
    if likeliest != "logistics_delay" or turn.has("region", "product"):
        return False
    return turn.chances[0] >= CLEAR or sum_of(turn, WHERE) >= TOGETHER


def sum_of(turn: Turn, intents: Collection[str]) -> float:
    chances = zip(turn.ranking, turn.chances, strict=True)
    return sum(chance for intent, chance in chances if intent in intents)


def is_about_a_parcel(turn: Turn) -> bool:
    """Whichever of the wishes about a parcel it is, the parcel's state answers it."""
    if (
        hears(turn, "courier_phone", "station_phone", "other_number", "not_handed_over")
        or set(turn.ranking[:2]) <= WHERE
    ):
        return True
    return sum_of(turn, _OF_PARCELS) >= TOGETHER


def misses_the_parcel(turn: Turn) -> bool:
    """一直没到手: whichever wish it is, what is missed has not come."""
    return is_not_received(turn) and sum_of(turn, _MISSED) >= CLEAR


def haggles(turn: Turn) -> bool:
    """A sum beside more goods: between a price, a gift and a campaign it is haggling whichever it is."""
    likeliest = next(iter(turn.ranking), "")
    return likeliest == "bargain" and sum_of(turn, _HAGGLING) >= CLEAR


def asks_of_the_one(chat: Chat) -> bool:
    """Whether one product is talked of, and no other sort is named or looked for."""
    turn = chat.turn
    looks = turn.has("kind", "category", "person", "money", "likes") or hears(turn, "which", "have")
    return bool(chat.slot("product_in_talk") or turn.product_in_view) and not looks
