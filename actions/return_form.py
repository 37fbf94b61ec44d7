"""What the buyer answers on the way to a return: reason, photos, remedy, what instead."""

from __future__ import annotations

import re

from actions.answer import Answer
from actions.chat import Chat
from actions.form import FormReader, give_up, wants_to_stop, was_given_up
from actions.phrasing import sku_text
from actions.return_reading import (
    reason_said,
    remedy_said,
    says_worn,
    suggested,
    take_photos,
    take_wanted,
)
from actions.return_refusals import report_note, tell_refusal
from actions.return_road import REMEDY_TEXTS, Road, road_of
from actions.returns import open_case
from bot.handing_over import HandOverReason
from bot.shop.dealing import Reason

_MONEY_INSTEAD = re.compile(r"不.{0,3}退.{0,6}(补|赔)|(补|赔|少收).{0,2}(点|些)钱")
_OUTSIDE_WORDS = ("微信", "QQ", "qq", "加你", "加我", "视频")
# These ask something of their own, whatever words they hold.
_QUESTIONS = ("return_policy", "refund_status", "track_parcel", "ask_human", "ask_postage")
_ANSWERS = (
    "inform",
    "affirm",
    "deny",
    "choose_option",
    "return_request",
    "exchange_request",
    "report_defect",
    "report_wrong_item",
    "nlu_half_sure",
    "nlu_fallback",
)


class ReadReturn(FormReader):
    def name(self) -> str:
        return "validate_return_form"

    async def read(self, chat: Chat) -> bool:
        if chat.turn.intent in _QUESTIONS:
            return False
        if _MONEY_INSTEAD.search(chat.turn.text) and (road := await road_of(chat)) is not None:
            chat.reply("utter_return_by_person")
            chat.hand_over(
                HandOverReason.MONEY, report_note(road, f"想留下商品、补钱: {chat.turn.text[:40]}")
            )
            give_up(chat, is_told=True)
            return True
        road = await road_of(chat)
        if road is None or wants_to_stop(chat):
            give_up(chat)
            return True
        taken = [
            _read_reason(chat, road),
            await _read_photos(chat, road),
            _read_remedy(chat, road),
            await _read_wanted(chat, road),
        ]
        return any(taken)

    async def next_slot(self, chat: Chat) -> str | None:
        road = await road_of(chat)
        return road.lacks if road is not None else None


def _read_reason(chat: Chat, road: Road) -> bool:
    turn = chat.turn
    is_asked = turn.requested_slot == "return_reason"
    reason = None
    if is_asked or turn.has("return_reason") or turn.intent.startswith("report_"):
        reason = reason_said(chat)
    if reason in (None, Reason.NO_REASON) and says_worn(turn.text):
        reason = Reason.OPENED
    if reason is None or (reason == road.reason and not is_asked):
        return False
    if reason != road.reason and road.reason:
        chat.keep("return_remedy", None)  # other reason, other rules
    chat.keep("return_reason", reason.value)
    return True


async def _read_photos(chat: Chat, road: Road) -> bool:
    turn = chat.turn
    is_asked = turn.requested_slot == "return_photos"
    if take_photos(chat):
        left = road.terms.needs_photos - len(chat.slot("return_photos"))
        if is_asked and left > 0:
            chat.reply("utter_photo_received")
        return True
    if not is_asked:
        return False
    if any(word in turn.text for word in _OUTSIDE_WORDS):
        chat.reply("utter_photos_only_here")
        return True
    if turn.intent == "deny":
        chat.reply("utter_no_photos")
        chat.hand_over(HandOverReason.DEFECT, report_note(road, "买家发不了照片"))
        give_up(chat, is_told=True)
        return True
    return False


def _read_remedy(chat: Chat, road: Road) -> bool:
    turn = chat.turn
    is_asked = turn.requested_slot == "return_remedy"
    if turn.intent != "exchange_request" and not (is_asked and turn.intent in _ANSWERS):
        return False
    remedy = remedy_said(chat)
    if remedy is None:
        return False
    if road.reason and remedy not in road.terms.remedies:
        chat.reply("utter_remedy_not_possible", remedy=REMEDY_TEXTS[remedy])
    else:
        chat.keep("return_remedy", remedy.value)
    return True


async def _read_wanted(chat: Chat, road: Road) -> bool:
    turn = chat.turn
    is_asked = turn.requested_slot == "return_wanted"
    if not is_asked and turn.intent != "exchange_request":
        return False
    product = await chat.shop.product(road.line.product_id)
    if product is not None and (sku := suggested(turn.text, road.line, product)):
        chat.keep("return_suggested", {"colour": sku.colour, "size": sku.size})  # 换大一码
        chat.keep("return_wanted", None)
        return True
    suggestion = chat.slot("return_suggested")
    if is_asked and turn.intent == "affirm" and suggestion and not turn.has("colour", "size"):
        chat.keep("return_wanted", sku_text(suggestion["colour"], suggestion["size"]))
        return True
    return take_wanted(chat, road, product)


class FinishReturn(Answer):
    def name(self) -> str:
        return "action_finish_return"

    async def answer(self, chat: Chat) -> None:
        if was_given_up(chat):
            return
        road = await road_of(chat)
        if road is None:
            chat.reply("utter_order_unknown")
        elif not road.terms.allowed:
            await tell_refusal(chat, road)
        elif road.lacks is not None:  # the form has ended, but not all was said
            chat.go_on_with("return_form")
        else:
            await open_case(chat, road)
