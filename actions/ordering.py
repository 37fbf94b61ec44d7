"""The order form: takes what the buyer says at any moment, corrects in place, asks one thing."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.agreed import agree
from actions.answer import answer_kindly
from actions.chat import Chat, Event
from actions.context import Talk, is_usual, own_colour, talk_of
from actions.form import stay_or_give_up
from actions.heard import hears
from actions.order_draft import Draft, draft_of
from actions.order_lines import added_line, adds_a_line, keep_more, lines_said
from actions.phrasing import day_text, join_text, size_text, sku_text
from actions.shop import shop
from bot.shop.goods import Product

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
_YES = ("affirm", "place_order")
_CHANGES = {"colour": "order_colour", "size": "order_size", "receiver": "order_address"}
_SAME_PLACE = re.compile(r"老地[方址]|(原来|上次|以前|之前)的?(地址|地方)|地址(不变|没变|一样)")
_PLACE = re.compile(r"[省市区县镇乡村路街巷弄号栋楼室]")
_ASKING = re.compile(r"[?？吗呢]|什么|怎么|多少|能不能|可以不")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")


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
        is_same_place = bool(_SAME_PLACE.search(chat.turn.text))
        if not events and (is_same_place or chat.turn.intent in ("place_order", "affirm")):
            # Nothing to take, nothing to answer: the form asks again instead of stepping back.
            events = [SlotSet("order_confirmed", chat.slot("order_confirmed"))]
        return [*events, SlotSet("requested_slot", lacks)]

    async def _read(self, chat: Chat) -> str | None:
        """Takes what the message gives; the slot to ask for next."""
        is_beginning = chat.slot("requested_slot") is None
        is_answer = (
            chat.turn.intent in _ANSWERING
            or _SAME_PLACE.search(chat.turn.text)
            or _names_what_was_asked(chat)
        )
        if is_beginning or is_answer:
            await _take(chat, is_beginning=is_beginning)
        draft = await draft_of(chat)
        chat.keep("open_question", None)
        chat.keep("followup_kind", None)
        return draft.lacks


def _names_what_was_asked(chat: Chat) -> bool:
    """军绿, where the colour was asked, is the answer, whatever else it may sound like."""
    entity = {"order_colour": "colour", "order_size": "size"}.get(chat.slot("requested_slot") or "")
    return entity is not None and chat.turn.has(entity) and not _ASKING.search(chat.turn.text)


def _wants_advice(chat: Chat) -> bool:
    """平时穿40 tells the usual size: which one of this product fits is advised first."""
    turn = chat.turn
    if chat.slot("requested_slot") != "order_size" or turn.intent not in ("inform", "size_advice"):
        return False
    return turn.has("size") and (chat.slot("product_question") == "size" or is_usual(turn.text))


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
    talk = await talk_of(chat)
    asked = chat.slot("requested_slot") or ""
    if is_beginning:
        chat.keep("order_confirmed", None)
        chat.keep("order_shown", None)
    before = {slot: chat.slot(slot) for slot in ("order_product", "order_colour", "order_size")}
    _take_goods(chat, talk, asked, is_beginning=is_beginning)
    _take_receiver(chat, asked)
    if is_beginning or _SAME_PLACE.search(chat.turn.text):
        await _use_saved_receiver(chat)
    if chat.turn.intent == "order_note" and chat.turn.text:
        chat.keep("order_note", chat.turn.text[:100])
    draft = _mended(chat, await draft_of(chat), before)
    _take_yes_or_no(chat, draft, asked)


def _take_goods(chat: Chat, talk: Talk, asked: str, *, is_beginning: bool) -> None:
    product, turn = talk.product, chat.turn
    if not is_beginning and _adds_other_goods(chat, product):
        return
    chosen = is_beginning or turn.has("product", "ordinal", "kind")
    if product is not None and chosen and product.product_id != chat.slot("order_product"):
        chat.keep("order_product", product.product_id)
        chat.keep("order_colour", None)
        chat.keep("order_size", None)
        chat.keep("order_more", None)
    if product is None or chat.slot("order_product") != product.product_id:
        return
    if not is_beginning and adds_a_line(turn) and chat.slot("order_size") is not None:
        keep_more(chat, product, [*(chat.slot("order_more") or []), added_line(chat, product)])
        return
    if lines := lines_said(turn):
        first, *others = lines
        chat.keep("order_colour", own_colour(product, str(first["colour"] or "")) or None)
        chat.keep("order_size", str(first["size"] or "") or None)
        chat.keep("order_quantity", first["quantity"])
        keep_more(chat, product, others)
        _take_only_choices(chat, product)
        return
    if talk.said_colours or (is_beginning and talk.has_colour):
        chat.keep("order_colour", talk.colour)
    if talk.said_sizes or (is_beginning and talk.has_size):
        chat.keep("order_size", talk.size)
    _take_only_choices(chat, product)
    offered = (chat.slot("order_offered") or {}).get(asked)
    if offered and turn.intent == "affirm" and not turn.has("size", "colour"):
        chat.keep(asked, offered)
    if turn.has("quantity") or is_beginning:
        chat.keep("order_quantity", talk.quantity)


def _adds_other_goods(chat: Chat, product: Product | None) -> bool:
    """再加一双袜子: the goods being ordered stay; the others are ordered next."""
    ordered = chat.slot("order_product")
    if product is None or ordered in (None, product.product_id) or not hears(chat.turn, "add_line"):
        return False
    waiting = list(chat.slot("order_next") or [])
    chat.keep("order_next", list(dict.fromkeys([*waiting, product.product_id])))
    chat.keep("product_in_talk", ordered)
    chat.reply("utter_ordered_next", name=product.name)
    return True


def _take_only_choices(chat: Chat, product: Product) -> None:
    if len(product.colours) < 2:
        chat.keep("order_colour", next(iter(product.colours), ""))
    if len(product.sizes) < 2:
        chat.keep("order_size", next(iter(product.sizes), ""))


def _take_receiver(chat: Chat, asked: str) -> None:
    turn = chat.turn
    for slot, entity in (
        ("order_name", "receiver_name"),
        ("order_phone", "phone"),
        ("order_address", "address"),
    ):
        if turn.has(entity):
            chat.keep(slot, str(turn.value(entity)))
    if asked in ("order_colour", "order_size") and turn.has("phone", "address"):
        chat.reply("utter_receiver_taken")
    if asked != "order_address" or turn.has("phone", "address", "receiver_name"):
        return
    # The buyer was asked for it: plain words that look like a name or a place are taken as such.
    text, is_answer = turn.text.strip(), turn.intent not in ("affirm", "deny")
    if len(text) >= 6 and _PLACE.search(text) and not _ASKING.search(text):
        chat.keep("order_address", text)
    elif chat.slot("order_phone") and _NAME.fullmatch(text) and is_answer:
        chat.keep("order_name", text)


async def _use_saved_receiver(chat: Chat) -> None:
    """A known buyer's own address is put in; the summary asks whether it is still right."""
    buyer = await chat.buyer()
    is_empty = not any(chat.slot(slot) for slot in ("order_name", "order_phone", "order_address"))
    if buyer is not None and buyer.receiver.is_complete and is_empty:
        chat.keep("order_name", buyer.receiver.name)
        chat.keep("order_phone", buyer.receiver.phone)
        chat.keep("order_address", buyer.receiver.address)


def _mended(chat: Chat, draft: Draft, before: dict[str, Any]) -> Draft:
    """Says at once what cannot be had and takes it out of the draft again."""
    product = draft.product
    if product is None:
        return draft
    if draft.colour and draft.colour not in product.colours:
        chat.reply("utter_no_such_colour", name=product.name, colours=join_text(product.colours))
        chat.keep("order_colour", before["order_colour"])
    elif draft.size and draft.size not in product.sizes:
        sizes = join_text([size_text(size) for size in product.sizes])
        chat.reply("utter_no_such_size", name=product.name, sizes=sizes)
        chat.keep("order_size", before["order_size"])
    elif draft.sku is not None and draft.sku.stock <= 0:
        _say_sold_out(chat, draft)
        chat.keep("order_size" if draft.size else "order_colour", None)
        if draft.size:
            chat.keep("size_in_talk", None)
    elif draft.sku is not None and draft.sku.stock < draft.quantity:
        what = sku_text(draft.sku.colour, draft.sku.size) or product.name
        chat.reply("utter_only_so_many_taken", what=what, left=draft.sku.stock)
        chat.keep("order_quantity", draft.sku.stock)
        chat.keep("quantity_in_talk", draft.sku.stock)
    return draft


def _say_sold_out(chat: Chat, draft: Draft) -> None:
    assert draft.sku is not None and draft.product is not None
    what = sku_text(draft.sku.colour, draft.sku.size) or draft.product.name
    if draft.sku.restock_on:
        day = day_text(draft.sku.restock_on)
        chat.reply("utter_order_sold_out_until", what=what, day=day)
    else:
        chat.reply("utter_out_in_order", what=what)


def _take_yes_or_no(chat: Chat, draft: Draft, asked: str) -> None:
    turn = chat.turn
    has_changed = bool(chat.events())
    if asked != "order_confirmed":
        return
    # 好,提交吧 may be half an agreement and half an order: to this question both are a yes.
    is_half_yes = turn.intent == "nlu_half_sure" and set(turn.ranking[:2]) <= {*_YES, "inform_paid"}
    if (turn.intent in _YES or is_half_yes) and not has_changed and draft.lacks == asked:
        agree(chat, "order_shown", "order_confirmed", draft.what)
    elif turn.intent == "choose_option" and (slot := _CHANGES.get(turn.value("choice") or "")):
        _reopen(chat, slot)
    elif has_changed or _SAME_PLACE.search(turn.text):
        return
    elif turn.intent in ("deny", "change_order", "change_address"):
        # No to the summary: the form must not step back, so the summary counts as unseen.
        chat.keep("order_shown", None)
        if turn.intent == "change_address":
            _reopen(chat, "order_address")
        else:
            chat.keep("order_shown", "to_change")


def _reopen(chat: Chat, slot: str) -> None:
    chat.keep(slot, None)
    chat.keep("order_shown", None)
    if slot == "order_address":
        chat.keep("order_phone", None)
        chat.keep("order_name", None)
