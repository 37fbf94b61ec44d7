"""Half understood, and told by one set phrase behind what was said before."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.answering.plain import answer_plainly
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.context import keep_goods_named
from bot.handing_over import HandOverReason

_VILLAGE = "utter_faq/ask_delivery_area.village"
_OF_PLACES = frozenset((_VILLAGE, "utter_delivers_there", "utter_delivers_there_plain"))
_SAYS_WHAT = ("remedy", "return_reason")  # the matter itself stands in the line
_HOW = "faq/return_policy.exchange"


async def goes_on_from_before(chat: Chat) -> bool:
    turn = chat.turn
    if hears(turn, "same_matter") and turn.has("order_number") and not turn.has(*_SAYS_WHAT):
        chat.reply("utter_earlier_matter")  # 还是上个问题, 订单号…: of a talk that we do not see
        offer_person(chat, HandOverReason.NO_DATA)
    elif hears(turn, "way_there") and _OF_PLACES & set(turn.told_before):
        chat.reply("utter_way_there")
    elif hears(turn, "how_exchanged") and "exchange_request" in turn.ranking[:3]:
        await answer_plainly(chat, _HOW)
        await keep_goods_named(chat)
    else:
        return False
    return True
