"""What sounds like haggling and asks for no lower price of the goods in talk."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn


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
