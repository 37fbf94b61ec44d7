"""The one that is sent in place of what came: 今天能发吗, 多久到, 单号给我, said of it."""

from __future__ import annotations

from actions.answering.plain import answer_plainly
from actions.frame.chat import Chat
from actions.orders.orders import in_status, own_orders
from actions.orders.return_cases import return_card
from actions.orders.return_road import road_of
from actions.returns.return_parts import newest_open_case
from bot.shop.words.dealing import OrderStatus, Remedy

_EXCHANGE = "faq/return_policy.exchange"
_is_awaited = in_status(OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED)


async def tell_new_one(chat: Chat) -> bool:
    """Of a return that is written down, or was opened in this talk; False where none brings a new
    one, or another order is waited for."""
    turn = chat.turn
    if turn.has("order_number", "tracking_number", "product", "region", "address"):
        return False
    if turn.in_form == "return_form":
        if chat.slot("return_remedy") == Remedy.EXCHANGE.value:
            await answer_plainly(chat, _EXCHANGE)
        else:
            await _tell_registering(chat)
        return True
    if turn.in_form or not chat.slot("return_case_opened"):
        return False
    case = await newest_open_case(chat)
    if case is None or case.remedy not in (Remedy.EXCHANGE, Remedy.RESEND):
        return False
    if any(map(_is_awaited, await own_orders(chat))):
        return False
    if case.remedy is Remedy.EXCHANGE:
        await answer_plainly(chat, _EXCHANGE)
    else:
        chat.show(return_card(case))
        chat.reply("utter_new_one_in_hand")
    return True


async def _tell_registering(chat: Chat) -> None:
    """That it is sent once this is written down; asked how long, the days to where the buyer lives."""
    road = await road_of(chat)
    quote = None
    if road is not None and chat.turn.intent == "ask_delivery_time":
        quote = await chat.shop.postage(road.order.receiver.address, buyer_id=chat.turn.buyer_id)
    if quote is None or quote.days is None:
        chat.reply("utter_new_one_registering")
        return
    first, last = quote.days
    days = f"{first}-{last}天" if first != last else f"{first}天"
    chat.reply("utter_new_one_days", region=quote.region, days=days)
