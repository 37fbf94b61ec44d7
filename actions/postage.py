"""What the courier costs to a region, and from which sum on it is free."""

from __future__ import annotations

from typing import Any

from actions.answer import Answer
from actions.asking import answer_named, can_wait, wait_for
from actions.chat import Chat
from actions.context import Talk, talk_of
from actions.heard import hears
from actions.phrasing import price_text
from bot.shop.dealing import WantedLine
from bot.shop.goods import PostageQuote


class TellPostage(Answer):
    def name(self) -> str:
        return "action_tell_postage"

    async def answer(self, chat: Chat) -> None:
        if chat.turn.in_form == "return_form":
            chat.reply("utter_policy_postage")  # 运费谁出, of what goes back
        elif hears(chat.turn, "in_all", "net_price", "how_much_more") and _knows_goods(chat):
            await answer_named("price", chat)  # 一共多少 包邮吗, 还差多少包邮
        else:
            await tell_postage(chat)


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
    }
    if not quote.can_deliver:
        chat.reply("utter_postage_nowhere", **values)
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
