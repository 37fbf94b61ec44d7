"""Shops to test on: the demo shop, copied fresh, on SQLite and PostgreSQL, by port and wire."""

from __future__ import annotations

import os
import shutil
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.database import Database, upgrade
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing.importer import import_files
from bot.shop.wire.api import routes
from bot.shop.wire.remote import RemoteShop
from bot.shop.words.port import Shop

DEMO = Path(__file__).parents[2] / "shop" / "demo"
NOW = datetime(2026, 3, 18, 2, 0, tzinfo=timezone.utc)  # a Wednesday, 10:00 in the shop
TOKEN = "a-token-for-tests"
LOCAL_POSTGRES = "postgresql://root@127.0.0.1:5432/test"


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    """One demo shop: its port as the test speaks it, its back office, its clock."""

    shop: Shop
    office: BackOffice
    clock: Clock
    database: Database


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    import_files(database, [DEMO], now=NOW)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_admin() -> Iterator[Any]:
    """An engine that may create databases; skips, or fails where services are demanded."""
    url = make_url(os.environ.get("TEST_POSTGRES_URL") or LOCAL_POSTGRES)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg2"),
        future=True,
        isolation_level="AUTOCOMMIT",
        # A driver that waits for its server hears no alarm: the server itself gives up.
        connect_args={"connect_timeout": 3, "options": "-c statement_timeout=120s"},
    )
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError as problem:
        reason = f"no PostgreSQL at {url.host}:{url.port} (set TEST_POSTGRES_URL)"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(f"{reason}: {problem}")
        pytest.skip(reason)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def demo_template(postgres_admin: Any) -> Iterator[str]:
    """The name of a PostgreSQL database that holds the demo shop, to copy from."""
    name = f"shop_demo_{uuid.uuid4().hex[:12]}"
    _execute(postgres_admin, f'CREATE DATABASE "{name}"')
    database = Database(_sibling(postgres_admin, name))
    try:
        upgrade(database)
        import_files(database, [DEMO], now=NOW)
    finally:
        database.close()
    yield name
    drop(postgres_admin, name)


@pytest.fixture
def sqlite_url(demo_file: Path, tmp_path: Path) -> str:
    copy = tmp_path / "shop.db"
    shutil.copyfile(demo_file, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def postgres_url(postgres_admin: Any, demo_template: str) -> Iterator[str]:
    name = f"shop_test_{uuid.uuid4().hex[:12]}"
    _execute(postgres_admin, f'CREATE DATABASE "{name}" TEMPLATE "{demo_template}"')
    yield _sibling(postgres_admin, name)
    drop(postgres_admin, name)


def drop(engine: Any, name: str) -> None:
    """A database; one that the server does not get rid of in time is left behind, and told."""
    try:
        _execute(engine, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except OperationalError as problem:
        warnings.warn(f"left behind: {name}: {problem}", stacklevel=2)


def _execute(engine: Any, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))


def _sibling(engine: Any, name: str) -> str:
    return str(engine.url.set(database=name).render_as_string(hide_password=False))


BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def _house(database: Database, shop: Shop, clock: Clock) -> House:
    return House(
        shop=shop, office=BackOffice(database, clock=clock), clock=clock, database=database
    )


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """The embedded shop on SQLite: enough where only rules are asked."""
    database, clock = Database(sqlite_url), Clock()
    yield _house(database, EmbeddedShop(database, clock=clock), clock)
    database.close()


@pytest_asyncio.fixture(params=["embedded", "remote"])
async def any_house(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[House]:
    """Both implementations of the port on both databases; the remote one over real sockets."""
    clock = Clock()
    embedded = EmbeddedShop(database, clock=clock)
    if request.param == "embedded":
        yield _house(database, embedded, clock)
        return
    async with served(embedded) as url, RemoteShop(url, TOKEN) as remote:
        yield _house(database, remote, clock)


class served:
    """A shop behind a real socket, as an async context giving its address."""

    def __init__(self, shop: Shop, middlewares: Sequence[Any] = ()) -> None:
        self.shop, self.middlewares = shop, middlewares

    async def __aenter__(self) -> str:
        app = web.Application(middlewares=self.middlewares)
        app.add_routes(routes(self.shop, token=TOKEN))
        self.server = TestServer(app)
        await self.server.start_server()
        return str(self.server.make_url(""))

    async def __aexit__(self, *error: object) -> None:
        await self.server.close()
