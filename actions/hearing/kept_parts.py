"""What a line says of the parts a form collects: 电话不用改 keeps one, 徐强改成徐静 names another."""

from __future__ import annotations

from dataclasses import replace

from actions.frame.chat import Chat
from bot import asked_for

# What each form is for: said to stay before anything new was told, it calls the form off.
_OWN = {"address_form": ("地址", "address_new"), "invoice_form": ("抬头", "invoice_title")}


def kept_part(chat: Chat) -> str:
    """The part's name, to be said back; "" where none is, or where nothing is left to be done."""
    turn = chat.turn
    if turn.questions:
        return ""
    own, slot = _OWN.get(turn.in_form or "", ("", ""))
    told = [str(one) for one in turn.values("kept_part")]
    rest = [one for one in told if one != own or chat.slot(slot)]
    return rest[0] if rest else ""


def puts_name_right(chat: Chat, name: str) -> None:
    """徐强改成徐静: who receives it, and no colour of goods; `name` is who it is so far."""
    turn = chat.turn
    new = asked_for.name_instead(turn.text, name) if name else None
    if new is None or turn.has("receiver_name"):
        return
    kept = [one for one in turn.entities if one.get("value") != "change"]
    said = {"entity": "receiver_name", "value": new}
    chat.turn = replace(turn, entities=(*kept, said))
