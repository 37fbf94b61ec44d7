"""有帐篷不: what there is of goods that were only asked for, and nothing pushed."""

from __future__ import annotations

from typing import Any

from actions.frame.chat import Chat, button
from actions.frame.phrasing import from_text
from actions.frame.turn import Turn
from actions.hearing.profile import profile_of
from bot.shop.words.goods import Product

HAS_IT_FOR = "utter_has_it_for"
_TWO = 2


def tell_what_there_is(chat: Chat, product: Product, colours: str) -> None:
    """有帐篷不: what it is and costs, and one thing that helps to choose; no order before that.

    有哪些色号, of goods that are looked at and not named, gets the colours.
    """
    point = next(iter(product.selling_points), product.kind)
    values: dict[str, Any] = {"name": product.name, "price": from_text(product), "point": point}
    if chat.turn.in_form:
        chat.reply("utter_is_there", what=product.name)
        return
    uses = list(product.uses[:_TWO]) if chat.turn.has("product", "kind", "category") else []
    if len(uses) == _TWO and not profile_of(chat).use:
        buttons = [button(use, "inform", use=use) for use in uses]
        chat.ask("like_it", HAS_IT_FOR, buttons, first=uses[0], second=uses[1], **values)
    else:
        chat.ask("like_it", "utter_has_it", colours=colours, **values)


def asked_what_for(turn: Turn) -> bool:
    """Whether the last line of ours asked what goods that are there are needed for."""
    return HAS_IT_FOR in turn.told_before
