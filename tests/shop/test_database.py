"""Transactions, errors and migrations of the one database."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

import bot
from bot.database import Database, DatabaseUnavailable, metadata, upgrade
from bot.shop.embedded import tables
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.words.errors import ShopUnavailable
from tests.support.waiting import PATIENCE_S


def _put(connection: Any, name: str = "a", value: Any = 1) -> None:
    connection.execute(insert(tables.settings).values(name=name, value=value))


def _names(connection: Any) -> list[str]:
    query = select(tables.settings.c.name).where(tables.settings.c.name.in_(["a", "b"]))
    return sorted(connection.execute(query).scalars())


async def test_work_is_committed(database: Database) -> None:
    await database.run(_put, "a")
    assert await database.read(_names) == ["a"]


async def test_a_connection_outlives_its_transaction(database: Database) -> None:
    """Closing the last one would make SQLite sync the disk after every write."""

    def raw(connection: Any) -> int:
        return id(connection.connection.dbapi_connection)

    assert await database.run(raw) == await database.run(raw)


async def test_work_that_raises_is_rolled_back(database: Database) -> None:
    def fail(connection: Any) -> None:
        _put(connection)
        raise LookupError

    with pytest.raises(LookupError):
        await database.run(fail)
    assert await database.read(_names) == []


async def test_reading_changes_nothing(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        await database.read(_put)
    assert await database.read(_names) == []


async def test_a_write_after_a_refused_one_goes_through(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        await database.read(_put)
    await database.run(_put)
    assert await database.read(_names) == ["a"]


async def test_writers_take_turns(database: Database) -> None:
    def count(connection: Any) -> None:
        row = connection.execute(
            select(tables.settings).where(tables.settings.c.name == "n").with_for_update()
        ).one()
        connection.execute(tables.settings.update().where(
            tables.settings.c.name == "n").values(value=row.value + 1))  # fmt: skip

    await database.run(_put, "n", 0)
    await asyncio.gather(*(database.run(count) for _ in range(20)))
    value = await database.read(
        lambda c: c.execute(
            select(tables.settings.c.value).where(tables.settings.c.name == "n")
        ).scalar()
    )
    assert value == 20


async def test_a_naive_time_is_refused(database: Database) -> None:
    row = {"verb": "v", "owner": "o", "request_id": "r", "made_at": datetime(2026, 1, 1)}
    with pytest.raises(StatementError, match="time zone"):
        await database.run(lambda c: c.execute(insert(tables.requests).values(**row)))


async def test_times_come_back_in_utc(database: Database) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    row = {"verb": "v", "owner": "o", "request_id": "r", "made_at": noon}
    await database.run(lambda c: c.execute(insert(tables.requests).values(**row)))
    back = await database.read(lambda c: c.execute(select(tables.requests.c.made_at)).scalar())
    assert back == noon and back.tzinfo == timezone.utc


def test_errors_hide_what_was_stored(database: Database) -> None:
    database.run_sync(_put, "13800001234")
    with pytest.raises(Exception) as caught:
        database.run_sync(_put, "13800001234")
    assert "IntegrityError" in type(caught.value).__name__
    assert "INSERT" in str(caught.value)
    if database.is_sqlite:  # PostgreSQL itself names the key that clashed
        assert "13800001234" not in str(caught.value)


async def test_a_missing_database_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such/folder.db")
    with pytest.raises(DatabaseUnavailable):
        await database.read(_names)
    with pytest.raises(ShopUnavailable):
        await EmbeddedShop(database).product("boot-qiyun")
    database.close()


async def test_an_empty_database_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(ShopUnavailable):
        await EmbeddedShop(database).orders_of("b")
    database.close()


async def test_a_database_locked_for_long_is_unavailable_and_comes_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url)
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        shop = EmbeddedShop(database)
        assert await shop.product("boot-qiyun") is not None  # readers go on
        with monkeypatch.context() as hasty, pytest.raises(ShopUnavailable):
            hasty.setattr("bot.database.WAIT_SECONDS", 0.2)
            await shop.remember("b", {"fit": "loose"})
        holder.execute("ROLLBACK")
        await shop.remember("b", {"fit": "loose"})
    finally:
        holder.close()
        database.close()


async def test_a_silent_postgres_server_is_unavailable() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable):
        await database.read(_names)
    database.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        Database(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_names_of_postgres_are_understood(scheme: str) -> None:
    database = Database(f"{scheme}://u:secret@h:5432/d")
    assert database.url.drivername == "postgresql+psycopg2" and not database.is_sqlite
    database.close()


@pytest.fixture
def all_tables() -> None:
    """Every package's tables: each keeps them in a module named `tables`."""
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name.rpartition(".")[2] == "tables":
            importlib.import_module(module.name)


@pytest.mark.usefixtures("all_tables")
def test_migrations_make_the_tables_that_the_code_speaks_of(database: Database) -> None:
    upgrade(database)  # the copies come from an upgraded one; a newer revision may be there

    def compare(connection: Any) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [
            difference
            for difference in compare_metadata(context, metadata)
            # Rasa keeps its own table in the same database.
            if getattr(difference[1], "name", "") != "events"
        ]

    assert database.run_sync(compare) == []


def test_upgrading_twice_and_at_once_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/new.db"
    command = f"from bot.database import *; upgrade(Database({url!r}))"
    running = [subprocess.Popen([sys.executable, "-c", command]) for _ in range(3)]
    assert [process.wait(PATIENCE_S) for process in running] == [0, 0, 0]
    database = Database(url)
    upgrade(database)
    assert database.read_sync(_names) == []
    database.close()
