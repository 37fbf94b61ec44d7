"""The order form: takes what the buyer says at any moment, corrects in place, asks one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.after_order.order_notes import with_note
from actions.answering.answer import answer_kindly
from actions.answering.form import stay_or_give_up
from actions.choosing.size_doubts import corrects_usual
from actions.frame.agreed import agree
from actions.frame.chat import Chat, Event
from actions.frame.heard import hears
from actions.frame.shop import shop
from actions.hearing.context import talk_of
from actions.hearing.kept_parts import kept_part, puts_name_right
from actions.ordering.leaving_out import asks_what_is_left_out, leaves_a_line_out
from actions.ordering.order_draft import SLOTS, Draft, draft_of, keep_lines
from actions.ordering.order_goods import (
    WHICH_LINE,
    begin,
    change,
)
from actions.ordering.receiver import take_receiver, use_saved_receiver
from actions.orders.asking import answer_named

# Only these say something about the order; a question is answered first and changes nothing.
_ANSWERING = {
    "inform",
    "affirm",
    "deny",
    "place_order",
    "change_order",
    "change_address",
    "order_note",
    "choose_product",
    "choose_option",
    "nlu_fallback",
    "nlu_half_sure",
}
_LIKE_TELLING = ("size_advice", "stock_check", "report_wrong_item", "exchange_request")
_ASKING_PRICES = ("ask_price", "ask_promotion", "ask_postage")
_NOT_ABOUT_GOODS = ("order_note", "change_address")
_YES = ("affirm", "place_order")
_CHANGES = {"colour": "order_colour", "size": "order_size", "receiver": "order_address"}


class ValidateOrderForm(Action):  # type: ignore[misc]  # rasa_sdk ships no types
    """Fills and corrects the draft. Without anything taken the form steps back for a rule."""

    def name(self) -> str:
        return "validate_order_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> list[Event]:
        chat = Chat(dispatcher, tracker, shop())
        lacks: str | None = None

        async def read_on(chat: Chat) -> None:
            nonlocal lacks
            lacks = await self._read(chat)

        if _wants_advice(chat):
            return []
        if not await answer_kindly(read_on, chat):
            return stay_or_give_up(chat)
        events = chat.events()
        is_heard = hears(chat.turn, "same_place") or bool(dispatcher.messages)
        is_half = chat.turn.intent == "nlu_half_sure" and chat.turn.ranking[:1] == ("place_order",)
        if not events and (is_heard or is_half or chat.turn.intent in _YES):
            # Nothing to take, nothing to answer: the form asks again instead of stepping back.
            events = [SlotSet("order_confirmed", chat.slot("order_confirmed"))]
        return [*events, SlotSet("requested_slot", lacks)]

    async def _read(self, chat: Chat) -> str | None:
        """Takes what the message gives; the slot to ask for next."""
        is_beginning = chat.slot("requested_slot") is None
        puts_name_right(chat, str(chat.slot("order_name") or ""))
        if chat.slot("order_shown") == WHICH_LINE:
            chat.keep("order_shown", None)
        is_answer = (
            chat.turn.intent in _ANSWERING
            or hears(chat.turn, "same_place", "same_size", "same_colour")
            or _names_what_was_asked(chat)
            or _names_choice(chat)
            or _adds_goods(chat)
            or _counts_goods(chat)
            or _steps_on(chat)
            or _wants_other(chat)
            or _puts_door_right(chat)
            or bool(kept_part(chat))
            or await leaves_a_line_out(chat)
        )
        if not is_beginning and await asks_what_is_left_out(chat):
            chat.keep("form_asked", None)
        elif is_beginning or (is_answer and not _asks_of_a_gift(chat)):
            await _take(chat, is_beginning=is_beginning)
        draft = await draft_of(chat)
        chat.keep("open_question", None)
        chat.keep("followup_kind", None)
        return draft.lacks


def _names_what_was_asked(chat: Chat) -> bool:
    """军绿, where the colour was asked, is the answer, whatever else it may sound like."""
    entity = {"order_colour": "colour", "order_size": "size"}.get(chat.slot("requested_slot") or "")
    return entity is not None and chat.turn.has(entity) and not chat.turn.questions


def _names_choice(chat: Chat) -> bool:
    """黑的L 袜子M, 不是M 是L: what is told of the lines asks for no advice and for no stock."""
    turn = chat.turn
    is_body = turn.has("height_cm", "weight_kg", "foot_mm") or hears(turn, "usual", "wears")
    is_told = turn.intent in _LIKE_TELLING and turn.has("colour", "size") and not turn.asks
    return is_told and not is_body and not hears(turn, "too_big", "too_small", "will_do")


def _adds_goods(chat: Chat) -> bool:
    """再给我自己带双袜子 is one more line, whatever else it may sound like."""
    turn = chat.turn
    is_more = hears(turn, "add_line") and turn.has("product", "kind") and not turn.questions
    return is_more and turn.intent == "bargain" and not turn.has("money", "discount")


def _counts_goods(chat: Chat) -> bool:
    """袜子两双吧, 睡袋一个就够了: so many of a line, and no haggling."""
    turn = chat.turn
    is_counted = turn.has("quantity") and turn.has("product", "kind", "category")
    is_asking = turn.questions or turn.intent in _ASKING_PRICES
    return is_counted and not is_asking and not turn.has("money", "discount", "return_reason")


def _asks_of_a_gift(chat: Chat) -> bool:
    """那袜子送不送: no line of socks, and answered before the form goes on."""
    return hears(chat.turn, "gift", "claims_gift") and chat.turn.questions


def _steps_on(chat: Chat) -> bool:
    """女的要小一码吧 says what shall be written; 大一码会不会大 asks."""
    turn = chat.turn
    is_body = turn.has("height_cm", "weight_kg", "foot_mm", "size")
    return turn.has("size_step") and not turn.questions and not is_body


def _puts_door_right(chat: Chat) -> bool:
    """门牌错了 是18号 reports nothing that came wrong, and complains of nothing."""
    turn = chat.turn
    is_put_right = turn.has("door") and hears(turn, "not", "instead", "new_address", "change")
    return is_put_right and not turn.questions


def _wants_other(chat: Chat) -> bool:
    """换个颜色吧, and not which: of what is being ordered, nothing goes back for it."""
    turn = chat.turn
    is_told = turn.has(
        "colour", "size", "size_step", "product", "kind", "quantity", "door", "address"
    )
    is_meant = turn.intent in ("change_order", "exchange_request", "nlu_half_sure", "inform")
    is_other = turn.has("phone", "receiver_name", "courier") or hears(turn, "new_address")
    return is_meant and hears(turn, "change") and not (is_told or is_other)


def _reopen_choice(chat: Chat, draft: Draft) -> None:
    """The colour, or the size where the word for it is said, is asked anew."""
    if draft.line is None or not _wants_other(chat) or len(draft.lines) > 1:
        return
    is_size = hears(chat.turn, "sizes")
    values = draft.line.product.sizes if is_size else draft.line.product.colours
    if len(values) > 1:
        chat.keep("order_size" if is_size else "order_colour", None)
        chat.keep("size_in_talk" if is_size else "colour_in_talk", None)
        chat.keep("order_shown", None)


def _wants_advice(chat: Chat) -> bool:
    """平时穿40 tells the usual size: which one of this product fits is advised first."""
    turn = chat.turn
    is_asked = chat.slot("requested_slot") == "order_size"
    if not is_asked or turn.intent not in ("inform", "size_advice"):
        return False
    tells_usual = chat.slot("product_question") == "size" or hears(turn, "usual", "misremembered")
    return turn.has("size") and tells_usual


def _take_restocked(chat: Chat) -> None:
    """Yes to 到货啦 is about the very goods that came back."""
    about = chat.slot("followup_about") or {}
    if chat.slot("followup_kind") != "restock" or not about.get("product_id"):
        return
    chat.keep("product_in_talk", about["product_id"])
    chat.keep("colour_in_talk", about.get("colour") or None)
    chat.keep("size_in_talk", about.get("size") or None)


async def _take(chat: Chat, *, is_beginning: bool) -> None:
    if is_beginning:
        chat.keep("form_asked", None)
        _take_restocked(chat)
    asked = chat.slot("requested_slot") or ""
    looked_at = chat.slot("product_in_talk") or chat.turn.product_in_view
    before = await chat.shop.product(looked_at) if looked_at else None
    talk = await talk_of(chat)
    if is_beginning:
        chat.keep("order_confirmed", None)
        chat.keep("order_shown", None)
        await begin(chat, talk, before)
    elif corrects_usual(chat):
        await _advise_anew(chat)
    elif chat.turn.intent not in _NOT_ABOUT_GOODS:
        await change(chat, talk, asked, before)
        _reopen_choice(chat, await draft_of(chat))
    take_receiver(chat, asked)
    if is_beginning or hears(chat.turn, "same_place"):
        await use_saved_receiver(chat)
    if chat.turn.intent == "order_note" and chat.turn.text:
        chat.keep("order_note", with_note(chat.slot("order_note"), chat.turn.text))
    if (part := kept_part(chat)) and not is_beginning:
        chat.reply("utter_part_kept", what=part)
    _take_yes_or_no(chat, await draft_of(chat), asked)


async def _advise_anew(chat: Chat) -> None:
    """不对 是41 我记错了: the size worn was told wrong, so the advice and the line go by the new one."""
    chat.keep("size_in_talk", None)
    await answer_named("size", chat)
    draft, size = await draft_of(chat), chat.slot("size_in_talk")
    if draft.line is not None and size in draft.line.product.sizes:
        lines = list(draft.lines)
        lines[draft.at] = replace(lines[draft.at], size=size)
        keep_lines(chat, lines, draft.at)


def _take_yes_or_no(chat: Chat, draft: Draft, asked: str) -> None:
    turn = chat.turn
    has_changed = any(event.get("name") in SLOTS for event in chat.events())
    if asked != "order_confirmed":
        return
    # 好,提交吧 may be half an agreement and half an order: to this question both are a yes.
    is_half_yes = turn.intent == "nlu_half_sure" and set(turn.ranking[:2]) <= {*_YES, "inform_paid"}
    if (turn.intent in _YES or is_half_yes) and not has_changed and draft.lacks == asked:
        agree(chat, "order_shown", "order_confirmed", draft.what)
    elif turn.intent == "choose_option" and (slot := _CHANGES.get(turn.value("choice") or "")):
        _reopen(chat, slot)
    elif has_changed or hears(turn, "same_place") or kept_part(chat):
        return
    elif turn.intent in ("deny", "change_order", "change_address"):
        # No to the summary: the form must not step back, so the summary counts as unseen.
        chat.keep("order_shown", None)
        if turn.intent == "change_address":
            chat.keep("order_address", None)  # who receives it stays
        else:
            chat.keep("order_shown", "to_change")


def _reopen(chat: Chat, slot: str) -> None:
    chat.keep(slot, None)
    chat.keep("order_shown", None)
    if slot == "order_address":
        chat.keep("order_phone", None)
        chat.keep("order_name", None)
