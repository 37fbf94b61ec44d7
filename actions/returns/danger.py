"""A danger that was told before stays in mind when the goods shall go back."""

from __future__ import annotations

from actions.answering.plain import looks_first
from actions.frame.chat import Chat
from bot.dialogue.files import read_matters
from bot.dialogue.matter import Matter
from bot.handing_over import HandOverReason

_TOLD = "utter_safety_return"


def is_in_danger(chat: Chat) -> bool:
    """Whether a leaking can or a swollen face is what the talk is or was about just before."""
    grave = read_matters().grave
    told = (Matter.of_slot(chat.slot(name)) for name in ("matter", "matter_parked"))
    return any(one is not None and one.intent in grave and not one.is_settled for one in told)


def keeps_danger_in_mind(chat: Chat) -> bool:
    """我想退了, after 气罐漏气: it is not to be sent, and a person sees to the money."""
    if not is_in_danger(chat) or chat.turn.has("product", "kind", "order_number"):
        return False
    chat.reply(_TOLD)
    chat.hand_over(HandOverReason.SAFETY, f"说过安全问题，现在要退: {chat.turn.text[:60]}")
    return True


@looks_first("faq/return_policy.send_back")
async def sends_nothing_dangerous(chat: Chat) -> bool:
    """怎么寄回去, of what may burn or has made somebody ill."""
    return keeps_danger_in_mind(chat)
