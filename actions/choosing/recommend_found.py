"""Which goods meet a wish: the shop's recommendation, weighed by what the buyer told besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.choosing.bodies import comes_in_their_size
from actions.choosing.needs import has_all
from actions.choosing.recommend_wishes import queries_of
from actions.frame.chat import Chat
from actions.frame.phrasing import day_text
from actions.hearing.goods_facts import better_on, judge, says
from actions.hearing.profile import profile_of
from bot.shop.rules.sizing import is_worn_size
from bot.shop.words.goods import Product, ProductQuery, Recommendation

LOOKED_AT = 60


async def found_for(chat: Chat, wish: dict[str, Any]) -> Sequence[Recommendation]:
    """One or two, best first; what had to be left unmet is said. What matters to who shall have it
    (爱喝茶) goes before a use that was told beside it."""
    likes, needs = profile_of(chat).likes, wish.get("needs", ())
    for query in queries_of(wish) if needs else ():
        if found := await _weighed(chat, query, wish, needs=needs):
            return found
    for query in queries_of({**wish, "use": ""}) if likes else ():
        found = await _weighed(chat, query, wish, must_speak=True)
        if found:
            return found
    for query in queries_of(wish):
        if found := await _weighed(chat, query, wish):
            if chat.turn.has("use", "money") and wish.get("use") and not (query.use or query.suits):
                chat.reply("utter_nearest", use=wish["use"])
            if wish.get("colour") and not query.colour:
                chat.reply("utter_not_in_colour", colour=wish["colour"])
            size = str(wish.get("size") or "")
            if size and not query.size and not is_worn_size(size):
                await _tell_of_size(chat, query, size)
            return found
    return ()


async def _tell_of_size(chat: Chat, query: ProductQuery, size: str) -> None:
    """云帆60pro有壳没: a model that is only sold out is not said to be none of ours."""
    wider = replace(query, size=size, in_stock_only=False, limit=1)
    made = [one.product for one in await chat.shop.recommend(wider, chat.turn.buyer_id)]
    if not made:
        chat.reply("utter_not_in_size", size=size)
        return
    days = [sku.restock_on for sku in made[0].skus if sku.size == size and sku.restock_on]
    response = "utter_size_back_on" if days else "utter_size_sold_out"
    day = day_text(min(days)) if days else ""
    chat.reply(response, size=size, name=made[0].name, day=day)


async def better_ones(
    chat: Chat, wish: dict[str, Any], topics: Sequence[str], above: Sequence[Product]
) -> Sequence[Recommendation]:
    """A grade above these goods: better on a topic asked about, else dearer. `above` may be empty."""
    query = next(iter(queries_of({**wish, "budget_fen": None, "use": ""})))
    wider = replace(query, limit=LOOKED_AT)
    every = [
        one
        for one in await chat.shop.recommend(wider, chat.turn.buyer_id)
        if _is_fit(one.product, chat)
    ]
    for topic in topics:
        best = [one for one in every if all(_beats(topic, one.product, it) for it in above)]
        if above and best:
            return [replace(best[0], reason=best[0].product.fact(topic) or best[0].reason)]
    least = max((product.price_fen for product in above), default=0)
    dearer = [one for one in every if one.product.price_fen > least]
    return sorted(dearer, key=lambda one: -one.product.price_fen)[: query.limit]


def _beats(topic: str, product: Product, other: Product) -> bool:
    better = better_on(topic, product, other)
    return better is not None and better.winner is product


async def _weighed(
    chat: Chat,
    query: ProductQuery,
    wish: dict[str, Any],
    *,
    must_speak: bool = False,
    needs: Sequence[str] = (),
) -> Sequence[Recommendation]:
    """As the shop recommends, of what has all that is needed; first what meets the figures told (零下10度), with that as the reason,
    then what speaks of what matters to them (喝茶); what misses a figure or the body is left out."""
    figures, likes = profile_of(chat).amounts, profile_of(chat).likes
    is_for_feet = bool(wish.get("for_feet"))
    wider = replace(query, limit=LOOKED_AT)
    found: list[tuple[int, Recommendation]] = []
    for one in await chat.shop.recommend(wider, chat.turn.buyer_id):
        judged = [told for figure in figures if (told := judge(one.product, figure)) is not None]
        is_missed = any(not told.fits for told in judged)
        if is_missed or not _is_fit(one.product, chat) or (is_for_feet and not _is_worn(one)):
            continue
        if needs:
            if clause := has_all(one.product, needs):
                found.append((0, replace(one, reason=clause)))
            continue
        if judged and not must_speak:
            found.append((0, replace(one, reason=judged[0].fact)))
        elif likes and (clause := says(one.product, likes)):
            found.append((1, replace(one, reason=clause)))
        elif not must_speak:
            found.append((2, one))
    found.sort(key=lambda one: one[0])
    if must_speak and len(likes) > 1:
        speaking = [_liked(one.product, likes) for _, one in found]
        most = max(speaking, default=0)
        found = [one for one, times in zip(found, speaking, strict=True) if times == most]
    return [one for _, one in found][: query.limit]


def _liked(product: Product, likes: Sequence[str]) -> int:
    """Of how much of what matters to them its data speak: 菜场 and 滑."""
    return sum(bool(says(product, (one,))) for one in likes)


def _is_worn(one: Recommendation) -> bool:
    """Shoes, and no socks: their chart counts in sizes of shoes."""
    chart = one.product.size_chart
    return chart is not None and chart.is_for_feet


def _is_fit(product: Product, chat: Chat) -> bool:
    """Whether it is made for the body told."""
    return comes_in_their_size(product, profile_of(chat)) is not False
