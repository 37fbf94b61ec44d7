"""上次那双, 原来的码: what a known buyer had before, read from their own orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.hearing.order_access import own_orders
from bot.shop.words.dealing import Order, OrderLine, OrderStatus
from bot.shop.words.goods import Product

_GONE = (OrderStatus.CANCELLED, OrderStatus.CLOSED)
_BUYING = ("place_order", "stock_check", "ask_price", "bargain")
_BY = {"product": "product_id", "kind": "kind", "category": "category", "gender": "gender"}
_VALUES = {"same_size": "size", "same_colour": "colour"}
Bought = tuple[OrderLine, Product]


def points_at_bought(chat: Chat) -> bool:
    """上次那双; 之前买的那个杯子 only where it is to be bought once more, and 再来一双一样的
    only while nothing else is talked of. 上次买的挺好 还想买一双 wishes any other."""
    turn = chat.turn
    if turn.in_form not in (None, "order_form"):
        return False
    looked_at = turn.in_form or chat.slot("product_in_talk") or turn.product_in_view
    return (
        hears(turn, "last_one")
        or (hears(turn, "bought") and hears(turn, "that") and turn.intent in _BUYING)
        or (hears(turn, "same_again") and not looked_at)
    )


async def bought_meant(chat: Chat) -> list[Bought]:
    """The goods of the newest order that holds what is pointed at; [] where none does."""
    if not points_at_bought(chat):
        return []
    for order in await _bought_orders(chat):
        found = [(line, one) for line, one in await _lines(chat, order) if _is_named(chat, one)]
        if found:
            return _of_the_counter(chat, found)
    return []


async def recall(chat: Chat, product: Product | None) -> None:
    """原来的码, 颜色照旧: the value itself stands in the line from here on, as if it were said."""
    turn = chat.turn
    wanted = [name for cue, name in _VALUES.items() if hears(turn, cue) and not turn.has(name)]
    if not wanted or hears(turn, "ill_fitting", "too_big", "too_small"):
        return
    said = []
    for name in wanted:
        if value := await _old_value(chat, name, product):
            said.append({"entity": name, "value": value, "extractor": "recalled"})
    chat.turn = replace(turn, entities=(*turn.entities, *said))


async def _old_value(chat: Chat, name: str, product: Product | None) -> str:
    """Of these very goods, else of such as are worn alike; "" where nothing of the kind was bought."""
    lines = [one for order in await _bought_orders(chat) for one in await _lines(chat, order)]
    if product is None:
        alike = lines
    else:
        same = [one for one in lines if one[1].product_id == product.product_id]
        alike = same or [one for one in lines if _worn_alike(one[1], product, name)]
    return next((value for line, _ in alike if (value := getattr(line, name))), "")


def _worn_alike(bought: Product, product: Product, name: str) -> bool:
    if name == "colour":
        return False
    return bought.category == product.category and bought.gender in ("", product.gender)


async def _bought_orders(chat: Chat) -> list[Order]:
    """Newest first; what was called off was not bought."""
    return [order for order in await own_orders(chat) if order.status not in _GONE]


async def _lines(chat: Chat, order: Order) -> list[Bought]:
    found = [(line, await chat.shop.product(line.product_id)) for line in order.lines]
    return [(line, product) for line, product in found if product is not None]


def _is_named(chat: Chat, product: Product) -> bool:
    """By all the words for goods in the line; without any, everything is."""
    turn = chat.turn
    return all(
        getattr(product, field) in turn.values(name) or product.product_id in turn.values(name)
        for name, field in _BY.items()
        if turn.has(name)
    )


def _of_the_counter(chat: Chat, found: Sequence[Bought]) -> list[Bought]:
    """那双 means what is worn on feet, where some of it is."""
    shoes = [one for one in found if one[1].is_for_feet and hears(chat.turn, "a_pair")]
    return shoes or list(found)
