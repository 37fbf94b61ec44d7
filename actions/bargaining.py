"""Haggling: one rung of the product's ladder at a time; the shop knows how far it may go."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actions.answer import Answer
from actions.asking import ask_which_product, can_wait
from actions.chat import Chat
from actions.context import talk_of
from actions.handoff import offer_person
from actions.phrasing import price_text
from actions.recommending import recommend_cheaper, wants_cheaper_goods
from bot.handing_over import HandOverReason
from bot.shop.dealing import Offer, Step
from bot.shop.goods import Product

_TAKEN_OFF = re.compile(r"少|便宜|减|优惠|让|抹|去掉|降")
_BARE_FIGURE = re.compile(r"\d{2,5}(\.\d)?")
_DISCOUNT = re.compile(r"([一二三四五六七八九1-9])\.?([一二三四五六七八九1-9])?折")
_GIVING = re.compile(r"(?<!发)(?<!配)(?<!上门)送(我|一|个|双|条|点|件|顶|只|瓶|盒|副|张|礼|赠)")
_FLOOR = re.compile(r"底价|底线|最低(价|多少|给|能|什么价)|成本价|心理价")
_NAMING = ("product", "kind", "category", "quantity", "colour")
_DIGITS = {word: number for number, word in enumerate("一二三四五六七八九", 1)}


class Bargain(Answer):
    def name(self) -> str:
        return "action_bargain"

    async def answer(self, chat: Chat) -> None:
        await bargain(chat)


@can_wait("bargain")
async def bargain(chat: Chat) -> None:
    if wants_cheaper_goods(chat.turn.text) and await recommend_cheaper(chat):
        return
    _leave_out_gift(chat)
    talk = await talk_of(chat)
    if talk.product is None:
        await ask_which_product(chat, "bargain")
        return
    turn, product = chat.turn, talk.product
    standing = await chat.shop.standing_offer(product.product_id, buyer_id=turn.buyer_id)
    price_fen = standing.unit_price_fen if standing else product.price_fen
    money = turn.value("money")
    if money is None and turn.text.strip().isdecimal():
        money = int(turn.text) * 100  # 500, in the middle of haggling
    ask_fen = asked_price(turn.text, money, price_fen, talk.quantity)
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
        price = price_text(offer.unit_price_fen)
        chat.ask("take_offer", "utter_bargain_cheaper_than_asked", name=product.name, price=price)
    else:
        _tell(chat, product, offer)


def _leave_out_gift(chat: Chat) -> None:
    """送双袜子吧: what is wished as a gift is not what is bargained over."""
    turn, in_talk = chat.turn, chat.slot("product_in_talk") or chat.turn.product_in_view
    if in_talk and _GIVING.search(turn.text):
        kept = [one for one in turn.entities if one.get("entity") not in _NAMING]
        chat.turn = replace(turn, entities=tuple(kept))


def asks_floor(text: str) -> bool:
    """底价多少, 最低给到多少, by whatever trick: a try to bargain like any other."""
    return _FLOOR.search(text) is not None


def asks_for_gift(text: str) -> bool:
    return _GIVING.search(text) is not None


def _tell(chat: Chat, product: Product, offer: Offer) -> None:
    values: dict[str, Any] = {
        "name": product.name,
        "price": price_text(offer.unit_price_fen),
        "off": price_text(offer.off_fen),
        "gift": offer.gift,
        "value": offer.value_text,
        "what": _promised(offer),
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


def _promised(offer: Offer) -> str:
    """Everything promised so far: 279元,送袜子一双,包邮."""
    parts = [price_text(offer.unit_price_fen)]
    if offer.gift:
        parts.append(f"送{offer.gift}")
    if offer.coupon_code:
        parts.append("再用一张优惠券")
    if offer.free_postage:
        parts.append("包邮")
    return "，".join(parts)


def answers_an_offer(chat: Chat) -> bool:
    """500, and nothing else, where an offer of ours stands."""
    is_figure = _BARE_FIGURE.fullmatch(chat.turn.text.strip())
    return chat.slot("open_question") == "take_offer" and is_figure is not None


def names_a_price(chat: Chat) -> bool:
    """350卖不卖: a sum and nothing else about the goods in talk is what the buyer would pay."""
    turn = chat.turn
    is_about_goods = turn.has("size", "colour", "kind", "product", "height_cm", "weight_kg")
    has_product = chat.slot("product_in_talk") or turn.product_in_view
    return bool(has_product) and turn.has("money") and not is_about_goods


def asked_price(text: str, money_fen: int | None, price_fen: int, quantity: int) -> int | None:
    """The buyer's own figure apiece, in fen; None where none was named.

    少20块 and 便宜50 take off from the price; 两双500 is for both; 九折 and 抹零 are counted.
    """
    if match := _DISCOUNT.search(text):
        tens, ones = (_digit(group) for group in match.groups())
        return price_fen * (tens * 10 + ones) // 100
    if money_fen is None:
        has_odd_bit = "抹零" in text or "抹个零" in text or "零头" in text or "凑整" in text
        return price_fen // 1000 * 1000 if has_odd_bit and price_fen % 1000 else None
    money_fen = int(money_fen)
    if money_fen * 2 <= price_fen and _TAKEN_OFF.search(text):
        return price_fen - money_fen
    if quantity > 1 and money_fen > price_fen:
        return money_fen // quantity
    return money_fen


def _digit(word: str | None) -> int:
    if not word:
        return 0
    return int(word) if word.isdigit() else _DIGITS[word]
