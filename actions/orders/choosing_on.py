"""换个颜色, 老地址寄, of goods that are still being chosen: no order is changed and nothing goes back."""

from __future__ import annotations

from actions.answering.talking import is_before_buying, looks_at_goods
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.open_matter import is_about
from actions.orders.asking import answer_named
from actions.orders.orders import in_status, own_orders, that_may
from bot.shop.words.dealing import OrderStatus, Verb

_OF_AN_ORDER = ("order_number", "tracking_number", "phone_tail", "return_reason", "remedy")
_CHOOSING = ("change_order", "exchange_request", "stock_check", "inform", "faq/ask_color")
_OFFERED = ("order_it", "like_it", "take_offer", "measures")
_may_change = that_may(Verb.CHANGE_LINE)
_is_under_way = in_status(OrderStatus.PACKED, OrderStatus.SHIPPED)  # a person may still change it


async def chooses_on(chat: Chat) -> bool:
    """Shows what else there is of the goods in talk, or begins the order to the old address.

    False where the line may mean an order: one is in talk, or holds these goods and can be changed.
    """
    turn = chat.turn
    is_choosing = is_before_buying(chat) or chat.slot("open_question") in _OFFERED
    if turn.in_form or not (is_choosing and looks_at_goods(chat)):
        return False
    is_summed = len(chat.slot("goods_in_talk") or ()) > 1
    if is_summed and len(turn.values("product")) > 1 and hears(turn, "unwanted"):
        is_about(chat, "ask_price")
        return await answer_named("price", chat)  # 水壶不要了 换帐篷, behind a sum
    if turn.has(*_OF_AN_ORDER) or hears(turn, "bought", "worn") or await _is_in_an_order(chat):
        return False
    if hears(turn, "same_place"):
        return await answer_named("order_it", chat)
    if not hears(turn, "change") or next(iter(turn.ranking), turn.intent) not in _CHOOSING:
        return False
    is_about(chat, "ask_price")  # who receives it is told for an order, and not for an exchange
    if turn.has("colour", "size") and is_summed:
        return await answer_named("price", chat)  # 我妈的换39, behind a sum of several
    if not turn.has("colour", "size"):
        chat.keep("size_in_talk" if hears(turn, "sizes") else "colour_in_talk", None)
    return await answer_named("stock", chat)


async def tells_it_can_be_changed(chat: Chat) -> bool:
    """能改地址吗, 先拍了再改行不行, of who looks at goods and has no order: how long it can be done."""
    turn = chat.turn
    told = turn.has(*_OF_AN_ORDER, "phone", "address", "door", "receiver_name", "colour", "size")
    is_looking = looks_at_goods(chat) or (
        chat.slot("product_shown") and not chat.slot("order_in_talk")
    )
    if turn.in_form or told or not (turn.questions and is_looking):
        return False
    if await own_orders(chat):
        return False
    chat.reply("utter_can_change_later")
    return True


async def _is_in_an_order(chat: Chat) -> bool:
    product_id = chat.slot("product_in_talk") or chat.turn.product_in_view
    held = [one for one in await own_orders(chat) if _may_change(one) or _is_under_way(one)]
    return any(line.product_id == product_id for one in held for line in one.lines)
