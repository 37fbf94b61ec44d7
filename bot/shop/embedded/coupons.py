"""Coupons in a buyer's hands: used once, given back with an order that came to nothing."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.words.errors import WrongMoment

USED = "coupon_used"  # WrongMoment's status


def use_coupon(connection: Connection, buyer_id: str, code: str, number: str) -> None:
    """Ties the coupon to the order. Raises WrongMoment where another order has it.

    Take `offers.lock_promises` before the price is made: then that cannot happen.
    """
    if not code:
        return
    table = tables.buyer_coupons
    mine = (table.c.buyer_id == buyer_id, table.c.code == code)
    held = connection.execute(select(table.c.code).where(*mine)).first()
    if held is None:  # a public one, or one that came with a bargain
        connection.execute(
            insert(table).values(buyer_id=buyer_id, code=code, order_number=number, is_given=False)
        )
        return
    used = connection.execute(
        update(table).where(*mine, table.c.order_number.is_(None)).values(order_number=number)
    )
    if not used.rowcount:
        raise WrongMoment(USED)


def release_coupon(connection: Connection, number: str) -> None:
    """The buyer of an order that came to nothing may use its coupon again.

    One that was never given to the buyer is forgotten instead: a coupon out of a bargain belongs
    to the goods bargained over, and must not become one for anything.
    """
    table = tables.buyer_coupons
    of_order = table.c.order_number == number
    connection.execute(delete(table).where(of_order, table.c.is_given.is_(False)))
    connection.execute(update(table).where(of_order).values(order_number=None))
