"""Answers a half-sure message where a wrong guess costs little, or the talk makes it clear."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from actions.aftercare import TellUsage, TellWarranty
from actions.answer import Answer
from actions.asking import answer_named, tell_not_ours
from actions.bargaining import (
    Bargain,
    answers_an_offer,
    asks_floor,
    asks_for_gift,
    bargain,
    names_a_price,
)
from actions.beginning import StartOrder, buys_on_condition, sounds_like_buying, start_order
from actions.chat import Chat
from actions.elsewhere import named_elsewhere, number_of_a_page, strange_goods
from actions.heard import hears
from actions.orders import in_status, own_orders
from actions.parcels import ExplainDelay, TrackParcel
from actions.postage import TellPostage
from actions.products import TellProduct, TellQuality, tell_product
from actions.promotions import TellPrice, TellPromotions
from actions.recommending import (
    Recommend,
    names_a_budget,
    recommend,
    recommend_cheaper,
    recommend_other,
    wants_cheaper_goods,
    wants_others,
    wishes_quality,
)
from actions.refunds import TellRefund
from actions.return_policy import TellReturnPolicy
from actions.returns import StartReturn
from actions.sheet import is_general, topics_of
from actions.shipping import TellCourier, TellDeliveryArea, TellDeliveryTime, TellShipTime
from actions.sizing import AdviseSize
from actions.stock import (
    CheckStock,
    check_stock,
    promise_restock_notice,
    wants_notice,
)
from actions.talking import AnswerOutOfScope
from actions.turn import Turn
from bot.shop.dealing import OrderStatus, Reason

CLEAR = 0.5  # chance of the likeliest meaning, and how far it must be ahead of the next
LIKELY = 0.4  # enough where the question before it leaves little else
AHEAD = 0.15
# These may be about the goods in talk as long as nothing is to be done to an order.
_FACTUAL = {"ask_product", "ask_quality", "ask_usage", "out_of_scope", "inform", "ask_color"}
# 什么时候能到 is about the parcel where one is on its way.
_WHERE = {
    "track_parcel",
    "ask_delivery_time",
    "ask_ship_time",
    "order_status",
    "logistics_delay",
}
_WITH_NUMBER = {*_WHERE, "inform", "parcel_not_received"}
_OF_PARCELS = {"track_parcel", "logistics_delay", "parcel_not_received"}
TOGETHER = 0.65  # chance of all wishes about a parcel
# Half understood, these ask for goods all the same where strange ones are meant.
_LOOKING = ("stock_check", "ask_product", "ask_recommendation", "ask_price", "ask_quality")
_NAMING = (*_LOOKING, "size_advice", "place_order", "inform", "out_of_scope")
_ILL_FITTING = re.compile(
    r"(有点|有些|太|偏|穿着)(大|小|紧|松|长|短|肥|瘦|挤)|(大|小|紧|松|长|短|肥|瘦)了"
)
_DEAR = re.compile(r"(好|太|真|挺|有点|有些|这么|那么)贵|贵了|贵啊")
_CHOICES = ("size", "colour", "quantity", "address", "phone")
_FAULTS = {reason.value for reason in (Reason.DEFECT, Reason.WRONG_ITEM, Reason.NOT_RECEIVED)}
_AWAITED = (OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED)
_RECEIVED = in_status(OrderStatus.DELIVERED, OrderStatus.COMPLETED)


@cache
def _answers() -> dict[str, Answer]:
    """Questions: answering the wrong one is put right by asking again."""
    return {
        "stock_check": CheckStock(),
        "size_advice": AdviseSize(),
        "bargain": Bargain(),
        "ask_promotion": TellPromotions(),
        "ask_price": TellPrice(),
        "ask_postage": TellPostage(),
        "ask_recommendation": Recommend(),
        "ask_product": TellProduct(),
        "ask_quality": TellQuality(),
        "ask_ship_time": TellShipTime(),
        "ask_courier": TellCourier(),
        "ask_delivery_time": TellDeliveryTime(),
        "ask_delivery_area": TellDeliveryArea(),
        "ask_usage": TellUsage(),
        "ask_warranty": TellWarranty(),
        "place_order": StartOrder(),
        "track_parcel": TrackParcel(),
        "return_policy": TellReturnPolicy(),
        "refund_status": TellRefund(),
        "out_of_scope": AnswerOutOfScope(),
    }


async def fits_the_talk(chat: Chat) -> bool:
    """Answers what the words, the data and the open question together make clear."""
    turn, question = chat.turn, chat.slot("open_question")
    text, likeliest = turn.text, next(iter(turn.ranking), "")
    in_talk = chat.slot("product_in_talk") or turn.product_in_view
    if likeliest in ("report_defect", "report_wrong_item") and turn.has("return_reason"):
        is_fault = turn.value("return_reason") in _FAULTS  # 有点挤脚 is none of the goods
        await _as(chat, StartReturn(), likeliest if is_fault else "return_request")
    elif _ILL_FITTING.search(text) and await _has_received(chat):
        await _as(chat, StartReturn(), "exchange_request")
    elif turn.has("order_number", "tracking_number") and (
        likeliest in _WITH_NUMBER
        or (likeliest in _LOOKING and not number_of_a_page(turn))  # 6802…401 这个对不对
    ):
        await answer_named("order", chat)
    elif _is_about_a_parcel(turn) and not turn.has("region") and await _has_parcel(chat):
        await _as(chat, TrackParcel(), "track_parcel")
    elif likeliest == "logistics_delay" and turn.chances[0] >= CLEAR and await _waits(chat):
        await _as(chat, ExplainDelay(), likeliest)
    elif wants_cheaper_goods(text) and await recommend_cheaper(chat):
        return True
    elif wants_others(chat):
        await recommend_other(chat)
    elif _looks_for_goods(turn):
        await recommend(chat)
    elif _is_haggling(chat) and not turn.in_form:
        await bargain(chat)
    elif not turn.in_form and _accepts(chat, likeliest):
        await start_order(chat)
    elif question == "take_offer" and likeliest == "bargain":
        await bargain(chat)
    elif wants_notice(chat):
        await promise_restock_notice(chat)
    elif in_talk and _asks_a_fact(turn, likeliest):
        await tell_product(chat)
    elif likeliest in _LOOKING and _is_strange(chat, in_talk):
        await check_stock(chat)
    elif _names_strange(chat, likeliest):
        return await tell_not_ours(chat)
    else:
        return False
    return True


def _looks_for_goods(turn: Turn) -> bool:
    """要轻便的; 想买双爬山穿的鞋,五百以内 tells and asks at once."""
    if "ask_recommendation" not in turn.ranking[:2]:
        return False
    tells = "inform" in turn.ranking[:2] and turn.has("use", "money", "person", "kind", "category")
    return wishes_quality(turn.text) or (tells and not turn.in_form)


def _asks_a_fact(turn: Turn, likeliest: str) -> bool:
    """好搭吗: the words name a line of the sheet, and no deed is asked for."""
    is_faint = turn.chances[0] < LIKELY and likeliest in _answers()
    is_factual = likeliest in _FACTUAL or is_faint
    return is_factual and bool(topics_of(turn.text) or is_general(turn.text))


async def is_clear_enough(chat: Chat) -> bool:
    """Answers the likeliest question where it is well ahead of the next."""
    turn = chat.turn
    if not turn.ranking or turn.chances[0] < CLEAR:
        return False
    if len(turn.chances) > 1 and turn.chances[0] - turn.chances[1] < AHEAD:
        return False
    answer = _answers().get(turn.ranking[0])
    if answer is None or (turn.in_form and turn.ranking[0] == "place_order"):
        return False
    await _as(chat, answer, turn.ranking[0])
    return True


async def _as(chat: Chat, answer: Answer, intent: str) -> None:
    chat.turn = replace(chat.turn, intent=intent)
    await answer.answer(chat)


def _is_haggling(chat: Chat) -> bool:
    text, question = chat.turn.text, chat.slot("open_question")
    if answers_an_offer(chat):
        return True
    if asks_floor(chat.turn) or buys_on_condition(text) or _DEAR.search(text):
        return True
    if "bargain" in chat.turn.ranking[:2] and asks_for_gift(chat.turn):
        return True
    return names_a_price(chat) and question != "like_it" and not names_a_budget(chat)


def _accepts(chat: Chat, likeliest: str) -> bool:
    """那就买一双吧 after an offer to order."""
    turn = chat.turn
    is_offered = chat.slot("open_question") in ("order_it", "take_offer")
    is_yes = likeliest in ("place_order", "affirm") and turn.chances[0] >= LIKELY
    if sounds_like_buying(turn) or (is_offered and is_yes):
        return True
    # 我要一双42的登山鞋,黑的: who names goods and size wants them.
    is_known = turn.has("product") or chat.slot("product_in_talk") or turn.product_in_view
    return likeliest == "place_order" and bool(is_known) and turn.has(*_CHOICES)


def _is_about_a_parcel(turn: Turn) -> bool:
    """Whichever of the wishes about a parcel it is, the parcel's state answers it."""
    if hears(turn, "courier_phone") or set(turn.ranking[:2]) <= _WHERE:
        return True
    chances = zip(turn.ranking, turn.chances, strict=True)
    return sum(chance for intent, chance in chances if intent in _OF_PARCELS) >= TOGETHER


async def _has_parcel(chat: Chat) -> bool:
    return any(map(in_status(OrderStatus.SHIPPED), await own_orders(chat)))


async def _waits(chat: Chat) -> bool:
    return any(map(in_status(*_AWAITED), await own_orders(chat)))


async def _has_received(chat: Chat) -> bool:
    return chat.turn.signed_in and any(map(_RECEIVED, await own_orders(chat)))


def _is_strange(chat: Chat, in_talk: str | None) -> bool:
    """Goods that are not ours are named in this line, or surely still what it asks for."""
    turn = chat.turn
    is_sure = turn.chances[0] >= CLEAR and not turn.has("order_number")
    return in_talk is None and bool(named_elsewhere(turn) or is_sure) and bool(strange_goods(chat))


def _names_strange(chat: Chat, likeliest: str) -> bool:
    """粽子, or 记录仪的app叫什么: named in this very line, where nothing of an order is wished."""
    is_after_one = chat.turn.in_form or chat.slot("open_question") == "which_order"
    named = named_elsewhere(chat.turn)
    is_naming = bool(named) and (likeliest in _NAMING or named == chat.turn.text.strip())
    return is_naming and not is_after_one and bool(strange_goods(chat))
