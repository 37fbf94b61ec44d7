"""Agents' accounts and sign-ins."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.desk.tables import agents, sign_ins

SIGNED_IN_FOR = timedelta(hours=12)
SHORTEST_PASSWORD = 10

_hasher = PasswordHasher()
# Checked where the name is unknown, so that a guess takes as long as for a real one.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class WeakPassword(Exception):
    """The password is too short."""


class Accounts:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def are_there_any(self) -> bool:
        def read(connection: Connection) -> bool:
            return connection.execute(select(agents.c.name).limit(1)).first() is not None

        return await self._database.read(read)

    async def set_password(self, name: str, password: str, *, is_owner: bool | None = None) -> None:
        """Makes the account, or changes its password and ends its sign-ins. Raises WeakPassword.

        `is_owner`: None leaves an account as it is, and makes a new one an agent's.
        """
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword(f"密码至少 {SHORTEST_PASSWORD} 位")
        hashed = await asyncio.to_thread(_hasher.hash, password)

        def write(connection: Connection) -> None:
            connection.execute(delete(sign_ins).where(sign_ins.c.agent == name))
            role = {} if is_owner is None else {"is_owner": is_owner}
            changed = connection.execute(
                agents.update().where(agents.c.name == name).values(password_hash=hashed, **role)
            )
            if not changed.rowcount:
                connection.execute(
                    insert(agents).values(
                        name=name, password_hash=hashed, created_at=self._clock(), **role
                    )
                )

        await self._database.run(write)

    async def sign_in(self, name: str, password: str) -> str | None:
        """A token for the cookie; None for a wrong name and a wrong password alike."""

        def read(connection: Connection) -> str | None:
            query = select(agents.c.password_hash).where(agents.c.name == name)
            hashed: str | None = connection.execute(query).scalar()
            return hashed

        hashed = await self._database.read(read)
        is_right = await asyncio.to_thread(_verifies, hashed or _NOBODY, password)
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
                token_hash=_hash_of(token), agent=name, until=now + SIGNED_IN_FOR
            )
        )

    async def agent_of(self, token: str) -> str | None:
        """The agent's name; None where the sign-in is unknown or over."""

        def read(connection: Connection) -> str | None:
            query = select(sign_ins.c.agent).where(
                sign_ins.c.token_hash == _hash_of(token), sign_ins.c.until > self._clock()
            )
            name: str | None = connection.execute(query).scalar()
            return name

        return await self._database.read(read) if token else None

    async def is_owner(self, name: str) -> bool:
        def read(connection: Connection) -> bool:
            query = select(agents.c.is_owner).where(agents.c.name == name)
            return bool(connection.execute(query).scalar())

        return await self._database.read(read)

    async def sign_out(self, token: str) -> None:
        def write(connection: Connection) -> None:
            connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == _hash_of(token)))

        await self._database.run(write)


def _verifies(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except VerificationError:
        return False


def _hash_of(token: str) -> str:
    # A cookie may hold any bytes; what is no text of ours is simply unknown.
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
