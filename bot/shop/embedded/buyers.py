"""What the shop knows of its buyers, and what it learns in chats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.words.dealing import ATTRIBUTES, Buyer, OrderStatus, Receiver

BOUGHT = tuple(
    status.value
    for status in (
        OrderStatus.PAID,
        OrderStatus.PACKED,
        OrderStatus.SHIPPED,
        OrderStatus.DELIVERED,
        OrderStatus.COMPLETED,
    )
)


class UnknownAttribute(ValueError):
    """A name that is not in `dealing.ATTRIBUTES`."""


def read_buyer(connection: Connection, buyer_id: str, zone: tzinfo) -> Buyer | None:
    """A visitor is known as soon as something was learned, though there is no account."""
    row = connection.execute(
        select(tables.buyers).where(tables.buyers.c.buyer_id == buyer_id)
    ).first()
    attributes = read_attributes(connection, buyer_id)
    if row is None and not attributes:
        return None
    table = tables.orders
    bought: Any = connection.execute(
        select(
            func.count().label("orders"),
            func.coalesce(func.sum(table.c.total_fen), 0).label("spent"),
            func.max(table.c.created_at).label("last"),
        ).where(table.c.buyer_id == buyer_id, table.c.status.in_(BOUGHT))
    ).one()
    return Buyer(
        buyer_id=buyer_id,
        nickname=row.nickname if row else "",
        receiver=Receiver(name=row.receiver_name, phone=row.phone, address=row.address)
        if row
        else Receiver(),
        orders_count=bought.orders,
        spent_fen=int(bought.spent),
        last_order_on=bought.last.astimezone(zone).date() if bought.last else None,
        attributes=tuple(sorted(attributes.items())),
        email=row.email if row else "",
    )


def read_known(connection: Connection) -> list[tuple[str, str, int]]:
    """(buyer id, nickname, orders bought) of every account, most orders first."""
    table, orders = tables.buyers, tables.orders
    bought = (
        select(func.count())
        .where(orders.c.buyer_id == table.c.buyer_id, orders.c.status.in_(BOUGHT))
        .scalar_subquery()
    )
    query = (
        select(table.c.buyer_id, table.c.nickname, bought.label("bought"))
        .where(table.c.nickname != "")
        .order_by(bought.desc(), table.c.buyer_id)
    )
    return [(row.buyer_id, row.nickname, int(row.bought)) for row in connection.execute(query)]


def read_attributes(connection: Connection, buyer_id: str) -> dict[str, str]:
    table = tables.buyer_attributes
    rows = connection.execute(
        select(table.c.name, table.c.value).where(table.c.buyer_id == buyer_id)
    )
    return {row.name: row.value for row in rows}


def remember(connection: Connection, buyer_id: str, attributes: Mapping[str, str]) -> None:
    """Keeps each value (at most 200 characters), "" forgets it. Raises UnknownAttribute."""
    unknown = sorted(set(attributes) - set(ATTRIBUTES))
    if unknown:
        raise UnknownAttribute(", ".join(unknown))
    table = tables.buyer_attributes
    connection.execute(
        delete(table).where(table.c.buyer_id == buyer_id, table.c.name.in_(list(attributes)))
    )
    kept = [
        {"buyer_id": buyer_id, "name": name, "value": value[:200]}
        for name, value in attributes.items()
        if value
    ]
    if kept:
        connection.execute(insert(table), kept)


def keep_receiver(connection: Connection, buyer_id: str, receiver: Receiver) -> None:
    """The last receiver of an order is the one to propose next time."""
    table = tables.buyers
    values = {
        "receiver_name": receiver.name,
        "phone": receiver.phone,
        "address": receiver.address,
    }
    changed = connection.execute(
        table.update().where(table.c.buyer_id == buyer_id).values(**values)
    )
    if not changed.rowcount:
        connection.execute(insert(table).values(buyer_id=buyer_id, nickname="", about="", **values))
