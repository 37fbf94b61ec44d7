"""What is asked of a return while it is written down: how long it takes, whether it may be at all,
what becomes of it. The form's own question comes after."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import join_text
from actions.frame.turn import Turn
from actions.orders.refund_parts import tell_how_long
from actions.orders.return_road import REMEDY_TEXTS, Road

_WISHES = ("return_request", "exchange_request")
_ASKING = (*_WISHES, "report_defect", "report_wrong_item")
_OF_THE_PARCEL = ("parcel_not_received", "track_parcel", "logistics_delay")


def answers_meanwhile(chat: Chat, road: Road) -> bool:
    """False for what asks nothing of the kind, and for a remedy that is chosen by asking for it."""
    turn = chat.turn
    if turn.requested_slot not in ("return_photos", "return_remedy") or not turn.questions:
        return False
    likeliest = _likeliest(turn)
    if hears(turn, "how_soon") and likeliest in _ASKING:
        return tell_how_long(chat)  # 换的话要多久
    if hears(turn, "what_then") and turn.requested_slot == "return_remedy":
        chat.reply("utter_return_ways", ways=_ways(road))  # 那现在咋办
        return True
    if road.reason is None or not road.terms.is_our_fault:
        return False
    if likeliest in _OF_THE_PARCEL and not hears(turn, "how_soon"):
        chat.reply("utter_return_question_noted")  # 是不是被别人拿走了
    elif likeliest == "return_request" and road.terms.allowed:
        _tell_that_it_may_be(chat, road)  # 过了七天还能退吗, of what came broken
    else:
        return False
    return True


def _tell_that_it_may_be(chat: Chat, road: Road) -> None:
    if "utter_return_ways" in chat.turn.told_in_talk:
        chat.reply("utter_policy_our_fault")
    else:
        chat.reply("utter_return_ways", ways=_ways(road))


def _ways(road: Road) -> str:
    return join_text([REMEDY_TEXTS[one] for one in road.terms.remedies])


def _likeliest(turn: Turn) -> str:
    return turn.ranking[0] if turn.intent.startswith("nlu_") and turn.ranking else turn.intent
