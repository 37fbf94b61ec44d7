"""When it leaves the shop, with whom, how long it takes and whether it goes there at all."""

from __future__ import annotations

from datetime import date, timedelta

from actions.answer import Answer
from actions.asking import can_wait, wait_for
from actions.chat import Chat
from actions.clock import near_day_text, today
from actions.order_notes import offer_note
from actions.order_state import ship_day_text
from actions.orders import NOT_SHIPPED, in_status, order_meant, own_orders, that_may
from actions.parcel_news import tell_parcel
from actions.phrasing import join_text
from actions.postage import region_meant
from bot.shop.dealing import Order, OrderStatus, Right, Verb
from bot.shop.goods import PostageQuote, ShippingPromise

_TO_THE_DOOR = ("上门", "送上楼", "到家门口", "到楼上", "驿站", "快递柜", "丰巢")


class TellShipTime(Answer):
    """The buyer's own open order first; else what holds for an order paid now."""

    def name(self) -> str:
        return "action_tell_ship_time"

    async def answer(self, chat: Chat) -> None:
        day = _first_day(chat.turn.value("date"))
        if day is not None and day < today():
            day = None  # 我昨天拍的啥时候发 asks of the order
        order = None if day else await _own_open_order(chat)
        if order is not None and order.paid_at is not None:
            response = "utter_ship_overdue" if order.ships_late else "utter_ships_on"
            chat.reply(response, day=await ship_day_text(chat, order), order_number=order.number)
            return
        promise = await chat.shop.shipping_promise(day)
        if day is not None:
            _tell_that_day(chat, day, promise)
        elif promise.closed_since is not None:
            _tell_pause(chat, promise)
        elif order is not None:
            _tell_promise(chat, "utter_ships_once_paid", promise)
        elif len(promise.pick_ups) > 1:
            _tell_promise(chat, "utter_ship_time_pick_ups", promise)
        else:
            _tell_promise(chat, "utter_ship_time", promise)


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


async def _own_open_order(chat: Chat) -> Order | None:
    """An order of this buyer that has not left yet; never asks for one."""
    if chat.turn.has("order_number"):
        return await order_meant(chat, "order_status", right=Right.SEE)
    fits = in_status(*NOT_SHIPPED)
    return next((order for order in await own_orders(chat) if fits(order)), None)


def _first_day(value: object) -> date | None:
    """Of a date entity: the day, or the first of a span."""
    return _as_date(value.get("from") if isinstance(value, dict) else value)


class TellCourier(Answer):
    """Which courier; a wish for or against one is noted once the buyer says so."""

    def name(self) -> str:
        return "action_tell_courier"

    async def answer(self, chat: Chat) -> None:
        promise = await chat.shop.shipping_promise()
        couriers = join_text(promise.couriers)
        wanted, refused = chat.turn.value("courier"), chat.turn.value("courier_refused")
        sent = [one for one in await own_orders(chat) if one.status is OrderStatus.SHIPPED]
        if wanted and any(_is_same(str(wanted), courier) for courier in promise.couriers):
            await offer_note(chat, f"请发{wanted}", "utter_courier_can_be_had", courier=wanted)
        elif wanted:
            chat.reply("utter_courier_not_had", couriers=couriers)
        elif refused:
            await offer_note(chat, f"不要发{refused}", "utter_courier_avoided", courier=refused)
        elif sent and sent[0].parcel is not None:
            chat.reply("utter_courier_of_parcel", courier=sent[0].parcel.courier)
        else:
            chat.reply("utter_couriers", couriers=couriers)


def _is_same(one: str, other: str) -> bool:
    return one.removesuffix("快递")[:2] == other.removesuffix("快递")[:2]


class TellDeliveryTime(Answer):
    def name(self) -> str:
        return "action_tell_delivery_time"

    async def answer(self, chat: Chat) -> None:
        await tell_delivery_time(chat)


@can_wait("delivery_time")
async def tell_delivery_time(chat: Chat) -> None:
    """Days to the buyer's region, as a span of dates; a parcel under way has its own day."""
    if not chat.turn.has("region", "address", "product"):
        sent = [one for one in await own_orders(chat) if one.status is OrderStatus.SHIPPED]
        if sent:
            chat.keep("order_in_talk", sent[0].number)
            tell_parcel(chat, sent[0])
            return
    region = await region_meant(chat)
    if not region:
        wait_for(chat, "region", "delivery_time", "utter_delivery_time_where")
        return
    quote = await chat.shop.postage(region, buyer_id=chat.turn.buyer_id)
    _tell_days(chat, quote, await chat.shop.shipping_promise())


def _tell_days(chat: Chat, quote: PostageQuote, promise: ShippingPromise) -> None:
    if not quote.can_deliver:
        chat.reply("utter_no_delivery_there", region=quote.region)
    elif quote.days is None:
        chat.reply("utter_delivery_days_unknown", region=quote.region, courier=quote.courier)
    else:
        first, last = quote.days
        earliest = promise.ships_on + timedelta(days=first)
        latest = promise.ships_on + timedelta(days=last)
        until = chat.turn.value("date")
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


class TellDeliveryArea(Answer):
    def name(self) -> str:
        return "action_tell_delivery_area"

    async def answer(self, chat: Chat) -> None:
        await tell_delivery_area(chat)


@can_wait("delivery_area")
async def tell_delivery_area(chat: Chat) -> None:
    """How it is handed over, or whether it goes to a place."""
    text = chat.turn.text
    if any(word in text for word in _TO_THE_DOOR):
        await _tell_to_the_door(chat)
    else:
        await _tell_place(chat)


async def _tell_to_the_door(chat: Chat) -> None:
    """With an order that takes notes, the wish is offered as one."""
    if any(map(that_may(Verb.ADD_NOTE), await own_orders(chat))):
        await offer_note(chat, "送货上门", "utter_to_the_door_note")
    else:
        chat.reply("utter_to_the_door")


async def _tell_place(chat: Chat) -> None:
    region = str(chat.turn.value("region") or chat.turn.value("address") or "")
    if not region:
        wait_for(chat, "region", "delivery_area", "utter_delivery_area_where")
        return
    chat.keep("region_in_talk", region)
    quote = await chat.shop.postage(region, buyer_id=chat.turn.buyer_id)
    if not quote.can_deliver:
        chat.reply("utter_no_delivery_there", region=quote.region or region)
    elif quote.days is not None:
        first, last = quote.days
        chat.reply(
            "utter_delivers_there",
            region=quote.region or region,
            courier=quote.courier,
            days=f"{first}-{last}天" if first != last else f"{first}天",
        )
    else:
        chat.reply("utter_delivers_there_plain", region=quote.region or region)
