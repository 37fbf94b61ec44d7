"""Parts of an invoice that a line calls wrong, or says to stay as they are."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.kept_parts import kept_part
from bot import asked_for

_NAMES = {"title": "抬头", "tax_number": "税号", "email": "邮箱"}
_SLOTS = {name: f"invoice_{part}" for part, name in _NAMES.items()}
_TELLING = ("deny", "inform", "nlu_half_sure", "nlu_fallback")


def keeps_what_was_never_told(chat: Chat, *, is_registered: bool) -> bool:
    """邮箱不变, of an invoice that has none yet: it is still missing."""
    part = kept_part(chat)
    if is_registered or part not in _SLOTS or chat.slot(_SLOTS[part]):
        return False
    chat.reply("utter_invoice_at_once", missing=part)
    return True


def clears_what_is_wrong(chat: Chat) -> bool:
    """不对 是青禾科技: the title is asked for in full; 税号写错了: that alone is asked for again."""
    turn = chat.turn
    part = asked_for.wrong_part(turn.text) or "title"
    is_no = turn.intent in _TELLING and hears(turn, "not") and not turn.questions
    if not is_no or not chat.slot(f"invoice_{part}"):
        return False
    chat.keep(f"invoice_{part}", None)
    chat.reply("utter_part_wrong", part=_NAMES[part])
    return True
