"""What is asked of a parcel and is not where it is: another number to ring, whether it goes back,
whether it waits for others."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.orders.parcel_news import due_text, last_text, parcel_card, tell_parcel
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, Parcel, ParcelState

_MOVING = (ParcelState.LABELLED, ParcelState.IN_TRANSIT, ParcelState.STALLED)
_ON_ITS_WAY = (*_MOVING, ParcelState.OUT_FOR_DELIVERY)


def tells_what_was_asked(chat: Chat, parcel: Parcel) -> bool:
    """Where it stands is told only beside; False where nothing of the kind is asked."""
    if wants_other_number(chat):
        _tell_other_number(chat, parcel)
    elif hears(chat.turn, "not_handed_over") and parcel.state is ParcelState.OUT_FOR_DELIVERY:
        _tell_not_handed_over(chat, parcel)
    elif hears(chat.turn, "too_late") and parcel.state in _ON_ITS_WAY:
        chat.reply("utter_parcel_in_time", due=due_text(parcel))
    elif hears(chat.turn, "sent_back") and parcel.state in _ON_ITS_WAY:
        chat.show(parcel_card(parcel))
        chat.reply("utter_parcel_not_back", due=due_text(parcel), last=last_text(parcel))
    elif hears(chat.turn, "which_first") and parcel.state in _MOVING:
        chat.keep("handoff_reason", HandOverReason.URGED.value)
        chat.ask("hand_over", "utter_parcel_is_one", due=due_text(parcel), last=last_text(parcel))
    else:
        return False
    return True


def tell_asked(chat: Chat, order: Order) -> None:
    """What is asked of its parcel, else where that is. The order must have a parcel."""
    if order.parcel is None or not tells_what_was_asked(chat, order.parcel):
        tell_parcel(chat, order)


def _tell_not_handed_over(chat: Chat, parcel: Parcel) -> None:
    """派件失败, 我自己去拿: only the courier can bring it again; asked on, a colleague presses."""
    chat.show(parcel_card(parcel))
    was_told = "utter_parcel_not_handed_over" in chat.turn.told_in_talk
    chat.reply(
        "utter_parcel_not_handed_over",
        courier=parcel.courier,
        phone=parcel.courier_phone,
        number=parcel.tracking_number,
    )
    if was_told:
        offer_person(chat, HandOverReason.URGED)


def wants_other_number(chat: Chat) -> bool:
    """The station's own number, or another than the one that nobody answers."""
    turn = chat.turn
    return hears(turn, "station_phone", "other_number") or (
        hears(turn, "pickup") and hears(turn, "to_contact")
    )


def _tell_other_number(chat: Chat, parcel: Parcel) -> None:
    """We know the courier's number and no other; a colleague asks the courier for it."""
    chat.show(parcel_card(parcel))
    chat.reply(
        "utter_station_phone",
        courier=parcel.courier,
        phone=parcel.courier_phone,
        number=parcel.tracking_number,
    )
    offer_person(chat, HandOverReason.NO_DATA)
