"""Which agents have which conversation open: stored, so that the pages of every process know it.

A page is a row with a time by which it must be renewed; its process renews all of its rows together.
What other processes have written is read again and again, and told where it differs from before.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from aiohttp import web
from sqlalchemy.engine import Connection

from bot.conversations.news import DESK, News
from bot.conversations.tables import conversations
from bot.database import Database, DatabaseUnavailable, UtcDateTime
from bot.desk.tables import looking

log = structlog.get_logger(__name__)

STANDS_FOR = timedelta(seconds=60)  # of a process that was killed: so long its pages are shown
RENEWED_EVERY_S, READ_EVERY_S = 20.0, 1.0


class Looking:
    def __init__(self, database: Database, news: News, clock: Callable[[], datetime]) -> None:
        self._database, self._news, self._clock = database, news, clock
        self._house = uuid.uuid4().hex  # this process
        self._pages: dict[str, tuple[str, str]] = {}  # open here: page → agent, conversation
        self._elsewhere: dict[str, frozenset[str]] = {}  # conversation → agents, when last read
        self._leaving: set[asyncio.Task[None]] = set()

    async def at(self, page: str, agent: str, conversation_id: str) -> None:
        """The page, open here, shows this conversation now; "" = none, or it is gone."""
        before = self.of(page)
        if before == conversation_id:
            return
        if conversation_id:
            self._pages[page] = (agent, conversation_id)
        else:
            self._pages.pop(page, None)
        await self._database.run(self._keep, page, agent, conversation_id)
        for one in filter(None, (before, conversation_id)):
            await self._tell(one)

    def leave(self, page: str, agent: str) -> None:
        """The page has gone: told and written down by a task of its own, for whoever served the page
        may be cancelled with it."""
        leaving = asyncio.create_task(self._leave(page, agent))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _leave(self, page: str, agent: str) -> None:
        """What cannot be written down ends by its time."""
        try:
            await self.at(page, agent, "")
        except DatabaseUnavailable:
            log.warning("desk.looking_postponed")

    def of(self, page: str) -> str:
        """What a page that is open here shows."""
        return self._pages.get(page, ("", ""))[1]

    async def who(self, conversation_id: str) -> list[str]:
        """Names of the agents, each once, whichever process their pages are open at."""
        now = self._clock()

        def read(connection: Connection) -> list[str]:
            table = looking.c
            query = sa.select(table.agent).where(
                table.conversation_id == conversation_id, table.until > now
            )
            return sorted(set(connection.execute(query).scalars()))

        return await self._database.read(read)

    async def keep_hearing(self) -> None:
        """Until cancelled: what pages of other processes look at is told to those that are open here."""
        while True:
            await asyncio.sleep(READ_EVERY_S)
            try:
                await self.hear()
            except DatabaseUnavailable:
                log.warning("desk.looking_unread")

    async def hear(self) -> None:
        """Tells of each talk that others look at than before; asks nothing where no page is open."""
        if not self._pages:
            self._elsewhere = {}
            return
        before, self._elsewhere = self._elsewhere, await self._database.read(self._others)
        shown = {conversation_id for _, conversation_id in self._pages.values()}
        for one in sorted(shown & (before.keys() | self._elsewhere.keys())):
            if before.get(one) != self._elsewhere.get(one):
                await self._tell(one)

    async def keep_renewing(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(RENEWED_EVERY_S)
            try:
                await self.renew()
            except DatabaseUnavailable:
                log.warning("desk.looking_unrenewed")

    async def renew(self) -> None:
        """The pages that are open here stay so; those of processes that are gone are cleared away."""
        if self._pages:
            await self._database.run(self._renew)

    async def leave_all(self) -> None:
        """The house closes: its pages come again, here or elsewhere."""
        await asyncio.gather(*self._leaving)
        self._pages.clear()
        gone = sa.delete(looking).where(looking.c.house == self._house)
        try:
            await self._database.run(lambda connection: connection.execute(gone))
        except DatabaseUnavailable:
            log.warning("desk.looking_left")

    async def _tell(self, conversation_id: str) -> None:
        agents = await self.who(conversation_id)
        event = {"type": "looking", "conversation_id": conversation_id, "agents": agents}
        self._news.publish(DESK, event)

    def _keep(self, connection: Connection, page: str, agent: str, conversation_id: str) -> None:
        connection.execute(sa.delete(looking).where(looking.c.page == page))
        if conversation_id:
            until = self._clock() + STANDS_FOR
            of_one = conversations.c.conversation_id
            row = sa.select(
                *(sa.literal(value) for value in (page, self._house, agent)),
                of_one,  # that there is: it may have been erased in this instant
                sa.literal(until, UtcDateTime),
            ).where(of_one == conversation_id)
            names = ["page", "house", "agent", "conversation_id", "until"]
            connection.execute(looking.insert().from_select(names, row))

    def _renew(self, connection: Connection) -> None:
        now = self._clock()
        connection.execute(sa.delete(looking).where(looking.c.until < now - STANDS_FOR))
        is_own = looking.c.house == self._house
        connection.execute(looking.update().where(is_own).values(until=now + STANDS_FOR))
        kept = set(connection.execute(sa.select(looking.c.page).where(is_own)).scalars())
        for page, (agent, conversation_id) in list(self._pages.items()):
            if page not in kept:  # cleared away while this process slept
                self._keep(connection, page, agent, conversation_id)

    def _others(self, connection: Connection) -> dict[str, frozenset[str]]:
        table = looking.c
        query = sa.select(table.conversation_id, table.agent).where(
            table.house != self._house, table.until > self._clock()
        )
        found: dict[str, set[str]] = defaultdict(set)
        for row in connection.execute(query):
            found[row.conversation_id].add(row.agent)
        return {one: frozenset(agents) for one, agents in found.items()}


LOOKING = web.AppKey("looking", Looking)
