"""Ends talks that have fallen silent, and asks the shop what was ordered in those that ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.conversations import sessions
from bot.conversations.ports import Deeds
from bot.database import Database, DatabaseUnavailable

log = structlog.get_logger(__name__)

_BREATH_S = 0.02  # between two batches: others write in it
_MOST_UNKNOWN = 5  # orders of so many buyers could not be read: no use in asking for more
# Of a session that ended before, nobody knows any more: the shop could not be read for so long.
_ASKED_WITHIN = timedelta(days=1)


class SessionSweeper:
    def __init__(
        self,
        database: Database,
        deeds: Deeds,
        clock: Callable[[], datetime],
        silence: timedelta = sessions.SILENCE,
    ) -> None:
        self._database, self._deeds, self._clock = database, deeds, clock
        self._silence = silence

    async def keep_sweeping(self, *, every_s: float = 30.0) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            try:
                if ended := await self.sweep():
                    log.info("sessions.ended", count=ended)
            except DatabaseUnavailable:
                log.warning("sessions.postponed")

    async def sweep(self) -> int:
        """How many fell silent. Raises DatabaseUnavailable: what was ended until then is."""
        total = 0
        while ended := await self._database.run(
            sessions.end_silent, self._clock() - self._silence, self._silence
        ):
            total += ended
            if ended < sessions.BATCH:
                break
            await asyncio.sleep(_BREATH_S)
        await self._ask_for_orders()
        return total

    async def _ask_for_orders(self) -> None:
        ended = await self._database.read(sessions.without_orders, self._clock() - _ASKED_WITHIN)
        found: list[tuple[str, int, list[str]]] = []
        unknown = 0
        for one in ended:
            numbers = await self._deeds.placed(one.buyer_id, one.began_at, one.ended_at)
            if numbers is not None:
                found.append((one.conversation_id, one.first_seq, list(numbers)))
                continue
            unknown += 1
            if unknown == _MOST_UNKNOWN:  # the shop is away; the next round asks again
                log.warning("sessions.orders_unknown")
                break
        if found:
            await self._database.run(sessions.keep_orders, found)
