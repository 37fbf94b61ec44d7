"""Who pays the way back: by the open case, else by the reason and by what was bought."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.orders.return_road import road_of
from actions.returns.return_parts import newest_open_case
from bot.dialogue.files import read_matters
from bot.dialogue.matter import Matter
from bot.shop.words.dealing import ReturnStatus


def is_about_a_return(chat: Chat) -> bool:
    """Whether what was talked of before this question is something that came wrong or goes back."""
    if chat.turn.has("region", "address", "product", "quantity"):
        return False
    if chat.slot("return_case_opened") and not chat.slot("product_in_talk"):
        return True  # 运费呢, behind the return that was just opened
    matter = Matter.of_slot(chat.slot("matter"))
    if matter is None or matter.intent == chat.turn.label:
        matter = Matter.of_slot(chat.slot("matter_parked"))
    return matter is not None and matter.intent in read_matters().after_sale


async def tell_return_postage(chat: Chat) -> None:
    """Of a case or a return being written down, its own rule; else both."""
    case = None if chat.turn.in_form else await newest_open_case(chat)
    if case is not None and case.status is ReturnStatus.OPENED and case.send_to:
        chat.reply(f"utter_return_postage_{'buyer' if case.buyer_pays_postage else 'shop'}")
        return
    road = await road_of(chat) if chat.turn.in_form == "return_form" else None
    if road is not None and road.reason is not None and road.terms.allowed:
        pays = "buyer" if road.terms.buyer_pays_postage else "shop"
        chat.reply(f"utter_way_back_{pays}")
    else:
        chat.reply("utter_policy_postage")
