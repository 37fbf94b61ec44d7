"""An invoice for an order: title, tax number for companies, and where to send it."""

from __future__ import annotations

from actions.after_order.invoice_parts import clears_what_is_wrong, keeps_what_was_never_told
from actions.answering.answer import Answer
from actions.answering.form import FormReader, give_up, wants_to_stop, was_given_up
from actions.answering.handoff import offer_person
from actions.answering.question import Question
from actions.frame.agreed import Shown, agree, agreed_to, ask_again, keep_shown
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.order_wishes import order_wish
from actions.orders.invoice_questions import MISSING
from actions.orders.orders import (
    SENT,
    access_to,
    ask_anyway,
    goods_text,
    in_status,
    order_meant,
    own_orders,
)
from bot import asked_for
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, OrderStatus, Verb

_is_paid = in_status(OrderStatus.PAID, OrderStatus.PACKED, *SENT)
_TOLD = ("invoice_title", "invoice_tax_number", "invoice_email")
PERSONAL_TITLE = "个人"
NO_TAX_NUMBER = ""
_OF_COMPANY = "|company"  # behind the order's number: a company's name was asked for


class AskInvoice(Answer):
    def name(self) -> str:
        return "action_start_invoice"

    async def answer(self, chat: Chat) -> None:
        await start_invoice(chat)


@order_wish("ask_invoice")
async def start_invoice(chat: Chat) -> None:
    """For the buyer's order; before buying, how it goes."""
    is_known_buyer = bool(await own_orders(chat)) or chat.turn.has("order_number")
    if not is_known_buyer or chat.turn.in_form == "order_form":
        is_special = hears(chat.turn, "special_invoice")
        chat.reply("utter_invoice_special" if is_special else "utter_invoice_how")
        return
    order = await order_meant(chat, "ask_invoice", _is_paid)
    if order is None:
        return
    title, goods = order.invoice_title, goods_text(order)
    if Verb.REQUEST_INVOICE in order.may:
        _begin(chat, order)
    elif Verb.CHANGE_INVOICE in order.may:
        is_told = chat.turn.has("company", "tax_number", "email")
        if is_told or hears(chat.turn, "change_invoice") or _becomes_a_companys(chat, order):
            _begin(chat, order)
        else:
            chat.keep("invoice_order", order.number)
            ask_anyway(chat, "change_invoice", "utter_invoice_there", title=title, goods=goods)
    elif order.invoice_title:
        chat.reply("utter_invoice_issued", title=title, goods=goods)
        offer_person(chat, HandOverReason.NO_DATA)
    elif order.status is OrderStatus.AWAITING_PAYMENT:
        chat.reply("utter_invoice_once_paid")
    else:
        chat.reply("utter_invoice_none_for_gone", goods=goods_text(order))


def _becomes_a_companys(chat: Chat, order: Order) -> bool:
    """开成公司的, of one that stands on a person."""
    return order.invoice_title == PERSONAL_TITLE and hears(chat.turn, "of_company")


class ChangeInvoice(Answer):
    """The registered invoice shall have another title: sent with the yes, or asked for."""

    def name(self) -> str:
        return "action_change_invoice"

    async def answer(self, chat: Chat) -> None:
        number = chat.slot("invoice_order") or ""
        order = await chat.shop.order(number, access_to(chat, number)) if number else None
        if order is None:
            await start_invoice(chat)
        elif Verb.CHANGE_INVOICE in order.may:
            _begin(chat, order)
        else:
            chat.reply("utter_invoice_issued", title=order.invoice_title, goods=goods_text(order))
            offer_person(chat, HandOverReason.NO_DATA)


def _begin(chat: Chat, order: Order) -> None:
    """What was told already for this very order stays told."""
    is_open = chat.turn.in_form == "invoice_form" and chat.slot("invoice_order") == order.number
    chat.keep("invoice_order", order.number)
    for slot in () if is_open else (*_TOLD, "invoice_shown", "invoice_confirmed"):
        chat.keep(slot, None)
    if not _take(chat, order) and is_open:
        _tell_what_it_waits_for(chat, order)
    chat.go_on_with("invoice_form")


def _tell_what_it_waits_for(chat: Chat, order: Order) -> None:
    """An order's number, or why the invoice is wanted, is answered before the form asks on."""
    if chat.turn.has("order_number"):
        chat.reply("utter_invoice_that_order", goods=goods_text(order))
    elif hears(chat.turn, "special_invoice"):
        chat.reply("utter_invoice_special")  # 能开专票不
    elif chat.turn.text and chat.turn.requested_slot != "invoice_confirmed":
        chat.reply(
            "utter_invoice_at_once", missing=MISSING.get(chat.turn.requested_slot or "", "资料")
        )


def _take(chat: Chat, order: Order | None) -> bool:
    """Keeps title, tax number and e-mail of the message; False without any."""
    turn = chat.turn
    before = {slot: chat.slot(slot) for slot in ("invoice_title", "invoice_tax_number")}
    email, tax_number, company = (
        turn.value(entity) for entity in ("email", "tax_number", "company")
    )
    if tax_number is None and turn.requested_slot == "invoice_tax_number":
        tax_number = asked_for.tax_number(turn.text)
    if company is None and turn.in_form == "invoice_form":
        # Beside an e-mail it is no title: 发到我们部 a@b.com.
        plain = asked_for.company(turn.text) if email is None else None
        company = asked_for.title_put_right(turn.text) or plain
    if company is not None:
        chat.keep("invoice_title", str(company))
    elif _wants_personal(chat, order):
        chat.keep("invoice_title", PERSONAL_TITLE)
        chat.keep("invoice_tax_number", NO_TAX_NUMBER)
    if tax_number is not None:
        chat.keep("invoice_tax_number", str(tax_number).upper())
    if email is not None:
        chat.keep("invoice_email", str(email))
    after = {slot: chat.slot(slot) for slot in before}
    if before["invoice_title"] not in (None, after["invoice_title"]) and not _is_shown_next(chat):
        chat.reply("utter_part_changed", part="抬头", what=after["invoice_title"])
    return after != before or email is not None


def _is_shown_next(chat: Chat) -> bool:
    return all(chat.slot(slot) is not None for slot in _TOLD)


def _wants_personal(chat: Chat, order: Order | None) -> bool:
    """现在是个人, of an invoice that has that title and shall be changed, says what stands there."""
    turn = chat.turn
    if turn.value("choice") == "personal":
        return True
    stands = order is not None and order.invoice_title == PERSONAL_TITLE
    return hears(turn, "personal") and not (stands or hears(turn, "of_company"))


def _wants_company(chat: Chat, order: Order | None) -> bool:
    """For a company, whose name is still to come."""
    turn = chat.turn
    stands = order is not None and order.invoice_title == PERSONAL_TITLE
    is_for_company = turn.value("choice") == "company" or hears(turn, "of_company")
    return is_for_company or (stands and hears(turn, "personal"))


class ReadInvoice(FormReader):
    def name(self) -> str:
        return "validate_invoice_form"

    async def read(self, chat: Chat) -> bool:
        if wants_to_stop(chat):
            give_up(chat)
            return True
        turn = chat.turn
        if _take(chat, await _order(chat)):
            return True
        if turn.requested_slot == "invoice_confirmed" and turn.intent in ("affirm", "deny"):
            if turn.intent == "affirm":
                agree(chat, "invoice_shown", "invoice_confirmed", _what(chat))
            else:
                chat.keep("invoice_shown", None)  # a yes later on is one to what is shown then
            return True
        if keeps_what_was_never_told(chat, is_registered=await _is_registered(chat)):
            return True
        return clears_what_is_wrong(chat) or _wants_company(chat, await _order(chat))

    async def next_slot(self, chat: Chat) -> str | None:
        if not chat.slot("invoice_title"):
            return "invoice_title"
        if chat.slot("invoice_tax_number") is None:
            return "invoice_tax_number"
        if not chat.slot("invoice_email") and not await _is_registered(chat):
            return "invoice_email"
        return None if _agreed(chat) else "invoice_confirmed"


def _what(chat: Chat) -> str:
    return "|".join(str(chat.slot(slot) or "") for slot in ("invoice_order", *_TOLD))


def _agreed(chat: Chat) -> Shown | None:
    return agreed_to(chat, "invoice_shown", "invoice_confirmed", _what(chat))


async def _order(chat: Chat) -> Order | None:
    number = chat.slot("invoice_order") or ""
    return await chat.shop.order(number, access_to(chat, number)) if number else None


async def _is_registered(chat: Chat) -> bool:
    """A change keeps the e-mail of before."""
    order = await _order(chat)
    return order is not None and bool(order.invoice_title)


class AskInvoiceTitle(Question):
    """The first time which; afterwards what is the quickest."""

    def name(self) -> str:
        return "action_ask_invoice_title"

    async def ask(self, chat: Chat) -> None:
        number, asked = str(chat.slot("invoice_order")), str(chat.slot("invoice_asked") or "")
        was_asked = asked.startswith(number)
        company = f"{number}{_OF_COMPANY}"
        if _wants_company(chat, await _order(chat)) or asked == company:
            chat.keep("invoice_asked", company)
            chat.reply("utter_ask_company_title")
            return
        chat.keep("invoice_asked", number)
        order = await _order(chat)
        if order is not None and order.invoice_title and not was_asked:
            chat.reply("utter_ask_new_title", title=order.invoice_title)
            return
        chat.reply("utter_ask_invoice_title_still" if was_asked else "utter_ask_invoice_title")


class AskInvoiceConfirmed(Question):
    """Title, tax number and address, before it is registered."""

    must_ask = True

    def name(self) -> str:
        return "action_ask_invoice_confirmed"

    async def ask(self, chat: Chat) -> None:
        if chat.turn.intent == "deny" and not chat.slot("invoice_shown"):
            chat.reply("utter_invoice_what_else")
            return
        title, tax_number, email = (chat.slot(slot) or "" for slot in _TOLD)
        kind = "_company" if tax_number else ""
        where = "" if email else "_same_email"  # a change keeps the e-mail of before
        response = f"utter_invoice_right{kind}{where}"
        chat.reply(response, title=title, tax_number=tax_number, email=email)
        keep_shown(chat, "invoice_shown", _what(chat))


class FinishInvoice(Answer):
    def name(self) -> str:
        return "action_finish_invoice"

    async def answer(self, chat: Chat) -> None:
        if was_given_up(chat):
            return
        if (agreed := _agreed(chat)) is None:
            chat.go_on_with("invoice_form")
            return
        number, title = chat.slot("invoice_order"), chat.slot("invoice_title")
        email = chat.slot("invoice_email") or ""
        is_change = await _is_registered(chat)
        await chat.shop.request_invoice(
            number,
            access_to(chat, number),
            title=title,
            tax_number=chat.slot("invoice_tax_number") or "",
            email=email,
            request_id=agreed.deed_id,
        )
        chat.keep("invoice_confirmed", None)
        if is_change and not email:
            chat.reply("utter_invoice_changed", title=title)
        else:
            chat.reply("utter_invoice_requested", title=title, email=email)

    def stay(self, chat: Chat) -> None:
        """Whether it was registered is not known: the same yes again registers the same."""
        if not chat.has_handed_over:
            ask_again(chat, "invoice_form", "invoice_confirmed")
