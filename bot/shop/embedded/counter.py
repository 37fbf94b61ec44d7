"""What all verbs of the embedded shop share: its clock and catalogue, transactions, open doors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from bot.database import Database, DatabaseUnavailable
from bot.shop.embedded import access as doors
from bot.shop.embedded import catalogue, house, orders, recommending
from bot.shop.embedded.requests import once
from bot.shop.embedded.till import Till
from bot.shop.words.dealing import Access, Order
from bot.shop.words.errors import (
    ProofNeeded,
    ShopUnavailable,
    TooManyTries,
    UnknownOrder,
    UnknownProduct,
)
from bot.shop.words.goods import Product

T = TypeVar("T")


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Counter:
    """Behind it each verb is one transaction over the rules."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = utc_now,
        time_zone: str = "Asia/Shanghai",
    ) -> None:
        self._database = database
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._shelf = catalogue.CatalogueShelf()
        self._index: recommending.Index | None = None

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _catalogue(self, connection: Connection) -> catalogue.Catalogue:
        return self._shelf.on(connection, self._today())

    def _product(self, connection: Connection, product_id: str) -> Product:
        product = self._catalogue(connection).products.get(product_id)
        if product is None:
            raise UnknownProduct(product_id)
        return product

    def _till(self, connection: Connection) -> Till:
        return Till(
            connection=connection,
            catalogue=self._catalogue(connection),
            house=house.read_house(connection),
            now=self._clock(),
            zone=self._zone,
        )

    def _order(self, connection: Connection, number: str) -> Order:
        return orders.read_order(connection, number, self._clock(), self._zone)

    async def _knock(self, number: str, access: Access) -> doors.Door:
        """In a transaction of its own: a wrong try stays counted whatever happens next."""
        door = await self._write(doors.knock, number, access, self._clock())
        if door is doors.Door.BLOCKED:
            raise TooManyTries
        if door is doors.Door.MORE:
            raise ProofNeeded
        return door

    async def _open(self, number: str, access: Access) -> None:
        """For changing it. Raises UnknownOrder, ProofNeeded, TooManyTries."""
        door = await self._knock(number, access)
        if door is doors.Door.SHUT:
            raise UnknownOrder
        if door is doors.Door.SEE:
            raise ProofNeeded

    async def _on_order(
        self,
        verb: str,
        number: str,
        access: Access,
        request_id: str,
        work: Callable[[Connection], T],
        answer_type: Any = Order,
    ) -> T:
        await self._open(number, access)
        return await self._once(verb, number, request_id, answer_type, work)

    async def _once(
        self,
        verb: str,
        owner: str,
        request_id: str,
        answer_type: Any,
        work: Callable[[Connection], T],
    ) -> T:
        def guarded(connection: Connection) -> T:
            return once(
                connection,
                verb,
                owner=owner,
                request_id=request_id,
                now=self._clock(),
                answer_type=answer_type if answer_type is not None else type(None),
                work=lambda: work(connection),
            )

        return await self._write(guarded)

    async def _read(self, work: Callable[..., T], *args: Any) -> T:
        try:
            return await self._database.read(work, *args)
        except DatabaseUnavailable as problem:
            raise ShopUnavailable("the shop's database does not answer") from problem

    async def _write(self, work: Callable[..., T], *args: Any) -> T:
        try:
            return await self._database.run(work, *args)
        except DatabaseUnavailable as problem:
            raise ShopUnavailable("the shop's database does not answer") from problem
