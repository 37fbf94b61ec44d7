"""上次那双, 还是原来的码, 老地址寄: what a known buyer had is looked up and goes on from there."""

from __future__ import annotations

from actions.bargaining.beginning import start_order
from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.goods.stock import check_stock
from actions.hearing.bought import points_at_bought
from actions.hearing.context import talk_of
from actions.orders.choosing_on import chooses_on

# Half understood, none of these is done by a word that points at something bought before.
_OF_AN_ORDER = (
    "return_request",
    "exchange_request",
    "report_defect",
    "refund_status",
    "track_parcel",
)


async def takes_as_before(chat: Chat) -> bool:
    """Tells what there is of it, or begins the order; False where nothing of the kind is known."""
    turn = chat.turn
    if await chooses_on(chat):
        return True
    if turn.in_form or next(iter(turn.ranking), "") in _OF_AN_ORDER:
        return False
    is_same_again = points_at_bought(chat)
    if not is_same_again and not hears(turn, "same_size", "same_colour", "same_place"):
        return False
    if (await talk_of(chat)).product is None:
        return False
    if hears(turn, "same_place") and not is_same_again:
        return await chooses_on(chat)
    if is_same_again and hears(turn, "add_line", "buying", "then_buy") and not turn.questions:
        await start_order(chat)
    elif is_same_again or chat.turn.has("size", "colour"):
        await check_stock(chat)
    else:
        return False
    return True
