"""Whether it goes to a place, and how it is handed over there."""

from __future__ import annotations

from actions.after_order.order_notes import offer_note, takes_notes
from actions.answering.answer import Answer
from actions.delivery.shipping import own_parcel
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.coming_along import tells_whether_it_comes_along
from actions.hearing.parts import tells_of_a_part
from actions.orders.asking import can_wait, wait_for


class TellDeliveryArea(Answer):
    def name(self) -> str:
        return "action_tell_delivery_area"

    async def answer(self, chat: Chat) -> None:
        await tell_delivery_area(chat)


@can_wait("delivery_area")
async def tell_delivery_area(chat: Chat) -> None:
    """How it is handed over, or whether it goes to a place."""
    is_of_parcel = not chat.turn.has("region", "address") and not await takes_notes(chat)
    sent = await own_parcel(chat) if is_of_parcel else None
    if sent is not None and sent.parcel is not None:
        parcel = sent.parcel  # 能送到门口吗, of what is on its way: the courier decides
        chat.reply(
            "utter_door_of_parcel",
            courier=parcel.courier,
            phone=parcel.courier_phone,
            number=parcel.tracking_number,
        )
    elif hears(chat.turn, "to_the_door"):
        await _tell_to_the_door(chat)
    elif await tells_whether_it_comes_along(chat) or await tells_of_a_part(chat):
        return  # 雨罩送不送
    else:
        await _tell_place(chat)


async def _tell_to_the_door(chat: Chat) -> None:
    """With an order that takes notes, the wish is offered as one."""
    if await takes_notes(chat):
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
