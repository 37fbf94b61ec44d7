"""When an invoice comes: by what is registered for the buyer's own order."""

from __future__ import annotations

from actions.answering.plain import looks_first
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import join_text, price_text
from actions.orders.orders import SENT, goods_text, in_status, own_orders
from bot.shop.words.dealing import Order, OrderStatus, Right, Verb

# What the form waits for, as it is called to the buyer.
MISSING = {"invoice_title": "抬头", "invoice_tax_number": "公司税号", "invoice_email": "收票邮箱"}
_MOST = 4  # orders told one by one
_is_paid = in_status(OrderStatus.PAID, OrderStatus.PACKED, *SENT)


@looks_first("faq/ask_invoice.when")
async def tell_when(chat: Chat) -> bool:
    """The order with an invoice first; of one without, that nothing is registered yet."""
    # 开好了告诉我: what is missing comes first
    if missing := MISSING.get(chat.turn.requested_slot or ""):
        chat.reply("utter_invoice_at_once", missing=missing)
        return True
    paid = [one for one in await own_orders(chat) if _is_paid(one) and one.right is Right.CHANGE]
    registered = [one for one in paid if one.invoice_title]
    if not paid or chat.turn.in_form == "invoice_form":
        return False
    order = _in_talk(chat, registered) or _in_talk(chat, paid)
    assert order is not None
    if not order.invoice_title:
        chat.keep("order_in_talk", order.number)
        chat.ask(
            "register_invoice",
            "utter_invoice_not_registered",
            goods=goods_text(order),
            order_number=order.number,
        )
        return True
    if Verb.CHANGE_INVOICE in order.may:
        response = "utter_invoice_on_its_way"
    else:
        response = "utter_invoice_is_out"
    chat.reply(
        response, goods=goods_text(order), title=order.invoice_title, order_number=order.number
    )
    return True


@looks_first("faq/ask_invoice.content")
async def tell_content(chat: Chat) -> bool:
    """能开什么, once the rule was told: what stands on the invoice of the buyer's own order."""
    was_told = "utter_faq/ask_invoice.content" in chat.turn.told_before
    paid = [one for one in await own_orders(chat) if _is_paid(one) and one.right is Right.CHANGE]
    order = _in_talk(chat, paid)
    if hears(chat.turn, "these_orders") and len(paid) > 1:
        texts = [f"{goods_text(one)}{price_text(one.total_fen)}" for one in paid[:_MOST]]
        chat.reply("utter_invoice_content_each", each=join_text(texts))
        return True
    if order is None or not (was_told or hears(chat.turn, "invoice_can_be")):
        return False
    names = join_text([line.name for line in order.lines])
    chat.reply("utter_invoice_content_own", names=names, total=price_text(order.total_fen))
    return True


def _in_talk(chat: Chat, orders: list[Order]) -> Order | None:
    number = chat.slot("order_in_talk")
    return next((one for one in orders if one.number == number), orders[0] if orders else None)
