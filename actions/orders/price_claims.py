"""A price difference that the buyer has claimed, or a price that our order does not show: kept for the
whole talk, so that nothing said later denies it."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.answering.plain import looks_first
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.profile import profile_of, tell_reason
from bot.handing_over import HandOverReason

_CLAIMED, _DIFFERS = "price:claimed", "price:differs"


def keep_claim(chat: Chat) -> None:
    tell_reason(chat, [_CLAIMED])


def keep_difference(chat: Chat) -> None:
    tell_reason(chat, [_DIFFERS])


def has_claimed(chat: Chat) -> bool:
    return _CLAIMED in profile_of(chat).reasons


@looks_first("faq/price_protection.where")
async def hears_of_claim(chat: Chat) -> bool:
    """保价申请通过了 钱退到哪: told plainly, and the claim is remembered."""
    if hears(chat.turn, "price_claimed"):
        keep_claim(chat)
    return False


def tells_of_claim(chat: Chat) -> bool:
    """What only a person sees: how often one may claim, a claim that stands, a price that differs.

    False where nothing of the kind was told: then the prices are compared.
    """
    if hears(chat.turn, "only_once"):
        chat.reply("utter_price_claim_again")
    elif has_claimed(chat) or hears(chat.turn, "price_claimed"):
        keep_claim(chat)
        chat.reply("utter_price_refund_by_person")
    elif _DIFFERS in profile_of(chat).reasons:
        chat.reply("utter_price_paid_differs_still")
    else:
        return False
    offer_person(chat, HandOverReason.MONEY)
    return True
