"""Campaigns, coupons and prices as they stand for everybody, and what this buyer was promised."""

from __future__ import annotations

from actions.after_order.returns import report_missing
from actions.answering.answer import Answer
from actions.answering.plain import answer_plainly
from actions.bargaining.bargaining import asks_floor, bargain
from actions.bargaining.campaigns import (
    tell_campaign_asked,
    tell_campaigns,
    tell_until_when,
    tells_whether_true,
)
from actions.bargaining.gifts import asks_for_gift, stands_by_it, tells_gift_asked
from actions.bargaining.over_nothing import names_a_sum_of_nothing
from actions.choosing.recommending import recommend
from actions.choosing.wished_otherwise import names_a_budget
from actions.delivery.postage import tell_postage
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import less_text, price_text
from actions.goods.no_such import tells_no_such_colour
from actions.goods.otherwise import tells_it_is_looked_into
from actions.goods.price_gap import tells_price_gap
from actions.hearing.coming_along import tells_whether_it_comes_along
from actions.hearing.context import talk_of
from actions.hearing.elsewhere import named_elsewhere, strange_goods
from actions.ordering.sums import asks_for_sum, tell_sum, tell_what_is_saved
from actions.orders.asking import tell_not_ours
from actions.orders.orders import own_orders
from actions.returns.return_postage import is_about_a_return


class TellPromotions(Answer):
    def name(self) -> str:
        return "action_tell_promotions"

    async def answer(self, chat: Chat) -> None:
        if await report_missing(chat):
            return
        if await tells_it_is_looked_into(chat) or await tells_whether_true(chat):
            return
        if await _asks_for_strange(chat) and await tell_not_ours(chat):
            return
        if stands_by_it(chat) or await tells_gift_asked(chat):
            return
        if await tells_whether_it_comes_along(chat):
            return
        if asks_for_gift(chat.turn) and not chat.turn.in_form:
            await bargain(chat)  # 你们买鞋不是送袜子吗
            return
        talk = await talk_of(chat)
        if await tell_until_when(chat, talk.product):
            return
        if len(set(chat.turn.values("product"))) > 1 and await _is_about_own_sum(chat):
            return  # 帐篷跟睡袋一起买有优惠吗
        if await tell_campaign_asked(chat, talk.product, is_promo=True) or await _is_about_own_sum(
            chat
        ):
            return
        if not await tell_campaigns(chat, talk.product):
            chat.reply("utter_no_promotion")
        elif talk.product is not None and not _is_told_already(chat):
            await tell_sum(chat)  # what it comes to with all of it


def _is_told_already(chat: Chat) -> bool:
    """一共多少 有优惠不: the sum with all of it was told to the first half of the line."""
    was_told = any(one.startswith("utter_sum") for one in chat.turn.told_before)
    return was_told and not chat.turn.is_first_of_burst


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
    if not (hears(turn, "net_price") and await tell_what_is_saved(chat)):
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
    """买棉柔巾送湿巾吗, 这款不是搞活动吗 of a page that is not ours; who has bought here may miss a
    gift that came with it."""
    is_pointed_at = hears(chat.turn, "pointing") and not chat.slot("product_in_talk")
    is_strange = bool(named_elsewhere(chat.turn)) or (is_pointed_at and bool(strange_goods(chat)))
    return is_strange and not await own_orders(chat)


class TellPrice(Answer):
    def name(self) -> str:
        return "action_tell_price"

    async def answer(self, chat: Chat) -> None:
        is_writing = chat.turn.in_form == "order_form"  # 背包不要了, of what is being ordered
        is_of_sum = hears(chat.turn, "net_price", "in_all")  # 到手多少, after 能退不
        is_of_repair = is_about_a_return(chat) and not is_writing and not is_of_sum
        if await tells_it_is_looked_into(chat):
            return  # 返多少钱
        if is_of_repair and not chat.turn.has("kind", "category", "goods"):
            await answer_plainly(chat, "faq/ask_warranty.cost")  # 多少钱, of having it mended
        elif chat.turn.has("region") and hears(chat.turn, "sending", "postage"):
            await tell_postage(chat)  # 寄到新疆多少钱
        elif asks_floor(chat.turn):
            await bargain(chat)  # 底价多少
        elif await tells_price_gap(chat):
            return
        elif names_a_budget(chat):
            await recommend(chat)  # 900以内的帐篷呢
        elif names_a_sum_of_nothing(chat):
            await bargain(chat)  # 两件按799算吧
        else:
            if not is_writing and len(chat.turn.values("colour")) == 1:
                tells_no_such_colour(chat, await talk_of(chat))  # 那灰的吧 多少钱
            await tell_sum(chat)
