"""不是，是XL: what the buyer had told is put right, and answered anew by what it is now."""

from __future__ import annotations

from dataclasses import replace

from actions.bargaining.sizing import advise_size
from actions.choosing.size_doubts import probes_another
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.goods.that_one import ask_of
from actions.hearing.context import talk_of

_ADVISED = "utter_size_"  # responses that rest on the size worn begin so
_ASKED = ("utter_ask_foot", "utter_ask_height_weight")


async def puts_size_right(chat: Chat) -> bool:
    """平时穿L, and then 不是，是XL: the size worn, and not the one to be ordered, was told wrong.

    False unless our advice by it was the last thing said.
    """
    turn = chat.turn
    told = (chat.slot("size_measures") or {}).get("usual_size")
    sizes = turn.values("size")
    was_advised = any(one.startswith(_ADVISED) or one in _ASKED for one in turn.told_before)
    if turn.in_form or not told or not sizes or not was_advised or turn.questions:
        return False
    if not hears(turn, "is_instead", "misremembered", "own_mistake"):
        return False
    right = next((size for size in reversed(sizes) if str(size) != str(told)), sizes[-1])
    others = [one for one in turn.entities if one.get("entity") != "size"]
    said = {"entity": "size", "value": right, "usual": True}
    chat.turn = replace(turn, entities=(*others, said))
    chat.keep("size_in_talk", None)
    await advise_size(chat)
    return True


async def probes_a_size(chat: Chat) -> bool:
    """3XL呢, after 2XL会不会勒: the same doubt about another size."""
    if chat.turn.in_form or not probes_another(chat.turn):
        return False
    await advise_size(chat)
    return True


async def is_so_already(chat: Chat) -> bool:
    """我说的是女款不是男款, where the women's is what we talk of."""
    turn = chat.turn
    is_said = hears(turn, "not", "instead", "meant")
    if is_said and turn.has("kind", "category") and await _is_of_it(chat):
        return True
    is_corrected = hears(turn, "not", "instead") and turn.has("gender")
    if not is_corrected or turn.has("product", "kind", "size", "colour"):
        return False
    talk = await talk_of(chat)
    if talk.product is None or not talk.product.gender:
        return False
    if talk.product.gender != str(turn.values("gender")[0]):
        return False
    chat.ask("order_it", "utter_is_so_already", name=talk.product.name)
    return True


async def _is_of_it(chat: Chat) -> bool:
    """不是鞋 是衣服, where a jacket is what we talk of."""
    turn = chat.turn
    if turn.has("product", "gender", "size", "colour") or turn.questions:
        return False
    product_id = chat.slot("product_in_talk") or turn.product_in_view
    product = await chat.shop.product(str(product_id)) if product_id else None
    said = [one for one in turn.entities if one.get("entity") in ("kind", "category")]
    if product is None or not said:
        return False
    last = str(max(said, key=lambda one: int(one.get("start") or 0))["value"])
    if last not in (product.kind, product.category):
        return False
    chat.ask("order_it", "utter_is_so_already", name=product.name)
    return True


async def puts_gender_right(chat: Chat) -> bool:
    """不对 是女款, of the men's: what was asked is asked of the women's of that name."""
    turn = chat.turn
    is_corrected = hears(turn, "not", "instead", "meant") and turn.has("gender")
    if not is_corrected or turn.has("product", "kind", "ordinal") or turn.questions:
        return False
    before = chat.slot("product_in_talk") or turn.product_in_view
    product = (await talk_of(chat)).product
    if not before or product is None or product.product_id == before:
        return False
    await ask_of(chat, product)
    return True
