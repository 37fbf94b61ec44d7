"""Links by which somebody makes an account of their own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.desk.passwords import hashed_password
from bot.desk.roles import Role
from bot.desk.sign_ins import exists, hash_of
from bot.desk.tables import agents, invites

_INVITED_FOR = timedelta(days=3)


class BadInvite(Exception):
    """The link is unknown, used or too old."""


class NameTaken(Exception):
    """Somebody signs in by this name already."""


class Invites:
    """The part of `Accounts` that invites."""

    _database: Database
    _clock: Callable[[], datetime]

    async def invite(self, role: Role, made_by: str) -> tuple[str, datetime]:
        """The link's token, good for one account, and until when."""
        token, until = secrets.token_urlsafe(24), self._clock() + _INVITED_FOR

        def write(connection: Connection) -> None:
            connection.execute(delete(invites).where(invites.c.until < self._clock()))
            connection.execute(
                insert(invites).values(
                    token_hash=hash_of(token), role=role.value, made_by=made_by, until=until
                )
            )

        await self._database.run(write)
        return token, until

    async def invited_as(self, token: str) -> Role | None:
        """None where the link is unknown, used or too old."""

        def read(connection: Connection) -> str | None:
            query = select(invites.c.role).where(
                invites.c.token_hash == hash_of(token), invites.c.until > self._clock()
            )
            role: str | None = connection.execute(query).scalar()
            return role

        role = await self._database.read(read)
        return None if role is None else Role(role)

    async def join(self, token: str, name: str, password: str, display_name: str) -> Role:
        """Makes the account that the link stands for, once. Raises WeakPassword, NameTaken,
        BadInvite."""
        hashed = await hashed_password(password)

        def write(connection: Connection) -> Role:
            this = (invites.c.token_hash == hash_of(token), invites.c.until > self._clock())
            role = connection.execute(select(invites.c.role).where(*this)).scalar()
            # Whoever deletes the row has the link: two browsers make one account.
            if role is None or not connection.execute(delete(invites).where(*this)).rowcount:
                raise BadInvite
            if exists(connection, name):
                raise NameTaken(name)
            connection.execute(
                insert(agents).values(
                    name=name,
                    password_hash=hashed,
                    role=role,
                    display_name=display_name,
                    created_at=self._clock(),
                )
            )
            return Role(role)

        return await self._database.run(write)
