"""A colour or size said while an exchange is open: that it is the one written down, or another."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.phrasing import sku_text
from actions.hearing.order_access import own_orders
from actions.hearing.references import own_colour
from actions.returns.return_parts import newest_open_case
from actions.returns.withdrawing import offer_withdrawal_of
from bot.shop.words.dealing import Remedy, ReturnCase, ReturnStatus


async def tell_open_exchange(chat: Chat) -> bool:
    """要黑的, 那换灰的呢, after an exchange was opened; False where none waits for its goods."""
    turn = chat.turn
    is_stock = turn.intent == "stock_check" and bool(chat.slot("return_case_opened"))
    is_named = turn.has("colour", "size") or (is_stock and not chat.slot("product_in_talk"))
    if turn.in_form or not is_named or turn.has("product", "kind", "quantity"):
        return False
    case = await newest_open_case(chat)
    if case is None or case.remedy is not Remedy.EXCHANGE or not case.wanted:
        return False
    wanted = await _wanted(chat, case)
    if wanted == case.wanted:
        chat.reply("utter_exchange_is_that", name=case.name, wanted=case.wanted)
    elif wanted is None or case.status is not ReturnStatus.OPENED:
        chat.reply("utter_exchange_as_it_is", name=case.name, wanted=case.wanted)
    else:
        chat.reply("utter_exchange_other", wanted=case.wanted, other=wanted)
        offer_withdrawal_of(chat, case)
    return True


async def _wanted(chat: Chat, case: ReturnCase) -> str | None:
    """Colour and size with what was said now; None where there is no such SKU in stock."""
    orders = [one for one in await own_orders(chat) if one.number == case.order_number]
    lines = [line for one in orders for line in one.lines if line.line_id == case.line_id]
    line = lines[0] if lines else None
    product = await chat.shop.product(line.product_id) if line else None
    if product is None:
        return None
    skus = [sku for sku in product.skus if sku_text(sku.colour, sku.size) == case.wanted]
    colour, size = (skus[0].colour, skus[0].size) if skus else ("", "")
    colours = [own_colour(product, str(value)) for value in chat.turn.values("colour")]
    sizes = [str(value) for value in chat.turn.values("size")]
    said = (colours[-1] if colours else colour, sizes[-1] if sizes else size)
    found = next((one for one in product.skus if (one.colour, one.size) == said), None)
    if found is None or not (found.stock or sku_text(*said) == case.wanted):
        return None
    return sku_text(*said)
