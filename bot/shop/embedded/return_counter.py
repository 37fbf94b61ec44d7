"""The embedded shop's verbs about returns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from bot.shop.embedded import house, orders, return_cases
from bot.shop.embedded.order_counter import OrderCounter
from bot.shop.rules.returns import Refusal
from bot.shop.words.dealing import (
    Access,
    OrderStatus,
    Reason,
    Remedy,
    ReturnCase,
    ReturnStatus,
    ReturnTerms,
)
from bot.shop.words.errors import WrongMoment

CANCELLED_BY_RETURN = "买家退款"
UNSENT = (OrderStatus.PAID, OrderStatus.PACKED)


class ReturnCounter(OrderCounter):
    """See `bot.shop.words.port.Shop` for what each verb promises."""

    async def return_terms(
        self, number: str, access: Access, line_id: str, *, reason: Reason
    ) -> ReturnTerms:
        await self._open(number, access)
        return await self._read(self._terms, number, line_id, reason)

    async def open_return(
        self,
        number: str,
        access: Access,
        line_id: str,
        *,
        reason: Reason,
        remedy: Remedy,
        photos: Sequence[str],
        wanted: str,
        expected_refund_fen: int | None = None,
        request_id: str,
    ) -> ReturnCase:
        def work(connection: Connection) -> ReturnCase:
            orders.lock_order(connection, number)
            order = self._order(connection, number)
            line = return_cases.line_of(order, line_id)
            allowed = self._terms(connection, number, line_id, reason)
            if order.status in UNSENT and remedy in allowed.remedies:
                case = self._cancel(connection, number, CANCELLED_BY_RETURN, expected_refund_fen)
                if case is None:
                    raise WrongMoment(Refusal.ALREADY_OPEN.value)
                return case
            return return_cases.open_case(
                connection,
                order,
                line,
                allowed,
                reason=reason,
                remedy=remedy,
                photos=photos,
                wanted=wanted,
                expected_refund_fen=expected_refund_fen,
                house=house.read_house(connection),
                now=self._clock(),
                zone=self._zone,
            )

        return await self._on_order("open_return", number, access, request_id, work, ReturnCase)

    async def returns_of(self, buyer_id: str) -> Sequence[ReturnCase]:
        return await self._read(return_cases.cases_of, buyer_id)

    async def withdraw_return(self, case_id: str, *, buyer_id: str, request_id: str) -> ReturnCase:
        def work(connection: Connection) -> ReturnCase:
            return return_cases.move(
                connection,
                case_id,
                ReturnStatus.WITHDRAWN,
                now=self._clock(),
                buyer_id=buyer_id,
            )

        owner = f"{buyer_id}/{case_id}"
        return await self._once("withdraw_return", owner, request_id, ReturnCase, work)

    def _terms(
        self, connection: Connection, number: str, line_id: str, reason: Reason
    ) -> ReturnTerms:
        order = self._order(connection, number)
        line = return_cases.line_of(order, line_id)
        return return_cases.terms(
            connection,
            order,
            line,
            self._catalogue(connection).products.get(line.product_id),
            reason=reason,
            house=house.read_house(connection),
            now=self._clock(),
            zone=self._zone,
        )
