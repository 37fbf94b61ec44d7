"""Answers a half-sure message where a wrong guess costs little, or the talk makes it clear."""

from __future__ import annotations

from functools import cache

from actions.after_order.parcels import TrackParcel
from actions.after_order.refunds import TellRefund
from actions.answering.answer import Answer
from actions.answering.plain import answer_plainly, is_part, wish_of
from actions.answering.talking import AnswerOutOfScope
from actions.bargaining.bargaining import (
    Bargain,
    answers_an_offer,
    asks_floor,
    bargain,
    names_a_price,
    takes_the_price,
)
from actions.bargaining.beginning import (
    StartOrder,
    all_of_them,
    buys_on_condition,
    settles_on_goods,
    sounds_like_buying,
    start_order,
    start_several,
    wants_both,
)
from actions.bargaining.gifts import asks_for_gift, stands_by_it, tells_gift_asked
from actions.bargaining.sizing import AdviseSize
from actions.choosing.beside import goes_beside_own
from actions.choosing.deciding import decide
from actions.choosing.judging import judge_figure
from actions.choosing.recommending import Recommend, recommend, recommend_cheaper, recommend_other
from actions.choosing.warranty import TellWarranty
from actions.choosing.what_then import tell_what_then
from actions.choosing.which import asks_an_axis, names_in_line, which_ones
from actions.choosing.wished_otherwise import (
    names_a_budget,
    wants_cheaper_goods,
    wants_others,
    wishes_quality,
)
from actions.deciding.aftercare import TellUsage
from actions.deciding.likeliest_served import LIKELY, answer_as, fits_the_order
from actions.deciding.likely_signs import CLEAR, haggles
from actions.deciding.set_words import asks_what_now
from actions.delivery.areas import TellDeliveryArea
from actions.delivery.couriers import TellCourier
from actions.delivery.postage import TellPostage
from actions.delivery.shipping import TellDeliveryTime, TellShipTime
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.goods.as_before import takes_as_before
from actions.goods.products import TellProduct, tell_product
from actions.goods.promotions import TellPrice, TellPromotions
from actions.goods.quality import TellQuality
from actions.goods.stock import (
    CheckStock,
    check_stock,
    promise_restock_notice,
    wants_notice,
)
from actions.goods.that_one import goes_on_with_that_one, picks_by_price
from actions.hearing.asked_words import wanted
from actions.hearing.coming_along import tells_whether_it_comes_along
from actions.hearing.elsewhere import LOOKING, is_strange_meant, names_strange
from actions.hearing.open_matter import is_about
from actions.hearing.parts import tells_of_a_part
from actions.hearing.sheet import is_general, topics_of
from actions.ordering.sum_changes import changes_the_sum
from actions.ordering.sums import tell_sum
from actions.orders.asking import tell_not_ours
from actions.orders.complaints import Praised
from actions.returns.return_policy import TellReturnPolicy
from bot.dialogue.matter import Matter

AHEAD = 0.15
# These may be about the goods in talk as long as nothing is to be done to an order.
_FACTUAL = {"ask_product", "ask_quality", "ask_usage", "out_of_scope", "inform", "ask_color"}
_OF_PARTS = ("ask_product", "stock_check", "order_note")
# What is asked of one product may be asked of the next.
_OF_GOODS = ("stock_check", "ask_price", "size_advice", "ask_recommendation")
_CHOICES = ("size", "colour", "quantity", "address", "phone")


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
        "praise": Praised(),
    }


async def fits_the_talk(chat: Chat) -> bool:
    """Answers what the words, the data and the open question together make clear."""
    turn, question = chat.turn, chat.slot("open_question")
    likeliest = next(iter(turn.ranking), "")
    in_talk = chat.slot("product_in_talk") or turn.product_in_view
    if not turn.in_form and (await decide(chat) or await picks_by_price(chat)):
        return True
    if (
        stands_by_it(chat)
        or await tells_gift_asked(chat)
        or await tells_whether_it_comes_along(chat)
        or await judge_figure(chat)
        or await takes_the_price(chat)
        or await tell_what_then(chat)
    ):
        return True
    if await takes_as_before(chat) or await goes_on_with_that_one(chat):
        return True
    if hears(turn, "goes_with") and await goes_beside_own(chat):
        return True  # 还要配点什么
    if not turn.in_form and wants_both(chat):
        await start_several(chat, all_of_them(chat))  # 都要
        return True
    if _sums_up(chat, in_talk) or changes_the_sum(chat):
        await tell_sum(chat)
        return True
    if await fits_the_order(chat) or await _goes_on_with_goods(chat):
        return True
    if await asks_what_now(chat):
        return True  # 那怎么办 本来想要的是另一种
    if wants_cheaper_goods(turn) and await recommend_cheaper(chat):
        return True
    elif wants_others(chat):
        await recommend_other(chat)
    elif _looks_for_goods(turn, is_free=not in_talk):
        await recommend(chat)
    elif (_is_haggling(chat) or haggles(turn)) and not turn.in_form:
        await bargain(chat)
    elif not turn.in_form and _accepts(chat, likeliest):
        await start_order(chat)
    elif question == "take_offer" and likeliest == "bargain":
        await bargain(chat)
    elif wants_notice(chat):
        await promise_restock_notice(chat)
    elif in_talk and (chat.names_a_part or likeliest in _OF_PARTS) and await tells_of_a_part(chat):
        return True  # 有礼盒吗
    elif in_talk and _asks_a_fact(turn, likeliest):
        await tell_product(chat)
    elif in_talk and likeliest in LOOKING and await asks_an_axis(chat):
        await check_stock(chat)  # 有哪些机型
    elif likeliest in LOOKING and await which_ones(chat):
        return True
    elif likeliest in LOOKING and is_strange_meant(chat, in_talk):
        await check_stock(chat)
    elif names_strange(chat, likeliest):
        return await tell_not_ours(chat)
    else:
        return False
    return True


async def _goes_on_with_goods(chat: Chat) -> bool:
    """那袜子呢: goods and nothing else, asked about: what was asked of the goods before them."""
    turn = chat.turn
    if turn.in_form or not turn.questions or not turn.has("product", "kind"):
        return False
    if turn.has("size", "colour", "money", "quantity") or wanted(turn.text, names_in_line(chat)):
        return False
    matter = Matter.of_slot(chat.slot("matter"))
    if matter is None or matter.intent not in _OF_GOODS:
        return False
    await answer_as(chat, _answers()[matter.intent], matter.intent)
    return True


def _sums_up(chat: Chat, in_talk: str | None) -> bool:
    """袜子一起买够不够, beside the hat that is talked of."""
    turn = chat.turn
    is_beside = turn.has("product", "kind") and bool(in_talk) and turn.questions
    return is_beside and hears(turn, "both", "in_all", "add_line") and not turn.in_form


def _looks_for_goods(turn: Turn, *, is_free: bool) -> bool:
    """要轻便的; 想买双爬山穿的鞋,五百以内 tells and asks at once."""
    if "ask_recommendation" not in turn.ranking[:2]:
        return False
    is_first = turn.ranking[0] == "ask_recommendation" and not turn.in_form
    if is_first and is_free and turn.has("use", "amount", "likes"):
        return True  # 下个月去漠河 零下30度 穿啥
    tells = "inform" in turn.ranking[:2] and turn.has("use", "money", "person", "kind", "category")
    return wishes_quality(turn) or (tells and not turn.in_form)


def _asks_a_fact(turn: Turn, likeliest: str) -> bool:
    """好搭吗: the words name a line of the sheet, and no deed is asked for."""
    is_faint = max(turn.chances, default=0.0) < LIKELY and likeliest in _answers()
    is_factual = likeliest in _FACTUAL or is_faint
    return is_factual and bool(topics_of(turn.text) or is_general(turn.text))


async def is_clear_enough(chat: Chat) -> bool:
    """Answers the likeliest question where it is well ahead of the next."""
    turn = chat.turn
    if not turn.ranking:
        return False
    wish = wish_of(turn.ranking[0])
    told = list(zip(turn.ranking, turn.chances, strict=True))
    chance = sum(odds for label, odds in told if wish_of(label) == wish)
    other = max((odds for label, odds in told if wish_of(label) != wish), default=0.0)
    if chance < CLEAR or chance - other < AHEAD:
        return False
    if is_part(turn.ranking[0]):
        await answer_plainly(chat, turn.ranking[0])
        is_about(chat, wish)
        return True
    answer = _answers().get(turn.ranking[0])
    if answer is None or (turn.in_form and turn.ranking[0] == "place_order"):
        return False
    await answer_as(chat, answer, turn.ranking[0])
    return True


def _is_haggling(chat: Chat) -> bool:
    question = chat.slot("open_question")
    if answers_an_offer(chat):
        return True
    if asks_floor(chat.turn) or buys_on_condition(chat.turn) or hears(chat.turn, "dear"):
        return True
    if "bargain" in chat.turn.ranking[:2] and asks_for_gift(chat.turn):
        return True
    return names_a_price(chat) and question != "like_it" and not names_a_budget(chat)


def _accepts(chat: Chat, likeliest: str) -> bool:
    """那就买一双吧 after an offer to order."""
    turn = chat.turn
    is_offered = chat.slot("open_question") in ("order_it", "take_offer")
    asks_of_others = turn.questions and turn.has("product", "kind", "category")  # 那袜子呢
    is_yes = likeliest in ("place_order", "affirm") and turn.chances[0] >= LIKELY
    is_yes = is_yes and not asks_of_others
    if sounds_like_buying(turn) or settles_on_goods(chat) or (is_offered and is_yes):
        return True
    # 我要一双42的登山鞋,黑的: who names goods and size wants them.
    is_known = turn.has("product") or chat.slot("product_in_talk") or turn.product_in_view
    return likeliest == "place_order" and bool(is_known) and turn.has(*_CHOICES)
