"""会不会开胶, 会不会跑绒: the line of the goods' own data that speaks of the very thing that is feared."""

from __future__ import annotations

from actions.bargaining.objections import mark_told, was_told
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.asked_words import denials, wanted
from bot.shop.rules.speaking import speaks_of
from bot.shop.words.goods import Product

_SHORTEST = 2  # characters of a word that says enough


def tells_by_the_word(chat: Chat, product: Product | None, text: str, fact: str) -> bool:
    """Once for each word. `fact`: what is told of the goods' quality anyway. False where no other
    line holds the word, or trust is asked for and no property."""
    if product is None or not chat.turn.questions or hears(chat.turn, "genuine", "distrust"):
        return False
    names = (product.name, product.kind, *product.nicknames)
    for asked in wanted(text, names):
        if len(asked.word) < _SHORTEST or asked.is_without:
            continue
        spoken = speaks_of(product, asked.word, denials())
        mark = f"{product.product_id}:said:{asked.word}"
        if spoken is None or spoken.share < 1.0 or spoken.clause in fact or was_told(chat, mark):
            continue
        mark_told(chat, mark)
        chat.reply("utter_fact", name=product.name, fact=spoken.clause)
        return True
    return False
