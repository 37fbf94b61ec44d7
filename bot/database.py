"""The one database everything is kept in: connections, transactions, column types, migrations."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import DateTime, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from bot.sqlite_waits import Patience, enter_wal, take_lock, waiting

T = TypeVar("T")

DEFAULT_URL = "sqlite:///var/dianxiaoer.db"
WAIT_SECONDS = 5  # for a lock, a connection, or a free place in the pool
# What a database that is missing, locked or gone raises; BEGIN reaches SQLite's driver directly.
_UNAVAILABLE = (
    OperationalError,
    InterfaceError,
    DisconnectionError,
    PoolTimeout,
    sqlite3.OperationalError,
)
# PostgreSQL's codes for a server that takes no writes now: read-only, a standby, shutting down.
_NOT_NOW = frozenset(("25006", "0A000", "55000", "57P01", "57P02", "57P03"))
_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)
_upgrading = threading.Lock()  # Alembic keeps its context in module globals
_UPGRADED_WITHIN_S = 60.0
READERS = 4  # threads; SQLite writes take turns on one thread of their own

# Constraint names are the same in every database, so migrations can speak of them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class DatabaseUnavailable(Exception):
    """The database is missing, locked for too long, or does not answer."""


@contextmanager
def one_request() -> Iterator[None]:
    """What is written in here waits WAIT_SECONDS in all; outside, each write by itself does."""
    before = _patience.set(Patience(WAIT_SECONDS))
    try:
        yield
    finally:
        _patience.reset(before)


class UtcDateTime(TypeDecorator):  # type: ignore[misc]
    """An aware datetime, stored as UTC; a naive one is refused, for nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:  # SQLite keeps none
            return value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc)


class Database:
    """Runs functions of a SQLAlchemy `Connection`, each in one transaction.

    `url`: `sqlite:///path` (a file) or `postgresql://…`. Nothing is opened before the first call.
    """

    def __init__(self, url: str = DEFAULT_URL) -> None:
        self.url = _driver_url(url)
        self._inode: int | None = None
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._read_engine = (
            _sqlite_engine(self.url, read_only=True)
            if self.is_sqlite
            else self.engine.execution_options(postgresql_readonly=True)
        )
        if self.is_sqlite:
            for engine in (self.engine, self._read_engine):
                event.listen(engine, "do_connect", self._refuse_another_file)
                event.listen(engine, "connect", self._remember_file)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="database-read")
        self._writers = ThreadPoolExecutor(
            1 if self.is_sqlite else READERS, thread_name_prefix="database-write"
        )

    async def run(self, work: Callable[..., T], /, *args: Any, **options: Any) -> T:
        """`work(connection, …)` in a thread: committed, or rolled back when it raises."""
        patience = _patience.get() or Patience(WAIT_SECONDS)
        call = partial(self._run_by, patience, time.monotonic(), work, *args, **options)
        return await asyncio.get_running_loop().run_in_executor(self._writers, call)

    async def read(self, work: Callable[..., T], /, *args: Any, **options: Any) -> T:
        """Like `run`, for work that only reads: it may change nothing.

        SQLite is read here and now: what is asked takes a tenth of a millisecond, a thread and
        back ten times that, and whoever reads in WAL mode waits for no writer.
        """
        if self.is_sqlite:
            return self.read_sync(work, *args, **options)
        return await self.read_apart(work, *args, **options)

    async def read_apart(self, work: Callable[..., T], /, *args: Any, **options: Any) -> T:
        """Like `read`, for what goes through many rows: buyers are answered meanwhile."""
        call = partial(self.read_sync, work, *args, **options)
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    def run_sync(self, work: Callable[..., T], /, *args: Any, **options: Any) -> T:
        """`work(connection, …)` here and now. Raises DatabaseUnavailable."""
        return self._transaction(self.engine, work, *args, **options)

    def _run_by(
        self, patience: Patience, came: float, work: Callable[..., T], /, *args: Any, **options: Any
    ) -> T:
        """`run_sync` that has waited in a queue already: all waiting together has one limit."""
        if not self.is_sqlite:  # writers do not queue for one thread there
            return self.run_sync(work, *args, **options)
        if patience.is_over(came):
            raise DatabaseUnavailable("locked for too long")
        with waiting(patience, came):
            return self.run_sync(work, *args, **options)

    def demand_writable(self, connection: Connection) -> None:
        """Inside a writing transaction: raises where nothing can be written."""
        # SQLite took its writer's lock when the transaction began.
        asked = text("SHOW transaction_read_only")
        if not self.is_sqlite and connection.execute(asked).scalar() == "on":
            raise DatabaseUnavailable("read-only")

    def is_in_place(self) -> bool:
        """False where SQLite's file is no longer the one that was opened."""
        if not self.is_sqlite:
            return True
        try:
            inode = Path(str(self.url.database)).stat().st_ino
        except OSError:
            return False
        return self._inode is None or inode == self._inode

    def _remember_file(self, *_: object) -> None:
        if self._inode is None:
            self._inode = Path(str(self.url.database)).stat().st_ino

    def _refuse_another_file(self, *_: object) -> None:
        """A new connection would make an empty file where the old one is missed, and spoil its log."""
        if self._inode is not None and not self.is_in_place():
            raise sqlite3.OperationalError("the file was moved or deleted")

    def read_sync(self, work: Callable[..., T], /, *args: Any, **options: Any) -> T:
        """Like `run_sync`, for work that only reads."""
        return self._transaction(self._read_engine, work, *args, **options)

    @staticmethod
    def _transaction(engine: Engine, work: Callable[..., T], /, *args: Any, **options: Any) -> T:
        try:
            with engine.begin() as connection:
                return work(connection, *args, **options)
        except _UNAVAILABLE as problem:
            raise DatabaseUnavailable(str(problem)) from problem
        except DBAPIError as problem:
            if getattr(problem.orig, "pgcode", None) in _NOT_NOW:
                raise DatabaseUnavailable(str(problem)) from problem
            raise

    def close(self) -> None:
        """Waits for running work, then lets go of all connections."""
        self._readers.shutdown()
        self._writers.shutdown()
        self.engine.dispose()
        self._read_engine.dispose()


def lock(connection: Connection, *names: str) -> None:
    """Until the transaction ends, nobody else holds these names.

    SQLite has one writer at a time anyway. Sorted, so that two takers cannot wait crosswise.
    """
    if connection.dialect.name != "postgresql":
        return
    for name in sorted(set(names)):
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:n, 0))"), {"n": name}
        )


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the tables to `revision`; several processes and threads may call it at once."""
    from alembic import command  # a third of a second to import, needed once
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if database.is_sqlite and database.url.database:
        Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)

    def apply(connection: Connection) -> None:
        lock(connection, "migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    # Another process may be at it, and takes its time.
    with _upgrading, waiting(Patience(_UPGRADED_WITHIN_S), time.monotonic()):
        database.run_sync(apply)


def _driver_url(url: str) -> Any:
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg2")
    if backend != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise ValueError("DATABASE_URL must be sqlite:///path/to/file or postgresql://…")
    return parsed


def _sqlite_engine(url: Any, *, read_only: bool = False) -> Engine:
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,  # errors and logs must not show phones or floors
        # Connections stay open: closing the last one makes SQLite empty its log and sync the
        # disk, 10 to 20 ms for every single write.
        poolclass=QueuePool,
        pool_size=READERS + 1,
        pool_timeout=WAIT_SECONDS,
        connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(raw: Any, record: Any) -> None:
        # pysqlite opens transactions by its own lights; we say BEGIN ourselves (below).
        raw.isolation_level = None
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(WAIT_SECONDS * 1000)}")
        enter_wal(cursor, WAIT_SECONDS)
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes its lock at once: a reader that turns writer half way cannot be retried.
        raw = connection.connection.dbapi_connection
        if read_only:
            raw.execute("BEGIN")
        else:
            take_lock(raw, WAIT_SECONDS)

    return engine


def _postgres_engine(url: Any) -> Engine:
    return create_engine(
        url,
        future=True,
        hide_parameters=True,
        pool_size=READERS * 2,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,  # a restarted server costs one ping, not one failed buyer
        connect_args={
            "connect_timeout": WAIT_SECONDS,
            "options": f"-c lock_timeout={WAIT_SECONDS}s -c statement_timeout=30s -c timezone=UTC",
        },
    )
