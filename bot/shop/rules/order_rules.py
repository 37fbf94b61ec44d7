"""What may be done to an order in which state: by its buyer, and by the shop itself."""

from __future__ import annotations

from bot.shop.words.dealing import OrderStatus, Verb

_S = OrderStatus
_PAID = frozenset({_S.PAID, _S.PACKED, _S.SHIPPED, _S.DELIVERED, _S.COMPLETED})

FROM: dict[Verb, frozenset[OrderStatus]] = {
    Verb.PAY: frozenset({_S.AWAITING_PAYMENT}),
    Verb.CANCEL: frozenset({_S.AWAITING_PAYMENT, _S.PAID, _S.PACKED}),
    Verb.CHANGE_RECEIVER: frozenset({_S.AWAITING_PAYMENT, _S.PAID}),
    Verb.CHANGE_LINE: frozenset({_S.AWAITING_PAYMENT, _S.PAID}),
    # More or fewer pieces cost other money: once paid, people settle that.
    Verb.CHANGE_QUANTITY: frozenset({_S.AWAITING_PAYMENT}),
    Verb.ADD_NOTE: frozenset({_S.AWAITING_PAYMENT, _S.PAID, _S.PACKED}),
    Verb.URGE: frozenset({_S.PAID, _S.PACKED, _S.SHIPPED}),
    # Which line, until when and how is judged by `returns`.
    Verb.RETURN: frozenset({_S.SHIPPED, _S.DELIVERED, _S.COMPLETED}),
    Verb.EXCHANGE: frozenset({_S.SHIPPED, _S.DELIVERED, _S.COMPLETED}),
    Verb.REQUEST_INVOICE: _PAID,
    # A completed order's invoice is issued; what is issued is a matter of people.
    Verb.CHANGE_INVOICE: _PAID - {_S.COMPLETED},
    Verb.PACK: frozenset({_S.PAID}),
    Verb.SHIP: frozenset({_S.PAID, _S.PACKED}),
    Verb.SIGN: frozenset({_S.SHIPPED}),
    Verb.COMPLETE: frozenset({_S.DELIVERED}),
    Verb.CLOSE: frozenset({_S.AWAITING_PAYMENT}),
    Verb.CHANGE_PRICE: frozenset({_S.AWAITING_PAYMENT}),
}
TO = {
    Verb.PAY: _S.PAID,
    Verb.PACK: _S.PACKED,
    Verb.SHIP: _S.SHIPPED,
    Verb.SIGN: _S.DELIVERED,
    Verb.COMPLETE: _S.COMPLETED,
    Verb.CANCEL: _S.CANCELLED,
    Verb.CLOSE: _S.CLOSED,
}
_THE_SHOPS = frozenset(
    {Verb.PACK, Verb.SHIP, Verb.SIGN, Verb.COMPLETE, Verb.CLOSE, Verb.CHANGE_PRICE}
)


def may_of(status: OrderStatus, *, has_invoice: bool) -> frozenset[Verb]:
    """What a buyer may do to an order in this state; of the two invoice verbs at most one."""
    possible = {verb for verb, states in FROM.items() if status in states} - _THE_SHOPS
    other = Verb.REQUEST_INVOICE if has_invoice else Verb.CHANGE_INVOICE
    return frozenset(possible - {other})
