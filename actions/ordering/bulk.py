"""So many pieces that a person makes the price."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from actions.ordering.order_draft import Line
from bot.handing_over import HandOverReason
from bot.shop.words.goods import ProductQuery

_LOOKED_AT = 60


def in_bulk(lines: Sequence[Line]) -> Line | None:
    return next((line for line in lines if line.product.is_bulk(line.quantity)), None)


async def leaves_bulk_to_a_person(chat: Chat, quantity: int) -> bool:
    """Of goods that are not named: whichever of that kind are meant, it is for a person."""
    if not await is_bulk_of_any(chat, quantity):
        return False
    tell_bulk(chat, quantity, chat.turn.text[:60])
    return True


def tell_bulk(chat: Chat, quantity: int, what: str) -> None:
    chat.reply("utter_bargain_bulk", quantity=quantity)
    chat.hand_over(HandOverReason.BULK, f"谈批量价: {what}")


async def is_bulk_of_any(chat: Chat, quantity: int) -> bool:
    """保温杯20个能优惠吗: whichever of that kind is meant, a person makes the price."""
    kind = str(chat.turn.value("kind") or "")
    shown = [await chat.shop.product(one) for one in chat.slot("product_shown") or ()]
    found = [one for one in shown if one is not None]
    if kind:
        query = ProductQuery(kind=kind, in_stock_only=False, limit=_LOOKED_AT)
        found = [one.product for one in await chat.shop.recommend(query, chat.turn.buyer_id)]
    return bool(found) and all(one.is_bulk(quantity) for one in found)
