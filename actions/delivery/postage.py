"""What the courier costs to a region, and from which sum on it is free."""

from __future__ import annotations

from typing import Any

from actions.answering.answer import Answer
from actions.choosing.repairs import tells_of_repair_in_talk
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import price_text
from actions.hearing.context import Talk, talk_of
from actions.orders.asking import answer_named, can_wait, wait_for
from actions.orders.orders import goods_text, in_status, own_orders
from actions.returns.return_postage import is_about_a_return, tell_return_postage
from bot.shop.words.dealing import OrderStatus, Right, WantedLine
from bot.shop.words.goods import PostageQuote


class TellPostage(Answer):
    def name(self) -> str:
        return "action_tell_postage"

    async def answer(self, chat: Chat) -> None:
        if await tells_of_repair_in_talk(chat):
            return  # 要自己付费吗, of having it mended
        if chat.turn.in_form == "return_form" or is_about_a_return(chat):
            await tell_return_postage(chat)  # 运费谁出, of what goes back
        elif await _tell_own_postage(chat):
            return
        elif hears(chat.turn, "in_all", "net_price", "how_much_more") and _knows_goods(chat):
            await answer_named("price", chat)  # 一共多少 包邮吗, 还差多少包邮
        elif _counts_only(chat):
            await answer_named("price", chat)  # 两双呢, behind the postage of one
        elif _is_of_a_sum(chat):
            await answer_named("price", chat)  # 寄新疆呢, of several goods that were summed up
        else:
            await tell_postage(chat)


async def _tell_own_postage(chat: Chat) -> bool:
    """为什么有运费, of an order that waits to be paid; False where goods or a place are talked of."""
    turn = chat.turn
    if turn.has("region", "address", "quantity") or turn.in_form or _knows_goods(chat):
        return False
    fits = in_status(OrderStatus.AWAITING_PAYMENT)
    order = next((one for one in await own_orders(chat) if fits(one)), None)
    if order is None or order.right is Right.SEE:
        return False
    quote = await chat.shop.postage(order.receiver.address, buyer_id=turn.buyer_id)
    chat.reply(
        "utter_own_postage" if order.postage_fen else "utter_own_postage_free",
        goods=goods_text(order),
        fee=price_text(order.postage_fen),
        total=price_text(order.total_fen),
        free_from=price_text(quote.free_from_fen or 0),
    )
    return True


def _is_of_a_sum(chat: Chat) -> bool:
    turn = chat.turn
    is_summed = len(chat.slot("goods_in_talk") or ()) > 1 and not turn.in_form
    return is_summed and turn.has("region") and not turn.has("product", "kind", "category")


def _counts_only(chat: Chat) -> bool:
    """How many, and no word of postage: what they come to is told, with it."""
    turn = chat.turn
    return turn.has("quantity") and not hears(turn, "postage") and _knows_goods(chat)


def _knows_goods(chat: Chat) -> bool:
    turn = chat.turn
    return bool(chat.slot("product_in_talk") or turn.product_in_view or turn.has("product", "kind"))


@can_wait("postage")
async def tell_postage(chat: Chat) -> None:
    talk = await talk_of(chat)
    region = await region_meant(chat)
    quote = await chat.shop.postage(region, _wanted(talk), buyer_id=chat.turn.buyer_id)
    values: dict[str, Any] = {
        "region": quote.region or region,
        "fee": price_text(quote.fee_fen),
        "free_from": price_text(quote.free_from_fen or 0),
        "extra": price_text(quote.heavy_extra_fen),
        "courier": quote.courier or "快递",
    }
    goods_fen = talk.product.price_fen * talk.quantity if talk.product is not None else 0
    is_surcharge = bool(quote.free_from_fen) and goods_fen >= (quote.free_from_fen or 0)
    if not quote.can_deliver:
        chat.reply("utter_postage_nowhere", **values)
    elif quote.fee_fen and is_surcharge and region:
        chat.reply("utter_postage_surcharge", **values)  # free from there on, but for far places
    elif hears(chat.turn, "postage_dear") and quote.fee_fen:
        _tell_why(chat, quote, values, goods_fen)
    elif not region:
        _tell_usual(chat, quote, values)
    elif quote.is_free:
        chat.reply("utter_postage_free", **values)
    elif quote.heavy_extra_fen:
        chat.reply("utter_postage_heavy", **values)
    elif quote.free_from_fen:
        chat.reply("utter_postage_fee_free_from", **values)
    else:
        chat.reply("utter_postage_fee", **values)


def _tell_why(chat: Chat, quote: PostageQuote, values: dict[str, Any], goods_fen: int) -> None:
    """怎么还要运费, 比别家贵: for whom it is taken, and what is missing for none; said once."""
    response = "utter_postage_why"
    chat.reply(f"{response}_again" if response in chat.turn.told_before else response, **values)
    if response in chat.turn.told_before:
        return
    if quote.free_from_fen and 0 < goods_fen < quote.free_from_fen:
        missing = price_text(quote.free_from_fen - goods_fen)
        chat.reply("utter_more_for_postage", missing=missing, free_from=values["free_from"])


def _tell_usual(chat: Chat, quote: PostageQuote, values: dict[str, Any]) -> None:
    """Without a region the usual rule is told, then where it goes is asked."""
    if quote.is_free:
        chat.reply("utter_postage_usually_free", **values)
    elif quote.free_from_fen:
        chat.reply("utter_postage_usual_free_from", **values)
    else:
        chat.reply("utter_postage_usual", **values)
    # An order asks for the address anyway, and one question a turn is enough.
    if not chat.turn.in_form and chat.turn.is_first_of_burst:
        wait_for(chat, "region", "postage", "utter_ask_region")


async def region_meant(chat: Chat) -> str:
    """Named now, in the order being written, earlier, or where the buyer lives; "" unknown."""
    turn = chat.turn
    if region := turn.value("region") or turn.value("address"):
        chat.keep("region_in_talk", str(region))
        return str(region)
    if region := chat.slot("order_address") or chat.slot("region_in_talk"):
        return str(region)
    buyer = await chat.buyer()
    return buyer.receiver.address if buyer else ""


def _wanted(talk: Talk) -> list[WantedLine]:
    """The product in talk; its first SKU stands for all where none was chosen."""
    if talk.product is None or not talk.matching_skus:
        return []
    sku = talk.matching_skus[0]
    return [
        WantedLine(
            product_id=talk.product.product_id,
            colour=sku.colour,
            size=sku.size,
            quantity=talk.quantity,
        )
    ]
