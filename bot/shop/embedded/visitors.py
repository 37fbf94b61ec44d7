"""What a buyer nobody signed in may hold of the stock without paying: a little, and not for long.

A visitor's name and phone cost nothing to invent; a whole product was once reserved in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop.embedded import tables
from bot.shop.embedded.house import House
from bot.shop.words.dealing import OrderLine, OrderStatus
from bot.shop.words.errors import VisitorLimit

VISITOR = "visitor:"
MOST_PIECES = 999  # of one SKU in one order, whoever orders


def is_visitor(buyer_id: str) -> bool:
    return buyer_id.startswith(VISITOR)


def pays_within(house: House, buyer_id: str) -> timedelta:
    """How long the pieces are kept for an order that is not paid."""
    if is_visitor(buyer_id):
        return timedelta(minutes=house.visitor_pays_within_minutes)
    return timedelta(hours=house.pays_within_hours)


def check_pieces(house: House, buyer_id: str, lines: Sequence[OrderLine]) -> None:
    """Raises VisitorLimit."""
    pieces = sum(line.quantity for line in lines)
    if is_visitor(buyer_id) and pieces > house.visitor_pieces:
        raise VisitorLimit("pieces", house.visitor_pieces)


def check_unpaid(
    connection: Connection, house: House, *, buyer_id: str, phone: str, now: datetime
) -> None:
    """Holds visitor and phone until the transaction ends. Raises VisitorLimit."""
    if not is_visitor(buyer_id):
        return
    lock(connection, f"unpaid:{buyer_id}", f"unpaid:{phone}")
    table = tables.orders
    is_of_phone = and_(table.c.phone == phone, table.c.buyer_id.startswith(VISITOR))
    unpaid = connection.execute(
        select(func.count()).where(
            table.c.status == OrderStatus.AWAITING_PAYMENT.value,
            table.c.pays_until > now,
            or_(table.c.buyer_id == buyer_id, is_of_phone),
        )
    ).scalar_one()
    if unpaid >= house.visitor_unpaid_orders:
        raise VisitorLimit("orders", house.visitor_unpaid_orders)
