"""What is said of a parcel: its card, where it is, why it is late and when it comes."""

from __future__ import annotations

from typing import Any

from actions.frame.cards import Card
from actions.frame.chat import Chat
from actions.frame.clock import moment_text, near_day_text, today
from actions.frame.phrasing import price_text
from bot.shop.words.dealing import Order, Parcel, ParcelState

STATE_TEXTS = {
    ParcelState.LABELLED: "已出单，待揽收",
    ParcelState.IN_TRANSIT: "运输中",
    ParcelState.OUT_FOR_DELIVERY: "派送中",
    ParcelState.SIGNED: "已签收",
    ParcelState.STALLED: "物流停滞",
    ParcelState.RETURNING: "退回途中",
    ParcelState.RETURNED: "已退回",
}
_MOST_EVENTS = 6
_SAID = {
    ParcelState.LABELLED: "utter_parcel_labelled",
    ParcelState.IN_TRANSIT: "utter_parcel_in_transit",
    ParcelState.OUT_FOR_DELIVERY: "utter_parcel_out_for_delivery",
    ParcelState.SIGNED: "utter_parcel_signed",
    ParcelState.RETURNING: "utter_parcel_returning",
    ParcelState.RETURNED: "utter_parcel_returned",
}


def tell_parcel(chat: Chat, order: Order) -> None:
    """Card first, then one line on what it means. The order must have a parcel."""
    parcel = order.parcel
    assert parcel is not None
    chat.show(parcel_card(parcel))
    if parcel.is_late and parcel.state is not ParcelState.SIGNED:
        tell_delay(chat, parcel)
        return
    last = parcel.events[0] if parcel.events else None
    chat.reply(
        _SAID[parcel.state],
        order_number=order.number,
        courier=parcel.courier,
        phone=parcel.courier_phone,
        number=parcel.tracking_number,
        due=due_text(parcel),
        when=moment_text(last.at) if last else "",
        place=(last.place or last.text) if last else "",
    )


def tell_courier_phone(chat: Chat, parcel: Parcel) -> None:
    """Whom to ring about the parcel, and the number to name there."""
    chat.show(parcel_card(parcel))
    chat.reply(
        "utter_courier_phone",
        courier=parcel.courier,
        phone=parcel.courier_phone,
        number=parcel.tracking_number,
    )


def is_coming_back(order: Order) -> bool:
    """Refused or not delivered: it travels back to us, or has arrived."""
    parcel = order.parcel
    return parcel is not None and parcel.state in (ParcelState.RETURNING, ParcelState.RETURNED)


def tell_coming_back(chat: Chat, order: Order) -> None:
    """Where it is, and that the refund follows without another word of the buyer."""
    parcel = order.parcel
    assert parcel is not None
    chat.show(parcel_card(parcel))
    is_here = parcel.state is ParcelState.RETURNED
    chat.reply(
        "utter_parcel_returned_refund_next"
        if is_here
        else "utter_parcel_returning_no_need_to_apply",
        last=last_text(parcel),
        refund=price_text(order.total_fen),
    )


def due_text(parcel: Parcel) -> str:
    return near_day_text(parcel.new_due_on or parcel.due_on)


def tell_delay(chat: Chat, parcel: Parcel) -> None:
    """Apologises, says why by the parcel's own events, the new day, and what can be done."""
    has_new_day = parcel.new_due_on is not None and parcel.new_due_on >= today()
    values: dict[str, Any] = {
        "reason": parcel.delay_reason,
        "due": due_text(parcel),
        "last": last_text(parcel),
    }
    if parcel.delay_reason and has_new_day:
        chat.reply("utter_parcel_late_why_until", **values)
    elif parcel.delay_reason:
        chat.reply("utter_parcel_late_why", **values)
    elif has_new_day:
        chat.reply("utter_parcel_late_until", **values)
    else:
        chat.reply("utter_parcel_late", **values)


def last_text(parcel: Parcel) -> str:
    """11月20日 14:05 到达武汉转运中心; "" without events."""
    if not parcel.events:
        return "还没有揽收记录"
    last = parcel.events[0]
    return f"{moment_text(last.at)} {last.text}"


def parcel_card(parcel: Parcel) -> Card:
    return {
        "type": "parcel",
        "courier": parcel.courier,
        "tracking_number": parcel.tracking_number,
        "state_text": STATE_TEXTS[parcel.state],
        "due_text": "" if parcel.state is ParcelState.SIGNED else f"预计{due_text(parcel)}送达",
        "events": [
            {"time_text": moment_text(event.at), "text": event.text}
            for event in parcel.events[:_MOST_EVENTS]
        ],
    }
