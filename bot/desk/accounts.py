"""Accounts of the shop's people."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, delete, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select
from sqlalchemy.sql.elements import Label

from bot.database import Database
from bot.desk.invites import Invites
from bot.desk.passwords import hashed_password
from bot.desk.roles import Role
from bot.desk.sign_ins import SignIns
from bot.desk.tables import agents, mentions, sign_ins

SEEN_FOR = timedelta(seconds=75)  # an open page tells of itself three times as often


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


def written_by(account: Column) -> Label:
    """`writer`: who wrote a row, as colleagues read them, in a query that joins `agents`; one who is
    gone by the account's name."""
    return func.coalesce(func.nullif(agents.c.display_name, ""), account).label("writer")


class Accounts(SignIns, Invites):
    """The shop's people, their sign-ins and invitations."""

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
        hashed = await hashed_password(password)

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
        self.ended += 1

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
        query = select(agents).order_by(agents.c.name)
        return await self._found(query if name is None else query.where(agents.c.name == name))

    async def named(self, names: Collection[str]) -> list[Agent]:
        """Those of the names that have an account."""
        return await self._found(select(agents).where(agents.c.name.in_(names))) if names else []

    async def _found(self, query: Select) -> list[Agent]:
        def read(connection: Connection) -> list[Agent]:
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

    async def remove(self, name: str) -> int | None:
        """The account goes with its sign-ins and what called it; as in `end_all`."""
        ended = await self.end_all(name)

        def write(connection: Connection) -> None:
            connection.execute(delete(mentions).where(mentions.c.agent == name))
            connection.execute(delete(agents).where(agents.c.name == name))

        if ended is not None:
            await self._database.run(write)
        return ended
