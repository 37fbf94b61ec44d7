"""What a shop without a system of its own does with its orders: find, take the money down, close, refund.

Sums are never reckoned here: what a line was paid for and what is left of it is what returns go by.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.shop.embedded import orders, postage, return_cases, tables
from bot.shop.embedded.counter import Counter
from bot.shop.embedded.coupons import release_coupon
from bot.shop.embedded.house import House, read_house
from bot.shop.embedded.refunds import DONE, Promised, left_fen, promised
from bot.shop.rules.returns import Refusal, refund_of
from bot.shop.words.dealing import (
    Order,
    OrderLine,
    OrderStatus,
    Reason,
    Remedy,
    ReturnCase,
    ReturnStatus,
    Verb,
)
from bot.shop.words.errors import BeyondLimit, PriceChanged, WrongMoment

PAGE = 50
USUAL_DAYS = 5  # on the way, where no zone tells them
SENT = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED)
UNSENT = (OrderStatus.PAID, OrderStatus.PACKED)
WHOLE = "whole"  # WrongMoment's status: all of an unsent order's money is a cancellation


@dataclass(frozen=True, kw_only=True)
class Found:
    orders: Sequence[Order]  # PAGE of them
    total: int
    counts: dict[str, int]  # by status, of all orders
    couriers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """An order with its cases, and how much of each line's money may still go back."""

    order: Order
    cases: Sequence[ReturnCase]
    left_fen: int
    lines_left_fen: dict[str, int]
    nickname: str


class OrderDesk(Counter):
    """Beside `BackOffice`, on the same database."""

    async def search(
        self, *, statuses: Collection[OrderStatus] = (), words: Sequence[str] = (), offset: int = 0
    ) -> Found:
        """The newest first; each word stands in number, receiver, goods or parcel."""

        def work(connection: Connection) -> Found:
            table = tables.orders
            wanted = [table.c.status != OrderStatus.DRAFT.value, *map(_has, words)]
            if statuses:
                wanted.append(table.c.status.in_([one.value for one in statuses]))
            total = connection.execute(select(func.count()).where(and_(*wanted))).scalar_one()
            numbers = connection.execute(
                select(table.c.number)
                .where(and_(*wanted))
                .order_by(table.c.created_at.desc(), table.c.number.desc())
                .limit(PAGE)
                .offset(offset)
            ).scalars()
            found = orders.read_orders(connection, list(numbers), self._clock(), self._zone)
            by_status = select(table.c.status, func.count()).group_by(table.c.status)
            counts = {row[0]: int(row[1]) for row in connection.execute(by_status)}
            return Found(
                orders=found, total=int(total), counts=counts,
                couriers=read_house(connection).couriers,
            )  # fmt: skip

        return await self._read(work)

    async def whole(self, number: str) -> Whole:
        """Raises UnknownOrder."""
        return await self._read(self._whole, number)

    async def due_on(self, number: str) -> date:
        """When a parcel that leaves today should be there. Raises UnknownOrder."""

        def work(connection: Connection) -> date:
            address = self._order(connection, number).receiver.address
            zones = postage.read_zones(connection)
            days = postage.quote(zones, address, weight_g=0, paid_fen=0).days
            return self._today() + timedelta(days=days[1] if days else USUAL_DAYS)

        return await self._read(work)

    async def confirm_paid(self, number: str, *, seen_fen: int, request_id: str) -> Order:
        """The money came in another way. Raises UnknownOrder, WrongMoment, PriceChanged."""

        def work(connection: Connection) -> Order:
            now = self._clock()
            orders.move(connection, number, Verb.PAY, now, paid_at=now)
            order = self._order(connection, number)
            if order.total_fen != seen_fen:
                raise PriceChanged(order.total_fen)
            return order

        return await self._once("confirm_paid", number, request_id, Order, work)

    async def close_unpaid(self, number: str, *, reason: str, request_id: str) -> Order:
        """Pieces and coupon are free again. Raises UnknownOrder, WrongMoment."""

        def work(connection: Connection) -> Order:
            orders.move(connection, number, Verb.CLOSE, self._clock(), close_reason=reason[:200])
            order = self._order(connection, number)
            orders.release(connection, order.lines)
            release_coupon(connection, number)
            return order

        return await self._once("close_unpaid", number, request_id, Order, work)

    async def refund_line(
        self, number: str, line_id: str, *, refund_fen: int, why: str, request_id: str
    ) -> ReturnCase:
        """Money for a line goes back, nothing has to come back; the case is done at once.

        Raises UnknownOrder, WrongMoment (not paid, a case open, or all of an unsent order), and
        BeyondLimit with the most that is left of what the line was paid for.
        """

        def work(connection: Connection) -> ReturnCase:
            orders.lock_order(connection, number)
            order = self._order(connection, number)
            if order.paid_at is None or order.status not in (*SENT, *UNSENT):
                raise WrongMoment(order.status.value)
            line = return_cases.line_of(order, line_id)
            standing = promised(connection, number)
            if any(one.line_id in ("", line_id) and one.status not in DONE for one in standing):
                raise WrongMoment(Refusal.ALREADY_OPEN.value)
            most = _line_left_fen(order, line, standing, read_house(connection))
            if not 0 < refund_fen <= most:
                raise BeyondLimit(1, most)
            if order.status in UNSENT and refund_fen == left_fen(order, standing):
                raise WrongMoment(WHOLE)
            case = self._refunded(order, line, refund_fen, why)
            return_cases.store(connection, case, order.buyer_id)
            return case

        return await self._once("refund_line", number, request_id, ReturnCase, work)

    async def correct_parcel(self, number: str, *, courier: str, tracking_number: str) -> Order:
        """Another number for a parcel that was sent. Raises UnknownOrder, WrongMoment."""

        def work(connection: Connection) -> Order:
            orders.lock_order(connection, number)
            order = self._order(connection, number)
            if order.status is not OrderStatus.SHIPPED:
                raise WrongMoment(order.status.value)
            table = tables.parcels
            connection.execute(
                table.update()
                .where(table.c.order_number == number)
                .values(courier=courier, tracking_number=tracking_number)
            )
            return self._order(connection, number)

        return await self._write(work)

    def _refunded(self, order: Order, line: OrderLine, fen: int, why: str) -> ReturnCase:
        now = self._clock()
        return ReturnCase(
            case_id=return_cases.new_id(now, self._zone),
            order_number=order.number,
            line_id=line.line_id,
            name=line.name,
            remedy=Remedy.REFUND_ONLY,
            reason=Reason.NO_REASON,
            status=ReturnStatus.REFUNDED,
            opened_at=now,
            refund_fen=fen,
            refund_due_on=now.astimezone(self._zone).date(),
            refunded_at=now,
            send_to="",
            buyer_pays_postage=False,
            wanted=why[:120],
        )

    def _whole(self, connection: Connection, number: str) -> Whole:
        order = self._order(connection, number)
        standing, house = promised(connection, number), read_house(connection)
        mine = [
            one
            for one in return_cases.cases_of(connection, order.buyer_id)
            if one.order_number == number
        ]
        buyers = tables.buyers.c
        query = select(buyers.nickname).where(buyers.buyer_id == order.buyer_id)
        return Whole(
            order=order,
            cases=mine,
            left_fen=left_fen(order, standing),
            lines_left_fen={
                one.line_id: _line_left_fen(order, one, standing, house) for one in order.lines
            },
            nickname=str(connection.execute(query).scalar() or ""),
        )


def _line_left_fen(
    order: Order, line: OrderLine, standing: Sequence[Promised], house: House
) -> int:
    """What of the line's money no case has promised, and the order has left; never below zero."""
    share = house.partial_refund_percent
    worth = refund_of(order, line, Remedy.REFUND_ONLY, share)
    gone = sum(one.refund_fen for one in standing if one.line_id == line.line_id)
    return max(0, min(worth - gone, left_fen(order, standing)))


def _has(word: str) -> ColumnElement[bool]:
    table, lines, parcels = tables.orders, tables.order_lines, tables.parcels
    of_goods = select(lines.c.order_number).where(lines.c.name.contains(word, autoescape=True))
    of_parcel = select(parcels.c.order_number).where(parcels.c.tracking_number == word)
    return or_(
        table.c.number.contains(word, autoescape=True),
        table.c.receiver_name.contains(word, autoescape=True),
        table.c.phone.endswith(word, autoescape=True),
        table.c.number.in_(of_goods),
        table.c.number.in_(of_parcel),
    )
