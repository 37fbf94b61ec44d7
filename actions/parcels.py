"""The buyer asks for a parcel, finds it late, or misses one that was signed for."""

from __future__ import annotations

import re

from actions.answer import Answer
from actions.cards import order_card
from actions.chat import Chat
from actions.clock import moment_text, near_day_text
from actions.heard import hears
from actions.order_state import ship_day_text, tell_state
from actions.order_wishes import order_wish
from actions.orders import ask_anyway, goods_text, in_status, order_meant
from actions.parcel_news import (
    due_text,
    last_text,
    parcel_card,
    tell_courier_phone,
    tell_delay,
    tell_parcel,
)
from bot.handing_over import HandOverReason
from bot.shop.dealing import Order, OrderStatus, Parcel, ParcelState, Right, Verb

_IN_GENERAL = re.compile(r"慢不慢|快不快|发货(快|慢)吗")
_UNDER_WAY = in_status(OrderStatus.SHIPPED)
_ON_ITS_WAY_TO_BUYER = in_status(OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED)
_LEFT_THE_SHOP = in_status(OrderStatus.SHIPPED, OrderStatus.DELIVERED)


class TrackParcel(Answer):
    def name(self) -> str:
        return "action_track_parcel"

    async def answer(self, chat: Chat) -> None:
        await track_parcel(chat)


@order_wish("track_parcel")
async def track_parcel(chat: Chat) -> None:
    """The parcel under way or its courier's phone, else the newest order as it stands."""
    order = await order_meant(chat, "track_parcel", _UNDER_WAY, right=Right.SEE)
    if order is None:
        return
    parcel = order.parcel
    if parcel is not None and parcel.courier_phone and hears(chat.turn, "courier_phone"):
        tell_courier_phone(chat, parcel)
    elif parcel is not None:
        tell_parcel(chat, order)
        if is_stuck(parcel):
            _offer_ways(chat, order)
    else:
        await tell_state(chat, order)


def is_stuck(parcel: Parcel) -> bool:
    return parcel.is_late and parcel.state in (ParcelState.STALLED, ParcelState.IN_TRANSIT)


class ExplainDelay(Answer):
    def name(self) -> str:
        return "action_explain_delay"

    async def answer(self, chat: Chat) -> None:
        await explain_delay(chat)


@order_wish("logistics_delay")
async def explain_delay(chat: Chat) -> None:
    """Why it is late by the facts, the new day, an apology and a choice."""
    if _IN_GENERAL.search(chat.turn.text):
        promise = await chat.shop.shipping_promise()
        day = near_day_text(promise.ships_on)
        chat.reply("utter_ship_time", cutoff=promise.cutoff, day=day)
        return
    order = await order_meant(chat, "logistics_delay", _ON_ITS_WAY_TO_BUYER, right=Right.SEE)
    if order is None:
        return
    chat.keep("delay_number", order.number)
    parcel = order.parcel
    if parcel is None:
        await _explain_not_shipped(chat, order)
    elif parcel.state is ParcelState.SIGNED:
        tell_parcel(chat, order)
    elif parcel.is_late:
        chat.show(parcel_card(parcel))
        tell_delay(chat, parcel)
        _offer_ways(chat, order)
    else:
        chat.show(parcel_card(parcel))
        chat.reply(
            "utter_parcel_not_late",
            order_number=order.number,
            due=due_text(parcel),
            last=last_text(parcel),
        )


async def _explain_not_shipped(chat: Chat, order: Order) -> None:
    if order.status not in (OrderStatus.PAID, OrderStatus.PACKED):
        await tell_state(chat, order)
        return
    day = await ship_day_text(chat, order)
    if not order.ships_late:
        if order.right is Right.CHANGE:
            chat.show(order_card(order))
        chat.reply("utter_ship_not_due", goods=goods_text(order), day=day)
        return
    chat.reply("utter_ship_is_late", goods=goods_text(order), day=day)
    if Verb.URGE in order.may:
        ask_anyway(chat, "delay_way", "utter_ship_ways", order_number=order.number)


def _offer_ways(chat: Chat, order: Order) -> None:
    chat.keep("delay_number", order.number)
    if Verb.URGE in order.may:
        ask_anyway(chat, "delay_way", "utter_delay_ways", order_number=order.number)


class PressCourier(Answer):
    """The buyer chose that we press the courier or the warehouse: a person does it."""

    def name(self) -> str:
        return "action_press_courier"

    async def answer(self, chat: Chat) -> None:
        chat.reply("utter_pressing")
        number = chat.turn.value("order_number") or chat.slot("delay_number") or "未知"
        chat.hand_over(HandOverReason.URGED, f"催件: 订单 {number}, 买家等急了")


class WaitForIt(Answer):
    """The buyer will wait a little."""

    def name(self) -> str:
        return "action_wait_for_it"

    async def answer(self, chat: Chat) -> None:
        chat.reply("utter_thanks_for_waiting")


class SearchParcel(Answer):
    def name(self) -> str:
        return "action_search_parcel"

    async def answer(self, chat: Chat) -> None:
        await search_parcel(chat)


@order_wish("parcel_not_received")
async def search_parcel(chat: Chat) -> None:
    """Signed but not there: who signed and when, where to look, then a person."""
    order = await order_meant(chat, "parcel_not_received", _LEFT_THE_SHOP, right=Right.SEE)
    if order is None:
        return
    parcel = order.parcel
    if parcel is None:
        await tell_state(chat, order)
    elif parcel.state is not ParcelState.SIGNED:
        await explain_delay(chat)
    else:
        chat.keep("delay_number", order.number)
        chat.show(parcel_card(parcel))
        signed = parcel.events[0] if parcel.events else None
        when = signed.at if signed else order.signed_at
        ask_anyway(
            chat,
            "ask_around",
            "utter_search_parcel",
            order_number=order.number,
            when=moment_text(when) if when else "前些天",
            courier=parcel.courier,
            phone=parcel.courier_phone,
        )


class AskAround(Answer):
    """The buyer will look, or has looked: whether it turned up is for clear words to say."""

    def name(self) -> str:
        return "action_ask_around"

    async def answer(self, chat: Chat) -> None:
        if chat.turn.has("parcel_turned_up"):
            chat.reply("utter_parcel_found")
        else:
            number = chat.slot("delay_number") or chat.slot("order_in_talk") or ""
            ask_anyway(chat, "parcel_found", "utter_ask_around", order_number=number)


class ParcelFound(Answer):
    def name(self) -> str:
        return "action_parcel_found"

    async def answer(self, chat: Chat) -> None:
        chat.reply("utter_parcel_found")
