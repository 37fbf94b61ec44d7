"""What the shop's own people and clocks do: pack, ship, scan, close, receive, refund.

Buyers never come through here; their verbs are in the port.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import (
    agents_deeds,
    amends,
    happenings,
    house,
    orders,
    refunds,
    return_cases,
    tables,
)
from bot.shop.embedded.agents_deeds import PriceChange
from bot.shop.embedded.amends import AmendsOfMonth
from bot.shop.embedded.counter import Counter
from bot.shop.embedded.coupons import release_coupon
from bot.shop.embedded.orders import OVERDUE
from bot.shop.embedded.parcels import is_signing
from bot.shop.embedded.requests import KEPT, forget_old_requests
from bot.shop.words.dealing import Order, OrderStatus, ParcelEvent, ReturnCase, ReturnStatus, Verb
from bot.shop.words.goods import Coupon

COMPLETED_AFTER = timedelta(days=15)  # from signing, when nobody complained


@dataclass(frozen=True, kw_only=True)
class BuyerCard:
    """A buyer in a list, for the demo switch and the desk."""

    buyer_id: str
    nickname: str
    about: str


class BackOffice(Counter):
    """Beside `EmbeddedShop`, on the same database and with the same arguments."""

    async def buyer_cards(self, limit: int = 50) -> Sequence[BuyerCard]:
        def work(connection: Connection) -> Sequence[BuyerCard]:
            table = tables.buyers
            rows = connection.execute(
                select(table).where(table.c.nickname != "").order_by(table.c.buyer_id).limit(limit)
            )
            return [
                BuyerCard(buyer_id=row.buyer_id, nickname=row.nickname, about=row.about)
                for row in rows
            ]

        return await self._read(work)

    async def pack_order(self, number: str) -> Order:
        """Raises UnknownOrder, and WrongMoment, also while a refund of the order is open."""

        def work(connection: Connection) -> Order:
            orders.move(connection, number, Verb.PACK, self._clock())
            refunds.refuse_open_refund(connection, number)
            return self._order(connection, number)

        return await self._write(work)

    async def ship_order(
        self,
        number: str,
        *,
        courier: str,
        courier_phone: str,
        tracking_number: str,
        due_on: date,
    ) -> Order:
        """The pieces leave the shelf. Raises as `pack_order` does."""

        def work(connection: Connection) -> Order:
            now = self._clock()
            orders.move(connection, number, Verb.SHIP, now, shipped_at=now)
            refunds.refuse_open_refund(connection, number)
            connection.execute(
                insert(tables.parcels).values(
                    order_number=number,
                    courier=courier,
                    courier_phone=courier_phone,
                    tracking_number=tracking_number,
                    shipped_at=now,
                    due_on=due_on,
                )
            )
            order = self._order(connection, number)
            orders.take_from_shelf(connection, order.lines)
            return order

        return await self._write(work)

    async def record_parcel_event(self, number: str, event: ParcelEvent) -> Order:
        """A courier's scan; a signing moves the order to delivered. Raises UnknownOrder."""

        def work(connection: Connection) -> Order:
            order = self._order(connection, number)
            connection.execute(
                insert(tables.parcel_events).values(
                    order_number=number, at=event.at, text=event.text, place=event.place
                )
            )
            if is_signing(event.text) and order.status is OrderStatus.SHIPPED:
                orders.move(connection, number, Verb.SIGN, self._clock(), signed_at=event.at)
            return self._order(connection, number)

        return await self._write(work)

    async def close_overdue_orders(self) -> Sequence[str]:
        """Unpaid orders past their hour: closed, pieces and coupons set free. Returns numbers."""

        def work(connection: Connection) -> Sequence[str]:
            table, now = tables.orders, self._clock()
            overdue = connection.execute(
                select(table.c.number)
                .where(
                    table.c.status == OrderStatus.AWAITING_PAYMENT.value,
                    table.c.pays_until <= now,
                )
                .with_for_update(skip_locked=True)  # another house is at it, or its buyer pays
            ).scalars()
            numbers = sorted(overdue)
            for number in numbers:
                orders.move(connection, number, Verb.CLOSE, now, close_reason=OVERDUE)
                orders.release(connection, self._order(connection, number).lines)
                release_coupon(connection, number)
            return numbers

        return await self._write(work)

    async def complete_old_orders(self) -> Sequence[str]:
        """Delivered long enough ago and at peace. Returns their numbers."""

        def work(connection: Connection) -> Sequence[str]:
            table, now = tables.orders, self._clock()
            old = connection.execute(
                select(table.c.number).where(
                    table.c.status == OrderStatus.DELIVERED.value,
                    table.c.signed_at <= now - COMPLETED_AFTER,
                )
            ).scalars()
            numbers = sorted(old)
            for number in numbers:
                orders.move(connection, number, Verb.COMPLETE, now)
            return numbers

        return await self._write(work)

    async def move_return(self, case_id: str, status: ReturnStatus) -> ReturnCase:
        """Raises UnknownCase, WrongMoment."""

        def work(connection: Connection) -> ReturnCase:
            return return_cases.move(connection, case_id, status, now=self._clock())

        return await self._write(work)

    async def change_price(self, number: str, wanted: PriceChange, *, request_id: str) -> Order:
        """Raises UnknownOrder, WrongMoment, PriceChanged, BeyondLimit."""

        def work(connection: Connection) -> Order:
            agents_deeds.change_price(self._till(connection), number, wanted)
            return self._order(connection, number)

        return await self._once("change_price", number, request_id, Order, work)

    async def coupons_to_give(self, buyer_id: str) -> Sequence[Coupon]:
        return await self._read(agents_deeds.coupons_to_give, buyer_id, self._today())

    async def give_coupon(
        self, buyer_id: str, code: str, *, most_fen: int | None, request_id: str
    ) -> Coupon:
        """Raises UnknownCoupon, BeyondLimit, WrongMoment."""

        def work(connection: Connection) -> Coupon:
            return agents_deeds.give_coupon(connection, buyer_id, code, self._today(), most_fen)

        return await self._once("give_coupon", buyer_id, request_id, Coupon, work)

    async def amends_of_month(self) -> AmendsOfMonth | None:
        """None where the owner gives nothing to who waits for a late parcel."""

        def work(connection: Connection) -> AmendsOfMonth | None:
            shop = house.read_house(connection)
            return amends.of_month(connection, shop, self._clock(), self._zone)

        return await self._read(work)

    async def settle_case(
        self,
        case_id: str,
        status: ReturnStatus,
        *,
        buyer_id: str,
        seen_refund_fen: int,
        most_refund_fen: int | None,
        request_id: str,
    ) -> ReturnCase:
        """Raises UnknownCase, WrongMoment, RefundChanged, BeyondLimit."""

        def work(connection: Connection) -> ReturnCase:
            return agents_deeds.settle_case(
                self._till(connection),
                case_id,
                status,
                buyer_id=buyer_id,
                seen_refund_fen=seen_refund_fen,
                most_refund_fen=most_refund_fen,
            )

        return await self._once("settle_case", case_id, request_id, ReturnCase, work)

    async def record_review(self, number: str, line_id: str, *, stars: int, text: str) -> None:
        """What a buyer wrote of one line of an order; the last word counts. Raises UnknownOrder."""

        def work(connection: Connection) -> None:
            order = self._order(connection, number)
            line = return_cases.line_of(order, line_id)
            table = tables.reviews
            of_line = (table.c.order_number == number, table.c.line_id == line.line_id)
            connection.execute(delete(table).where(*of_line))
            connection.execute(
                insert(table).values(
                    order_number=number,
                    line_id=line.line_id,
                    buyer_id=order.buyer_id,
                    stars=stars,
                    text=text[:500],
                    at=self._clock(),
                )
            )

        await self._write(work)

    async def tell_happenings(self, *, thorough: bool = True) -> int:
        """Writes down what has happened since the last time; how much (happenings.py)."""

        def work(connection: Connection) -> int:
            held = self._catalogue(connection)
            return happenings.emit(connection, held, self._clock(), self._zone, thorough=thorough)

        return await self._write(work)

    async def forget_old_requests(self, kept: timedelta = KEPT) -> int:
        """Remembered answers older than this go; they hold buyers' data."""
        return await self._write(forget_old_requests, self._clock(), kept)
