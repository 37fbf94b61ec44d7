"""What may be returned, until when and at whose cost: in general and for the buyer's own goods."""

from __future__ import annotations

from actions.answer import Answer
from actions.chat import Chat
from actions.context import talk_of
from actions.orders import access_to, in_status, own_orders
from actions.phrasing import day_text
from actions.return_cases import open_case_of
from bot.shop.dealing import OrderStatus, Reason, ReturnCase, ReturnStatus, Right

_POSTAGE_WORDS = ("运费", "邮费", "谁出", "谁承担", "运费险", "包退")
_WHERE_WORDS = ("寄到哪", "退到哪", "退货地址", "寄回哪", "寄哪", "地址")
_SPECIAL = {
    "unopened_only": "utter_policy_unopened_only",
    "custom_made": "utter_policy_custom_made",
    "clearance": "utter_policy_clearance",
}


class TellReturnPolicy(Answer):
    """The question's own point first; then what holds for the goods in talk or bought.

    How it is done is a plain question (data/nlu/questions/return_policy.yml); where to and who
    pays depend on the buyer's open case.
    """

    def name(self) -> str:
        return "action_tell_return_policy"

    async def answer(self, chat: Chat) -> None:
        text = chat.turn.text
        if any(word in text for word in _WHERE_WORDS):
            await _tell_where(chat)
        elif any(word in text for word in _POSTAGE_WORDS):
            await _tell_postage(chat)
        elif not await _tell_own(chat) and not await _tell_special(chat):
            chat.reply("utter_policy")


async def _tell_where(chat: Chat) -> None:
    case = await _case_to_send_back(chat)
    if case is None:
        chat.reply("utter_policy_where")
    else:
        chat.reply(
            "utter_policy_where_case", name=case.name, address=case.send_to, case=case.case_id
        )


async def _tell_postage(chat: Chat) -> None:
    case = await _case_to_send_back(chat)
    if case is None:
        chat.reply("utter_policy_postage")
    else:
        chat.reply(f"utter_return_postage_{'buyer' if case.buyer_pays_postage else 'shop'}")


async def _case_to_send_back(chat: Chat) -> ReturnCase | None:
    """The newest of the buyer's cases whose goods we wait for."""
    for order in await own_orders(chat):
        case = await open_case_of(chat, order) if order.shipped_at else None
        if case is not None and case.send_to and case.status is ReturnStatus.OPENED:
            return case
    return None


async def _tell_own(chat: Chat) -> bool:
    """The day until which the buyer's last delivered goods may go back."""
    if chat.turn.has("product", "kind"):
        return False
    delivered = [
        order
        for order in await own_orders(chat)
        if _is_delivered(order) and order.right is Right.CHANGE
    ]
    if not delivered:
        return False
    order = delivered[0]
    line = order.lines[0]
    terms = await chat.shop.return_terms(
        order.number, access_to(chat, order.number), line.line_id, reason=Reason.NO_REASON
    )
    if not terms.allowed or terms.until is None:
        return False
    response = "utter_policy_own_sealed" if terms.only_unopened else "utter_policy_own"
    chat.reply(
        response,
        name=line.name,
        until=day_text(terms.until),
        order_number=order.number,
        line=line.line_id,
    )
    return True


_is_delivered = in_status(OrderStatus.DELIVERED)


async def _tell_special(chat: Chat) -> bool:
    talk = await talk_of(chat)
    if talk.product is None or talk.product.returnable not in _SPECIAL:
        return False
    chat.reply(_SPECIAL[talk.product.returnable], name=talk.product.name)
    return True
