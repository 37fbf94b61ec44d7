"""What the shop gives whoever waits for a late parcel: the coupon its owner has named, within the owner's limits.

Once an order; once a buyer, or so many times a month where the owner says so; and so many a month in
the whole shop. Each that was given is a row, so the owner sees what was spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop.embedded import offers, tables
from bot.shop.embedded.house import House
from bot.shop.embedded.visitors import is_visitor
from bot.shop.words.dealing import Order, Parcel, ParcelState
from bot.shop.words.errors import AMENDS_SPENT, NO_AMENDS, WrongMoment
from bot.shop.words.goods import Coupon

_COMING = (ParcelState.LABELLED, ParcelState.IN_TRANSIT, ParcelState.STALLED)
_given = tables.amends


@dataclass(frozen=True, kw_only=True)
class AmendsOfMonth:
    """What was given since the month began in the shop's zone, and what may be."""

    month: str  # 2027-03
    coupon: str  # its title; "" where the coupon is gone
    given: int
    off_fen: int  # of all that were given
    at_most: int | None
    per_buyer: int | None  # None: once, in whatever month


def amends_for(
    connection: Connection,
    house: House,
    order_number: str,
    buyer_id: str,
    parcel: Parcel | None,
    now: datetime,
    zone: tzinfo,
) -> Coupon | None:
    """None where nothing is late, or was given before, or the owner gives nothing (more)."""
    day = now.astimezone(zone).date()
    if not house.late_coupon or parcel is None or is_visitor(buyer_id):
        return None
    if not parcel.is_late or parcel.state not in _COMING:
        return None
    row: Any = connection.execute(
        select(tables.coupons).where(tables.coupons.c.code == house.late_coupon)
    ).first()
    if row is None or (row.ends_on is not None and row.ends_on < day):
        return None
    if _had(connection, house, order_number, buyer_id) or _is_spent(
        connection, house, buyer_id, now, zone
    ):
        return None
    names = ("code", "title", "off_fen", "from_fen", "ends_on", "stacks")
    return Coupon(**{name: getattr(row, name) for name in names})


def give_amends(
    connection: Connection, house: House, order: Order, now: datetime, zone: tzinfo
) -> Coupon:
    """Raises WrongMoment where there is nothing to give, or not any more (this month)."""
    lock(connection, "amends")  # the shop's limit holds for buyers who choose at once
    offers.lock_promises(connection, order.buyer_id)
    coupon = amends_for(connection, house, order.number, order.buyer_id, order.parcel, now, zone)
    if coupon is None:
        had = _had(connection, house, order.number, order.buyer_id)
        is_spent = not had and _is_spent(connection, house, order.buyer_id, now, zone)
        raise WrongMoment(AMENDS_SPENT if is_spent else NO_AMENDS)
    held = tables.buyer_coupons
    anew = connection.execute(
        update(held)
        .where(held.c.buyer_id == order.buyer_id, held.c.code == coupon.code)
        .values(order_number=None, is_given=True)
    )
    if not anew.rowcount:
        given = {"buyer_id": order.buyer_id, "code": coupon.code, "is_given": True}
        connection.execute(insert(held).values(order_number=None, **given))
    connection.execute(
        insert(_given).values(
            order_number=order.number,
            buyer_id=order.buyer_id,
            code=coupon.code,
            off_fen=coupon.off_fen,
            given_at=now,
        )
    )
    return coupon


def of_month(
    connection: Connection, house: House, now: datetime, zone: tzinfo
) -> AmendsOfMonth | None:
    """None where the owner gives nothing."""
    if not house.late_coupon:
        return None
    first = _month(now, zone)
    count: Any = connection.execute(
        select(func.count(), func.coalesce(func.sum(_given.c.off_fen), 0)).where(
            _given.c.given_at >= first
        )
    ).one()
    title = select(tables.coupons.c.title).where(tables.coupons.c.code == house.late_coupon)
    return AmendsOfMonth(
        month=f"{first.astimezone(zone):%Y-%m}",
        coupon=str(connection.execute(title).scalar() or ""),
        given=int(count[0]),
        off_fen=int(count[1]),
        at_most=house.late_coupons_a_month,
        per_buyer=house.late_coupons_per_buyer,
    )


def _had(connection: Connection, house: House, order_number: str, buyer_id: str) -> bool:
    """For this order, or still in the buyer's hands, or ever where it is given once."""
    of_order = select(_given.c.code).where(_given.c.order_number == order_number)
    if connection.execute(of_order).first() is not None:
        return True
    held = tables.buyer_coupons
    row: Any = connection.execute(
        select(held.c.order_number).where(
            held.c.buyer_id == buyer_id, held.c.code == house.late_coupon
        )
    ).first()
    return row is not None and (house.late_coupons_per_buyer is None or row.order_number is None)


def _is_spent(
    connection: Connection, house: House, buyer_id: str, now: datetime, zone: tzinfo
) -> bool:
    in_month = (_given.c.given_at >= _month(now, zone),)
    for most, which in (
        (house.late_coupons_a_month, in_month),
        (house.late_coupons_per_buyer, (*in_month, _given.c.buyer_id == buyer_id)),
    ):
        count = select(func.count()).select_from(_given).where(*which)
        if most is not None and int(connection.execute(count).scalar() or 0) >= most:
            return True
    return False


def _month(now: datetime, zone: tzinfo) -> datetime:
    """When the shop's month began."""
    local = now.astimezone(zone)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first.astimezone(timezone.utc)
