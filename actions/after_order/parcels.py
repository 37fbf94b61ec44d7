"""The buyer asks for a parcel, finds it late, or misses one that was signed for."""

from __future__ import annotations

from actions.after_order.pressing import press, tell_pressed
from actions.answering.answer import Answer
from actions.choosing.what_then import tell_what_then
from actions.frame.cards import order_card
from actions.frame.chat import Chat
from actions.frame.clock import moment_text, near_day_text, today
from actions.frame.heard import hears
from actions.hearing.order_wishes import order_wish
from actions.orders.order_state import ship_day_text, tell_state
from actions.orders.orders import ask_anyway, goods_text, in_status, order_meant, own_orders
from actions.orders.parcel_news import (
    due_text,
    last_text,
    parcel_card,
    tell_courier_phone,
    tell_delay,
    tell_parcel,
)
from actions.orders.parcel_questions import tells_what_was_asked
from actions.returns.new_one import tell_new_one
from actions.returns.return_parts import tell_open_case
from bot.shop.words.dealing import Order, OrderStatus, Parcel, ParcelState, Right, Verb

_UNDER_WAY = in_status(OrderStatus.SHIPPED)
_ON_ITS_WAY_TO_BUYER = in_status(OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED)
_TOLD_WHERE = frozenset(
    (
        "utter_parcel_in_transit",
        "utter_parcel_late_why_until",
        "utter_parcel_late_until",
        "utter_parcel_late_why",
        "utter_parcel_late",
        "utter_parcel_not_late",
        "utter_parcel_not_back",
        "utter_parcel_is_one",
        "utter_delay_ways",
    )
)
_LEFT_THE_SHOP = in_status(OrderStatus.SHIPPED, OrderStatus.DELIVERED)


class TrackParcel(Answer):
    def name(self) -> str:
        return "action_track_parcel"

    async def answer(self, chat: Chat) -> None:
        await track_parcel(chat)


@order_wish("track_parcel")
async def track_parcel(chat: Chat) -> None:
    """The parcel under way or its courier's phone, else the newest order as it stands."""
    if await tell_new_one(chat):
        return
    order = await order_meant(chat, "track_parcel", _UNDER_WAY, right=Right.SEE)
    if order is None:
        return
    parcel = order.parcel
    if parcel is not None and tells_what_was_asked(chat, parcel):
        return
    if parcel is not None and parcel.courier_phone and hears(chat.turn, "courier_phone"):
        tell_courier_phone(chat, parcel)
    elif parcel is not None and is_stuck(parcel) and _asks_what_now(chat, order):
        _go_on_with_delay(chat, order)
    elif parcel is not None and _asks_the_day_again(chat, parcel):
        chat.reply("utter_parcel_due_still", due=due_text(parcel), last=last_text(parcel))
    elif parcel is not None and _asks_the_hour(chat, parcel):
        tell_courier_phone(chat, parcel)  # 几点啊, of what is brought today: the courier knows
    elif parcel is not None:
        tell_parcel(chat, order)
        if is_stuck(parcel):
            _offer_ways(chat, order)
    else:
        await tell_state(chat, order)


def _asks_the_day_again(chat: Chat, parcel: Parcel) -> bool:
    """什么时候送达呢, behind where it is: the day alone, as long as it lies ahead."""
    was_told = bool(_TOLD_WHERE & set(chat.turn.told_before))
    is_ahead = (parcel.new_due_on or parcel.due_on) >= today()
    is_under_way = parcel.state in (ParcelState.STALLED, ParcelState.IN_TRANSIT)
    # 武汉？我在长沙啊, 我周四要出门: said in this very line, of no other goods
    says = any(one["entity"] in ("region", "date") and "start" in one for one in chat.turn.entities)
    asks = hears(chat.turn, "how_soon") or says
    if chat.turn.has("product", "kind", "category", "ordinal"):
        return False
    return was_told and is_ahead and is_under_way and asks


def _asks_the_hour(chat: Chat, parcel: Parcel) -> bool:
    was_told = "utter_parcel_out_for_delivery" in chat.turn.told_in_talk
    is_brought = parcel.state is ParcelState.OUT_FOR_DELIVERY and bool(parcel.courier_phone)
    is_known = "utter_courier_phone" in chat.turn.told_in_talk
    return was_told and is_brought and hears(chat.turn, "how_soon") and not is_known


def is_stuck(parcel: Parcel) -> bool:
    return parcel.is_late and parcel.state in (ParcelState.STALLED, ParcelState.IN_TRANSIT)


class ExplainDelay(Answer):
    def name(self) -> str:
        return "action_explain_delay"

    async def answer(self, chat: Chat) -> None:
        if await tell_what_then(chat):
            return  # 赶不上怎么办, of what is not bought yet
        if hears(chat.turn, "hurry") and not await own_orders(chat):
            chat.reply("utter_here")  # 快点啊: we are to answer
            return
        await explain_delay(chat)


@order_wish("logistics_delay")
async def explain_delay(chat: Chat) -> None:
    """Why it is late by the facts, the new day, an apology and a choice."""
    if hears(chat.turn, "how_fast"):
        promise = await chat.shop.shipping_promise()
        day = near_day_text(promise.ships_on)
        chat.reply("utter_ship_time", cutoff=promise.cutoff, day=day)
        return
    order = await order_meant(chat, "logistics_delay", _ON_ITS_WAY_TO_BUYER, right=Right.SEE)
    if order is None:
        return
    parcel = order.parcel
    if parcel is not None and parcel.state is ParcelState.SIGNED and await tell_open_case(chat):
        return  # 都寄回去四天了
    if parcel is not None and tells_what_was_asked(chat, parcel):
        return
    is_known = chat.slot("delay_number") == order.number
    chat.keep("delay_number", order.number)
    if _was_pressed(chat, order):
        tell_pressed(chat, order)
    elif parcel is not None and is_stuck(parcel) and is_known and _ways_are_known(chat, order):
        _go_on_with_delay(chat, order)
    elif parcel is None:
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


def _asks_what_now(chat: Chat, order: Order) -> bool:
    """那怎么处理, or 帮我催, of who knows where it stands and which ways there are."""
    is_known = chat.slot("delay_number") == order.number and _ways_are_known(chat, order)
    return is_known and hears(chat.turn, "what_then", "urge")


def _ways_are_known(chat: Chat, order: Order) -> bool:
    """Whether this talk has offered to press, to wait or to refund."""
    return Verb.URGE in order.may and "utter_delay_ways" in chat.turn.told_in_talk


def _go_on_with_delay(chat: Chat, order: Order) -> None:
    """之后呢, of who knows the facts and the ways: heard out once, then we press by ourselves."""
    if hears(chat.turn, "urge") or "utter_delay_heard" in chat.turn.told_in_talk:
        press(chat, order.number)
    else:
        ask_anyway(chat, "delay_way", "utter_delay_heard", order_number=order.number)


def _offer_ways(chat: Chat, order: Order) -> None:
    """Once in a talk, for the same parcel."""
    is_known = chat.slot("delay_number") == order.number and _ways_are_known(chat, order)
    chat.keep("delay_number", order.number)
    if Verb.URGE in order.may and not is_known:
        ask_anyway(chat, "delay_way", "utter_delay_ways", order_number=order.number)


def _was_pressed(chat: Chat, order: Order) -> bool:
    """Whether a person was fetched in this talk to press about this very order."""
    return bool(chat.slot("delay_pressed") == order.number)


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
    elif await tell_open_case(chat):
        return  # 你们仓库前天就签收了, of what goes back
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
