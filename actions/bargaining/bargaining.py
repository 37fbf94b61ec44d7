"""Haggling: one rung of the product's ladder at a time; the shop knows how far it may go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.answering.answer import Answer
from actions.answering.handoff import offer_person
from actions.answering.talking import plan_undecided
from actions.bargaining.gifts import (
    leave_out_gift,
    tell_what_comes_with_it,
    tells_gift_of_own_order,
)
from actions.bargaining.no_haggling import (
    adds_goods,
    asks_for_many,
    asks_what_one_costs,
    is_over_several,
)
from actions.bargaining.objections import answer_elsewhere, mark_told, was_told
from actions.bargaining.over_nothing import bargain_over_nothing
from actions.choosing.judging import judge_figure
from actions.choosing.recommending import recommend_cheaper
from actions.choosing.verdicts import strengths_text
from actions.choosing.wished_otherwise import wants_cheaper_goods
from actions.frame.chat import Chat
from actions.frame.heard import detail, hears
from actions.frame.phrasing import less_text, price_text
from actions.frame.turn import Turn
from actions.hearing.coming_along import tells_whether_it_comes_along
from actions.hearing.context import is_after_sale, talk_of
from actions.hearing.profile import keep, profile_of
from actions.ordering.bulk import leaves_bulk_to_a_person
from actions.ordering.sums import tells_saved_of_sum
from actions.orders.asking import answer_named, can_wait
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Offer, Step, WantedLine
from bot.shop.words.goods import Product
from bot.shop.words.quotes import Quote, SavedBy

_PAIR, _IN_GENERAL = 2, "utter_bargain_in_general"
_DEAREST_FEN = 10**7  # no piece costs more; a longer figure is no price


class Bargain(Answer):
    def name(self) -> str:
        return "action_bargain"

    async def answer(self, chat: Chat) -> None:
        turn = chat.turn
        if await tells_whether_it_comes_along(chat) or await tells_saved_of_sum(chat):
            return  # 雨罩送不送; 用券能便宜多少, of a sum
        if turn.value("remedy") == "resend" and is_after_sale(chat):
            await answer_named("return", chat)  # 那补给我呗
            return
        is_of_weather = any(one.get("of") == "temperature" for one in turn.entities)
        if is_of_weather and not turn.has("money") and await judge_figure(chat, is_asked=True):
            return  # 雪地靴零下30行吗
        if is_over_several(chat) or asks_what_one_costs(chat):
            await answer_named("price", chat)  # 垫子两张 帐篷一个 总共多少, 两样一起能便宜多少
        elif adds_goods(turn):
            await answer_named("price", chat)  # 再给我自己带双袜子
        elif chat.slot("open_question") == "why_leaving" and not turn.has("money"):
            chat.reply("utter_why_price")  # 太贵了, to the question why
        elif await takes_the_price(chat) or await _weighs_one_of_two(chat):
            return
        elif turn.intent == "deny" and hears(turn, "stop"):
            await let_go(chat)  # 那算了
        elif await asks_for_many(chat):
            await answer_named("price", chat)  # 五箱能优惠多少: with all that is taken off
        else:
            await bargain(chat)


async def takes_the_price(chat: Chat) -> bool:
    """那就这个价吧, of goods that an offer of ours stands for: the order begins."""
    if chat.turn.in_form or not hears(chat.turn, "takes_price") or chat.turn.questions:
        return False
    talk = await talk_of(chat)
    if talk.product is None:
        return False
    chat.go_on_with("order_form")
    return True


async def _weighs_one_of_two(chat: Chat) -> bool:
    """小溪有点贵, 轻途也便宜啊, of two that were just compared: what the difference buys, once."""
    pair, named = profile_of(chat).verdict, [str(one) for one in chat.turn.values("product")]
    if len(pair) < _PAIR or len(named) != 1 or named[0] not in pair:
        return False
    found = [await chat.shop.product(one) for one in pair]
    products = sorted((one for one in found if one is not None), key=lambda one: one.price_fen)
    mark = f"{'/'.join(sorted(pair))}:apart"
    if len(products) < _PAIR or products[0].price_fen == products[1].price_fen:
        return False
    if was_told(chat, mark) or chat.turn.has("money"):
        return False
    mark_told(chat, mark)
    cheaper, dearer = products
    chat.keep("product_in_talk", named[0])
    chat.ask(
        "like_it",
        "utter_price_apart",
        cheaper=cheaper.name,
        dearer=dearer.name,
        gap=price_text(dearer.price_fen - cheaper.price_fen),
        more=dearer.selling_points[-1] if dearer.selling_points else dearer.kind,
        strength=strengths_text(dearer, cheaper),
    )
    return True


async def let_go(chat: Chat) -> None:
    """The buyer leaves while haggling: nothing is cut for it, and what was promised stays."""
    talk = await talk_of(chat)
    offer = None
    if talk.product is not None:
        offer = await chat.shop.standing_offer(talk.product.product_id, buyer_id=chat.turn.buyer_id)
    keep(chat, replace(profile_of(chat), left_because="price"))
    if talk.product is not None and offer is not None and _is_something(offer):
        what = await _promised(chat, talk.product, offer)
        chat.reply("utter_offer_stays", name=talk.product.name, what=what)
    else:
        chat.reply("utter_why_price")
    plan_undecided(chat)


def _is_something(offer: Offer) -> bool:
    return bool(offer.off_fen or offer.gift or offer.coupon_code or offer.free_postage)


@can_wait("bargain")
async def bargain(chat: Chat) -> None:
    if wants_cheaper_goods(chat.turn) and await recommend_cheaper(chat):
        return
    leave_out_gift(chat)
    talk = await talk_of(chat)
    if talk.product is None and await tells_gift_of_own_order(chat):
        return
    if talk.product is None and await leaves_bulk_to_a_person(chat, talk.quantity):
        return
    is_told = await tell_what_comes_with_it(chat, talk.product)
    is_asked = chat.turn.intent == "ask_promotion" and not hears(chat.turn, "claims_gift")
    if talk.product is None:
        if _IN_GENERAL in chat.turn.told_before and hears(chat.turn, "stop"):
            await let_go(chat)
        else:
            await bargain_over_nothing(chat)
    if talk.product is None or (is_told and is_asked):  # 有赠品吗
        return
    turn, product = chat.turn, talk.product
    if hears(turn, "elsewhere") and answer_elsewhere(chat, product):
        return
    standing = await chat.shop.standing_offer(product.product_id, buyer_id=turn.buyer_id)
    price_fen = standing.unit_price_fen if standing else product.price_fen
    ask_fen = asked_price(turn, price_fen, talk.quantity)
    if ask_fen is not None and talk.quantity == 1:
        quote = await _quote_of_one(chat, product)
        paid = quote.total_fen - quote.postage.fee_fen
        if not quote.is_lowest and paid < ask_fen < product.price_fen:
            price = _price_of(product, standing, quote)
            chat.ask(
                "take_offer", "utter_bargain_cheaper_than_asked", name=product.name, price=price
            )
            return  # 600行不, where 589 is what it comes to: no step of the ladder is spent
    offer = await chat.shop.bargain(
        product.product_id,
        buyer_id=turn.buyer_id,
        quantity=talk.quantity,
        ask_fen=ask_fen,
        request_id=turn.request_id,
    )
    await chat.remember(price_sensitive="yes")
    if offer.step is Step.BULK:
        chat.reply("utter_bargain_bulk", quantity=talk.quantity)
        chat.hand_over(HandOverReason.BULK, f"想买{talk.quantity}件{product.name}, 谈批量价")
    elif ask_fen is not None and ask_fen > offer.unit_price_fen and ask_fen > price_fen:
        price = await _price_with_all(chat, product, offer)
        chat.ask("take_offer", "utter_bargain_cheaper_than_asked", name=product.name, price=price)
    else:
        await _tell(chat, product, offer)


def asks_floor(turn: Turn) -> bool:
    """底价多少, 最低给到多少, by whatever trick: a try to bargain like any other."""
    return hears(turn, "floor")


async def _tell(chat: Chat, product: Product, offer: Offer) -> None:
    promised = await _promised(chat, product, offer)
    values: dict[str, Any] = {
        "name": product.name,
        "price": await _price_with_all(chat, product, offer),
        "off": price_text(offer.off_fen),
        "gift": offer.gift,
        "value": offer.value_text,
        "what": promised,
    }
    if offer.step is Step.LAST:
        _tell_last(chat, product, values)
    elif offer.meets_ask and offer.step is not Step.VALUE:
        chat.ask("take_offer", "utter_bargain_met", **values)
    elif offer.step is Step.PRICE and offer.meets_ask is False:
        chat.ask("take_offer", "utter_bargain_not_met", **values)
    else:
        chat.ask("take_offer", f"utter_bargain_{offer.step.value}", **values)


def _tell_last(chat: Chat, product: Product, values: dict[str, Any]) -> None:
    """The last offer is said again once; whoever still asks may speak with a person."""
    if chat.slot("bargain_was_last") == product.product_id:
        chat.reply("utter_bargain_really_last", **values)
        offer_person(chat, HandOverReason.BELOW_FLOOR)
        return
    chat.keep("bargain_was_last", product.product_id)
    chat.ask("take_offer", "utter_bargain_last", **values)


async def _quote_of_one(chat: Chat, product: Product) -> Quote:
    one = WantedLine(product_id=product.product_id, colour="", size="")
    return await chat.shop.quote([one], buyer_id=chat.turn.buyer_id)


async def _price_with_all(chat: Chat, product: Product, offer: Offer) -> str:
    """The price of one with what takes off from it today: 459元（469元用券「满199减10」减10元）."""
    return _price_of(product, offer, await _quote_of_one(chat, product))


def _price_of(product: Product, offer: Offer | None, quote: Quote) -> str:
    less = less_text([saving for saving in quote.savings if saving.by is not SavedBy.BARGAIN])
    paid = quote.total_fen - quote.postage.fee_fen
    full = price_text(_taken_from(product, offer, quote))
    return f"{price_text(paid)}（{full}{less}）" if less and not quote.is_lowest else full


def _taken_from(product: Product, offer: Offer | None, quote: Quote) -> int:
    """The price that savings take off from, in fen: the offer's, unless they win over it."""
    is_bargained = not quote.savings or any(one.by is SavedBy.BARGAIN for one in quote.savings)
    return offer.unit_price_fen if offer is not None and is_bargained else product.price_fen


async def _promised(chat: Chat, product: Product, offer: Offer) -> str:
    """Everything promised so far, with what it comes to: 459元，用券减15元，到手444元，包邮."""
    quote = await _quote_of_one(chat, product)
    parts = [price_text(_taken_from(product, offer, quote))]
    if offer.gift:
        parts.append(f"送{offer.gift}")
    less = [saving for saving in quote.savings if saving.by is not SavedBy.BARGAIN]
    if less and not quote.is_lowest:
        paid = quote.total_fen - quote.postage.fee_fen
        parts += [less_text(less), f"到手{price_text(paid)}"]
    if offer.free_postage:
        parts.append("包邮")
    return "，".join(part for part in parts if part)


def answers_an_offer(chat: Chat) -> bool:
    """500, and nothing else, where an offer of ours stands."""
    return chat.slot("open_question") == "take_offer" and _bare_figure_fen(chat.turn) is not None


def _bare_figure_fen(turn: Turn) -> int | None:
    """500, in the middle of haggling, is a price; ten pieces are none."""
    try:
        yuan = float(turn.text)
    except ValueError:
        return None
    return round(yuan * 100) if 1000 <= yuan * 100 <= _DEAREST_FEN else None


def names_a_price(chat: Chat) -> bool:
    """350卖不卖: a sum and nothing else about the goods in talk is what the buyer would pay."""
    turn = chat.turn
    is_about_goods = turn.has("size", "colour", "kind", "product", "height_cm", "weight_kg")
    has_product = chat.slot("product_in_talk") or turn.product_in_view
    return bool(has_product) and turn.has("money") and not is_about_goods


def asked_price(turn: Turn, price_fen: int, quantity: int) -> int | None:
    """The buyer's own figure apiece, in fen; None where none was named.

    少20块 takes off from the price, and so does 便宜50; of 便宜到200 the sum is the price. 两双500
    is for both; 九折 and 抹零 are counted.
    """
    if (rate := turn.value("discount")) is not None:
        return round(price_fen * float(rate))
    money = turn.value("money")
    if money is None:
        money = _bare_figure_fen(turn)
    if money is None:
        is_odd = hears(turn, "odd_bit") and price_fen % 1000
        return price_fen // 1000 * 1000 if is_odd else None
    money, role = int(money), detail(turn, "money", "role")
    if role == "off" and money < price_fen:
        return price_fen - money
    if quantity > 1 and role != "apiece" and (role == "for_all" or money > price_fen):
        return money // quantity
    return money
