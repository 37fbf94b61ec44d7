"""Fetching a person, and offering one."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.frame.chat import Chat
from actions.frame.heard import hears
from bot.handing_over import HandOverReason

_HANDING_OVER = frozenset(("utter_handing_over", "utter_handing_over_away"))
_OFFERS = frozenset(("utter_offer_person", "utter_noted_for_person"))
# 好的 我自己问问, 知道了 将就着用吧: a remark behind the offer, and no yes to it.
_ON_ONES_OWN = ("on_ones_own", "keeps_it", "will_wait", "wait_more", "nothing_more", "stop")


class HandOver(Answer):
    """The buyer wants a person, or said yes to one."""

    def name(self) -> str:
        return "action_hand_over"

    async def answer(self, chat: Chat) -> None:
        if chat.turn.intent == "affirm" and hears(chat.turn, *_ON_ONES_OWN):
            chat.keep("handoff_reason", None)
            chat.reply("utter_all_right")
            return
        reason = HandOverReason(chat.slot("handoff_reason") or HandOverReason.ASKED.value)
        chat.keep("handoff_reason", None)
        words = f": {chat.turn.text[:60]}" if chat.turn.text else ""
        chat.hand_over(reason, f"买家要找人工{words}")


class OfferPerson(Answer):
    """Leaves the choice to the buyer."""

    def name(self) -> str:
        return "action_offer_person"

    async def answer(self, chat: Chat) -> None:
        offer_person(chat, HandOverReason.ASKED)


def offer_person(chat: Chat, reason: HandOverReason) -> None:
    """Asks whether a person shall come; a yes hands over for `reason`."""
    chat.keep("handoff_reason", reason.value)
    chat.ask("hand_over", "utter_offer_person")


def is_with_a_person(chat: Chat, *told: str) -> bool:
    """Whether a person was fetched in this talk, and one of these was told in it: what is said of
    the same matter from then on is theirs, also when they have left."""
    heard = chat.turn.told_in_talk
    return bool(_HANDING_OVER & heard) and bool(set(told) & heard)


def was_just_offered(chat: Chat) -> bool:
    """Whether the line before was answered with the offer of a person."""
    return bool(_OFFERS & set(chat.turn.told_before))
