"""Plain questions on paying that have an answer of their own."""

from __future__ import annotations

from actions.answering.plain import looks_first
from actions.frame.chat import Chat
from actions.frame.heard import hears


@looks_first("faq/ask_payment")
async def tells_when_to_pay(chat: Chat) -> bool:
    """货到付款吗, 先发货再付行不: every order of this house is paid before it leaves."""
    if not hears(chat.turn, "pays_on_delivery"):
        return False
    chat.reply("utter_pays_before_shipping")
    return True
