"""哪些适合敏感肌, 有没有不含糖的, 保质期最长的是哪个: asked over several goods, told from their own data."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.cards import product_card
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import from_text, join_text, prices_text
from actions.hearing.asked_words import (
    Wanted,
    absences,
    denials,
    meets,
    wanted,
    wants_cheapest,
    wants_most,
)
from actions.hearing.axes import asks_which_of, names_axis
from actions.hearing.context import show_products, talk_of
from actions.hearing.goods_facts import PRICE, best_on, cheaper_by_measure
from actions.hearing.sheet import column_of, is_only_a_property, topics_of
from bot.shop.rules.speaking import Speaks, is_free_of, names, speaks_of
from bot.shop.words.goods import Product, ProductQuery

_LOOKED_AT, _TOLD, _MOST = 200, 3, 8
_BY_SILENCE = 0.9  # the ingredients are written, and it is not among them
_ASIDE = ("money", "quantity", "ordinal", "region", "date", "colour", "size")
_NAMES = ("product", "kind", "category")


async def which_ones(chat: Chat) -> bool:
    """Tells which goods have what is asked for; False where the line asks nothing over several."""
    turn = chat.turn
    if turn.in_form:
        return False
    if await _which_variant(chat):
        return True
    if not _asks_over_several(chat):
        return False
    asked = wanted(turn.text, names_in_line(chat))
    if not asked and not (wants_most(turn.text) or wants_cheapest(turn.text)):
        return False
    pool = await _pool(chat)
    if len(pool) < 2:
        return False
    if await _tell_most(chat, pool):
        return True
    if _names_an_axis(asked, pool) or await _is_of_this_one(chat, asked):
        return False
    found = [(one, clauses) for one in pool if (clauses := _that_has(one, asked))]
    if found:
        _tell(chat, asked, found)
        return True
    return _tell_none(chat, asked, pool)


async def asks_an_axis(chat: Chat) -> bool:
    """有哪些机型, of goods that come in several."""
    product = (await talk_of(chat)).product
    return (
        product is not None and not chat.turn.has("goods") and names_axis(chat.turn.text, product)
    )


async def _which_variant(chat: Chat) -> bool:
    """盐焗和炭烧哪个香, 黄皮选哪个色: which of one product's own is told where it is written, else
    owned up to."""
    turn = chat.turn
    asks_which = hears(turn, "which", "compare", "which_ones", "which_choice", "compare_price")
    if not asks_which or turn.has("kind", "category"):
        return False
    product = (await talk_of(chat)).product
    if product is None or product.size_chart is not None:
        return False  # which size it is the chart tells
    for name, values, said in (
        (product.colour_name, product.colours, turn.values("colour")),
        (product.size_name, product.sizes, turn.values("size")),
    ):
        if len(values) < 2 or not (len(said) > 1 or asks_which_of(turn.text, name)):
            continue
        if hears(turn, "compare_price") and (cheaper := cheaper_by_measure(product)):
            prices = prices_text(product)
            chat.reply("utter_cheaper_by_measure", value=cheaper, prices=prices)
            return True
        names_of_it = (product.name, product.kind, *product.nicknames)
        asked = wanted(turn.text, [name, *map(str, said), *names_of_it])
        told = [spoken for one in asked if (spoken := speaks_of(product, one.word, denials()))]
        if told:
            chat.reply("utter_fact", name=product.name, fact=told[0].clause)
        chat.reply("utter_variant_unknown", axis=name, values=join_text(list(values[:_MOST])))
        chat.note_unwritten(product.product_id)
        return True
    return False


def _asks_over_several(chat: Chat) -> bool:
    """哪些, 的有吗; a mere 有没有 asks about the goods that are looked at, where there are any."""
    turn = chat.turn
    if len(set(turn.values("product"))) > 1 or hears(turn, "pointing"):
        return False
    if hears(turn, "which_ones", "any_such"):
        return True
    if chat.slot("product_in_talk") or turn.product_in_view or turn.has("product", "money"):
        return False  # 三百以内的鞋 names a budget, and no 三百 that a sheet could speak of
    if turn.has("goods"):
        return _names_what_it_is_for(chat)
    return hears(turn, "which", "have")


def _names_what_it_is_for(chat: Chat) -> bool:
    """给笔记本充电的: strange goods inside of what is asked for are not what is wanted."""
    goods = str(chat.turn.value("goods") or "")
    return bool(goods) and any(
        goods in one.word and len(one.word) > len(goods) for one in wanted(chat.turn.text)
    )


def names_in_line(chat: Chat) -> list[str]:
    """The words of the line that name goods."""
    text = chat.turn.text
    aside = [one for one in chat.turn.entities if one.get("entity") in (*_NAMES, *_ASIDE)]
    spans = [(one["start"], one["end"]) for one in aside if "start" in one]
    return [text[start:end] for start, end in spans if not is_only_a_property(text, start, end)]


def _sort(chat: Chat, entity: str) -> str:
    """The kind or category that is named; 坚果 of 不含坚果 names none."""
    text = chat.turn.text
    for one in chat.turn.entities:
        start, end = int(one.get("start") or 0), int(one.get("end") or 0)
        if one.get("entity") == entity and not is_only_a_property(text, start, end):
            return str(one.get("value"))
    return ""


async def _pool(chat: Chat) -> list[Product]:
    """Goods of the kind that is named, else what was shown, else the whole shop."""
    turn = chat.turn
    kind, category = _sort(chat, "kind"), _sort(chat, "category")
    shown = [str(one) for one in chat.slot("product_shown") or []]
    if not kind and not category and len(shown) > 1 and hears(turn, "which"):
        products = [await chat.shop.product(one) for one in shown]
        return [one for one in products if one is not None]
    query = ProductQuery(
        kind=kind, category="" if kind else category, in_stock_only=False, limit=_LOOKED_AT
    )
    return [one.product for one in await chat.shop.recommend(query, turn.buyer_id)]


async def _is_of_this_one(chat: Chat, asked: Sequence[Wanted]) -> bool:
    """都有哪几种果仁, of goods whose own data speak of 果仁: they are asked about, and no others."""
    if hears(chat.turn, "any_such") or not (
        chat.slot("product_in_talk") or chat.turn.product_in_view
    ):
        return False
    product = (await talk_of(chat)).product
    if product is None or any(one.is_without for one in asked):
        return False
    return all(
        (spoken := speaks_of(product, one.word, denials())) is not None and spoken.share == 1.0
        for one in asked
    )


def _names_an_axis(asked: Sequence[Wanted], pool: Sequence[Product]) -> bool:
    """有哪些口味 asks what there is to choose from."""
    axes = {name for one in pool for name in one.axes}
    return any(one.word in axes for one in asked)


def _that_has(product: Product, asked: Sequence[Wanted]) -> list[Speaks]:
    """What speaks for each thing asked; [] where one of them is not met."""
    told: list[Speaks] = []
    for one in asked:
        spoken = _free_of(product, one) if one.is_without else None
        if not one.is_without:
            spoken = speaks_of(product, one.word, denials())
        if spoken is None or not meets(spoken, one):
            return []
        told.append(spoken)
    return told


def _free_of(product: Product, asked: Wanted) -> Speaks | None:
    """What says that there is none of it; else the column where it would stand, if no line names it."""
    spoken = is_free_of(product, asked.word, absences())
    if spoken is None and not names(product, asked.word):
        column = column_of(product, asked.word)
        return Speaks(clause=column, is_denied=True, share=_BY_SILENCE) if column else None
    return spoken


def _tell(
    chat: Chat, asked: Sequence[Wanted], found: Sequence[tuple[Product, list[Speaks]]]
) -> None:
    best = max(one.share for _, spoken in found for one in spoken)
    sure = [pair for pair in found if all(one.share == best for one in pair[1])] or list(found)
    shown = sure[:_TOLD]
    show_products(chat, [product.product_id for product, _ in shown])
    for product, spoken in shown:
        chat.show(product_card(product, spoken[0].clause))
    listed = "；".join(f"{product.name}，{spoken[0].clause}" for product, spoken in shown)
    if len(sure) > len(shown):
        chat.ask("like_it", "utter_which_many", count=len(sure), listed=listed)
    elif len(shown) == 1:
        product, spoken = shown[0]
        chat.ask("like_it", "utter_which_one", name=product.name, fact=spoken[0].clause)
    else:
        chat.ask("like_it", "utter_which_some", listed=listed)


async def _tell_most(chat: Chat, pool: Sequence[Product]) -> bool:
    """The best of them on a point that figures decide: the longest kept, the cheapest."""
    text = chat.turn.text
    topics = [PRICE] if wants_cheapest(text) else topics_of(text) if wants_most(text) else []
    for topic in topics:
        if (best := best_on(topic, pool)) is None:
            continue
        names = join_text([one.name for one in best[:_TOLD]])
        fact = from_text(best[0]) if topic == PRICE else best[0].fact(topic) or ""
        show_products(chat, [one.product_id for one in best[:_TOLD]])
        chat.ask("like_it", "utter_which_most", name=names, fact=fact)
        return True
    return False


def _tell_none(chat: Chat, asked: Sequence[Wanted], pool: Sequence[Product]) -> bool:
    """Nothing is written of it: said so, and noted for the owner. Looser questions look further."""
    if not hears(chat.turn, "which_ones") or chat.turn.has("kind", "category", *_ASIDE):
        return False
    words = join_text([f"不含{one.word}" if one.is_without else one.word for one in asked])
    chat.reply("utter_which_none", words=words)
    chat.note_unwritten("")
    return True
