"""What sounds like haggling and asks for no lower price of the goods in talk."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.context import talk_of
from actions.hearing.order_lines import said_lines

_MANY = 5  # pieces whose sum says more than the price of one


def asks_what_one_costs(chat: Chat) -> bool:
    """那个便宜点的多少, of several that were shown, asks for its price and for no other one."""
    shown = chat.slot("product_shown") or []
    is_one = hears(chat.turn, "cheaper_one", "dearer_one") and chat.turn.questions
    return is_one and len(shown) > 1 and not hears(chat.turn, "on_condition")


def adds_goods(turn: Turn) -> bool:
    """再给我自己带双袜子: one more thing beside what is talked of, and no word of its price."""
    is_haggled = turn.has("money", "discount") or hears(
        turn, "gift", "on_condition", "dear", "floor"
    )
    is_more = hears(turn, "add_line") and turn.has("product", "kind", "category")
    return is_more and not is_haggled and not turn.asks


async def asks_for_many(chat: Chat) -> bool:
    """Several pieces in this line, of goods that no person makes a price of bulk for."""
    turn = chat.turn
    if int(turn.value("quantity") or 1) < _MANY or turn.in_form or turn.has("money", "discount"):
        return False
    product = (await talk_of(chat)).product
    return product is not None and not product.bulk_from


def is_over_several(chat: Chat) -> bool:
    if not hears(chat.turn, "in_all", "both"):
        return False
    shown, summed = chat.slot("product_shown") or [], chat.slot("goods_in_talk") or []
    return max(len(said_lines(chat.turn)), len(shown), len(summed)) > 1
