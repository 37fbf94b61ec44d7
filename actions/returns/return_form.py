"""What the buyer answers on the way to a return: reason, photos, remedy, what instead."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.answering.form import FormReader, give_up, wants_to_stop, was_given_up
from actions.frame.agreed import agree, agree_by_press, ask_again
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import sku_text
from actions.frame.turn import Turn
from actions.orders.not_ours import means_others
from actions.orders.return_road import REMEDY_TEXTS, Road, road_of
from actions.returns.asked_meanwhile import answers_meanwhile
from actions.returns.return_details import take_detail
from actions.returns.return_opening import open_case
from actions.returns.return_questions import AskReturnConfirmed
from actions.returns.return_reading import (
    reason_said,
    remedy_said,
    suggested,
    take_photos,
    take_wanted,
)
from actions.returns.return_refusals import fault_reason, report_note, tell_refusal
from bot.dialogue.reading import meaning_length
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Reason, Remedy
from bot.shop.words.errors import RefundChanged

_YES = ("return_shown", "return_confirmed")
_HOW_TO_SEND = "utter_faq/report_defect.how_to_send_a_picture"
_TOLD_ENOUGH = 3  # lines told in place of a picture
_BARE_NO = 4  # characters: 不了吧, 没有呢
_NAMING = ("inform", "choose_option", "exchange_request", "nlu_half_sure")
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
        if hears(chat.turn, "money_instead") and (road := await road_of(chat)) is not None:
            chat.reply("utter_return_by_person")
            chat.hand_over(
                HandOverReason.MONEY,
                report_note(chat, road, f"想留下商品、补钱: {chat.turn.text[:40]}"),
            )
            give_up(chat, is_told=True)
            return True
        road = await road_of(chat)
        if road is None or wants_to_stop(chat):
            give_up(chat)
            return True
        if await means_others(chat, road.order, road.reason):
            give_up(chat, is_told=True)
            return True
        if answers_meanwhile(chat, road):
            return True
        taken = [
            _read_reason(chat, road),
            await _read_photos(chat, road),
            _read_remedy(chat, road),
            await _read_wanted(chat, road),
        ]
        if chat.turn.requested_slot in ("return_remedy", "return_confirmed"):
            taken.append(await _read_yes_or_no(chat))
        if any(taken):
            return True
        if not take_detail(chat, road):
            return False
        if _tells_enough(chat):
            _without_photos(chat, road, "utter_photos_not_needed", "买家没发照片，说的都记下了")
        return True

    async def next_slot(self, chat: Chat) -> str | None:
        road = await road_of(chat)
        return road.lacks if road is not None else None


def _read_reason(chat: Chat, road: Road) -> bool:
    turn = chat.turn
    is_asked = turn.requested_slot == "return_reason"
    reason = None
    if hears(turn, "no_fault"):
        reason = Reason.NO_REASON  # 没有坏 就是不舒服
    elif is_asked or turn.has("return_reason") or turn.intent.startswith("report_"):
        reason = reason_said(chat)
    is_fault = road.reason in (Reason.DEFECT, Reason.WRONG_ITEM)  # 才穿三次 speaks for it
    if reason in (None, Reason.NO_REASON) and hears(turn, "worn") and not is_fault:
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
    if hears(turn, "outside"):
        chat.reply("utter_photos_only_here")
        return True
    if hears(turn, "picture_sent"):
        _without_photos(chat, road, "utter_photos_not_here", "买家说照片发过了，这里没收到")
        return True
    says_so = hears(turn, "no_picture") or turn.value("choice") == "no_photos"
    if says_so or _is_bare_no(turn) or _cannot_send_again(turn):
        _without_photos(chat, road, "utter_no_photos", "买家发不了照片")
        return True
    return False


def _cannot_send_again(turn: Turn) -> bool:
    """没有地方可以点, of who was told where the button is: it is not explained twice."""
    is_told = _HOW_TO_SEND in turn.told_in_talk
    return is_told and (f"utter_{turn.label}" == _HOW_TO_SEND or hears(turn, "no_way_to_send"))


def _without_photos(chat: Chat, road: Road, response: str, why: str) -> None:
    """A person goes on with what was told so far."""
    chat.reply(response)
    chat.hand_over(fault_reason(road), report_note(chat, road, why))
    give_up(chat, is_told=True)


def _tells_enough(chat: Chat) -> bool:
    """Who goes on telling and sends no picture is not asked a fourth time."""
    is_asked = chat.turn.requested_slot == "return_photos"
    return is_asked and len(chat.slot("return_details") or ()) >= _TOLD_ENOUGH


def _is_bare_no(turn: Turn) -> bool:
    """不了, to the photos; 我没扎过它 begins like a no and tells what happened."""
    is_half_a_no = turn.intent == "nlu_half_sure" and turn.ranking[:1] == ("deny",)
    is_no = turn.intent == "deny" or (is_half_a_no and not turn.asks)
    return is_no and (not turn.text or meaning_length(turn.text) <= _BARE_NO)


def _read_remedy(chat: Chat, road: Road) -> bool:
    turn = chat.turn
    is_asked = turn.requested_slot in ("return_remedy", "return_confirmed")
    if hears(turn, "which_way"):
        return False
    is_half_a_wish = turn.intent == "nlu_half_sure" and turn.ranking[:1] == ("exchange_request",)
    is_said = turn.has("remedy") or is_half_a_wish  # 不修了 换
    if not is_asked and is_said and not turn.asks and not turn.intent.startswith("faq"):
        return _take_early(chat, road)
    # 那算了 直接退吧, where an exchange was chosen
    is_other = turn.intent == "return_request" and chat.slot("return_remedy") is not None
    is_wish = turn.intent == "exchange_request" or is_other
    if not is_wish and not (is_asked and turn.intent in _ANSWERS):
        return False
    remedy = remedy_said(chat)
    if remedy is Remedy.REFUND and Remedy.REFUND_ONLY in road.terms.remedies:
        remedy = Remedy.REFUND_ONLY  # nothing is there to be sent back
    if remedy is Remedy.EXCHANGE and road.reason is Reason.WRONG_ITEM:
        remedy = Remedy.RESEND  # 换, of what was sent by mistake: the right one is sent
    if remedy is None:
        return False
    if road.reason and remedy not in road.terms.remedies:
        chat.reply("utter_remedy_not_possible", remedy=REMEDY_TEXTS[remedy])
    else:
        is_told = turn.has("remedy") or chat.slot("return_remedy") not in (None, remedy.value)
        chat.keep("return_remedy", remedy.value)
        if turn.requested_slot == "return_photos" and is_told:
            chat.reply("utter_remedy_noted", remedy=REMEDY_TEXTS[remedy])  # 给我换一个新的
    return True


def _take_early(chat: Chat, road: Road) -> bool:
    """补吧, while photos are still asked for: kept, and not asked again."""
    remedy = remedy_said(chat) or (None if chat.turn.has("remedy") else Remedy.EXCHANGE)
    if remedy is None or remedy.value == chat.slot("return_remedy"):
        return False
    if road.reason and remedy not in road.terms.remedies:
        return False
    chat.keep("return_remedy", remedy.value)
    if chat.turn.requested_slot == "return_photos":
        chat.reply("utter_remedy_noted", remedy=REMEDY_TEXTS[remedy])
    return True


async def _read_wanted(chat: Chat, road: Road) -> bool:
    turn = chat.turn
    is_asked = turn.requested_slot in ("return_wanted", "return_confirmed")
    doubts = hears(turn, "too_big", "too_small") and not turn.has("size_step")
    if doubts and (turn.intent == "size_advice" or turn.requested_slot == "return_confirmed"):
        return False  # 44会不会太大 wants advice, and no other size
    if not is_asked and turn.intent != "exchange_request":
        return False
    product = await chat.shop.product(road.line.product_id)
    if product is not None and (sku := suggested(turn.text, road.line, product)):
        chat.keep("return_wanted", sku_text(sku.colour, sku.size))  # 换大一码
        return True
    return take_wanted(chat, road, product)


async def _read_yes_or_no(chat: Chat) -> bool:
    """To the summary; a remedy's button with its sum is a yes where nothing else is missing."""
    turn, road = chat.turn, await road_of(chat)
    if road is None or road.lacks != "return_confirmed":
        return False
    if turn.requested_slot == "return_remedy":
        if _is_pressed(chat, road):
            shown = {"choice": road.choice, "what": road.what}
            agree_by_press(chat, *_YES, **shown, total_fen=road.refund_fen or 0)
        return False
    if hears(turn, "will_wait", "wait_more"):
        return False  # 行吧 等你消息 is no yes to the summary
    is_named = turn.intent in _NAMING and _is_named(chat, road) and not turn.questions
    if turn.intent == "affirm" or is_named or _is_said_again(turn, road) or _is_pressed(chat, road):
        agree(chat, *_YES, road.what)
        return True
    if turn.intent == "deny":
        chat.keep("return_wanted" if road.wanted else "return_remedy", None)
        return True
    return False


def _is_named(chat: Chat, road: Road) -> bool:
    """那就39吧, where 39 was shown, is a yes; 换46码, which there is not, is none, nor is 39有货吗."""
    line, text = road.line, road.wanted
    sizes = [str(size) for size in chat.turn.values("size")]
    colours = [str(colour) for colour in chat.turn.values("colour")]
    return bool(sizes or colours) and text in {
        sku_text(colour, size)
        for colour in colours or [line.colour]
        for size in sizes or [line.size]
    }


def _is_said_again(turn: Turn, road: Road) -> bool:
    """那换吧, to the exchange that was shown."""
    is_wish = turn.intent in ("exchange_request", "return_request") and not turn.asks
    says_else = turn.has("size", "colour", "size_step", "return_reason", "product", "kind")
    is_same = road.remedy is not None and turn.value("remedy") == road.remedy.value
    return is_wish and is_same and not says_else


def _is_pressed(chat: Chat, road: Road) -> bool:
    """A remedy's button, with the sum that it still gives back."""
    turn = chat.turn
    return "remedy" in turn.pressed and int(turn.value("money") or 0) == (road.refund_fen or 0)


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
            try:
                await open_case(chat, road)
            except RefundChanged:
                chat.reply("utter_refund_changed")
                ask_again(chat, "return_form", "return_confirmed")
                await AskReturnConfirmed().ask(chat)

    def stay(self, chat: Chat) -> None:
        """Whether it was opened is not known: the same yes again cannot open it twice."""
        if not chat.has_handed_over:
            ask_again(chat, "return_form", "return_confirmed")
