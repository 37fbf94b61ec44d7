"""Campaigns, coupons and prices as they stand for everybody, and what this buyer was promised."""

from __future__ import annotations

import re
from typing import Any

from actions.answer import Answer
from actions.asking import ask_which_product, can_wait, tell_not_ours
from actions.bargaining import asks_floor, bargain
from actions.campaigns import tell_campaigns
from actions.chat import Chat
from actions.context import talk_of
from actions.elsewhere import named_elsewhere
from actions.orders import own_orders
from actions.phrasing import price_text
from actions.postage import tell_postage
from actions.recommending import names_a_budget, recommend
from actions.returns import report_missing

_SENDING = re.compile(r"寄|发到|运|邮|快递|送到")


class TellPromotions(Answer):
    def name(self) -> str:
        return "action_tell_promotions"

    async def answer(self, chat: Chat) -> None:
        if await report_missing(chat):
            return
        if await _asks_for_strange(chat) and await tell_not_ours(chat):
            return
        talk = await talk_of(chat)
        if not await tell_campaigns(chat, talk.product):
            chat.reply("utter_no_promotion")


async def _asks_for_strange(chat: Chat) -> bool:
    """买棉柔巾送湿巾吗; who has bought here may miss a gift that came with it."""
    return bool(named_elsewhere(chat.turn)) and not await own_orders(chat)


class TellPrice(Answer):
    def name(self) -> str:
        return "action_tell_price"

    async def answer(self, chat: Chat) -> None:
        if chat.turn.has("region") and _SENDING.search(chat.turn.text):
            await tell_postage(chat)  # 寄到新疆多少钱
        elif asks_floor(chat.turn):
            await bargain(chat)  # 底价多少
        elif names_a_budget(chat):
            await recommend(chat)  # 900以内的帐篷呢
        else:
            await tell_price(chat)


@can_wait("price")
async def tell_price(chat: Chat) -> None:
    """One piece or several; a promise made in bargaining is kept."""
    talk = await talk_of(chat)
    if talk.product is None:
        await ask_which_product(chat, "price")
        return
    product = talk.product
    offer = await chat.shop.standing_offer(product.product_id, buyer_id=chat.turn.buyer_id)
    unit = offer.unit_price_fen if offer else product.price_fen
    values: dict[str, Any] = {
        "name": product.name,
        "price": price_text(unit),
        "list_price": price_text(product.list_price_fen),
        "quantity": talk.quantity,
        "total": price_text(unit * talk.quantity),
    }
    if talk.quantity > 1:
        chat.ask("order_it", "utter_price_of_several", **values)
    elif unit < product.price_fen:
        chat.ask("order_it", "utter_price_promised", **values)
    elif product.list_price_fen > product.price_fen:
        chat.ask("order_it", "utter_price_in_campaign", **values)
    else:
        chat.ask("order_it", "utter_price", **values)
