"""An angry buyer is understood, calmed with facts and given to a person; a happy one is thanked."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.orders.orders import goods_text, own_orders
from actions.orders.parcel_news import due_text, last_text
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import ParcelState


class Calm(Answer):
    """Their way, an apology, the facts we have, several ways out, and a person with all of it."""

    def name(self) -> str:
        return "action_calm"

    async def answer(self, chat: Chat) -> None:
        chat.reply("utter_calm")
        facts = await _facts(chat)
        chat.reply("utter_calm_ways")
        said = f"买家不满: {chat.turn.text[:60]}" if chat.turn.text else "买家不满"
        is_threat = hears(chat.turn, "threatens_review")  # and not: 差评我已经给了
        reason = HandOverReason.REVIEW_THREATENED if is_threat else HandOverReason.ANGER
        chat.hand_over(reason, f"{said}; {facts}" if facts else said)


async def _facts(chat: Chat) -> str:
    """Tells what is late, if anything is; the same in short for the person who comes."""
    for order in await own_orders(chat):
        parcel = order.parcel
        is_open = parcel is not None and parcel.state is not ParcelState.SIGNED
        if parcel is not None and is_open and parcel.is_late:
            chat.reply(
                "utter_calm_parcel_late",
                goods=goods_text(order),
                last=last_text(parcel),
                due=due_text(parcel),
            )
            return f"订单 {order.number} 物流超时({parcel.courier} {parcel.tracking_number})"
        if order.ships_late:
            chat.reply("utter_calm_not_shipped", goods=goods_text(order))
            return f"订单 {order.number} 超时未发"
    return ""


class Praised(Answer):
    """Sincere thanks."""

    def name(self) -> str:
        return "action_thank_for_praise"

    async def answer(self, chat: Chat) -> None:
        chat.reply("utter_praise")
