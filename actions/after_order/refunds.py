"""Where a refund or return stands."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.answering.handoff import is_with_a_person, offer_person
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.order_wishes import look_up, order_wish
from actions.orders.order_state import tell_state
from actions.orders.orders import in_status, order_meant, own_orders
from actions.orders.parcel_news import is_coming_back, tell_coming_back, tell_parcel
from actions.orders.price_claims import has_claimed, keep_claim
from actions.orders.refund_parts import tell_how_long, tell_part_of_case
from actions.orders.refusing import tell_refusing_own
from actions.orders.return_cases import tell_case
from actions.returns.withdrawing import takes_it_back
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, OrderStatus, ReturnCase, Right


class TellRefund(Answer):
    def name(self) -> str:
        return "action_tell_refund"

    async def answer(self, chat: Chat) -> None:
        if not await takes_it_back(chat) and not await tell_refusing_own(chat):
            await tell_refund(chat)


@order_wish("refund_status")
async def tell_refund(chat: Chat) -> None:
    """By how things stand: a case, what is on its way back, a cancelled paid order; else asks."""
    if chat.turn.has("order_number"):
        order = await order_meant(chat, "refund_status")
        if order is None:
            return
        orders = [order]
    else:
        seen = await own_orders(chat)
        orders = [order for order in seen if order.right is Right.CHANGE]
        if seen and not orders:  # four digits do not tell what goes back
            number = chat.slot("order_in_talk") or seen[0].number
            look_up(chat, "refund_status", number=number, is_whole=True)
            return
    if not orders and not chat.turn.signed_in:
        if not tell_how_long(chat):
            look_up(chat, "refund_status")
        return
    case = await _newest_case(chat, orders)
    if case is not None and chat.turn.in_form != "return_form":
        if _only_tells(chat):
            chat.reply("utter_heard_out")  # 我垫了12块
        elif not tell_part_of_case(chat, case):
            tell_case(chat, case)
        return
    if tell_how_long(chat):
        return
    if hears(chat.turn, "price_protected") or has_claimed(chat):
        keep_claim(chat)
        if is_with_a_person(chat, _BY_PERSON):
            chat.reply("utter_again_to_person")
            return
        chat.reply(_BY_PERSON)
        offer_person(chat, HandOverReason.MONEY)
        return
    comes_back = next((one for one in orders if is_coming_back(one)), None)
    cancelled = [one for one in orders if _is_cancelled(one) and one.paid_at is not None]
    if comes_back is not None:
        tell_coming_back(chat, comes_back)
    elif cancelled:
        await tell_state(chat, cancelled[0])
    elif (sent := next(filter(_is_under_way, orders), None)) is not None and sent.parcel:
        chat.reply("utter_no_refund_but_parcel")  # 那双鞋什么时候到 sounds alike
        tell_parcel(chat, sent)
    elif "utter_no_return_case" in chat.turn.told_before:
        chat.reply("utter_no_return_case_still")
        offer_person(chat, HandOverReason.MONEY)
    else:
        chat.reply("utter_no_return_case")


def _only_tells(chat: Chat) -> bool:
    """Behind what was told of the refund, a line that asks for nothing."""
    was_told = bool(_TOLD & set(chat.turn.told_before))
    return was_told and bool(chat.turn.text) and not chat.turn.asks


_TOLD = frozenset(
    (
        "utter_return_goods_sent",
        "utter_refund_in_hand",
        "utter_refund_due",
        "utter_return_postage_buyer_of_case",
        "utter_return_postage_shop_of_case",
    )
)
_BY_PERSON = "utter_price_refund_by_person"  # the refund of a price difference
_is_under_way = in_status(OrderStatus.SHIPPED)
_is_cancelled = in_status(OrderStatus.CANCELLED)


async def _newest_case(chat: Chat, orders: list[Order]) -> ReturnCase | None:
    numbers = {order.number for order in orders}
    cases = [
        case
        for buyer_id in {order.buyer_id for order in orders}
        for case in await chat.shop.returns_of(buyer_id)
        if case.order_number in numbers
    ]
    return max(cases, key=lambda case: case.opened_at, default=None)
