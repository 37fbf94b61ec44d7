"""Sign-ins of the shop's people: by password, named by a cookie, seen and ended."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.desk.passwords import NOBODY, verifies
from bot.desk.tables import agents, sign_ins

SIGNED_IN_FOR = timedelta(hours=12)
_SHOWN_OF_HASH = 16  # characters: enough to tell sign-ins apart, and no way back to the cookie


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """One browser in which an agent is signed in."""

    sign_in_id: str
    agent: str
    since: datetime
    until: datetime


class SignIns:
    """The part of `Accounts` that knows who is signed in."""

    _database: Database
    _clock: Callable[[], datetime]
    ended = 0  # how often sign-ins were ended in this process: who keeps pages open looks again

    async def sign_in(self, name: str, password: str) -> str | None:
        """A token for the cookie; None for a wrong name and a wrong password alike."""

        def read(connection: Connection) -> str | None:
            query = select(agents.c.password_hash).where(agents.c.name == name)
            hashed: str | None = connection.execute(query).scalar()
            return hashed

        hashed = await self._database.read(read)
        is_right = await asyncio.to_thread(verifies, hashed or NOBODY, password)
        if hashed is None or not is_right:
            return None
        token = secrets.token_urlsafe(32)
        await self._database.run(self._keep, name, token)
        return token

    def _keep(self, connection: Connection, name: str, token: str) -> None:
        now = self._clock()
        connection.execute(delete(sign_ins).where(sign_ins.c.until < now))
        connection.execute(
            insert(sign_ins).values(
                token_hash=hash_of(token), agent=name, until=now + SIGNED_IN_FOR
            )
        )

    async def agent_of(self, token: str) -> str | None:
        """The agent's name; None where the sign-in is unknown or over."""

        def read(connection: Connection) -> str | None:
            query = select(sign_ins.c.agent).where(
                sign_ins.c.token_hash == hash_of(token), sign_ins.c.until > self._clock()
            )
            name: str | None = connection.execute(query).scalar()
            return name

        return await self._database.read(read) if token else None

    async def has_sign_in(self, name: str) -> bool:
        return bool(await self.sign_ins(name))

    async def sign_ins(self, name: str | None = None) -> list[SignIn]:
        """Those that are not over, of one agent or of all, the newest first."""

        def read(connection: Connection) -> list[SignIn]:
            query = select(sign_ins).where(sign_ins.c.until > self._clock())
            if name is not None:
                query = query.where(sign_ins.c.agent == name)
            rows = connection.execute(query.order_by(sign_ins.c.until.desc()))
            return [
                SignIn(
                    sign_in_id=row.token_hash[:_SHOWN_OF_HASH],
                    agent=row.agent,
                    since=row.until - SIGNED_IN_FOR,
                    until=row.until,
                )
                for row in rows
            ]

        return await self._database.read(read)

    async def end_sign_in(self, sign_in_id: str, *, of: str | None = None) -> bool:
        """One of them, of this agent or of whomever; False where there is none."""

        def write(connection: Connection) -> bool:
            this = sign_ins.c.token_hash.startswith(sign_in_id, autoescape=True)
            query = delete(sign_ins).where(this)
            if of is not None:
                query = query.where(sign_ins.c.agent == of)
            return bool(connection.execute(query).rowcount)

        has_ended = len(sign_in_id) == _SHOWN_OF_HASH and await self._database.run(write)
        self.ended += has_ended
        return has_ended

    async def end_all(self, name: str) -> int | None:
        """How many sign-ins of the agent ended; None where there is no such account."""

        def write(connection: Connection) -> int | None:
            if not exists(connection, name):
                return None
            ended = connection.execute(delete(sign_ins).where(sign_ins.c.agent == name))
            return int(ended.rowcount)

        count = await self._database.run(write)
        self.ended += 1
        return count

    async def sign_out(self, token: str) -> None:
        def write(connection: Connection) -> None:
            connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == hash_of(token)))

        await self._database.run(write)
        self.ended += 1

    async def good(self, tokens: Collection[str]) -> set[str]:
        """Those of the tokens whose sign-in stands; one question, however many they are."""
        by_hash = {hash_of(one): one for one in tokens}

        def read(connection: Connection) -> set[str]:
            query = select(sign_ins.c.token_hash).where(
                sign_ins.c.token_hash.in_(by_hash), sign_ins.c.until > self._clock()
            )
            return {by_hash[one] for one in connection.execute(query).scalars()}

        return await self._database.read(read)


def sign_in_id_of(token: str) -> str:
    """By which a cookie's sign-in is named where sign-ins are listed."""
    return hash_of(token)[:_SHOWN_OF_HASH]


def exists(connection: Connection, name: str) -> bool:
    """Whether there is such an account."""
    query = select(agents.c.name).where(agents.c.name == name)
    return connection.execute(query).first() is not None


def hash_of(token: str) -> str:
    """As tokens are kept: who reads the database cannot use one."""
    # A cookie may hold any bytes; what is no text of ours is simply unknown.
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
