"""上次活动不是这样的, 写着送的没有, 先返现, 比以前薄了: what was told or was so before and is not so now
is looked into by a person; no campaign of today answers it."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.answering.talking import looks_at_goods
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.orders.orders import in_status, own_orders
from actions.orders.promised import pass_claim_on
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import OrderStatus

_received = in_status(OrderStatus.DELIVERED, OrderStatus.COMPLETED)


async def tells_it_is_looked_into(chat: Chat) -> bool:
    """Owns up to it and offers a person; False where nothing of the kind is said."""
    turn = chat.turn
    if turn.in_form:
        return False
    if hears(turn, "cash_back"):
        orders = await own_orders(chat)
        response = "utter_cash_back_by_person" if orders else "utter_no_cash_back"
        chat.reply(response)
        if orders:
            offer_person(chat, HandOverReason.MONEY)
        return True
    if hears(turn, "not_as_before"):
        is_of_campaign = turn.intent == "ask_promotion"
        chat.reply("utter_campaign_otherwise" if is_of_campaign else "utter_not_as_before")
    elif hears(turn, "claims_gift") and await _has_come(chat):
        pass_claim_on(chat, "买家说写着送的没有")
        return True
    else:
        return False
    offer_person(chat, HandOverReason.DEFECT_UNSEEN)
    return True


async def _has_come(chat: Chat) -> bool:
    """Whether it is said of what was bought here: 买鞋不是送袜子吗, of shoes looked at, asks."""
    return not looks_at_goods(chat) and any(map(_received, await own_orders(chat)))
