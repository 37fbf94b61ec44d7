"""Which lines of an order a message points at."""

from __future__ import annotations

from collections.abc import Sequence

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from bot.shop.words.dealing import Order, OrderLine


async def lines_named(chat: Chat, order: Order) -> list[OrderLine]:
    """The order's lines that this message points at: by product, kind or a word of a name."""
    turn = chat.turn
    products, kinds = turn.values("product"), turn.values("kind")
    if named := [line for line in order.lines if line.product_id in products]:
        return named
    if by_colour := [line for line in order.lines if line.colour in _pointed_at(turn)]:
        return by_colour
    by_name = [line for line in order.lines if words_shared(turn.text, line.name)]
    by_kind, by_sort = [], []
    categories = turn.values("category")
    for line in order.lines if kinds or categories else ():
        product = await chat.shop.product(line.product_id)
        if product is not None and product.kind in kinds:
            by_kind.append(line)
        elif product is not None and product.category in categories:
            by_sort.append(line)  # 鞋子那个
    return [line for line in by_kind if line in by_name] or by_kind or by_name or by_sort


def told_apart(turn: Turn, orders: Sequence[Order]) -> list[Order]:
    """那黑的取消, of two orders of which one holds a black one; 换成黑的 tells none apart."""
    words = [str(one) for one in turn.values("colour")]
    if not words or turn.intent in ("change_order", "exchange_request") or hears(turn, "change"):
        return []
    having = [
        order
        for order in orders
        if any(word in line.colour or line.colour in word for word in words for line in order.lines)
    ]
    return having if len(having) < len(orders) else []


def lines_written_down(chat: Chat, order: Order) -> list[OrderLine]:
    """那补给我呗, behind 袜子没有: the line of this order that was told before."""
    where: dict[str, str] = chat.slot("return_line") or {}
    is_it = where.get("number") == order.number
    return [line for line in order.lines if is_it and line.line_id == where.get("line_id")]


def _pointed_at(turn: Turn) -> list[str]:
    """Colours that point at a line, 酒红那件; 换成酒红 says what it shall be."""
    those = {one.get("start") for one in turn.entities if one.get("value") == "that"}
    return [
        str(one["value"])
        for one in turn.entities
        if one.get("entity") == "colour" and those & {one.get("end"), one.get("end", 0) + 1}
    ]


def words_shared(text: str, name: str) -> int:
    """How many pairs of neighbouring Chinese characters a message and a product name share."""
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return sum(pair in text for pair in pairs if pair.isalpha() and not pair.isascii())
