"""Parts and presents of the goods in talk (腰带, 雨罩, 礼盒): asked about like goods, and no goods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.context import talk_of
from actions.hearing.facts_of_each import asked_text, tell_of_another
from actions.hearing.sheet import line_that_speaks, without_names
from bot.shop.words.goods import Product

_ASKING = ("ask_product", "ask_quality", "ask_usage", "size_advice", "faq", "faq/ask_color")
_NAMES = ("product", "kind", "category", "size", "colour", "region", "address")


async def leave_out_parts(chat: Chat) -> None:
    """腰带好用吗, of a pack that has one: what the goods' own lines speak of is not sought elsewhere."""
    turn = chat.turn
    named = [str(one) for one in turn.values("goods")]
    if turn.has("product", "kind"):
        await _leave_out_own_parts(chat)
    if not named or turn.has("product", "kind", "category"):
        return
    ids = [chat.slot("product_in_talk"), turn.product_in_view, *(chat.slot("product_shown") or ())]
    for product_id in dict.fromkeys(one for one in ids if one):
        product = await chat.shop.product(product_id)
        if product is None or not any(word in line for word in named for line in _lines(product)):
            continue
        kept = tuple(one for one in turn.entities if one.get("entity") != "goods")
        chat.turn = replace(turn, entities=kept)
        chat.names_a_part = named[0]
        if chat.slot("product_in_talk") is None:
            chat.keep("product_in_talk", product_id)
        return


async def _leave_out_own_parts(chat: Chat) -> None:
    """帽子上是真毛吗, of a jacket whose hood can be taken off: no word of the hats that we sell, too."""
    turn = chat.turn
    likeliest = turn.ranking[0] if turn.intent.startswith("nlu_") and turn.ranking else turn.intent
    in_talk = chat.slot("product_in_talk") or turn.product_in_view
    if likeliest not in _ASKING or not in_talk or not turn.questions or hears(turn, "have"):
        return
    product = await chat.shop.product(in_talk)
    named = [one for one in turn.entities if one.get("entity") in ("product", "kind")]
    if product is None or turn.in_form or not all(_is_part_of(product, turn, one) for one in named):
        return
    chat.turn = replace(turn, entities=tuple(one for one in turn.entities if one not in named))
    chat.names_a_part = _said(turn, named[0])


def _is_part_of(product: Product, turn: Turn, named: Mapping[str, Any]) -> bool:
    """By its list of contents, or by what is praised of that very part (帽子可拆)."""
    word = _said(turn, named)
    own_names = (product.name, product.kind, *product.nicknames)
    if not word or any(word in name for name in own_names):
        return False
    begins = any(point.startswith(word) for point in product.selling_points)
    return begins or word in (product.fact("contents") or "")


def _said(turn: Turn, named: Mapping[str, Any]) -> str:
    return turn.text[int(named.get("start") or 0) : int(named.get("end") or 0)]


def _lines(product: Product) -> list[str]:
    return [*(fact for _, fact in product.sheet), *product.selling_points, *product.drawbacks]


async def tells_of_a_part(chat: Chat) -> bool:
    """雨罩送不送, 有礼盒吗: by the line of the goods in talk that speaks of it, or of others of their
    kind; False where none does."""
    turn = chat.turn
    if turn.has(*_NAMES) or turn.in_form or not turn.questions:
        return False
    talk = await talk_of(chat)
    if talk.product is None:
        return False
    text = without_names(await asked_text(chat), talk.product)
    if line := line_that_speaks(text, talk.product):
        chat.reply("utter_fact", name=talk.product.name, fact=line)
        return True
    return await tell_of_another(chat, talk.product, text)


def lines_of_box(product: Product) -> list[str]:
    """What is told to come with the goods: their list of contents, and what they are praised for."""
    contents = product.fact("contents")
    return [*([contents] if contents else []), *product.selling_points]
