"""Draws what happened from the shop's own rows, whoever wrote them: a verb, an import, the owner's SQL.

A sweep asks of each kind which rows have not been told yet. Its key is unique, so that sweeping twice
tells once, and one sweep at a time (a lock) gives the numbers in the order in which they can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop.embedded import tables
from bot.shop.embedded.catalogue import Catalogue
from bot.shop.embedded.parcels import read_parcels
from bot.shop.words.dealing import OrderStatus, ReturnStatus
from bot.shop.words.happening import Happening, HappeningKind, happening_of

_K = HappeningKind
# News is news for so long; what an import brings of last year is none.
_FRESH = timedelta(days=3)
_UNDER_WAY = timedelta(days=40)  # a parcel sent longer ago than this is not watched any more
_AT_ONCE = 200  # parcels that are read together
_CLOSED = (ReturnStatus.REFUNDED.value, ReturnStatus.EXCHANGED.value, ReturnStatus.DECLINED.value)
_GOOD_FROM = 4  # stars
_told = tables.happenings


def emit(
    connection: Connection, catalogue: Catalogue, now: datetime, zone: tzinfo, *, thorough: bool
) -> int:
    """Writes down what has happened since the last sweep; how much.

    `thorough`: also what needs every parcel under way or every price read (once in a while).
    """
    lock(connection, "happenings")
    today = now.astimezone(zone).date()
    found = [
        *_of_orders(connection, now),
        *_due(connection, today, now),
        *_restocked(connection, now),
        *_cases(connection, now),
        *_reviews(connection, now),
    ]
    if thorough:
        found += [
            *_late(connection, now, zone),
            *_fallen(connection, catalogue, today, now),
            *_birthdays(connection, today, now),
        ]
    new = {(one.kind, one.key): one for one in found}
    for one in new.values():
        connection.execute(_told.insert().values(one.columns))
    return len(new)


def read(connection: Connection, after: int, limit: int) -> list[Happening]:
    query = sa.select(_told).where(_told.c.happening_id > after)
    query = query.order_by(_told.c.happening_id).limit(limit)
    return [happening_of(row, number=row.happening_id) for row in connection.execute(query)]


def newest(connection: Connection) -> int:
    return int(connection.execute(sa.select(sa.func.max(_told.c.happening_id))).scalar() or 0)


def forget(connection: Connection, before: datetime) -> int:
    """Old ones go: they name buyers. The newest stays, so that numbers never begin anew."""
    last = sa.select(sa.func.max(_told.c.happening_id)).scalar_subquery()
    gone = connection.execute(
        sa.delete(_told).where(_told.c.at < before, _told.c.happening_id < last)
    )
    return int(gone.rowcount)


def _untold(kind: HappeningKind, key: Any) -> Any:
    return ~sa.exists().where(_told.c.kind == kind.value, _told.c.key == key)


def _of_orders(connection: Connection, now: datetime) -> Iterator[Happening]:
    orders = tables.orders.c
    for kind, statuses, moment in (
        (_K.PLACED, (OrderStatus.AWAITING_PAYMENT,), orders.created_at),
        (_K.PAID, (OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED), orders.paid_at),
        (_K.SHIPPED, (OrderStatus.SHIPPED,), orders.shipped_at),
        (_K.SIGNED, (OrderStatus.DELIVERED,), orders.signed_at),
    ):
        query = sa.select(orders.number, orders.buyer_id, moment.label("at")).where(
            orders.status.in_([one.value for one in statuses]),
            moment > now - _FRESH,
            _untold(kind, orders.number),
        )
        for row in connection.execute(query.order_by(moment, orders.number)):
            yield Happening(
                number=0, kind=kind, key=row.number, at=row.at,
                buyer_id=row.buyer_id, order_number=row.number,
            )  # fmt: skip


def _under_way(kind: HappeningKind, now: datetime) -> Any:
    orders, parcels = tables.orders.c, tables.parcels.c
    return (
        sa.select(orders.number, orders.buyer_id)
        .select_from(tables.orders.join(tables.parcels, parcels.order_number == orders.number))
        .where(
            orders.status == OrderStatus.SHIPPED.value,
            parcels.shipped_at > now - _UNDER_WAY,
            _untold(kind, orders.number),
        )
        .order_by(orders.number)
    )


def _due(connection: Connection, today: date, now: datetime) -> Iterator[Happening]:
    query = _under_way(_K.DUE, now).where(tables.parcels.c.due_on == today)
    for row in connection.execute(query):
        yield Happening(
            number=0, kind=_K.DUE, key=row.number, at=now,
            buyer_id=row.buyer_id, order_number=row.number,
        )  # fmt: skip


def _late(connection: Connection, now: datetime, zone: tzinfo) -> Iterator[Happening]:
    rows: list[Any] = connection.execute(_under_way(_K.LATE, now)).all()
    for start in range(0, len(rows), _AT_ONCE):
        some = {row.number: row.buyer_id for row in rows[start : start + _AT_ONCE]}
        for number, parcel in read_parcels(connection, list(some), now, zone).items():
            if parcel.is_late:
                yield Happening(
                    number=0, kind=_K.LATE, key=number, at=now,
                    buyer_id=some[number], order_number=number,
                )  # fmt: skip


def _restocked(connection: Connection, now: datetime) -> Iterator[Happening]:
    """Each wish once; asked for again, it is a wish of its own."""
    wishes, skus = tables.restock_notices, tables.skus
    rows: list[Any] = connection.execute(
        sa.select(wishes.c.buyer_id, wishes.c.asked_at, skus)
        .join(skus, skus.c.sku_id == wishes.c.sku_id)
        .where(wishes.c.told_at.is_(None), skus.c.on_hand > skus.c.reserved)
        .order_by(wishes.c.asked_at, wishes.c.buyer_id)
    ).all()
    for row in rows:
        of_wish = (wishes.c.buyer_id == row.buyer_id, wishes.c.sku_id == row.sku_id)
        connection.execute(sa.update(wishes).where(*of_wish).values(told_at=now))
        yield Happening(
            number=0,
            kind=_K.RESTOCKED,
            key=f"{row.buyer_id}/{row.sku_id}/{row.asked_at:%Y%m%d%H%M%S}"[-260:],
            at=now,
            buyer_id=row.buyer_id,
            product_id=row.product_id,
            about=(("colour", row.colour), ("size", row.size)),
        )


def _cases(connection: Connection, now: datetime) -> Iterator[Happening]:
    cases = tables.returns.c
    query = sa.select(cases.case_id, cases.buyer_id, cases.order_number, cases.status).where(
        cases.status.in_(_CLOSED),
        cases.opened_at > now - _UNDER_WAY,
        _untold(_K.CASE_CLOSED, cases.case_id),
    )
    for row in connection.execute(query.order_by(cases.case_id)):
        yield Happening(
            number=0, kind=_K.CASE_CLOSED, key=row.case_id, at=now, buyer_id=row.buyer_id,
            order_number=row.order_number,
            about=(("case_id", row.case_id), ("status", row.status)),
        )  # fmt: skip


def _reviews(connection: Connection, now: datetime) -> Iterator[Happening]:
    """One for each order: the worst of its lines' reviews is the one that counts."""
    reviews = tables.reviews.c
    fresh = sa.select(reviews.order_number).where(reviews.at > now - _FRESH)
    query = (
        sa.select(
            reviews.order_number,
            reviews.buyer_id,
            sa.func.min(reviews.stars).label("stars"),
            sa.func.max(reviews.at).label("at"),
        )
        .where(reviews.order_number.in_(fresh))
        .group_by(reviews.order_number, reviews.buyer_id)
    )
    told = sa.and_(
        _untold(_K.GOOD_REVIEW, reviews.order_number), _untold(_K.BAD_REVIEW, reviews.order_number)
    )
    for row in connection.execute(query.where(told).order_by(reviews.order_number)):
        yield Happening(
            number=0,
            kind=_K.GOOD_REVIEW if row.stars >= _GOOD_FROM else _K.BAD_REVIEW,
            key=row.order_number,
            at=row.at,
            buyer_id=row.buyer_id,
            order_number=row.order_number,
            about=(("stars", str(row.stars)), ("text", _worst(connection, row.order_number))),
        )


def _worst(connection: Connection, number: str) -> str:
    reviews = tables.reviews.c
    query = sa.select(reviews.text).where(reviews.order_number == number)
    return str(connection.execute(query.order_by(reviews.stars, reviews.line_id)).scalar() or "")


def _fallen(
    connection: Connection, catalogue: Catalogue, today: date, now: datetime
) -> Iterable[Happening]:
    """Against the price that was seen last; a price seen for the first time fell from nothing."""
    seen = {
        row.product_id: row.price_fen for row in connection.execute(tables.prices_seen.select())
    }
    found = []
    for product_id, product in sorted(catalogue.products.items()):
        before, price = seen.get(product_id), product.price_fen
        if before == price:
            continue
        if before is None:
            connection.execute(
                tables.prices_seen.insert().values(product_id=product_id, price_fen=price)
            )
            continue
        connection.execute(
            tables.prices_seen.update()
            .where(tables.prices_seen.c.product_id == product_id)
            .values(price_fen=price)
        )
        key = f"{product_id}/{today}"
        if price < before and connection.execute(sa.select(_untold(_K.PRICE_FALLEN, key))).scalar():
            found.append(
                Happening(
                    number=0,
                    kind=_K.PRICE_FALLEN,
                    key=key,
                    at=now,
                    product_id=product_id,
                    about=(("before_fen", str(before)), ("now_fen", str(price))),
                )
            )
    return found


def _birthdays(connection: Connection, today: date, now: datetime) -> Iterator[Happening]:
    """MM-DD as the shop keeps it; 29 February is kept on the 28th of other years."""
    days = [f"{today:%m-%d}"]
    if days[0] == "02-28" and (today + timedelta(days=1)).month == 3:
        days.append("02-29")
    attributes = tables.buyer_attributes.c
    keys = attributes.buyer_id + f"/{today.year}"
    query = sa.select(attributes.buyer_id).where(
        attributes.name == "birthday", attributes.value.in_(days), _untold(_K.BIRTHDAY, keys)
    )
    for row in connection.execute(query.order_by(attributes.buyer_id)):
        yield Happening(
            number=0, kind=_K.BIRTHDAY, key=f"{row.buyer_id}/{today.year}", at=now,
            buyer_id=row.buyer_id,
        )  # fmt: skip
