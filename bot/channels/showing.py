"""Messages as a buyer's page gets them: an order card names the way to pay that this shop has."""

from __future__ import annotations

from typing import Any

from bot.conversations.messages import Message
from bot.settings import Settings

_GOES_ON = ("affirm", "place_order")  # a button that does what was asked about
_USUAL_WORDS = "请回商城的订单页付款"


def shown_to_buyer(message: Message, settings: Settings, *, demo: bool) -> dict[str, Any]:
    """docs/chat-protocol.md. `demo`: the house's own pay page works for whoever asks.

    What the cards above it tell a page does not say again; agents, logs and the REST door, which
    may draw none, have the whole words.
    """
    shown = message.for_buyer()
    if message.beside_cards:
        shown["text"] = message.beside_cards
    for button, offered in zip(shown.get("buttons", ()), message.buttons, strict=True):
        if (offered.payload or {}).get("intent") in _GOES_ON:
            button["is_primary"] = True
    if message.may_be_doubted:
        shown["may_be_doubted"] = True
    card = shown.get("card")
    if card and card.get("type") == "order" and card.pop("pay_url", None):
        card.update(way_to_pay(str(card["number"]), settings, demo=demo))
    return shown


def way_to_pay(number: str, settings: Settings, *, demo: bool, ticket: str = "") -> dict[str, str]:
    """A button's address, or what to do instead: an order nobody can pay gets no button."""
    payment = settings.shop.payment
    if payment.link:
        return {"pay_url": payment.link.replace("{number}", number)}
    if demo:
        return {"pay_url": f"/pay/{number}" + (f"#ticket={ticket}" if ticket else "")}
    return {"pay_text": payment.words or _USUAL_WORDS}
