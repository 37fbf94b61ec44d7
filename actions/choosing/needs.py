"""出差用 要能放电脑, told once goods are talked of: of which sort, and what they shall have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.choosing.which import names_in_line
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.asked_words import Wanted, denials, meets, wanted
from bot.shop.rules.speaking import speaks_of
from bot.shop.words.goods import Product, ProductQuery

_LOOKED_AT, _WORD = 200, 2
_NAMING = ("product", "kind", "category", "goods")
_SOMEBODY = ("person", "gender", "occasion")
_OTHERWISE_HEARD = (
    "use",
    "person",
    "gender",
    "likes",
    "occasion",
    "amount",
    "cue",
    "height_cm",
    "weight_kg",
)


async def sort_in_talk(chat: Chat, wish: Mapping[str, Any]) -> str:
    """The category of the goods that are talked of, where it is another than was wished before and
    this line tells what they are needed for; "" otherwise. 有什么玩水的 asks for anything, and a
    present for somebody may be anything."""
    turn = chat.turn
    product_id = chat.slot("product_in_talk")
    if turn.questions or not product_id or turn.has(*_NAMING, *_SOMEBODY) or wish.get("is_gift"):
        return ""
    if hears(turn, "other_goods", "any_such", "giving"):
        return ""
    product = await chat.shop.product(str(product_id))
    if product is None or wish.get("kind") == product.kind:
        return ""
    if wish.get("category") == product.category:
        return ""
    use = str(turn.value("use") or "")
    goods = await goods_of(chat, product.category)
    is_so_used = any(use in one.uses for one in goods)
    return product.category if is_so_used or (not use and needs_told(chat, goods)) else ""


def needs_told(chat: Chat, goods: Sequence[Product]) -> list[str]:
    """Words of the line that these goods' own data meet: 电脑 of 要能放电脑."""
    turn = chat.turn
    if turn.questions or turn.in_form or not turn.text:
        return []
    heard = [one for one in turn.entities if one.get("entity") in _OTHERWISE_HEARD and "end" in one]
    aside = [turn.text[int(one["start"]) : int(one["end"])] for one in heard]
    told = []
    for one in wanted(turn.text, [*names_in_line(chat), *aside]):
        for word in dict.fromkeys((one.word, one.word[-_WORD:])):  # the thing stands last: 放电脑
            need = Wanted(word=word, is_without=one.is_without)
            if len(word) >= _WORD and not one.is_without and any(has(each, need) for each in goods):
                told.append(word)
                break
    return told


def has(product: Product, need: Wanted) -> str:
    """The clause by which the goods have it; "" where none does."""
    spoken = speaks_of(product, need.word, denials())
    is_so = spoken is not None and spoken.share == 1.0 and meets(spoken, need)
    return spoken.clause if spoken is not None and is_so else ""


def has_all(product: Product, words: Sequence[str]) -> str:
    """The clause of the last thing needed, where the goods have them all; "" otherwise."""
    clauses = [has(product, Wanted(word=word)) for word in words]
    return clauses[-1] if clauses and all(clauses) else ""


async def goods_of(chat: Chat, category: str = "", kind: str = "") -> list[Product]:
    query = ProductQuery(
        kind=kind, category="" if kind else category, in_stock_only=False, limit=_LOOKED_AT
    )
    return [one.product for one in await chat.shop.recommend(query, chat.turn.buyer_id)]
