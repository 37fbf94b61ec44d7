"""What nobody wrote of the goods: owned up to, noted for the owner, and beside it what is known."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.bargaining.objections import mark_told, was_told
from actions.frame.chat import Chat
from actions.hearing.profile import tell_reason
from bot.handing_over import HandOverReason
from bot.shop.words.goods import Product


def tell_unknown(chat: Chat, product: Product) -> None:
    """A person is offered from the second such question on: one gap in the sheet needs nobody."""
    chat.note_unwritten(product.product_id)
    known = tell_reason(chat, product.selling_points)
    if known:
        chat.reply("utter_fact_unknown_but", name=product.name, known=known)
    else:
        chat.reply("utter_fact_unknown", name=product.name)
    mark = f"{product.product_id}:unwritten"
    if was_told(chat, mark):
        offer_person(chat, HandOverReason.NO_DATA)
    mark_told(chat, mark)
