"""What the shop's own people and clocks do: pack, ship, scan, close, receive, refund.

Buyers never come through here; their verbs are in the port.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.shop import orders, refunds, return_cases, tables
from bot.shop.counter import Counter
from bot.shop.coupons import release_coupon
from bot.shop.dealing import Order, OrderStatus, ParcelEvent, ReturnCase, ReturnStatus, Verb
from bot.shop.orders import OVERDUE
from bot.shop.parcels import is_signing
from bot.shop.requests import KEPT, forget_old_requests

COMPLETED_AFTER = timedelta(days=15)  # from signing, when nobody complained


@dataclass(frozen=True, kw_only=True)
class BuyerCard:
    """A buyer in a list, for the demo switch and the desk."""

    buyer_id: str
    nickname: str
    about: str


@dataclass(frozen=True, kw_only=True)
class RestockWish:
    """A buyer waits for a SKU that can be had again."""

    buyer_id: str
    product_id: str
    sku_id: str
    colour: str
    size: str


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

    async def fulfilled_restock_wishes(self) -> Sequence[RestockWish]:
        """Wishes whose SKU is there again and whose buyer has not been told."""

        def work(connection: Connection) -> Sequence[RestockWish]:
            wishes, skus = tables.restock_notices, tables.skus
            rows = connection.execute(
                select(wishes.c.buyer_id, skus)
                .join(skus, skus.c.sku_id == wishes.c.sku_id)
                .where(wishes.c.told_at.is_(None), skus.c.on_hand > skus.c.reserved)
                .order_by(wishes.c.asked_at)
            )
            return [
                RestockWish(
                    buyer_id=row.buyer_id,
                    product_id=row.product_id,
                    sku_id=row.sku_id,
                    colour=row.colour,
                    size=row.size,
                )
                for row in rows
            ]

        return await self._read(work)

    async def mark_restock_told(self, wish: RestockWish) -> None:
        def work(connection: Connection) -> None:
            table = tables.restock_notices
            connection.execute(
                update(table)
                .where(table.c.buyer_id == wish.buyer_id, table.c.sku_id == wish.sku_id)
                .values(told_at=self._clock())
            )

        await self._write(work)

    async def forget_old_requests(self, kept: timedelta = KEPT) -> int:
        """Remembered answers older than this go; they hold buyers' data."""
        return await self._write(forget_old_requests, self._clock(), kept)
