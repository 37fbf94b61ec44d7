"""By what right a buyer sees an order, and which orders are the buyer's own."""

from __future__ import annotations

from actions.frame.chat import Chat
from bot.shop.words.dealing import Access, Order
from bot.shop.words.errors import ProofNeeded


def access_to(chat: Chat, number: str) -> Access:
    """The buyer's own right, with what a visitor has proved this order by."""
    proof = (chat.slot("lookup_proofs") or {}).get(number)
    if isinstance(proof, dict):
        return chat.turn.access(phone=proof.get("phone"), name=proof.get("name"))
    return chat.turn.access(proof)


def keep_proof(chat: Chat, number: str, access: Access) -> None:
    """This chat may ask for the order so from now on; a signed-in buyer needs no proof."""
    proof = {"phone": access.phone, "name": access.name} if access.phone else access.phone_tail
    if proof and not chat.turn.signed_in:
        chat.keep("lookup_proofs", {**(chat.slot("lookup_proofs") or {}), number: proof})


async def own_orders(chat: Chat) -> list[Order]:
    """Newest first; for visitors what they placed themselves, and what this chat has proved."""
    found = list(await chat.shop.orders_of(chat.turn.buyer_id, limit=10))
    if chat.turn.signed_in:
        return found
    placed = {order.number for order in found}
    for number in set(chat.slot("lookup_proofs") or {}) - placed:
        try:
            order = await chat.shop.order(number, access_to(chat, number))
        except ProofNeeded:
            continue
        if order is None:
            _forget_proof(chat, number)  # its phone was changed: asking on would count as guessing
        else:
            found.append(order)
    return sorted(found, key=lambda order: order.created_at, reverse=True)


def _forget_proof(chat: Chat, number: str) -> None:
    proofs = dict(chat.slot("lookup_proofs") or {})
    proofs.pop(number, None)
    chat.keep("lookup_proofs", proofs)
