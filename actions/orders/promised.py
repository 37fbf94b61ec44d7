"""A present that was promised and did not come, told of by who has bought here: a colleague looks
at what the page said, and what stands there is honoured. Nobody is sent to another shop for it.

Whatever is said of it later is for that colleague, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from actions.answering.handoff import is_with_a_person, offer_person, was_just_offered
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.elsewhere import says_bought
from actions.hearing.open_matter import is_about
from actions.orders.orders import in_status
from bot.dialogue.files import read_matters
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, OrderStatus, Reason

CLAIM = "utter_claim_by_person"
_MATTER = "report_wrong_item"
_GOES_ON = ("bargain", "ask_promotion")  # 满150送的四条也没有啊, 我没看到限量
_GIFT = ("gift", "claims_gift", "comes_as_gift", "missing")
_received = in_status(OrderStatus.DELIVERED, OrderStatus.COMPLETED)


def tells_of_promised(
    chat: Chat, named: Sequence[str], goods: str, wish: str, orders: Sequence[Order]
) -> bool:
    """False where no present is missed, or nothing has arrived that it should have come with."""
    turn = chat.turn
    is_claim = bool(named) and _misses_a_gift(turn)
    if not any(map(_received, orders)) or not (is_claim or _goes_on(chat, named, wish)):
        return False
    chat.keep("product_strange", goods)
    is_about(chat, _MATTER)
    pass_claim_on(chat, f"买家说该送的{goods}没有")
    return True


def pass_claim_on(chat: Chat, note: str) -> None:
    """Owned up to once, with a person offered; gone on with, that person comes, and then has it."""
    told = chat.turn.told_in_talk
    if is_with_a_person(chat, CLAIM):
        chat.reply("utter_again_to_person")
    elif CLAIM not in told:
        chat.reply(CLAIM)
        offer_person(chat, HandOverReason.DEFECT_UNSEEN)
    elif was_just_offered(chat):
        chat.keep("handoff_reason", None)
        chat.hand_over(HandOverReason.DEFECT_UNSEEN, note)
    else:
        chat.keep("handoff_reason", HandOverReason.DEFECT_UNSEEN.value)
        chat.ask("hand_over", "utter_noted_for_person")


def _misses_a_gift(turn: Turn) -> bool:
    """送的湿巾没收到; not 我买的湿巾送的时候没收到."""
    is_missing = hears(turn, "missing") or turn.value("return_reason") == Reason.NOT_RECEIVED.value
    return hears(turn, "comes_as_gift") and is_missing and not says_bought(turn)


def _goes_on(chat: Chat, named: Sequence[str], wish: str) -> bool:
    turn, goods = chat.turn, str(chat.slot("product_strange") or "")
    if CLAIM not in turn.told_in_talk or not goods or (named and goods not in named):
        return False
    is_of_it = bool(named) or hears(turn, *_GIFT) or turn.has("remedy")
    return is_of_it or wish in (*_GOES_ON, *read_matters().bought)
