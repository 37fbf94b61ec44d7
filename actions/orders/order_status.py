"""The buyer asks how an order stands, or says that it is paid."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.answering.talking import is_about_buying
from actions.frame.cards import order_card
from actions.frame.chat import Chat, button
from actions.frame.clock import near_day_text
from actions.frame.heard import hears
from actions.frame.phrasing import price_text
from actions.hearing.order_wishes import order_wish
from actions.orders.asking import can_wait
from actions.orders.order_state import ship_day_text, tell_state, tell_when_it_ships
from actions.orders.orders import (
    NOT_SHIPPED,
    any_order,
    ask_anyway,
    in_status,
    order_meant,
    own_orders,
)
from actions.orders.parcel_news import tell_parcel
from bot.shop.words.dealing import OrderStatus, Right

_GONE = in_status(OrderStatus.CLOSED, OrderStatus.CANCELLED)
_NUMBERS = ("order_number", "tracking_number", "phone_tail", "phone")


class TellOrderStatus(Answer):
    def name(self) -> str:
        return "action_tell_order_status"

    async def answer(self, chat: Chat) -> None:
        await tell_order_status(chat)


@order_wish("order_status")
async def tell_order_status(chat: Chat) -> None:
    is_about_gone = hears(chat.turn, "order_gone")
    order = await order_meant(
        chat, "order_status", _GONE if is_about_gone else any_order, right=Right.SEE
    )
    if order is not None:
        await tell_state(chat, order)


@can_wait("order")
async def take_order_data(chat: Chat) -> None:
    """The buyer gave an order or tracking number and nothing else."""
    order = await order_meant(chat, "order_status", right=Right.SEE)
    if order is None:
        return
    told = chat.turn.values("order_number") + chat.turn.values("tracking_number")
    if order.parcel is not None and order.number not in map(str, told):
        tell_parcel(chat, order)  # what was copied is the parcel's number
    else:
        await tell_state(chat, order)


class InformPaid(Answer):
    """拍好了 / 付了: looks whether it is so, reads the address back, says when it leaves."""

    def name(self) -> str:
        return "action_inform_paid"

    async def answer(self, chat: Chat) -> None:
        # 行,拍了 to an offer means: I take it. There is nothing yet that could be paid.
        is_offered = chat.slot("open_question") in ("take_offer", "order_it")
        is_agreeing = chat.slot("product_in_talk") and hears(chat.turn, "agreed_buying")
        is_there = any(map(in_status(*NOT_SHIPPED), await own_orders(chat)))
        if (is_offered or is_agreeing) and not is_there and not chat.turn.has("order_number"):
            chat.go_on_with("order_form")
        elif not chat.turn.has(*_NUMBERS) and is_about_buying(chat) and not await own_orders(chat):
            promise = await chat.shop.shipping_promise()
            chat.reply("utter_paid_elsewhere", day=near_day_text(promise.ships_on))
        else:
            await inform_paid(chat)


@order_wish("inform_paid")
async def inform_paid(chat: Chat) -> None:
    order = await order_meant(chat, "inform_paid", in_status(*NOT_SHIPPED), right=Right.SEE)
    if order is None:
        return
    if order.right is Right.SEE:
        await tell_state(chat, order)
    elif order.status is OrderStatus.AWAITING_PAYMENT:
        chat.show(order_card(order))
        chat.reply("utter_not_paid_yet", total=price_text(order.total_fen))
    elif order.status in (OrderStatus.PAID, OrderStatus.PACKED):
        chat.show(order_card(order))
        receiver = order.receiver
        ask_anyway(
            chat,
            "address_right",
            "utter_paid_check_address",
            [
                button("地址没错", "affirm"),
                button("要改地址", "change_address", order_number=order.number),
            ],
            day=await ship_day_text(chat, order),
            name=receiver.name,
            address=receiver.address,
        )
    else:
        await tell_state(chat, order)


class AddressIsRight(Answer):
    def name(self) -> str:
        return "action_address_is_right"

    async def answer(self, chat: Chat) -> None:
        number, fits = chat.slot("order_in_talk"), in_status(*NOT_SHIPPED)
        orders = [one for one in await own_orders(chat) if fits(one)]
        order = next((one for one in orders if one.number == number), None)
        if order is not None and order.ships_late:
            await tell_when_it_ships(chat, order)
        elif order is not None:
            chat.reply("utter_address_is_right", day=await ship_day_text(chat, order))
        else:
            promise = await chat.shop.shipping_promise()
            chat.reply("utter_address_is_right", day=near_day_text(promise.ships_on))
