"""Campaigns, coupons and prices as they stand for everybody, and what this buyer was promised."""

from __future__ import annotations

import re

from actions.answer import Answer
from actions.asking import tell_not_ours
from actions.bargaining import asks_floor, bargain
from actions.campaigns import tell_campaigns
from actions.chat import Chat
from actions.context import talk_of
from actions.elsewhere import named_elsewhere
from actions.orders import own_orders
from actions.phrasing import less_text, price_text
from actions.postage import tell_postage
from actions.recommending import names_a_budget, recommend
from actions.returns import report_missing
from actions.sums import asks_for_sum, tell_sum

_SENDING = re.compile(r"寄|发到|运|邮|快递|送到")


class TellPromotions(Answer):
    def name(self) -> str:
        return "action_tell_promotions"

    async def answer(self, chat: Chat) -> None:
        if await report_missing(chat):
            return
        if await _asks_for_strange(chat) and await tell_not_ours(chat):
            return
        if await _is_about_own_sum(chat):
            return
        talk = await talk_of(chat)
        if not await tell_campaigns(chat, talk.product):
            chat.reply("utter_no_promotion")
        elif talk.product is not None:
            await tell_sum(chat)  # what it comes to with all of it


async def _is_about_own_sum(chat: Chat) -> bool:
    """什么券 减多少, 两双能用券吗, 用了满199的券没: told in figures, not by a list of campaigns."""
    turn, number = chat.turn, chat.slot("order_placed")
    has_figures = asks_for_sum(chat) or turn.has("money", "quantity")
    if not has_figures and chat.slot("open_question") != "take_offer":
        return False
    if number and not turn.has("product", "kind", "quantity") and await _tell_saved(chat, number):
        return True
    if not (chat.slot("product_in_talk") or turn.product_in_view or turn.has("product", "kind")):
        return False
    await tell_sum(chat)
    return True


async def _tell_saved(chat: Chat, number: str) -> bool:
    """What took something off the order that was just placed; False where there is none."""
    order = await chat.shop.order(number, chat.turn.access())
    if order is None:
        return False
    less = less_text(order.savings)
    response = "utter_order_saved" if less else "utter_order_saved_nothing"
    chat.reply(response, less=less, total=price_text(order.total_fen))
    return True


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
            await tell_sum(chat)
