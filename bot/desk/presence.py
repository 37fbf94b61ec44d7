"""Who sits at the desk, and that nobody waits for an agent who has gone.

An open page tells of itself again and again; the moment is stored, so that a restart forgets nobody's
absence. Who is away for so many minutes gives their conversations back to the queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from bot.conversations.service import Conversations
from bot.database import Database, DatabaseUnavailable
from bot.desk.accounts import Accounts
from bot.desk.audit import Deed, note
from bot.desk.tables import agents

log = structlog.get_logger(__name__)

AWAY_AFTER = timedelta(minutes=5)  # where the shop's settings are silent
_TOLD_EVERY_S = 20.0


class Presence:
    def __init__(
        self,
        *,
        database: Database,
        accounts: Accounts,
        conversations: Conversations,
        clock: Callable[[], datetime],
        away_after: timedelta = AWAY_AFTER,
    ) -> None:
        self._database, self._accounts, self._conversations = database, accounts, conversations
        self._clock, self._away_after = clock, away_after
        self._told: dict[str, float] = {}

    async def seen(self, agent: str) -> None:
        """A sign of life; written at most every twenty seconds."""
        now = time.monotonic()
        if now - self._told.get(agent, -_TOLD_EVERY_S) >= _TOLD_EVERY_S:
            self._told[agent] = now
            await self._accounts.seen(agent)

    async def gone(self, agent: str) -> int:
        """The agent has signed out for good: what they had waits again; how many."""
        self._told.pop(agent, None)
        held = await self._conversations.held_by(agent)
        return await self._release(held, lambda _connection, _agent: True)

    async def sweep(self) -> int:
        """Gives back what agents have who are away, or whose account is gone; how many."""
        before = self._clock() - self._away_after
        held = await self._conversations.held_by_anybody()
        absent = await self._database.read(_absent, {agent for _, agent in held}, before)
        return await self._release(
            [(one, agent) for one, agent in held if agent in absent],
            lambda connection, agent: agent in _absent(connection, {agent}, before),
        )

    async def _release(
        self, held: list[tuple[str, str]], is_gone: Callable[[Connection, str], bool]
    ) -> int:
        released = 0
        for conversation_id, agent in held:
            if await self._conversations.release(conversation_id, agent, is_gone):
                released += 1
                await self._database.run(
                    note, agent, Deed.RELEASE, self._clock(), conversation_id=conversation_id
                )
        return released

    async def keep_sweeping(self, *, every_s: float = 15.0) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            try:
                if released := await self.sweep():
                    log.info("desk.released", count=released)
            except DatabaseUnavailable:
                log.warning("desk.sweep_postponed")


def _absent(connection: Connection, names: set[str], before: datetime) -> set[str]:
    """Those of the names whose page was last seen before then, or who have no account."""
    query = sa.select(agents.c.name).where(agents.c.name.in_(names), agents.c.seen_at >= before)
    return names - set(connection.execute(query).scalars())
