"""The buyer chooses among the ways out of a delay: a person presses, or the buyer waits."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.frame.cards import coupon_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.orders.orders import ask_anyway, goods_text, own_orders
from actions.orders.parcel_news import due_text, last_text
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Access, Order
from bot.shop.words.errors import AMENDS_SPENT, WrongMoment


def tell_pressed(chat: Chat, order: Order) -> None:
    """催了吗, 到底什么时候到, after a person was fetched: where it stands now; never fetched twice
    for the same, nor offered to be."""
    parcel = order.parcel
    was_told = {"utter_pressed_parcel", "utter_pressed_not_sent"} & set(chat.turn.told_before)
    if was_told:
        chat.reply("utter_pressed_still", last=last_text(parcel) if parcel else "还没发出")
    elif parcel is None:
        chat.reply("utter_pressed_not_sent", goods=goods_text(order), order_number=order.number)
    else:
        chat.reply(
            "utter_pressed_parcel",
            due=due_text(parcel),
            last=last_text(parcel),
            order_number=order.number,
        )


class PressCourier(Answer):
    """The buyer chose that we press the courier or the warehouse: a person does it.

    六天了, behind the ways that were offered, chooses none: whoever only is impatient hears that
    it is a long time, and may still choose.
    """

    def name(self) -> str:
        return "action_press_courier"

    async def answer(self, chat: Chat) -> None:
        turn = chat.turn
        if turn.intent in ("affirm", "logistics_delay") and hears(turn, "will_wait", "wait_more"):
            await _thank_for_waiting(chat)
            return
        if turn.intent == "affirm" and hears(turn, "on_ones_own"):
            chat.reply("utter_all_right")  # 好的 我试试
            return
        is_chosen = turn.intent != "logistics_delay" or hears(turn, "urge")
        if not is_chosen and "utter_delay_heard" not in turn.told_before:
            number = chat.slot("delay_number") or ""
            ask_anyway(chat, "delay_way", "utter_delay_heard", order_number=number)
            return
        number = chat.turn.value("order_number") or chat.slot("delay_number") or "未知"
        if chat.slot("delay_pressed") == number:
            orders = [one for one in await own_orders(chat) if one.number == number]
            if orders:
                tell_pressed(chat, orders[0])
                return
        press(chat, number)


def press(chat: Chat, number: str) -> None:
    chat.reply("utter_pressing")
    chat.keep("delay_pressed", number)
    chat.hand_over(HandOverReason.URGED, f"催件: 订单 {number}, 买家等急了")


class WaitForIt(Answer):
    """The buyer will wait a little."""

    def name(self) -> str:
        return "action_wait_for_it"

    async def answer(self, chat: Chat) -> None:
        await _thank_for_waiting(chat)


async def _thank_for_waiting(chat: Chat) -> None:
    """With the coupon, where the shop gives one to who waits for this parcel."""
    number = chat.turn.value("order_number") or chat.slot("delay_number")
    number = number or chat.slot("order_in_talk")
    order = next((one for one in await own_orders(chat) if one.number == number), None)
    about = chat.slot("followup_about") or {}
    was_told = about.get("order_number") == number and about.get("amends")
    if order is not None and (order.amends or was_told) and chat.turn.signed_in:
        access = Access(buyer_id=chat.turn.buyer_id)
        try:
            coupon = await chat.shop.make_amends(
                order.number, access, request_id=chat.turn.request_id
            )
            chat.show(coupon_card(coupon))
        except WrongMoment as refused:  # it came, or was given, or the month's last went meanwhile
            if refused.status == AMENDS_SPENT:
                chat.reply("utter_amends_spent")
                return
    chat.reply("utter_thanks_for_waiting")
