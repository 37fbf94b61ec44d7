"""All that is kept of one buyer: shown as JSON, and erased (个人信息保护法, articles 45 and 47).

Whatever table names a buyer, a conversation or an order is found by its columns, so that a table that
comes later is not forgotten. Buyers' tokens are signed and not stored: there is nothing to erase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, func, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

import bot.conversations.tables as talks
import bot.followups.tables
import bot.outgoing.tables  # noqa: F401  # registers its tables, as the line above does
from bot.conversations.joining import ids_of_buyer
from bot.database import metadata
from bot.desk.tables import reveals
from bot.shop.embedded import tables as shop
from bot.shop.words.codec import encode
from bot.shop.words.dealing import OrderStatus, ReturnStatus

# Orders on which somebody still has something to do; their receiver stays until that is done.
OPEN = [
    status.value
    for status in OrderStatus
    if status not in (OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.CLOSED)
]
OPEN_CASES = [
    status.value
    for status in (ReturnStatus.OPENED, ReturnStatus.GOODS_SENT, ReturnStatus.GOODS_RECEIVED)
]
NOBODY = "erased"  # the buyer of an order that was made anonymous


@dataclass(frozen=True, kw_only=True)
class Erased:
    """Rows that went, by table, and what had to stay."""

    rows: Mapping[str, int]
    open_orders: tuple[str, ...]
    picture_files: tuple[str, ...]  # to be deleted once the rows are gone


def export(connection: Connection, buyer_id: str) -> dict[str, list[dict[str, Any]]]:
    """Rows by table; tables without any are left out."""
    found = {}
    for table in metadata.sorted_tables:
        condition = _of_buyer(connection, table, buyer_id)
        if condition is None:
            continue
        rows = connection.execute(select(table).where(condition)).all()
        if rows:
            found[table.name] = [encode(dict(row._mapping)) for row in rows]
    return found


def erase(connection: Connection, buyer_id: str) -> Erased:
    """Deletes all of it but the orders: those stay for the books, without a person.

    An order that is still open keeps its buyer and receiver; erase again when it is done.
    """
    waiting = _open_orders(connection, buyer_id)
    files = connection.execute(
        select(talks.pictures.c.file_name).where(
            talks.pictures.c.conversation_id.in_(_conversations(connection, buyer_id))
        )
    ).scalars()
    names = tuple(files)
    rows: dict[str, int] = {}
    # Read before anything is deleted: later conditions look up what earlier ones would remove.
    conditions = {
        table.name: condition
        for table in metadata.sorted_tables
        if table not in _KEPT and (condition := _of_buyer(connection, table, buyer_id)) is not None
    }
    for table in reversed(metadata.sorted_tables):
        if table.name in conditions:
            gone = connection.execute(delete(table).where(conditions[table.name])).rowcount
            if gone:
                rows[table.name] = gone
    rows |= _make_anonymous(connection, buyer_id, waiting)
    return Erased(rows=rows, open_orders=waiting, picture_files=names)


def delete_files(folder: Path, names: Sequence[str]) -> int:
    """How many were there."""
    paths = [folder / Path(name).name for name in names]
    there = [path for path in paths if path.is_file()]
    for path in there:
        path.unlink()
    return len(there)


# Who of the shop looked at what stays as long as the settings say, without the buyer's id.
_KEPT = (shop.orders, shop.order_lines, shop.parcels, shop.parcel_events, shop.returns, reveals)


def _of_buyer(connection: Connection, table: Table, buyer_id: str) -> ColumnElement[bool] | None:
    """Which rows of the table are this buyer's; None where a table is about no buyer."""
    columns = table.c
    if table is shop.requests:
        orders = _orders(connection, buyer_id)
        is_own = or_(
            columns.owner == buyer_id, columns.owner.startswith(f"{buyer_id}/", autoescape=True)
        )
        return or_(is_own, columns.owner.in_(orders))
    if table is shop.order_tries:
        return columns.key == buyer_id
    conditions = []
    if "buyer_id" in columns:
        conditions.append(columns.buyer_id == buyer_id)
    if "conversation_id" in columns:
        conditions.append(columns.conversation_id.in_(_conversations(connection, buyer_id)))
    if "order_number" in columns:
        conditions.append(columns.order_number.in_(_orders(connection, buyer_id)))
    return or_(*conditions) if conditions else None


def _conversations(connection: Connection, buyer_id: str) -> list[str]:
    return list(connection.execute(ids_of_buyer(buyer_id)).scalars())


def _orders(connection: Connection, buyer_id: str) -> list[str]:
    table = shop.orders
    return list(
        connection.execute(select(table.c.number).where(table.c.buyer_id == buyer_id)).scalars()
    )


def _open_orders(connection: Connection, buyer_id: str) -> tuple[str, ...]:
    orders, cases = shop.orders, shop.returns
    has_open_case = (
        select(func.count())
        .where(cases.c.order_number == orders.c.number, cases.c.status.in_(OPEN_CASES))
        .scalar_subquery()
    )
    query = select(orders.c.number).where(
        orders.c.buyer_id == buyer_id, or_(orders.c.status.in_(OPEN), has_open_case > 0)
    )
    return tuple(sorted(connection.execute(query).scalars()))


def _make_anonymous(
    connection: Connection, buyer_id: str, waiting: Sequence[str]
) -> dict[str, int]:
    orders, cases = shop.orders, shop.returns
    is_done = orders.c.number.not_in(list(waiting))
    changed = connection.execute(
        update(orders)
        .where(orders.c.buyer_id == buyer_id, is_done)
        .values(
            buyer_id=NOBODY,
            receiver_name="",
            phone="",
            address="",
            note="",
            invoice_title="",
            tax_number="",
            invoice_email="",
        )
    ).rowcount
    connection.execute(
        update(cases)
        .where(cases.c.buyer_id == buyer_id, cases.c.order_number.not_in(list(waiting)))
        .values(buyer_id=NOBODY, photos=[], wanted="")
    )
    connection.execute(
        update(reveals).where(reveals.c.buyer_id == buyer_id).values(buyer_id=NOBODY)
    )
    return {orders.name: changed} if changed else {}
