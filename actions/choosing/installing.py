"""能上门装吗, of what was bought here: by the goods' own sheet."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.answering.plain import looks_first
from actions.frame.chat import Chat
from actions.hearing.asked_words import denials
from actions.orders.owned import is_owned_meant, product_owned
from bot.handing_over import HandOverReason
from bot.shop.rules.speaking import speaks_of

_WORD = "上门"  # of a sheet that speaks of somebody who comes


@looks_first("faq/ask_usage.install")
async def tell_installing(chat: Chat) -> bool:
    """What the sheet says of it; else that none is written, and how the goods are used. False where
    the goods are not known."""
    product = await product_owned(chat) if is_owned_meant(chat) else None
    if product is None or chat.turn.in_form:
        return False
    spoken = speaks_of(product, _WORD, denials())
    if spoken is not None and spoken.share == 1.0:
        chat.reply("utter_usage", name=product.name, fact=spoken.clause)
        return True
    usage = product.fact("usage")
    response = "utter_no_installing_but" if usage else "utter_no_installing"
    chat.reply(response, name=product.name, usage=(usage or "").rstrip("。"))
    offer_person(chat, HandOverReason.NO_DATA)
    return True
