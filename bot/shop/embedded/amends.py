"""What the shop gives whoever waits for a late parcel: one coupon a buyer, the one its owner has named."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import offers, tables
from bot.shop.embedded.house import House
from bot.shop.embedded.visitors import is_visitor
from bot.shop.words.dealing import Order, Parcel, ParcelState
from bot.shop.words.errors import WrongMoment
from bot.shop.words.goods import Coupon

NOTHING = "no_amends"  # WrongMoment's status
_COMING = (ParcelState.LABELLED, ParcelState.IN_TRANSIT, ParcelState.STALLED)


def amends_for(
    connection: Connection, house: House, buyer_id: str, parcel: Parcel | None, day: date
) -> Coupon | None:
    """None where nothing is late, or was given before, or the owner gives nothing."""
    if not house.late_coupon or parcel is None or is_visitor(buyer_id):
        return None
    if not parcel.is_late or parcel.state not in _COMING:
        return None
    table, held = tables.coupons, tables.buyer_coupons
    row: Any = connection.execute(select(table).where(table.c.code == house.late_coupon)).first()
    had = select(held.c.code).where(held.c.buyer_id == buyer_id, held.c.code == house.late_coupon)
    is_over = row is None or (row.ends_on is not None and row.ends_on < day)
    if is_over or connection.execute(had).first() is not None:
        return None
    names = ("code", "title", "off_fen", "from_fen", "ends_on", "stacks")
    return Coupon(**{name: getattr(row, name) for name in names})


def give_amends(connection: Connection, house: House, order: Order, day: date) -> Coupon:
    """Raises WrongMoment where there is nothing to give, or not any more."""
    offers.lock_promises(connection, order.buyer_id)
    coupon = amends_for(connection, house, order.buyer_id, order.parcel, day)
    if coupon is None:
        raise WrongMoment(NOTHING)
    given = {"buyer_id": order.buyer_id, "code": coupon.code, "is_given": True}
    connection.execute(insert(tables.buyer_coupons).values(order_number=None, **given))
    return coupon
