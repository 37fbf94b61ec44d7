"""The embedded shop's verbs about orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.engine import Connection

from bot.shop.embedded import access as doors
from bot.shop.embedded import amends, coupons, house, order_changes, orders, return_cases, selling
from bot.shop.embedded.counter import Counter
from bot.shop.words.dealing import (
    Access,
    Order,
    Receiver,
    ReturnCase,
    Verb,
    WantedLine,
)
from bot.shop.words.goods import Coupon
from bot.shop.words.masking import masked


class OrderCounter(Counter):
    """See `bot.shop.words.port.Shop` for what each verb promises."""

    async def quote_order(
        self, wanted: Sequence[WantedLine], *, buyer_id: str, receiver: Receiver
    ) -> Order:
        def work(connection: Connection) -> Order:
            till = self._till(connection)
            return selling.draft(till, wanted, buyer_id=buyer_id, receiver=receiver).order

        return await self._read(work)

    async def place_order(
        self,
        wanted: Sequence[WantedLine],
        *,
        buyer_id: str,
        receiver: Receiver,
        note: str,
        expected_total_fen: int | None = None,
        request_id: str,
    ) -> Order:
        def work(connection: Connection) -> Order:
            till = self._till(connection)
            order = selling.place(
                till,
                wanted,
                buyer_id=buyer_id,
                receiver=receiver,
                note=note,
                expected_total_fen=expected_total_fen,
            )
            return self._order(connection, order.number)

        return await self._once("place_order", buyer_id, request_id, Order, work)

    async def orders_of(self, buyer_id: str, *, limit: int = 5) -> Sequence[Order]:
        def work(connection: Connection) -> Sequence[Order]:
            numbers = orders.numbers_of(connection, buyer_id, limit)
            return orders.read_orders(connection, numbers, self._clock(), self._zone)

        return await self._read(work)

    async def order(self, number: str, access: Access) -> Order | None:
        door = await self._knock(number, access)
        if door is doors.Door.SHUT:
            return None
        order = await self._read(self._order, number)
        return masked(order) if door is doors.Door.SEE else order

    async def pay_order(self, number: str, access: Access, *, request_id: str) -> Order:
        def work(connection: Connection) -> Order:
            now = self._clock()
            orders.move(connection, number, Verb.PAY, now, paid_at=now)
            return self._order(connection, number)

        return await self._on_order("pay_order", number, access, request_id, work)

    async def cancel_order(
        self,
        number: str,
        access: Access,
        *,
        reason: str,
        expected_refund_fen: int | None = None,
        request_id: str,
    ) -> Order:
        def work(connection: Connection) -> Order:
            self._cancel(connection, number, reason, expected_refund_fen)
            return self._order(connection, number)

        return await self._on_order("cancel_order", number, access, request_id, work)

    def _cancel(
        self, connection: Connection, number: str, reason: str, expected_refund_fen: int | None
    ) -> ReturnCase | None:
        """The pieces are free again; what was paid goes back by the case that is returned."""
        now = self._clock()
        orders.move(connection, number, Verb.CANCEL, now, close_reason=reason[:200])
        order = self._order(connection, number)
        orders.release(connection, order.lines)
        coupons.release_coupon(connection, number)
        return return_cases.open_refund_of_cancelled(
            connection,
            order,
            reason=reason,
            expected_refund_fen=expected_refund_fen,
            house=house.read_house(connection),
            now=now,
            zone=self._zone,
        )

    async def quote_receiver(self, number: str, access: Access, receiver: Receiver) -> Order:
        def work(connection: Connection) -> None:
            order_changes.change_receiver(self._till(connection), number, receiver)

        return await self._as_if(number, access, work)

    async def change_receiver(
        self,
        number: str,
        access: Access,
        receiver: Receiver,
        *,
        expected_total_fen: int | None = None,
        request_id: str,
    ) -> Order:
        def work(connection: Connection) -> Order:
            till = self._till(connection)
            order_changes.change_receiver(till, number, receiver, expected_total_fen)
            return self._order(connection, number)

        return await self._on_order("change_receiver", number, access, request_id, work)

    async def quote_line(
        self, number: str, access: Access, line_id: str, wanted: WantedLine
    ) -> Order:
        def work(connection: Connection) -> None:
            order_changes.change_line(self._till(connection), number, line_id, wanted)

        return await self._as_if(number, access, work)

    async def change_line(
        self,
        number: str,
        access: Access,
        line_id: str,
        wanted: WantedLine,
        *,
        expected_total_fen: int | None = None,
        request_id: str,
    ) -> Order:
        def work(connection: Connection) -> Order:
            till = self._till(connection)
            order_changes.change_line(till, number, line_id, wanted, expected_total_fen)
            return self._order(connection, number)

        return await self._on_order("change_line", number, access, request_id, work)

    async def add_note(self, number: str, access: Access, note: str, *, request_id: str) -> Order:
        def work(connection: Connection) -> Order:
            orders.add_note(connection, number, note, self._clock())
            return self._order(connection, number)

        return await self._on_order("add_note", number, access, request_id, work)

    async def make_amends(self, number: str, access: Access, *, request_id: str) -> Coupon:
        def work(connection: Connection) -> Coupon:
            order, shop = self._order(connection, number), house.read_house(connection)
            return amends.give_amends(connection, shop, order, self._clock(), self._zone)

        return await self._on_order("make_amends", number, access, request_id, work, Coupon)

    async def request_invoice(
        self,
        number: str,
        access: Access,
        *,
        title: str,
        tax_number: str,
        email: str,
        request_id: str,
    ) -> Order:
        def work(connection: Connection) -> Order:
            before = self._order(connection, number).invoice_title
            verb = Verb.CHANGE_INVOICE if before else Verb.REQUEST_INVOICE
            orders.hold(connection, number, verb, self._clock())
            told = {"invoice_title": title[:120], "tax_number": tax_number[:32]}
            if email:
                told["invoice_email"] = email[:120]
            orders.change(connection, number, **told)
            return self._order(connection, number)

        return await self._on_order("request_invoice", number, access, request_id, work)

    async def _as_if(
        self, number: str, access: Access, work: Callable[[Connection], None]
    ) -> Order:
        """The order as `work` would leave it; nothing of it stays."""
        await self._open(number, access)

        def tried(connection: Connection) -> Order:
            attempt = connection.begin_nested()
            try:
                work(connection)
                return self._order(connection, number)
            finally:
                attempt.rollback()

        return await self._write(tried)
