"""Tokens taken back: after a lost phone, a leak or a wrong sign-in, older tokens open nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.channels.tables import token_ends
from bot.database import Database, DatabaseUnavailable

log = structlog.get_logger(__name__)

KEPT = timedelta(days=181)  # no token lives longer


class TokenEnds:
    """Kept in memory, because every call asks; what a command writes is known within seconds."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._ended: dict[str, datetime] = {}

    async def end(self, buyer_id: str) -> None:
        """All tokens of this buyer (or visitor:<id>) that were signed until now."""
        await self._database.run(end_tokens, buyer_id, self._clock())
        await self.reread()

    async def reread(self) -> None:
        self._ended = await self._database.read(_read)

    async def keep_reading(self, every_s: float = 5.0) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.reread()
            except DatabaseUnavailable:  # what is known stays shut
                log.warning("token_ends.database_unavailable")
            await asyncio.sleep(every_s)

    def is_over(self, buyer_id: str, signed_at: datetime) -> bool:
        """`signed_at` is a whole second, so one signed within the second of the end is over too."""
        ended = self._ended.get(_hash_of(buyer_id)) if self._ended else None
        return ended is not None and signed_at <= ended


def end_tokens(connection: Connection, buyer_id: str, now: datetime) -> None:
    this = token_ends.c.holder_hash == _hash_of(buyer_id)
    connection.execute(delete(token_ends).where(this | (token_ends.c.ended_at < now - KEPT)))
    connection.execute(insert(token_ends).values(holder_hash=_hash_of(buyer_id), ended_at=now))


def _read(connection: Connection) -> dict[str, datetime]:
    rows = connection.execute(select(token_ends))
    return {row.holder_hash: row.ended_at for row in rows}


def _hash_of(buyer_id: str) -> str:
    return hashlib.sha256(buyer_id.encode()).hexdigest()
