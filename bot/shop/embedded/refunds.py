"""How much of what was paid for an order may still be given back: one rule for every way to it.

Whoever opens a case asks here while holding the order's lock (`orders.hold`, `orders.lock_order`),
so that two cases opened at once cannot both see the same money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.rules.returns import OVER
from bot.shop.words.dealing import Order, ReturnStatus
from bot.shop.words.errors import WrongMoment

WHOLE_ORDER = ""  # the line id of a case that is about the order as a whole
DONE = frozenset({ReturnStatus.REFUNDED, ReturnStatus.EXCHANGED})
REFUND_OPEN = "refund_open"  # WrongMoment's status for goods whose money is on its way back


@dataclass(frozen=True, kw_only=True)
class Promised:
    """What one case gives back; a case that is declined or withdrawn gives nothing."""

    line_id: str
    status: ReturnStatus
    refund_fen: int


def promised(connection: Connection, number: str) -> tuple[Promised, ...]:
    """The order's cases that count, whether the money went back already or is still to go."""
    table = tables.returns
    rows = connection.execute(
        select(table.c.line_id, table.c.status, table.c.refund_fen).where(
            table.c.order_number == number
        )
    )
    found = (
        Promised(line_id=row.line_id, status=ReturnStatus(row.status), refund_fen=row.refund_fen)
        for row in rows
    )
    return tuple(case for case in found if case.status not in OVER)


def paid_fen(order: Order) -> int:
    return order.total_fen if order.paid_at is not None else 0


def left_fen(order: Order, cases: Sequence[Promised]) -> int:
    """What of the order's money no case has promised yet; never below zero."""
    return max(0, paid_fen(order) - sum(case.refund_fen for case in cases))


def refuse_open_refund(connection: Connection, number: str) -> None:
    """Nothing is packed or sent while its money is on the way back. Raises WrongMoment."""
    if any(case.refund_fen and case.status not in DONE for case in promised(connection, number)):
        raise WrongMoment(REFUND_OPEN)
