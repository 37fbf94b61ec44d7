"""What the buyer has bought here, for questions about goods that nobody names."""

from __future__ import annotations

from actions.answering.talking import is_about_buying
from actions.frame.chat import Chat
from actions.hearing.context import talk_of
from actions.hearing.elsewhere import strange_goods
from actions.orders.orders import SENT, in_status, own_orders
from bot.shop.rules.sort_names import is_of_kind
from bot.shop.words.dealing import Order, OrderStatus
from bot.shop.words.goods import Product

_sent = in_status(*SENT)
_gone = in_status(OrderStatus.CANCELLED, OrderStatus.CLOSED)
_bought = in_status(OrderStatus.PAID, OrderStatus.PACKED, *SENT)


async def order_owned(chat: Chat) -> Order | None:
    """The order in talk, else the newest one that was sent, else the newest; None of goods that are
    not ours."""
    if strange_goods(chat):
        return None  # 打印机怎么连 is not about what was bought here
    orders, number = await own_orders(chat), chat.slot("order_in_talk")
    in_talk = next((one for one in orders if one.number == number and not _gone(one)), None)
    return in_talk or next(filter(_sent, orders), None) or next(filter(_bought, orders), None)


def is_owned_meant(chat: Chat) -> bool:
    """A question about goods that nobody named: of what was bought, where nothing is looked for."""
    is_looking = is_about_buying(chat) and not chat.slot("order_in_talk")
    return not chat.slot("product_shown") and not is_looking


async def product_owned(chat: Chat) -> Product | None:
    """The product meant; where none is in talk, the one thing that was bought last."""
    talk = await talk_of(chat)
    if talk.product is not None and _is_of_sort(chat, talk.product):
        return talk.product
    order = await order_owned(chat)
    found = [await chat.shop.product(one.product_id) for one in order.lines] if order else []
    bought = [one for one in found if one is not None and _is_of_sort(chat, one)]
    return bought[0] if len(bought) == 1 else talk.product


def _is_of_sort(chat: Chat, product: Product) -> bool:
    """鞋怎么保养, while socks are talked of, is no question about the socks."""
    kind, category = chat.turn.value("kind"), chat.turn.value("category")
    is_kind = kind is None or is_of_kind(product, str(kind))
    return is_kind and category in (None, product.category)
