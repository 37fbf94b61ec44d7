"""Orders as they are stored, and the verbs that move them: each refuses a wrong moment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.embedded.amends import amends_for
from bot.shop.embedded.house import House, read_house
from bot.shop.embedded.parcels import read_parcels
from bot.shop.embedded.promise import Departure, departure
from bot.shop.rules.order_rules import FROM, TO, may_of
from bot.shop.words.codec import decode, encode
from bot.shop.words.dealing import Order, OrderLine, OrderStatus, Receiver, Verb, WantedLine
from bot.shop.words.errors import OutOfStock, UnknownOrder, WrongMoment
from bot.shop.words.goods import Coupon
from bot.shop.words.quotes import Saving

OVERDUE = "超时未付款"

# Asked at nearly every reply and judgement; building a statement costs more than running it.
_WANTED = bindparam("numbers", expanding=True)
_ORDERS = select(tables.orders).where(tables.orders.c.number.in_(_WANTED))
_LINES = (
    select(tables.order_lines)
    .where(tables.order_lines.c.order_number.in_(_WANTED))
    .order_by(tables.order_lines.c.line_id)
)
_NUMBERS = (
    select(tables.orders.c.number)
    .where(
        tables.orders.c.buyer_id == bindparam("buyer"),
        tables.orders.c.status != OrderStatus.DRAFT.value,
    )
    .order_by(tables.orders.c.created_at.desc(), tables.orders.c.number.desc())
    .limit(bindparam("most"))
)


def read_orders(
    connection: Connection, numbers: Sequence[str], now: datetime, zone: tzinfo
) -> list[Order]:
    """In the order of `numbers`; unknown ones are left out."""
    which = {"numbers": list(numbers)}
    rows = {row.number: row for row in connection.execute(_ORDERS, which)}
    lines: dict[str, list[OrderLine]] = {}
    for row in connection.execute(_LINES, which):
        lines.setdefault(row.order_number, []).append(_line(row))
    parcels = read_parcels(connection, numbers, now, zone)
    house = read_house(connection)
    return [
        _order(
            rows[number],
            tuple(lines.get(number, ())),
            parcels.get(number),
            now,
            _departure(rows[number], house, now, zone),
            amends_for(
                connection, house, number, rows[number].buyer_id, parcels.get(number), now, zone
            ),
        )
        for number in numbers
        if number in rows
    ]


def read_order(connection: Connection, number: str, now: datetime, zone: tzinfo) -> Order:
    """Raises UnknownOrder."""
    found = read_orders(connection, [number], now, zone)
    if not found:
        raise UnknownOrder
    return found[0]


def numbers_of(connection: Connection, buyer_id: str, limit: int) -> list[str]:
    rows = connection.execute(_NUMBERS, {"buyer": buyer_id, "most": limit})
    return [row.number for row in rows]


def hold(connection: Connection, number: str, verb: Verb, now: datetime) -> OrderStatus:
    """The order's status, held against others until the transaction ends.

    Raises UnknownOrder, and WrongMoment where `verb` may not happen in this status.
    """
    table = tables.orders
    row = connection.execute(
        select(table.c.status, table.c.pays_until).where(table.c.number == number).with_for_update()
    ).first()
    if row is None:
        raise UnknownOrder
    status = OrderStatus(row.status)
    if verb is not Verb.CLOSE and _is_overdue(status, row.pays_until, now):
        status = OrderStatus.CLOSED
    if status not in FROM[verb]:
        raise WrongMoment(status.value)
    return status


def change(connection: Connection, number: str, **values: Any) -> None:
    connection.execute(
        update(tables.orders).where(tables.orders.c.number == number).values(**values)
    )


def move(
    connection: Connection, number: str, verb: Verb, now: datetime, **values: Any
) -> OrderStatus:
    """Holds the order, moves it to the verb's status, returns the status before."""
    before = hold(connection, number, verb, now)
    change(connection, number, status=TO[verb].value, **values)
    return before


def lock_order(connection: Connection, number: str) -> None:
    """Holds the order until the transaction ends, whatever its status."""
    table = tables.orders
    connection.execute(
        select(table.c.number).where(table.c.number == number).with_for_update()
    ).first()


def add_note(connection: Connection, number: str, note: str, now: datetime) -> None:
    """Adds to what was noted before; both must fit 500 characters."""
    hold(connection, number, Verb.ADD_NOTE, now)
    table = tables.orders
    before = connection.execute(select(table.c.note).where(table.c.number == number)).scalar_one()
    change(connection, number, note="；".join(filter(None, (before, note.strip())))[:500])


def new_number(connection: Connection, now: datetime, zone: tzinfo) -> str:
    """16 digits: the day, then chance, so that nobody counts up to a neighbour's order."""
    day = now.astimezone(zone).strftime("%Y%m%d")
    while True:
        number = f"{day}{secrets.randbelow(10**8):08d}"
        table = tables.orders
        if not connection.execute(select(table.c.number).where(table.c.number == number)).first():
            return number


def store(connection: Connection, order: Order, *, coupon_code: str) -> None:
    connection.execute(
        insert(tables.orders).values(
            number=order.number,
            buyer_id=order.buyer_id,
            status=order.status.value,
            goods_fen=order.goods_fen,
            postage_fen=order.postage_fen,
            off_fen=order.off_fen,
            total_fen=order.total_fen,
            gift=order.gift,
            note=order.note,
            coupon_code=coupon_code,
            savings=encode(order.savings),
            receiver_name=order.receiver.name,
            phone=order.receiver.phone,
            address=order.receiver.address,
            created_at=order.created_at,
            pays_until=order.pays_until,
            paid_at=order.paid_at,
            shipped_at=order.shipped_at,
            signed_at=order.signed_at,
            close_reason=order.close_reason,
            invoice_title=order.invoice_title,
            tax_number="",
            invoice_email="",
        )
    )
    connection.execute(
        insert(tables.order_lines),
        [
            {
                "order_number": order.number,
                "line_id": line.line_id,
                "product_id": line.product_id,
                "sku_id": line.sku_id,
                "name": line.name,
                "colour": line.colour,
                "size": line.size,
                "quantity": line.quantity,
                "unit_price_fen": line.unit_price_fen,
                "picture": line.picture,
            }
            for line in order.lines
        ],
    )


# -- stock: pieces are reserved by an order and leave the shelf when it ships


def reserve(connection: Connection, wanted: Sequence[tuple[str, WantedLine]]) -> None:
    """By SKU id. In one order of ids, so that two orders cannot wait for each other crosswise."""
    table = tables.skus
    for sku_id, line in sorted(wanted, key=lambda pair: pair[0]):
        taken = connection.execute(
            update(table)
            .where(table.c.sku_id == sku_id)
            .where(table.c.on_hand - table.c.reserved >= line.quantity)
            .values(reserved=table.c.reserved + line.quantity)
        )
        if not taken.rowcount:
            row = connection.execute(select(table).where(table.c.sku_id == sku_id)).first()
            raise OutOfStock(line, row.on_hand - row.reserved if row else 0)


def release(connection: Connection, lines: Sequence[OrderLine]) -> None:
    _move_stock(connection, lines, leaves=False)


def take_from_shelf(connection: Connection, lines: Sequence[OrderLine]) -> None:
    _move_stock(connection, lines, leaves=True)


def _move_stock(connection: Connection, lines: Sequence[OrderLine], *, leaves: bool) -> None:
    table = tables.skus
    for line in sorted(lines, key=lambda line: line.sku_id):
        values = {"reserved": table.c.reserved - line.quantity}
        if leaves:
            values["on_hand"] = table.c.on_hand - line.quantity
        connection.execute(update(table).where(table.c.sku_id == line.sku_id).values(**values))


# -- rows


def _is_overdue(status: OrderStatus, pays_until: datetime | None, now: datetime) -> bool:
    """An unpaid order is closed from its hour on, also before anybody swept it up."""
    return status is OrderStatus.AWAITING_PAYMENT and pays_until is not None and pays_until <= now


def _line(row: Any) -> OrderLine:
    return OrderLine(
        line_id=row.line_id,
        product_id=row.product_id,
        sku_id=row.sku_id,
        name=row.name,
        colour=row.colour,
        size=row.size,
        quantity=row.quantity,
        unit_price_fen=row.unit_price_fen,
        picture=row.picture,
    )


def _departure(row: Any, house: House, now: datetime, zone: tzinfo) -> Departure | None:
    """When it leaves; None for what is not paid, has left or leaves no more."""
    if OrderStatus(row.status) not in (OrderStatus.PAID, OrderStatus.PACKED):
        return None
    paid_at = (row.paid_at or row.created_at).astimezone(zone)
    return departure(house, paid_at, now.astimezone(zone))


def _order(
    row: Any,
    lines: tuple[OrderLine, ...],
    parcel: Any,
    now: datetime,
    leaves: Departure | None,
    amends: Coupon | None,
) -> Order:
    status, reason = OrderStatus(row.status), row.close_reason
    if _is_overdue(status, row.pays_until, now):
        status, reason = OrderStatus.CLOSED, OVERDUE
    return Order(
        number=row.number,
        buyer_id=row.buyer_id,
        status=status,
        lines=lines,
        goods_fen=row.goods_fen,
        postage_fen=row.postage_fen,
        off_fen=row.off_fen,
        total_fen=row.total_fen,
        gift=row.gift,
        note=row.note,
        receiver=Receiver(name=row.receiver_name, phone=row.phone, address=row.address),
        created_at=row.created_at,
        pays_until=row.pays_until,
        paid_at=row.paid_at,
        shipped_at=row.shipped_at,
        signed_at=row.signed_at,
        close_reason=reason,
        parcel=parcel,
        invoice_title=row.invoice_title,
        may=may_of(status, has_invoice=bool(row.invoice_title)),
        ships_on=leaves.ships_on if leaves else None,
        ships_late=leaves.is_late if leaves else False,
        savings=decode(tuple[Saving, ...], row.savings),
        amends=amends.title if amends else "",
    )
