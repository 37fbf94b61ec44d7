"""What is older than the shop's settings allow is deleted: talks, pictures, follow-ups, the log of
who looked what up (个人信息保护法, article 19: no longer than needed).

Orders, buyers and cases are the shop's books and stay. A talk with a person, one that waits for a
person or for the bot, and everything of a buyer with an open order or case stay too. Each talk is a
transaction of its own, so that nobody who writes meanwhile waits for more than one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.engine import Connection

from bot.database import Database, DatabaseUnavailable
from bot.retention_rows import (
    forget_picture,
    forget_talk,
    is_at_rest,
    old_audit,
    old_follow_ups,
    old_heard,
    old_outgoing,
    old_promises,
    old_reveals,
    opened_before,
    picture_files,
    taken_before,
)
from bot.settings import RetentionPlan
from bot.shop.embedded import happenings
from bot.shop.words.dealing import OrderStatus, ReturnStatus
from bot.shop.words.errors import ShopUnavailable
from bot.shop.words.port import Shop

log = structlog.get_logger(__name__)

OVER = (OrderStatus.DRAFT, OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.CLOSED)
CASE_OPEN = (ReturnStatus.OPENED, ReturnStatus.GOODS_SENT, ReturnStatus.GOODS_RECEIVED)
_BREATH_S = 0.02  # between two transactions: others write in it
_MOST_ORDERS = 50  # of one buyer that are looked at


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """How much a round deleted."""

    conversations: int = 0
    messages: int = 0  # old lines of talks that go on
    pictures: int = 0
    follow_ups: int = 0
    reveals: int = 0

    def __bool__(self) -> bool:
        return any(vars(self).values())


class Retention:
    def __init__(
        self,
        database: Database,
        shop: Shop,
        plan: RetentionPlan,
        clock: Callable[[], datetime],
        *,
        uploads: Path,
        breath_s: float = _BREATH_S,
    ) -> None:
        self._database, self._shop, self._plan, self._clock = database, shop, plan, clock
        self._uploads, self._breath_s = uploads, breath_s
        self._held: dict[str, bool] = {}  # of this round, by buyer
        self._has_begun = False

    async def run(
        self,
        has_jumped: Callable[[], bool],
        *,
        every_s: float = 3600.0,
        first_after_s: float = 300.0,
    ) -> None:
        """Until cancelled. Deleting cannot be undone: for a round after the clock has jumped it
        waits. A fault ends it; begun again it starts at once, so that /readyz hears of the next."""
        has_jumped()
        if not self._has_begun:
            self._has_begun = True
            await asyncio.sleep(first_after_s)
        while True:
            if has_jumped():
                log.warning("retention.clock_jumped")
            else:
                await self._round()
            await asyncio.sleep(every_s)

    async def _round(self) -> None:
        try:
            if forgotten := await self.sweep():
                log.info("retention.swept", count=sum(vars(forgotten).values()))
        except (DatabaseUnavailable, ShopUnavailable):
            log.warning("retention.postponed")

    async def sweep(self) -> Forgotten:
        """One round over everything. Raises DatabaseUnavailable, ShopUnavailable: what was
        deleted until then is, the rest goes the next time."""
        now, plan = self._clock(), self._plan
        self._held = {}
        pictures_gone = await self._old_pictures(now - plan.pictures)
        gone, lines = await self._old_talks(now - plan.conversations)
        return Forgotten(
            conversations=gone,
            messages=lines,
            pictures=pictures_gone,
            follow_ups=await self._in_batches(old_follow_ups, now - plan.follow_ups)
            + await self._in_batches(old_promises, now - plan.follow_ups)
            + await self._in_batches(old_outgoing, now - plan.follow_ups)
            + await self._in_batches(old_heard, now - plan.follow_ups)
            + await self._database.run(happenings.forget, now - plan.follow_ups),
            reveals=await self._in_batches(old_reveals, now - plan.reveals)
            + await self._in_batches(old_audit, now - plan.reveals),
        )

    async def _in_batches(
        self, work: Callable[[Connection, datetime], int], before: datetime
    ) -> int:
        total = 0
        while deleted := await self._database.run(work, before):
            total += deleted
            await asyncio.sleep(self._breath_s)
        return total

    async def _old_talks(self, before: datetime) -> tuple[int, int]:
        """(talks deleted, old lines deleted of others)"""
        gone, lines, after = 0, 0, ""
        while found := await self._database.read(opened_before, before, after):
            for conversation_id, buyer_id in found:
                after = conversation_id
                if await self._is_held(buyer_id):
                    continue
                names = await self._database.read(picture_files, conversation_id)
                is_whole, deleted = await self._database.run(forget_talk, conversation_id, before)
                if is_whole:
                    await asyncio.to_thread(self._unlink, names)
                gone, lines = gone + is_whole, lines + deleted
                await asyncio.sleep(self._breath_s)
        return gone, lines

    async def _old_pictures(self, before: datetime) -> int:
        gone, after = 0, ""
        while found := await self._database.read(taken_before, before, after):
            for picture_id, conversation_id, buyer_id in found:
                after = picture_id
                if buyer_id is not None and await self._is_held(buyer_id):
                    continue
                # The file first: a crash between the two leaves a row that the next round finds.
                if not await self._database.read(is_at_rest, conversation_id):
                    continue
                await asyncio.to_thread(self._unlink, [f"{picture_id}.jpg"])
                await self._database.run(forget_picture, conversation_id, picture_id)
                gone += 1
                await asyncio.sleep(self._breath_s)
        return gone

    async def _is_held(self, buyer_id: str) -> bool:
        """Whether the buyer has an order or a case on which somebody has still something to do."""
        if buyer_id not in self._held:
            orders = await self._shop.orders_of(buyer_id, limit=_MOST_ORDERS)
            held = any(order.status not in OVER for order in orders)
            if not held:
                cases = await self._shop.returns_of(buyer_id)
                held = any(case.status in CASE_OPEN for case in cases)
            self._held[buyer_id] = held
        return self._held[buyer_id]

    def _unlink(self, names: Sequence[str]) -> None:
        for name in names:
            (self._uploads / Path(name).name).unlink(missing_ok=True)
