"""What a half-sure line of a served buyer most likely wants: about an order, a parcel, a return."""

from __future__ import annotations

from dataclasses import replace

from actions.after_order.addresses import ChangeAddress
from actions.after_order.cancelling import OfferCancel
from actions.after_order.order_changes import ChangeOrder
from actions.after_order.order_notes import NoteOrder
from actions.after_order.parcels import ExplainDelay, SearchParcel, TrackParcel
from actions.after_order.returns import StartReturn
from actions.answering.answer import Answer
from actions.answering.plain import answer_plainly
from actions.deciding.likely_signs import (
    CLEAR,
    HOW_TO_RETURN,
    TOGETHER,
    WHERE,
    asks_how_to_return,
    grows_impatient,
    is_about_a_parcel,
    is_not_received,
    misses_the_parcel,
    sum_of,
)
from actions.delivery.shipping import TellDeliveryTime, TellShipTime
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.elsewhere import LOOKING, number_of_a_page
from actions.hearing.open_matter import is_about
from actions.orders.asking import answer_named
from actions.orders.orders import in_status, own_orders, that_may
from actions.orders.refusing import tell_refusing_own
from actions.returns.exchanging import tell_open_exchange
from actions.returns.return_parts import tell_open_case
from bot.shop.words.dealing import OrderStatus, Reason, Verb

LIKELY = 0.4  # … and to begin what is confirmed before it is done
_WITH_NUMBER = {*WHERE, "inform", "parcel_not_received"}
_INTERCEPTING = {
    *WHERE,
    "return_request",
    "return_policy",
    "cancel_order",
    "affirm",
    "deny",
    "complain",
    "refund_status",
    "ask_quality",
    "ask_product",
}
_MISSING = {"report_wrong_item", "parcel_not_received"}
# Half understood, these ask how the return stands where one is open.
_AFTER = {"report_defect", "report_wrong_item", "return_request", "return_policy", "refund_status"}
_FAULTS = {reason.value for reason in (Reason.DEFECT, Reason.WRONG_ITEM, Reason.NOT_RECEIVED)}
_AWAITED = (OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED)
_RECEIVED = in_status(OrderStatus.DELIVERED, OrderStatus.COMPLETED)
_WHEN: dict[str, Answer] = {
    "ask_ship_time": TellShipTime(),
    "ask_delivery_time": TellDeliveryTime(),
}
_OTHER = {"change_order", "exchange_request"}
_can_change = that_may(Verb.CHANGE_LINE)
_RECEIVER = ("phone", "address", "door", "receiver_name")
_SENT_BACK = ("return_request", "exchange_request")


async def fits_the_order(chat: Chat) -> bool:
    """Answers what the words and the buyer's orders together make clear."""
    turn = chat.turn
    likeliest = next(iter(turn.ranking), "")
    if hears(turn, "intercept") and likeliest in _INTERCEPTING and await _has_parcel(chat):
        await answer_as(chat, OfferCancel(), "cancel_order")
    elif (
        (likeliest in _MISSING and is_not_received(turn)) or misses_the_parcel(turn)
    ) and await _waits(chat):
        await answer_as(chat, SearchParcel(), "parcel_not_received")
    elif await tell_open_exchange(chat) or await tell_refusing_own(chat):
        return True
    elif await _wants_own_other(chat):
        await answer_as(chat, ChangeOrder(), "change_order")
    elif likeliest in ("report_defect", "report_wrong_item") and turn.has("return_reason"):
        is_fault = turn.value("return_reason") in _FAULTS  # 有点挤脚 is none of the goods
        await answer_as(chat, StartReturn(), likeliest if is_fault else "return_request")
    elif hears(turn, "ill_fitting", "runs") and await _has_received(chat):
        await answer_as(chat, StartReturn(), "exchange_request")
    elif likeliest == "change_address" and turn.has(*_RECEIVER) and hears(turn, "new_address"):
        await answer_as(chat, ChangeAddress(), "change_address")  # 再帮我改下电话 138…
    elif asks_how_to_return(turn):
        await answer_plainly(chat, HOW_TO_RETURN)
        is_about(chat, "return_policy")
    elif likeliest in _AFTER and await tell_open_case(chat):
        return True
    elif _wants_back(turn, likeliest) and await _has_received(chat):
        await answer_as(chat, StartReturn(), likeliest)
    elif turn.has("order_number", "tracking_number") and (
        likeliest in _WITH_NUMBER
        # The number of a page is none of an order.
        or (likeliest in LOOKING and not number_of_a_page(turn))
    ):
        await answer_named("order", chat)
    elif is_about_a_parcel(turn) and not turn.has("region") and await _has_parcel(chat):
        is_waiting = await _talks_of_waiting(chat) or (
            hears(turn, "not_sent") and await _has_unsent(chat)
        )
        if is_waiting and not hears(turn, "courier_phone", "station_phone"):
            await answer_as(chat, ExplainDelay(), "logistics_delay")
        else:
            await answer_as(chat, TrackParcel(), "track_parcel")
    elif grows_impatient(turn) and await _waits(chat):
        await answer_as(chat, ExplainDelay(), "logistics_delay")
    elif (when := await _asks_when_of_new(chat)) is not None:
        await answer_as(chat, when, when.name().replace("action_tell_", "ask_"))
    elif likeliest == "order_note" and turn.chances[0] >= CLEAR and await _waits(chat):
        await answer_as(chat, NoteOrder(), "order_note")  # is asked before it is written
    else:
        return False
    return True


async def _asks_when_of_new(chat: Chat) -> Answer | None:
    """能不能今天发, 大概几天能好, of who has ordered nothing yet: when an order would leave, or come."""
    turn = chat.turn
    meant = next((one for one in turn.ranking[:2] if one in _WHEN), None)
    if meant is None or not set(turn.ranking[:2]) <= WHERE or await own_orders(chat):
        return None
    return _WHEN[meant] if sum_of(turn, WHERE) >= TOGETHER else None


async def answer_as(chat: Chat, answer: Answer, intent: str) -> None:
    """What is answered is what the talk is about from now on, though it was half understood."""
    chat.turn = replace(chat.turn, intent=intent)
    await answer.answer(chat)
    is_about(chat, intent)


async def _wants_own_other(chat: Chat) -> bool:
    """我刚拍的防晒衣能换薄荷绿吗: the order can still be changed, so nothing has to go back."""
    turn = chat.turn
    if not hears(turn, "bought") or not turn.has("colour", "size", "size_step") or turn.in_form:
        return False
    return bool(_OTHER & set(turn.ranking[:3])) and any(map(_can_change, await own_orders(chat)))


def _wants_back(turn: Turn, likeliest: str) -> bool:
    """不修了 换: begun at a fair chance, since nothing is opened without a yes to the summary."""
    if turn.in_form or turn.questions or likeliest not in _SENT_BACK:
        return False
    return turn.chances[0] >= LIKELY or sum_of(turn, _SENT_BACK) >= CLEAR


async def _has_parcel(chat: Chat) -> bool:
    return any(map(in_status(OrderStatus.SHIPPED), await own_orders(chat)))


async def _talks_of_waiting(chat: Chat) -> bool:
    """Whether the order in talk has not been sent yet, whatever else is on its way."""
    number, fits = chat.slot("order_in_talk"), in_status(OrderStatus.PAID, OrderStatus.PACKED)
    return any(one.number == number and fits(one) for one in await own_orders(chat))


async def _has_unsent(chat: Chat) -> bool:
    """Of two orders the one that waits is meant, and is what we talk of now."""
    fits = in_status(OrderStatus.PAID, OrderStatus.PACKED)
    waiting = [one for one in await own_orders(chat) if fits(one)]
    if waiting:
        chat.keep("order_in_talk", waiting[0].number)
    return bool(waiting)


async def _waits(chat: Chat) -> bool:
    return any(map(in_status(*_AWAITED), await own_orders(chat)))


async def _has_received(chat: Chat) -> bool:
    return chat.turn.signed_in and any(map(_RECEIVED, await own_orders(chat)))
