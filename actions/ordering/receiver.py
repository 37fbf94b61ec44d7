"""Who receives the order that is written: name, phone and address, taken, mended in part, or saved."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import detail, hears
from actions.frame.turn import Turn
from bot import asked_for
from bot.shop.words.doors import put_right, with_door

_TAKEN = (("order_name", "receiver_name"), ("order_phone", "phone"), ("order_address", "address"))
_CALLED = {"order_name": "收件人", "order_phone": "电话", "order_address": "地址"}


def take_receiver(chat: Chat, asked: str) -> None:
    turn = chat.turn
    before = {slot: chat.slot(slot) for slot, _ in _TAKEN}
    for slot, entity in _TAKEN:
        if turn.has(entity):
            chat.keep(slot, str(turn.value(entity)))
    if not turn.has("receiver_name") and (name := asked_for.name_before_phone(turn.text)):
        chat.keep("order_name", name)  # 林小路 138…, of no surname that is known
    is_mended = _mend_place(chat)
    changed = [
        (_CALLED[slot], chat.slot(slot))
        for slot, _ in _TAKEN
        if before[slot] and before[slot] != chat.slot(slot)
    ]
    if len(changed) == 1 and asked != "order_confirmed":
        [(part, what)] = changed
        chat.reply("utter_part_changed", part=part, what=what)
    elif asked in ("order_colour", "order_size") and turn.has("phone", "address"):
        chat.reply("utter_receiver_taken")
    is_told = turn.has("phone", "address", "receiver_name", "door", "kept_part")
    if asked != "order_address" or is_told or is_mended:
        return
    # The buyer was asked for it: plain words that look like a name or a place are taken as such.
    is_answer = turn.intent not in ("affirm", "deny")
    if (told := asked_for.place(turn.text)) and not turn.questions:
        chat.keep("order_address", told)
    elif chat.slot("order_phone") and is_answer and (name := asked_for.name(turn.text)):
        chat.keep("order_name", name)


def _mend_place(chat: Chat) -> bool:
    """门牌错了 是18号, 徐汇区不对 是长宁区: that part of the address; whether it is another one now."""
    turn, place = chat.turn, str(chat.slot("order_address") or "")
    new = place
    if place and turn.has("door") and not turn.has("address"):
        before = str(detail(turn, "door", "before") or "")
        new = with_door(place, str(turn.value("door")), before)
    elif place and _puts_place_right(turn):
        new = put_right(place, turn.text)
    if place:
        chat.keep("order_address", new)
    return new != place


def _puts_place_right(turn: Turn) -> bool:
    """88号写错了是18号, 区改成长宁区: a part of the address, and of nothing else."""
    is_other = turn.has("address", "door", "product", "kind", "colour", "size", "quantity", "phone")
    return not is_other and hears(turn, "instead", "not", "change", "new_address")


async def use_saved_receiver(chat: Chat) -> None:
    """A known buyer's own address is put in; the summary asks whether it is still right."""
    buyer = await chat.buyer()
    is_empty = not any(chat.slot(slot) for slot in ("order_name", "order_phone", "order_address"))
    if buyer is not None and buyer.receiver.is_complete and is_empty:
        chat.keep("order_name", buyer.receiver.name)
        chat.keep("order_phone", buyer.receiver.phone)
        chat.keep("order_address", buyer.receiver.address)
