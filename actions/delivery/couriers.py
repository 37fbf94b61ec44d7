"""Which courier brings it, and wishes for or against one."""

from __future__ import annotations

from actions.after_order.order_notes import offer_note, takes_notes
from actions.answering.answer import Answer
from actions.answering.plain import answer_plainly
from actions.frame.chat import Chat
from actions.frame.phrasing import join_text
from actions.hearing.context import keep_goods_named
from actions.orders.orders import own_orders
from bot.shop.words.dealing import OrderStatus


class TellCourier(Answer):
    """Which courier; a wish for or against one is noted once the buyer says so."""

    def name(self) -> str:
        return "action_tell_courier"

    async def answer(self, chat: Chat) -> None:
        if chat.turn.in_form == "return_form":
            await answer_plainly(chat, "faq/return_policy.send_back")
            return
        await keep_goods_named(chat)
        promise = await chat.shop.shipping_promise()
        couriers = join_text(promise.couriers)
        wanted, refused = chat.turn.value("courier"), chat.turn.value("courier_refused")
        sent = [one for one in await own_orders(chat) if one.status is OrderStatus.SHIPPED]
        if wanted and any(_is_same(str(wanted), courier) for courier in promise.couriers):
            await offer_note(chat, f"请发{wanted}", "utter_courier_can_be_had", courier=wanted)
        elif wanted and sent and sent[0].parcel is not None and not await takes_notes(chat):
            chat.reply("utter_courier_of_parcel", courier=sent[0].parcel.courier)
        elif wanted:
            chat.reply("utter_courier_not_had", couriers=couriers)
        elif refused:
            await offer_note(chat, f"不要发{refused}", "utter_courier_avoided", courier=refused)
        elif sent and sent[0].parcel is not None:
            chat.reply("utter_courier_of_parcel", courier=sent[0].parcel.courier)
        else:
            chat.reply("utter_couriers", couriers=couriers)


def _is_same(one: str, other: str) -> bool:
    return one[:2] == other[:2]
