"""A locked SQLite: who writes is refused in time, all writes of a request together, and it heals."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

import bot.database
from bot import sqlite_waits
from bot.database import Database, DatabaseUnavailable, one_request
from tests.house.server import Server
from tests.support.waiting import PATIENCE_S

NEVER_S = PATIENCE_S * 10


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """By another process."""
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'house.db'}")
    opened.run_sync(lambda connection: connection.execute(text("CREATE TABLE t (n INTEGER)")))
    yield opened
    opened.close()


def write(connection: Connection) -> None:
    connection.execute(text("INSERT INTO t VALUES (1)"))


async def test_a_request_at_a_locked_database_is_refused_and_the_next_one_is_served(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(server.database), monkeypatch.context() as patch:
        patch.setattr(bot.database, "WAIT_SECONDS", 0.2)
        refused = await server.client.post("/api/chat/session", json={})
        assert (refused.status, (await refused.json())["error"]["code"]) == (503, "unavailable")
    assert (await server.client.post("/api/chat/session", json={})).status == 200


async def test_without_the_limit_a_request_would_wait_as_long_as_the_lock_is_held(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(bot.database, "WAIT_SECONDS", NEVER_S)
    with locked(server.database):
        waiting = asyncio.ensure_future(server.client.post("/api/chat/session", json={}))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
    assert (await waiting).status == 200


@pytest.mark.parametrize("is_one_request", [True, False])
async def test_a_request_that_writes_again_does_not_wait_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, is_one_request: bool
) -> None:
    """Outside of a request, the negative control, each write has a patience of its own."""
    now_s, tried = 0.0, 0

    def waits_in_vain(_: Any, give_up: float) -> None:
        nonlocal now_s, tried
        now_s, tried = give_up, tried + 1
        raise sqlite3.OperationalError("database is locked")

    for module in (bot.database, sqlite_waits):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now_s))
    monkeypatch.setattr(sqlite_waits, "_begin", waits_in_vain)
    with one_request() if is_one_request else nullcontext():
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable):
                await database.run(write)
    assert tried == (1 if is_one_request else 2)
    assert now_s == tried * bot.database.WAIT_SECONDS


class _Slow:
    """SQLite's connection on a machine whose naps last 1.4 times as long as was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s, self._naps_s = 0.0, 0.0
        monkeypatch.setattr(sqlite_waits, "time", SimpleNamespace(monotonic=lambda: self.now_s))

    def execute(self, statement: str) -> None:
        if asked := re.fullmatch(r"PRAGMA busy_timeout = (\d+)", statement):
            self._naps_s = int(asked[1]) / 1000
        else:
            self.now_s += self._naps_s * 1.4
            raise sqlite3.OperationalError("database is locked")


@pytest.mark.parametrize(("naps_ms", "is_in_time"), [(None, True), (5000, False)])
def test_five_seconds_are_five_on_a_busy_machine(
    monkeypatch: pytest.MonkeyPatch, naps_ms: int | None, is_in_time: bool
) -> None:
    """With SQLite's own count of its naps, the negative control, they are seven."""
    if naps_ms is not None:
        monkeypatch.setattr(sqlite_waits, "_LOOKED_EVERY_MS", naps_ms)
    with monkeypatch.context() as patch:
        slow: Any = _Slow(patch)
        with pytest.raises(sqlite3.OperationalError):
            sqlite_waits.take_lock(slow, 5)
    assert (slow.now_s < 5.2) is is_in_time
