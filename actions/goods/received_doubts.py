"""会不会漏装, 放到那天会过期吗: doubts about what is bought already, which no proof of genuine goods answers."""

from __future__ import annotations

from actions.answering.handoff import offer_person
from actions.answering.talking import looks_at_goods
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.elsewhere import strange_goods
from actions.orders.owned import product_owned
from bot.dialogue.files import read_matters
from bot.dialogue.matter import Matter
from bot.handing_over import HandOverReason

_MISSING = "report_wrong_item"


def tells_of_packing(chat: Chat) -> bool:
    """By what is always done; where something is missing already, a person looks at the records."""
    if not hears(chat.turn, "left_out_of_box"):
        return False
    told = (Matter.of_slot(chat.slot(name)) for name in ("matter", "matter_parked"))
    if any(
        one is not None and one.intent in {_MISSING} & read_matters().after_sale for one in told
    ):
        chat.reply("utter_packing_looked_into")
        offer_person(chat, HandOverReason.DEFECT_UNSEEN)
    else:
        chat.reply("utter_packing_checked")
    return True


async def tells_it_keeps(chat: Chat) -> bool:
    """Of goods bought whose sheet names no day: none is named, so none runs out on the way."""
    if not hears(chat.turn, "runs_out") or strange_goods(chat) or looks_at_goods(chat):
        return False
    product = await product_owned(chat)
    if product is None:
        return False
    if fact := product.fact("shelf_life"):
        chat.reply("utter_fact", name=product.name, fact=fact)
    else:
        chat.reply("utter_no_shelf_life", name=product.name)
    return True
