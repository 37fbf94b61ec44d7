"""Turns what the shop tells into plans: each happening once, whoever reads it, however often it fails.

The position in the feed is a row, moved in the transaction that writes the plans. A house that opens
for the first time begins at the end of the feed: what happened before nobody wants to hear of now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from bot.database import Database, DatabaseUnavailable, lock
from bot.followups import heard, results, store
from bot.followups.kinds import Kind, Kinds
from bot.followups.shipping_ledger import Entry, ShippingLedger
from bot.followups.tables import feeds, follow_ups
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.words.dealing import Access
from bot.shop.words.errors import ShopError, ShopUnavailable
from bot.shop.words.happening import Happening, HappeningKind
from bot.shop.words.port import Shop

log = structlog.get_logger(__name__)

_FEED = "shop"
_BATCH = 100
_THOROUGH_EVERY = timedelta(minutes=10)
_BEFORE_USED_UP = 0.9  # of the days that a piece lasts
_LOOKED_WITHIN = timedelta(days=30)  # who looked at goods hears that their price fell


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a happening gives reason to say, before it is a row."""

    kind: Kind
    buyer_id: str
    key: str
    about: dict[str, Any]
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one happening leads to."""

    told: Happening
    plans: Sequence[Planned]
    entry: Entry | None


class FeedReader:
    def __init__(
        self,
        *,
        database: Database,
        shop: Shop,
        kinds: Kinds,
        clock: Callable[[], datetime],
        office: BackOffice | None,
        ledger: ShippingLedger,
    ) -> None:
        """`office`: of the embedded shop, whose rows are asked before each reading; else None."""
        self._ledger = ledger
        self._database, self._shop, self._kinds = database, shop, kinds
        self._clock, self._office = clock, office
        self._thorough_at: datetime | None = None

    async def run(self, every_s: float = 20.0) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.read()
            except (DatabaseUnavailable, ShopError):
                log.warning("follow_ups.feed_unavailable")
            await asyncio.sleep(every_s)

    async def read(self) -> int:
        """Reads all that is new; how many happenings. Raises ShopError, DatabaseUnavailable."""
        if self._office is not None:
            await self._office.tell_happenings(thorough=self._is_thorough())
        count = await self._take_heard() if self._office is None else 0
        position = await self._position()
        while found := await self._shop.happenings(position, limit=_BATCH):
            readings = []
            for one in found:
                await asyncio.sleep(0)  # SQLite is read without letting go: buyers come between
                readings.append(await self._reading(one))
            moved = await self._database.run(self._write, position, readings, self._clock())
            if not moved:  # another process has read them
                break
            position, count = found[-1].number, count + len(found)
        return count

    async def _take_heard(self) -> int:
        """What the shop's webhook brought; how many. One of which the shop cannot speak now waits."""
        count = 0
        waiting = await self._database.read(heard.waiting, self._clock(), _BATCH)
        for told in waiting:
            try:
                reading = await self._reading(told)
            except ShopUnavailable:
                break
            except ShopError as error:
                log.warning(
                    "follow_ups.not_taken", kind=told.kind.value, error=type(error).__name__
                )
                continue
            count += await self._database.run(self._write_heard, reading, self._clock())
        return count

    async def _reading(self, told: Happening) -> Reading:
        """Raises ShopError."""
        plans = await self._plans_of(told)
        return Reading(told=told, plans=plans, entry=await self._ledger.entry(told))

    def _is_thorough(self) -> bool:
        now = self._clock()
        last = self._thorough_at
        if last is not None and last <= now < last + _THOROUGH_EVERY:
            return False
        self._thorough_at = now
        return True

    async def _position(self) -> int:
        """Where to read on. A feed that has begun anew is read from its present end."""
        position = await self._database.read(_position)
        newest = await self._shop.newest_happening()
        if position is None or position > newest:
            await self._database.run(_begin, newest)
            return newest
        return position

    def _write(
        self, connection: Connection, before: int, readings: Sequence[Reading], now: datetime
    ) -> bool:
        lock(connection, heard.FEED_LOCK)
        moved = connection.execute(
            feeds.update()
            .where(feeds.c.feed == _FEED, feeds.c.position == before)
            .values(position=readings[-1].told.number)
        )
        if not moved.rowcount:
            return False
        for one in readings:
            # What our own shop tells comes no other way; a shop of its own may have posted it.
            if self._office is not None or heard.take(connection, one.told, now):
                _act(connection, one, now)
        return True

    def _write_heard(self, connection: Connection, reading: Reading, now: datetime) -> bool:
        lock(connection, heard.FEED_LOCK)
        if not heard.take_waiting(connection, reading.told, now):
            return False
        _act(connection, reading, now)
        return True

    async def _plans_of(self, told: Happening) -> list[Planned]:
        kinds = [kind for kind in self._kinds.values() if kind.planned_by == told.kind.value]
        if not kinds:
            return []
        if told.kind is HappeningKind.PRICE_FALLEN:
            buyers = await self._database.read(
                who_looked_at, told.product_id, self._clock() - _LOOKED_WITHIN
            )
            return [self._plan(kind, told, buyer) for kind in kinds for buyer in buyers]
        plans: list[Planned] = []
        for kind in kinds:
            if kind.after is None:
                plans += await self._used_up(kind, told)
            else:
                plans.append(self._plan(kind, told, told.buyer_id))
        return plans

    def _plan(
        self,
        kind: Kind,
        told: Happening,
        buyer_id: str,
        *,
        product_id: str = "",
        after: timedelta = timedelta(),
    ) -> Planned:
        """`after`: where the kind has no delay of its own."""
        about: dict[str, Any] = {
            name: int(value) if name.endswith("_fen") else value for name, value in told.about
        }
        named = {"order_number": told.order_number, "product_id": product_id or told.product_id}
        about |= {name: value for name, value in named.items() if value}
        # What comes of the moment itself counts from then, but never from a clock that ran ahead.
        since = min(told.at, self._clock())
        return Planned(
            kind=kind,
            buyer_id=buyer_id,
            key=f"{told.key}/{product_id}" if product_id else told.key,
            about=about,
            due_at=since + (kind.after or after),
        )

    async def _used_up(self, kind: Kind, told: Happening) -> list[Planned]:
        """One for each consumable of the order, when most of it must be gone."""
        order = await self._shop.order(told.order_number, Access(buyer_id=told.buyer_id))
        plans = []
        for line in order.lines if order else ():
            product = await self._shop.product(line.product_id)
            if product is None or not product.consumable_days:
                continue
            after = timedelta(days=product.consumable_days * line.quantity * _BEFORE_USED_UP)
            plans.append(
                self._plan(kind, told, told.buyer_id, product_id=line.product_id, after=after)
            )
        return plans


def _act(connection: Connection, reading: Reading, now: datetime) -> None:
    for plan in reading.plans:
        store.plan(
            connection,
            conversation_id="",
            buyer_id=plan.buyer_id,
            kind=plan.kind,
            key=plan.key,
            about=plan.about,
            now=now,
            due_at=plan.due_at,
        )
    if reading.entry is not None:
        reading.entry(connection, now)
    results.of_happening(connection, reading.told, now)


def who_looked_at(connection: Connection, product_id: str, since: datetime) -> list[str]:
    """Buyers whom we would have asked, or have asked, whether they still think of these goods."""
    query = sa.select(follow_ups.c.buyer_id, follow_ups.c.about).where(
        follow_ups.c.kind == "undecided",
        follow_ups.c.planned_at > since,
        follow_ups.c.dropped_because != "refused",
    )
    return sorted(
        {
            row.buyer_id
            for row in connection.execute(query)
            if row.about.get("product_id") == product_id
        }
    )


def _position(connection: Connection) -> int | None:
    query = sa.select(feeds.c.position).where(feeds.c.feed == _FEED)
    position: int | None = connection.execute(query).scalar()
    return position


def _begin(connection: Connection, position: int) -> None:
    lock(connection, heard.FEED_LOCK)
    if _position(connection) is None:
        connection.execute(feeds.insert().values(feed=_FEED, position=position))
    else:
        connection.execute(feeds.update().where(feeds.c.feed == _FEED).values(position=position))
