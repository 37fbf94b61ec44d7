"""Parts of returns and refunds that hang on the buyer's order: how it is done, where the money goes."""

from __future__ import annotations

from actions.answering.plain import looks_first
from actions.frame.chat import Chat
from actions.frame.phrasing import day_text, price_text
from actions.orders.orders import (
    access_to,
    goods_are_in_no_order,
    goods_text,
    in_status,
    own_orders,
)
from actions.orders.parcel_news import is_coming_back
from actions.orders.refund_parts import tell_part_of_case
from actions.orders.return_cases import case_of, open_case_of, tell_case
from bot.dialogue.matter import Matter
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, OrderStatus, Reason, Remedy, ReturnCase, Right, Verb

_is_under_way = in_status(OrderStatus.SHIPPED)
_is_received = in_status(OrderStatus.DELIVERED, OrderStatus.COMPLETED)


@looks_first("faq/return_policy.how")
async def tell_how(chat: Chat) -> bool:
    """What is possible for the order now: cancel it, refuse it, send it back, or follow the case."""
    if chat.turn.in_form == "return_form" and chat.slot("return_remedy") == Remedy.EXCHANGE.value:
        chat.reply("utter_faq/return_policy.exchange")
        return True
    if _is_of_a_difference(chat):
        chat.reply("utter_faq/price_protection.where")  # 怎么申请, of a price that has fallen
        return True
    order = await _order_in_talk(chat)
    if goods_are_in_no_order(chat):
        return False  # it is not known yet which order is meant
    if order is None or chat.turn.in_form:
        return False
    opened = await newest_open_case(chat)
    if opened is not None and tell_part_of_case(chat, opened):
        return True
    case = await open_case_of(chat, order) if order.shipped_at else None
    if case is not None:
        tell_case(chat, case)
    elif Verb.CANCEL in order.may and order.paid_at is not None:
        chat.reply(
            "utter_how_to_cancel",
            goods=goods_text(order),
            total=price_text(order.total_fen),
            order_number=order.number,
        )
    elif _is_under_way(order) and not is_coming_back(order):
        chat.keep("order_in_talk", order.number)
        chat.reply("utter_how_to_refuse", goods=goods_text(order), order_number=order.number)
    elif _is_received(order):
        return await _tell_own_way_back(chat, order)
    else:
        return False
    return True


def _is_of_a_difference(chat: Chat) -> bool:
    """Whether the price after buying is the matter, and no goods shall go back."""
    matter = Matter.of_slot(chat.slot("matter"))
    if matter is not None and matter.intent.startswith(("return_policy", "faq/return_policy")):
        matter = Matter.of_slot(chat.slot("matter_parked"))
    is_it = matter is not None and matter.intent == "price_protection"
    return is_it and not chat.turn.has("remedy", "return_reason") and not chat.turn.in_form


async def _tell_own_way_back(chat: Chat, order: Order) -> bool:
    line = order.lines[0]
    terms = await chat.shop.return_terms(
        order.number, access_to(chat, order.number), line.line_id, reason=Reason.NO_REASON
    )
    if not terms.allowed or terms.until is None:
        return False
    chat.reply(
        "utter_how_to_send_back",
        name=line.name,
        until=day_text(terms.until),
        order_number=order.number,
        line=line.line_id,
    )
    return True


@looks_first("faq/report_defect.how_to_send_a_picture")
async def go_without_a_picture(chat: Chat) -> bool:
    """Who was told where the button is and still cannot send is not pointed at it again."""
    if f"utter_{chat.turn.label}" not in chat.turn.told_in_talk or chat.turn.in_form:
        return False
    chat.reply("utter_no_photos")
    chat.hand_over(HandOverReason.DEFECT_UNSEEN, f"买家发不了照片: {chat.turn.text[:40]}")
    return True


@looks_first("faq/refund_status.where")
async def tell_where_it_goes(chat: Chat) -> bool:
    """Of a refund that is known, its sum beside where it goes."""
    case = await newest_open_case(chat)
    if case is None or not case.refund_fen:
        return False
    chat.reply("utter_refund_goes_back", refund=price_text(case.refund_fen), name=case.name)
    return True


async def tell_open_case(chat: Chat) -> bool:
    """那怎么处理的, while something goes back: how far it has come. False where nothing does.

    Of an order that is named, also the case that is over.
    """
    turn = chat.turn
    if turn.in_form or turn.has("return_reason", "product", "kind", "goods"):
        return False
    named = [str(number) for number in turn.values("order_number")]
    for order in await own_orders(chat) if named else ():
        if order.number in named and (case := await case_of(chat, order, "")) is not None:
            tell_case(chat, case)
            return True
    case = None if named else await newest_open_case(chat)
    if case is not None and not tell_part_of_case(chat, case):
        tell_case(chat, case)
    return case is not None


async def newest_open_case(chat: Chat) -> ReturnCase | None:
    """Of the order in talk, else of any of the buyer's orders."""
    number = chat.slot("order_in_talk")
    orders = [one for one in await own_orders(chat) if one.right is Right.CHANGE]
    for order in sorted(orders, key=lambda one: one.number != number):
        case = await open_case_of(chat, order) if order.shipped_at else None
        if case is not None:
            return case
    return None


async def _order_in_talk(chat: Chat) -> Order | None:
    """The order in talk, else the newest that was paid."""
    number = chat.slot("order_in_talk")
    orders = [one for one in await own_orders(chat) if one.right is Right.CHANGE and one.paid_at]
    return next((one for one in orders if one.number == number), orders[0] if orders else None)
