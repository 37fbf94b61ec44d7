"""Carries what is due to its door, again after a growing pause, until it arrives or is given up."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.database import Database, DatabaseUnavailable
from bot.outgoing import outbox
from bot.outgoing.delivery import Delivery, Door, NotNow, Refused, Unsure

log = structlog.get_logger(__name__)

# After the first try, the second, …: nine tries over about a day.
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 300, 1800, 7200, 18000, 36000, 36000)
)
WITHIN_S = 15.0  # a door has so long; the lease is longer
_SPREAD = 0.2  # of a pause: many that failed at once do not come back at once


async def _always(delivery: Delivery) -> str:
    return ""


class Courier:
    def __init__(
        self,
        *,
        database: Database,
        doors: Mapping[str, Door],
        clock: Callable[[], datetime],
        unwanted: Callable[[Delivery], Awaitable[str]] = _always,
    ) -> None:
        """`unwanted`: asked right before each try; why it shall not go any more, "" while it shall."""
        self._database, self._doors, self._clock = database, doors, clock
        self._unwanted = unwanted
        self._worker = uuid.uuid4().hex

    async def run(self, every_s: float = 5.0) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.deliver_due()
            except DatabaseUnavailable:
                log.warning("outgoing.database_unavailable")
            await asyncio.sleep(every_s)

    async def deliver_due(self) -> int:
        """Tries everything that is due now; how many arrived."""
        await self._take_up_left_behind()
        found = await self._database.run(
            outbox.claim, self._clock(), self._worker, sorted(self._doors)
        )
        return sum(await asyncio.gather(*(self._carry(one) for one in found)))

    async def _carry(self, delivery: Delivery) -> bool:
        now = self._clock()
        if delivery.expires_at is not None and now > delivery.expires_at:
            await self._dead(delivery, "too late")
            return False
        if why := await self._unwanted(delivery):
            await self._database.run(outbox.mark_withdrawn, delivery, why, now)
            return False
        door = self._doors[delivery.door]
        try:
            receipt = await asyncio.wait_for(door.deliver(delivery), WITHIN_S)
        except NotNow as problem:
            await self._later(delivery, str(problem), problem.after)
        except Refused as problem:
            await self._dead(delivery, f"refused: {problem}")
        except (Unsure, asyncio.TimeoutError) as problem:
            await self._unsure(delivery, str(problem) or "no answer in time")
        except Exception as error:  # one broken door must not hold up the others
            log.error(
                "outgoing.failed", door=delivery.door, error=type(error).__name__, exc_info=True
            )
            await self._unsure(delivery, type(error).__name__)
        else:
            await self._database.run(outbox.mark_delivered, delivery, receipt, self._clock())
            log.info("outgoing.delivered", door=delivery.door, attempts=delivery.attempts)
            return True
        return False

    async def _take_up_left_behind(self) -> None:
        for delivery in await self._database.read(outbox.left_behind, self._clock()):
            if delivery.door in self._doors:
                await self._unsure(delivery, "stopped half way")

    async def _unsure(self, delivery: Delivery, why: str) -> None:
        if self._doors[delivery.door].may_repeat:
            await self._later(delivery, why, None)
        else:
            await self._dead(delivery, f"unsure: {why}")

    async def _later(self, delivery: Delivery, why: str, after: timedelta | None) -> None:
        if delivery.attempts > len(PAUSES):
            await self._dead(delivery, f"tried {delivery.attempts} times: {why}")
            return
        pause = max(_spread(delivery), after or timedelta())
        until = self._clock() + pause
        log.info("outgoing.later", door=delivery.door, attempts=delivery.attempts, why=why[:80])
        await self._database.run(outbox.try_later, delivery, until, why)

    async def _dead(self, delivery: Delivery, why: str) -> None:
        log.warning("outgoing.dead", door=delivery.door, target=delivery.target, why=why[:80])
        await self._database.run(outbox.mark_dead, delivery, why, self._clock())


def _spread(delivery: Delivery) -> timedelta:
    """The pause after this try, a little longer for each in its own way."""
    digest = hashlib.sha256(f"{delivery.delivery_id}/{delivery.attempts}".encode()).digest()
    return PAUSES[delivery.attempts - 1] * (1 + _SPREAD * digest[0] / 255)
