"""天蓝和酒红哪个百搭: two colours of the same goods, by what the shop wrote of its colours."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import join_text
from actions.hearing.asked_words import denials, wanted
from actions.hearing.context import talk_of
from actions.hearing.references import own_colour
from bot.shop.rules.speaking import speaks_of
from bot.shop.words.goods import Product

_TWO = 2


async def compare_colours(chat: Chat) -> bool:
    """跟酒红比哪个显白 also compares with the colour that was talked of. False where fewer than two
    colours of one product are meant; what is not written is owned up to."""
    turn, before = chat.turn, str(chat.slot("colour_in_talk") or "")
    is_between = len(turn.values("colour")) >= _TWO and hears(turn, "choosing")  # 灰的还是蓝的好看
    if turn.in_form or not (is_between or hears(turn, "which", "compare", "decide")):
        return False
    if not turn.has("colour"):
        return False
    if turn.has("kind", "category") or len(set(turn.values("product"))) > 1:
        return False
    product = (await talk_of(chat)).product
    if product is None:
        return False
    meant = _meant(product, [*map(str, turn.values("colour")), before])
    chat.keep("colour_in_talk", before or None)  # compared with another, none is chosen
    if len(meant) < _TWO:
        return False
    asked = wanted(turn.text, [*meant, *map(str, turn.values("colour")), product.name])
    told = [spoken for one in asked if (spoken := speaks_of(product, one.word, denials()))]
    note = product.fact("colour_note") or ""
    is_of_one = own_colour(product, note) in meant
    if told and is_of_one and told[0].clause in note:
        chat.reply("utter_fact", name=product.name, fact=note)
        return True
    if told and own_colour(product, told[0].clause) in meant:
        chat.reply("utter_fact", name=product.name, fact=told[0].clause)
        return True
    if is_of_one:
        chat.reply("utter_colours_by_note", fact=note)
    else:
        chat.reply("utter_variant_unknown", axis=product.colour_name, values=join_text(meant))
    chat.note_unwritten(product.product_id)
    return True


def _meant(product: Product, words: list[str]) -> list[str]:
    """The product's own colours among these, each once."""
    own = [own_colour(product, word) for word in words if word]
    return [one for one in dict.fromkeys(own) if one in product.colours][:_TWO]
