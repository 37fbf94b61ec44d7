"""Another receiver, phone or address for an order that is not packed yet."""

from __future__ import annotations

from dataclasses import replace

from actions.answering.answer import Answer
from actions.answering.form import FormReader, give_up, wants_to_stop, was_given_up
from actions.answering.question import Question
from actions.frame.agreed import Shown, agree, agreed_to, ask_again, keep_shown
from actions.frame.cards import order_card
from actions.frame.chat import Chat
from actions.frame.heard import detail, hears
from actions.frame.phrasing import price_text
from actions.hearing.kept_parts import kept_part, puts_name_right
from actions.hearing.order_wishes import order_wish
from actions.orders.choosing_on import chooses_on, tells_it_can_be_changed
from actions.orders.order_state import tell_state
from actions.orders.orders import (
    access_to,
    goods_text,
    in_status,
    keep_proof,
    order_meant,
    that_may,
)
from bot import asked_for
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, OrderStatus, Receiver, Verb
from bot.shop.words.doors import put_right, with_door, with_street
from bot.shop.words.errors import CannotDeliver, PriceChanged, WrongMoment

_CAN_BE_CHANGED = that_may(Verb.CHANGE_RECEIVER)
_TIERS = (
    _CAN_BE_CHANGED,
    in_status(OrderStatus.PACKED),
    in_status(OrderStatus.SHIPPED),
    in_status(OrderStatus.DELIVERED),
)
_FIELDS = (
    ("name", "receiver_name"),
    ("phone", "phone"),
    ("address", "address"),
    ("door", "door"),
)


class ChangeAddress(Answer):
    def name(self) -> str:
        return "action_change_address"

    async def answer(self, chat: Chat) -> None:
        if not await chooses_on(chat) and not await tells_it_can_be_changed(chat):
            await change_address(chat)


@order_wish("change_address")
async def change_address(chat: Chat) -> None:
    if chat.turn.in_form == "order_form":
        chat.reply("utter_send_new_address")  # the order form reads it itself
        return
    order = await order_meant(chat, "change_address", *_TIERS, must_choose=True)
    if order is None:
        return
    if _CAN_BE_CHANGED(order):
        chat.keep("address_order", order.number)
        chat.keep("address_new", None)
        chat.keep("address_shown", None)
        chat.keep("address_confirmed", None)
        if not _take_part(chat, order.receiver.address):
            _take(chat)
        chat.go_on_with("address_form")
    elif order.status in (OrderStatus.PACKED, OrderStatus.SHIPPED):
        _give_to_person(chat, order)
    elif order.status in (OrderStatus.DELIVERED, OrderStatus.COMPLETED):
        chat.reply("utter_address_delivered", goods=goods_text(order))
    else:
        await tell_state(chat, order)


def _give_to_person(chat: Chat, order: Order) -> None:
    is_packed = order.status is OrderStatus.PACKED
    chat.reply("utter_address_packed" if is_packed else "utter_address_shipped")
    told = " ".join(str(chat.turn.value(entity) or "") for _, entity in _FIELDS).strip()
    state = "已打包" if is_packed else "已发出"
    chat.hand_over(
        HandOverReason.ADDRESS_AFTER_PACKING,
        f"订单 {order.number} {state}, 要改地址: {told or '新地址还没说'}",
    )


def _take(chat: Chat) -> bool:
    turn = chat.turn
    told = {field: str(turn.value(entity)) for field, entity in _FIELDS if turn.has(entity)}
    is_asked = turn.requested_slot in ("address_new", "address_confirmed")
    if not told and is_asked and (place := asked_for.place(turn.text)):
        told["address"] = place
    if "name" not in told and (name := asked_for.name_before_phone(turn.text)):
        told["name"] = name
    if "door" in told and (before := detail(turn, "door", "before")):
        told["door_before"] = str(before)
    if told:
        chat.keep("address_new", {**(chat.slot("address_new") or {}), **told})
    return bool(told)


def _take_part(chat: Chat, address: str) -> bool:
    """区改成长宁区, 88号写错了是18号: that part of the address, and the rest as it is."""
    if chat.turn.has("address", "door", "phone"):
        return False
    if hears(chat.turn, "instead", "not", "change", "new_address"):
        place = put_right(address, chat.turn.text)
    elif chat.turn.requested_slot == "address_new":
        place = with_street(address, chat.turn.text)
    else:
        return False
    if place != address:
        chat.keep("address_new", {**(chat.slot("address_new") or {}), "address": place})
    return place != address


class ReadAddress(FormReader):
    def name(self) -> str:
        return "validate_address_form"

    async def read(self, chat: Chat) -> bool:
        turn = chat.turn
        puts_name_right(chat, (await _receiver(chat)).name)
        if _take_part(chat, (await _receiver(chat)).address) or _take(chat):
            return True
        if turn.requested_slot == "address_confirmed":
            if kept_part(chat):
                return False  # 电话不用改: what is new so far is shown once more
            if turn.intent == "affirm":
                what = _what(chat, await _receiver(chat))
                agree(chat, "address_shown", "address_confirmed", what)
                return True
            if turn.intent in ("deny", "change_address"):
                chat.keep("address_new", None)
                return True
        if wants_to_stop(chat):
            give_up(chat)
            return True
        return False

    async def next_slot(self, chat: Chat) -> str | None:
        if not chat.slot("address_new"):
            return "address_new"
        return "address_confirmed" if await _agreed(chat) is None else None


async def _receiver(chat: Chat) -> Receiver:
    """As it will be: what is new, and the rest as the order has it."""
    number = chat.slot("address_order") or ""
    order = await chat.shop.order(number, access_to(chat, number))
    new = dict(chat.slot("address_new") or {})
    door, before = new.pop("door", ""), new.pop("door_before", "")
    receiver = replace(order.receiver if order else Receiver(), **new)
    if not door:
        return receiver
    return replace(receiver, address=with_door(receiver.address, door, before))


def _what(chat: Chat, receiver: Receiver) -> str:
    number = chat.slot("address_order") or ""
    return "|".join((number, receiver.name, receiver.phone, receiver.address))


async def _agreed(chat: Chat) -> Shown | None:
    if chat.slot("address_confirmed") is None:
        return None
    what = _what(chat, await _receiver(chat))
    return agreed_to(chat, "address_shown", "address_confirmed", what)


class AskAddressConfirmed(Question):
    """Reads the whole new receiver back before it counts, and the sum where it is another one."""

    must_ask = True

    def name(self) -> str:
        return "action_ask_address_confirmed"

    async def ask(self, chat: Chat) -> None:
        number, receiver = chat.slot("address_order") or "", await _receiver(chat)
        access = access_to(chat, number)
        order = await chat.shop.order(number, access)
        try:
            quote = await chat.shop.quote_receiver(number, access, receiver)
        except CannotDeliver as error:
            chat.keep("address_new", None)
            chat.keep("requested_slot", "address_new")
            chat.reply("utter_no_delivery_there", region=error.region)
            return
        except WrongMoment as error:
            _give_up_to_person(chat, number, error)
            return
        is_same_sum = order is not None and order.total_fen == quote.total_fen
        chat.reply(
            "utter_address_right" if is_same_sum else "utter_address_right_other_sum",
            name=receiver.name,
            phone=(chat.slot("address_new") or {}).get("phone") or receiver.masked_phone,
            address=receiver.address,
            total=price_text(quote.total_fen),
        )
        keep_shown(chat, "address_shown", _what(chat, receiver), total_fen=quote.total_fen)


def _give_up_to_person(chat: Chat, number: str, error: WrongMoment) -> None:
    """It was packed in between, or would cost more than was paid."""
    chat.reply("utter_address_packed")
    new = chat.slot("address_new") or {}
    told = " ".join(value for name, value in new.items() if name != "door_before")
    note = f"订单 {number} 状态 {error.status}, 要改地址: {told}"
    chat.hand_over(HandOverReason.ADDRESS_AFTER_PACKING, note)


class FinishAddress(Answer):
    def name(self) -> str:
        return "action_finish_address"

    async def answer(self, chat: Chat) -> None:
        if was_given_up(chat):
            return
        if (agreed := await _agreed(chat)) is None:
            chat.go_on_with("address_form")
            return
        number = chat.slot("address_order")
        access = access_to(chat, number)
        try:
            order = await chat.shop.change_receiver(
                number,
                access,
                await _receiver(chat),
                expected_total_fen=agreed.total_fen,
                request_id=agreed.deed_id,
            )
        except WrongMoment as error:
            _give_up_to_person(chat, number, error)
            return
        except CannotDeliver as error:
            chat.reply("utter_no_delivery_there", region=error.region)
            return
        except PriceChanged:
            chat.reply("utter_sum_changed")
            ask_again(chat, "address_form", "address_confirmed")
            await AskAddressConfirmed().ask(chat)
            return
        chat.keep("address_new", None)
        changed = chat.turn.access(phone=order.receiver.phone, name=order.receiver.name)
        if access.phone:
            keep_proof(chat, number, changed)  # it may be another phone or name now
        chat.show(order_card(order))
        chat.reply("utter_address_changed")

    def stay(self, chat: Chat) -> None:
        if not chat.has_handed_over:
            ask_again(chat, "address_form", "address_confirmed")
