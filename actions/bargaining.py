"""Haggling: one rung of the product's ladder at a time; the shop knows how far it may go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.answer import Answer
from actions.asking import answer_named, ask_which_product, can_wait
from actions.campaigns import tell_campaigns
from actions.chat import Chat
from actions.context import talk_of
from actions.elsewhere import strange_goods
from actions.handoff import offer_person
from actions.heard import detail, hears
from actions.order_lines import said_lines
from actions.phrasing import less_text, price_text
from actions.recommending import recommend_cheaper, wants_cheaper_goods
from actions.turn import Turn
from bot.handing_over import HandOverReason
from bot.shop.dealing import Offer, Step, WantedLine
from bot.shop.goods import Product

_NAMING = ("product", "kind", "category", "quantity", "colour")
_DEAREST_FEN = 10**7  # no piece costs more; a longer figure is no price


class Bargain(Answer):
    def name(self) -> str:
        return "action_bargain"

    async def answer(self, chat: Chat) -> None:
        if hears(chat.turn, "in_all") and len(said_lines(chat.turn)) > 1:
            await answer_named("price", chat)  # 垫子两张 帐篷一个 总共多少 能优惠点不
        else:
            await bargain(chat)


@can_wait("bargain")
async def bargain(chat: Chat) -> None:
    if wants_cheaper_goods(chat.turn.text) and await recommend_cheaper(chat):
        return
    _leave_out_gift(chat)
    talk = await talk_of(chat)
    if talk.product is None:
        await _bargain_over_nothing(chat)
        return
    turn, product = chat.turn, talk.product
    standing = await chat.shop.standing_offer(product.product_id, buyer_id=turn.buyer_id)
    price_fen = standing.unit_price_fen if standing else product.price_fen
    ask_fen = asked_price(turn, price_fen, talk.quantity)
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
        await _tell(chat, product, offer)


async def _bargain_over_nothing(chat: Chat) -> None:
    """No goods are known: what the whole shop gives, and which goods are meant; 没猜着 helps nobody
    who wants a gift."""
    if asks_for_gift(chat.turn) and not strange_goods(chat):
        chat.reply("utter_gift_in_general")
    elif chat.slot("product_asked") == [] and not strange_goods(chat):
        chat.reply("utter_bargain_in_general")
        await tell_campaigns(chat, None)
    else:
        await ask_which_product(chat, "bargain")


def _leave_out_gift(chat: Chat) -> None:
    """送双袜子吧: what is wished as a gift is not what is bargained over."""
    turn, in_talk = chat.turn, chat.slot("product_in_talk") or chat.turn.product_in_view
    if in_talk and asks_for_gift(turn):
        kept = [one for one in turn.entities if one.get("entity") not in _NAMING]
        chat.turn = replace(turn, entities=tuple(kept))


def asks_floor(turn: Turn) -> bool:
    """底价多少, 最低给到多少, by whatever trick: a try to bargain like any other."""
    return hears(turn, "floor")


def asks_for_gift(turn: Turn) -> bool:
    return hears(turn, "gift")


async def _tell(chat: Chat, product: Product, offer: Offer) -> None:
    promised = await _promised(chat, product, offer)
    values: dict[str, Any] = {
        "name": product.name,
        "price": price_text(offer.unit_price_fen),
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


async def _promised(chat: Chat, product: Product, offer: Offer) -> str:
    """Everything promised so far, with what it comes to: 459元，用券减15元，到手444元，包邮."""
    parts = [price_text(offer.unit_price_fen)]
    if offer.gift:
        parts.append(f"送{offer.gift}")
    if offer.coupon_code:
        one = WantedLine(product_id=product.product_id, colour="", size="")
        quote = await chat.shop.quote([one], buyer_id=chat.turn.buyer_id)
        coupon = [saving for saving in quote.savings if saving.code]
        paid = quote.total_fen - quote.postage.fee_fen
        parts += [less_text(coupon), f"到手{price_text(paid)}"]
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
