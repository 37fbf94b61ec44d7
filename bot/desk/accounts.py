"""Agents' accounts and sign-ins."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.desk.roles import Role
from bot.desk.tables import agents, invites, sign_ins

SIGNED_IN_FOR = timedelta(hours=12)
SHORTEST_PASSWORD = 10
SEEN_FOR = timedelta(seconds=75)  # an open page tells of itself three times as often
_INVITED_FOR = timedelta(days=3)
_SHOWN_OF_HASH = 16  # characters: enough to tell sign-ins apart, and no way back to the cookie

_hasher = PasswordHasher()
# Checked where the name is unknown, so that a guess takes as long as for a real one.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """One browser in which an agent is signed in."""

    sign_in_id: str
    agent: str
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Agent:
    """One of the shop's people."""

    name: str  # by which one signs in
    role: Role
    shown_name: str  # as colleagues and buyers read it
    department: str
    is_in: bool  # the own switch
    seen_at: datetime | None

    def is_there(self, now: datetime) -> bool:
        """Whether the agent is in and a page of theirs is open."""
        return self.is_in and self.seen_at is not None and now - self.seen_at < SEEN_FOR


class WeakPassword(Exception):
    """The password is too short."""


class BadInvite(Exception):
    """The link is unknown, used or too old."""


class NameTaken(Exception):
    """Somebody signs in by this name already."""


class Accounts:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def are_there_any(self) -> bool:
        def read(connection: Connection) -> bool:
            return connection.execute(select(agents.c.name).limit(1)).first() is not None

        return await self._database.read(read)

    async def set_password(
        self,
        name: str,
        password: str,
        *,
        is_owner: bool | None = None,
        role: Role | None = None,
        display_name: str = "",
    ) -> None:
        """Makes the account, or changes its password and ends its sign-ins. Raises WeakPassword.

        `role`, `is_owner`: None leaves an account as it is, and makes a new one an agent's.
        """
        if role is None and is_owner is not None:
            role = Role.OWNER if is_owner else Role.AGENT
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword(f"密码至少 {SHORTEST_PASSWORD} 位")
        hashed = await asyncio.to_thread(_hasher.hash, password)

        def write(connection: Connection) -> None:
            connection.execute(delete(sign_ins).where(sign_ins.c.agent == name))
            values = {} if role is None else {"role": role.value}
            if display_name:
                values["display_name"] = display_name
            changed = connection.execute(
                agents.update().where(agents.c.name == name).values(password_hash=hashed, **values)
            )
            if not changed.rowcount:
                connection.execute(
                    insert(agents).values(
                        name=name, password_hash=hashed, created_at=self._clock(), **values
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
            query = select(agents.c.role).where(agents.c.name == name)
            role: str | None = connection.execute(query).scalar()
            return role == Role.OWNER.value

        return await self._database.read(read)

    async def find(self, name: str) -> Agent | None:
        found = await self.all(name)
        return found[0] if found else None

    async def all(self, name: str | None = None) -> list[Agent]:
        """Everybody, or the one of this name, by name."""

        def read(connection: Connection) -> list[Agent]:
            query = select(agents).order_by(agents.c.name)
            if name is not None:
                query = query.where(agents.c.name == name)
            return [
                Agent(
                    name=row.name,
                    role=Role(row.role),
                    shown_name=row.display_name or row.name,
                    department=row.department,
                    is_in=row.is_in,
                    seen_at=row.seen_at,
                )
                for row in connection.execute(query)
            ]

        return await self._database.read(read)

    async def change(self, name: str, **values: object) -> bool:
        """Columns of the account; False where there is none."""

        def write(connection: Connection) -> bool:
            query = agents.update().where(agents.c.name == name).values(**values)
            return bool(connection.execute(query).rowcount)

        return await self._database.run(write)

    async def seen(self, name: str) -> None:
        """A sign of life of an open page."""
        await self.change(name, seen_at=self._clock())

    async def is_anybody_in(self) -> bool:
        now = self._clock()
        return any(one.is_there(now) and one.role.may_answer for one in await self.all())

    async def invite(self, role: Role, made_by: str) -> tuple[str, datetime]:
        """The link's token, good for one account, and until when."""
        token, until = secrets.token_urlsafe(24), self._clock() + _INVITED_FOR

        def write(connection: Connection) -> None:
            connection.execute(delete(invites).where(invites.c.until < self._clock()))
            connection.execute(
                insert(invites).values(
                    token_hash=_hash_of(token), role=role.value, made_by=made_by, until=until
                )
            )

        await self._database.run(write)
        return token, until

    async def invited_as(self, token: str) -> Role | None:
        """None where the link is unknown, used or too old."""

        def read(connection: Connection) -> str | None:
            query = select(invites.c.role).where(
                invites.c.token_hash == _hash_of(token), invites.c.until > self._clock()
            )
            role: str | None = connection.execute(query).scalar()
            return role

        role = await self._database.read(read)
        return None if role is None else Role(role)

    async def join(self, token: str, name: str, password: str, display_name: str) -> Role:
        """Makes the account that the link stands for, once. Raises WeakPassword, NameTaken,
        BadInvite."""
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword(f"密码至少 {SHORTEST_PASSWORD} 位")
        hashed = await asyncio.to_thread(_hasher.hash, password)

        def write(connection: Connection) -> Role:
            this = (invites.c.token_hash == _hash_of(token), invites.c.until > self._clock())
            role = connection.execute(select(invites.c.role).where(*this)).scalar()
            # Whoever deletes the row has the link: two browsers make one account.
            if role is None or not connection.execute(delete(invites).where(*this)).rowcount:
                raise BadInvite
            if _exists(connection, name):
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

        return len(sign_in_id) == _SHOWN_OF_HASH and await self._database.run(write)

    async def end_all(self, name: str) -> int | None:
        """How many sign-ins of the agent ended; None where there is no such account."""

        def write(connection: Connection) -> int | None:
            if not _exists(connection, name):
                return None
            ended = connection.execute(delete(sign_ins).where(sign_ins.c.agent == name))
            return int(ended.rowcount)

        return await self._database.run(write)

    async def remove(self, name: str) -> int | None:
        """The account goes with its sign-ins; as in `end_all`."""
        ended = await self.end_all(name)
        if ended is not None:
            await self._database.run(
                lambda connection: connection.execute(delete(agents).where(agents.c.name == name))
            )
        return ended

    async def sign_out(self, token: str) -> None:
        def write(connection: Connection) -> None:
            connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == _hash_of(token)))

        await self._database.run(write)


def sign_in_id_of(token: str) -> str:
    """By which a cookie's sign-in is named where sign-ins are listed."""
    return _hash_of(token)[:_SHOWN_OF_HASH]


def _exists(connection: Connection, name: str) -> bool:
    query = select(agents.c.name).where(agents.c.name == name)
    return connection.execute(query).first() is not None


def _verifies(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except VerificationError:
        return False


def _hash_of(token: str) -> str:
    # A cookie may hold any bytes; what is no text of ours is simply unknown.
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
