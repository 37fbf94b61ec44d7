"""When it leaves the shop, and how long it takes."""

from __future__ import annotations

from datetime import date, timedelta

from actions.answering.answer import Answer
from actions.choosing.what_then import tell_what_then
from actions.delivery.postage import region_meant
from actions.frame.chat import Chat
from actions.frame.clock import near_day_text, today
from actions.frame.heard import detail
from actions.hearing.context import keep_goods_named
from actions.hearing.profile import profile_of
from actions.orders.asking import can_wait, wait_for
from actions.orders.order_state import ship_day_text
from actions.orders.orders import (
    NOT_SHIPPED,
    goods_text,
    in_status,
    order_meant,
    own_orders,
)
from actions.orders.parcel_news import tell_parcel
from actions.orders.parcel_questions import tell_asked
from actions.orders.refund_parts import tells_of_money
from actions.returns.new_one import tell_new_one
from bot.shop.words.dealing import Order, OrderStatus, Right
from bot.shop.words.goods import PostageQuote, ShippingPromise


class TellShipTime(Answer):
    """The buyer's own open order first; else what holds for an order paid now."""

    def name(self) -> str:
        return "action_tell_ship_time"

    async def answer(self, chat: Chat) -> None:
        if await tell_new_one(chat):
            return
        day = _first_day(chat.turn.value("date"))
        if day is not None and day < today():
            day = None  # 我昨天拍的啥时候发 asks of the order
        order = await _own_open_order(chat)
        if order is not None and order.paid_at is not None and day in (today(), None):
            await _tell_own_day(chat, order, day)
            return
        order = None if day else order
        if order is None and day is None and (sent := await own_parcel(chat)) is not None:
            tell_parcel(chat, sent)  # 发货了吗, of what is on its way
            return
        promise = await chat.shop.shipping_promise(day if day != today() else None)
        if day is not None and (day != today() or promise.ships_on == day):
            _tell_that_day(chat, day, promise)
        elif promise.closed_since is not None:
            _tell_pause(chat, promise)
        elif order is not None:
            _tell_promise(chat, "utter_ships_once_paid", promise)
        elif len(promise.pick_ups) > 1:
            _tell_promise(chat, "utter_ship_time_pick_ups", promise)
        else:
            _tell_promise(chat, "utter_ship_time", promise)


async def _tell_own_day(chat: Chat, order: Order, asked: date | None) -> None:
    """今天能发吗, of the buyer's own order: its own day, and not what holds for orders of today."""
    day = await ship_day_text(chat, order)
    if order.ships_late:
        response = "utter_ship_overdue_today" if asked else "utter_ship_overdue"
    else:
        response = (
            "utter_ships_on_not_that_day" if asked and order.ships_on != asked else "utter_ships_on"
        )
    chat.reply(response, day=day, asked=near_day_text(asked or today()), order_number=order.number)


def _tell_promise(chat: Chat, response: str, promise: ShippingPromise) -> None:
    chat.reply(
        response,
        cutoff=promise.cutoff,
        day=near_day_text(promise.ships_on),
        pick_ups="、".join(promise.pick_ups),
    )


def _tell_that_day(chat: Chat, day: date, promise: ShippingPromise) -> None:
    """国庆发货吗, 周日发吗: whether what is paid on that day leaves on it."""
    asked = near_day_text(day)
    if promise.ships_on == day:
        chat.reply("utter_ships_on_that_day", asked=asked, cutoff=promise.cutoff)
    elif promise.closed_since is not None:
        _tell_pause(chat, promise)
    else:
        chat.reply("utter_no_shipping_on", asked=asked, day=near_day_text(promise.ships_on))


def _tell_pause(chat: Chat, promise: ShippingPromise) -> None:
    """A holiday or a pause of the shop's own: from when, why, and the first day after it."""
    since = promise.closed_since or promise.ships_on
    chat.reply(
        "utter_shipping_pauses",
        why=promise.closed_why or "休息",
        since=near_day_text(since),
        until=near_day_text(promise.ships_on - timedelta(days=1)),
        day=near_day_text(promise.ships_on),
    )


async def own_parcel(chat: Chat) -> Order | None:
    """What is on its way to this buyer, where no goods to buy are talked of: in talk, or newest."""
    if chat.turn.has("product") or chat.slot("product_in_talk"):
        return None
    sent = [one for one in await own_orders(chat) if one.status is OrderStatus.SHIPPED]
    number = chat.slot("order_in_talk")
    order = next((one for one in sent if one.number == number), sent[0] if sent else None)
    if order is None or order.parcel is None:
        return None
    chat.keep("order_in_talk", order.number)
    return order


async def _own_open_order(chat: Chat) -> Order | None:
    """An order of this buyer that has not left yet; never asks for one."""
    if chat.turn.has("order_number"):
        return await order_meant(chat, "order_status", right=Right.SEE)
    fits = in_status(*NOT_SHIPPED)
    return next((order for order in await own_orders(chat) if fits(order)), None)


def _first_day(value: object) -> date | None:
    """Of a date entity: the day, or the first of a span."""
    return _as_date(value.get("from") if isinstance(value, dict) else value)


class TellDeliveryTime(Answer):
    def name(self) -> str:
        return "action_tell_delivery_time"

    async def answer(self, chat: Chat) -> None:
        if not (tells_of_money(chat) or await tell_what_then(chat)):
            await tell_delivery_time(chat)
            await keep_goods_named(chat)


@can_wait("delivery_time")
async def tell_delivery_time(chat: Chat) -> None:
    """Days to the buyer's region, as a span of dates; a parcel under way has its own day, and an
    order that waits is reckoned from the day on which it leaves."""
    if await tell_new_one(chat):
        return
    if await _tell_sent_there(chat):
        return
    if not chat.turn.has("region", "address", "product"):
        is_it = chat.slot("order_in_talk") and await _is_waiting(chat)
        sent = None if is_it else await own_parcel(chat)
        if sent is not None:
            tell_asked(chat, sent)
            return
        if not chat.slot("product_in_talk") and await _tell_own_days(chat):
            return
    region = await region_meant(chat)
    if not region:
        wait_for(chat, "region", "delivery_time", "utter_delivery_time_where")
        return
    quote = await chat.shop.postage(region, buyer_id=chat.turn.buyer_id)
    _tell_days(chat, quote, await chat.shop.shipping_promise())


async def _tell_sent_there(chat: Chat) -> bool:
    """快递从深圳到成都要几天, of who waits for a parcel: theirs, and no order of today; so too where
    the place that is named is the one it goes to."""
    turn = chat.turn
    place = str(turn.value("region") or "")
    if not place or turn.has("product", "kind", "category") or turn.in_form:
        return False
    sent = await own_parcel(chat)
    is_a_road = detail(turn, "region", "whence") is not None
    if sent is None or not (is_a_road or place in sent.receiver.address):
        return False
    tell_parcel(chat, sent)
    return True


async def _is_waiting(chat: Chat) -> bool:
    """Whether the order in talk is still here."""
    number, fits = chat.slot("order_in_talk"), in_status(*NOT_SHIPPED)
    return any(one.number == number and fits(one) for one in await own_orders(chat))


async def _tell_own_days(chat: Chat) -> bool:
    """Of an order that is paid and still here; False without one."""
    order = await _own_open_order(chat)
    if order is None or order.paid_at is None or order.right is Right.SEE:
        return False
    quote = await chat.shop.postage(order.receiver.address, buyer_id=chat.turn.buyer_id)
    if not quote.can_deliver or quote.days is None or order.ships_on is None or order.ships_late:
        return False
    first, last = quote.days
    chat.keep("order_in_talk", order.number)
    chat.reply(
        "utter_own_delivery_days",
        goods=goods_text(order),
        day=near_day_text(order.ships_on),
        region=quote.region,
        earliest=near_day_text(order.ships_on + timedelta(days=first)),
        latest=near_day_text(order.ships_on + timedelta(days=last)),
    )
    return True


def _tell_days(chat: Chat, quote: PostageQuote, promise: ShippingPromise) -> None:
    if not quote.can_deliver:
        chat.reply("utter_no_delivery_there", region=quote.region)
    elif quote.days is None:
        chat.reply("utter_delivery_days_unknown", region=quote.region, courier=quote.courier)
    else:
        first, last = quote.days
        earliest = promise.ships_on + timedelta(days=first)
        latest = promise.ships_on + timedelta(days=last)
        until = chat.turn.value("date") or profile_of(chat).needed_by
        response = "utter_delivery_days"
        if (wanted := _as_date(until)) is not None:
            response = "utter_delivery_in_time" if latest <= wanted else "utter_delivery_tight"
        chat.reply(
            response,
            region=quote.region,
            days=f"{first}-{last}天" if first != last else f"{first}天",
            earliest=near_day_text(earliest),
            latest=near_day_text(latest),
        )


def _as_date(value: object) -> date | None:
    """The last day of a date entity (ISO text or {"from", "to"}); None without one."""
    if isinstance(value, dict):
        value = value.get("to")
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
