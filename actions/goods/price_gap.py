"""1米和2米差多少钱, 黑色的贵多少: what two of one product's own, or two goods, cost, and the gap."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.phrasing import price_text, size_text
from actions.hearing.context import Talk, talk_of
from bot.shop.words.fitting import plain
from bot.shop.words.goods import Product, ProductQuery

_TWO, _LOOKED_AT = 2, 200


async def tells_price_gap(chat: Chat) -> bool:
    """False where no gap is asked for, or two that could be apart are not to be found."""
    if not hears(chat.turn, "price_gap"):
        return False
    talk = await talk_of(chat)
    costs = await _of_goods(chat) or _of_one(talk)
    if len(costs) != _TWO:
        return False
    (first, first_fen), (second, second_fen) = costs
    gap = abs(first_fen - second_fen)
    chat.reply(
        "utter_price_gap" if gap else "utter_price_no_gap",
        first=first,
        second=second,
        first_price=price_text(first_fen),
        second_price=price_text(second_fen),
        gap=price_text(gap),
    )
    return True


async def _of_goods(chat: Chat) -> list[tuple[str, int]]:
    ids = list(dict.fromkeys(map(str, chat.turn.values("product"))))
    if len(ids) == _TWO:
        found = [await chat.shop.product(one) for one in ids]
        return [(one.name, one.price_fen) for one in found if one is not None]
    return [(one.name, one.price_fen) for one in await _named_by_figures(chat)]


async def _named_by_figures(chat: Chat) -> list[Product]:
    """20w和65w: figures that two names of the shop hold, each one alone."""
    turn = chat.turn
    said = [
        plain(turn.text[int(one["start"]) : int(one["end"])])
        for one in turn.entities
        if one.get("entity") == "amount" and one.get("end")
    ]
    if len(set(said)) != _TWO or turn.has("product") or chat.slot("product_in_talk"):
        return []
    query = ProductQuery(in_stock_only=False, limit=_LOOKED_AT)
    goods = [one.product for one in await chat.shop.recommend(query, turn.buyer_id)]
    owners = [
        [one for one in goods if any(figure in plain(n) for n in (one.name, *one.nicknames))]
        for figure in said
    ]
    return [its[0] for its in owners if len(its) == 1]


def _of_one(talk: Talk) -> list[tuple[str, int]]:
    """Two sizes or colours that are said; of goods in two of them the other needs no saying."""
    product = talk.product
    if product is None:
        return []
    for said, values in (
        (talk.said_sizes, product.sizes),
        (talk.said_colours, product.colours),
    ):
        own = [one for one in dict.fromkeys(said) if one in values]
        if len(own) == 1 and len(values) == _TWO:
            own += [one for one in values if one not in own]
        if len(own) == _TWO:
            return [(size_text(one), _lowest(product, one, values)) for one in own]
    return []


def _lowest(product: Product, value: str, values: Sequence[str]) -> int:
    is_size = values == product.sizes
    like = product.skus_like("" if is_size else value, value if is_size else "")
    return min(product.price_of(sku) for sku in like)
