"""Ready means that what is said can be kept; and closing waits for nobody without end."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

import bot.database
from bot.channels import health
from bot.channels.health import READINESS
from bot.channels.socket import let_go
from bot.database import Database, DatabaseUnavailable
from tests.house.server import Server


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked here is what is answered; a busy machine may take its time over it."""
    monkeypatch.setattr(health, "ANSWER_WITHIN_S", 20.0)


async def readiness(server: Server) -> tuple[int, dict[str, Any]]:
    answer = await server.client.get("/readyz")
    return answer.status, await answer.json()


async def test_a_whole_house_is_ready(server: Server) -> None:
    assert await readiness(server) == (200, {"status": "ready", "model": "scripted"})


async def test_a_database_that_hangs_is_told_in_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def hangs(work: Any, *_: Any, **__: Any) -> None:
        nonlocal asked
        asked += work == server.database.demand_writable
        await asyncio.sleep(3600)

    monkeypatch.setattr(health, "ANSWER_WITHIN_S", 0.1)
    monkeypatch.setattr(server.database, "run", hangs)
    for _ in range(3):
        status, told = await readiness(server)
        assert (status, told["database"]) == (503, "no answer")
    assert asked == 1  # probes do not pile up behind it
    await asyncio.wait_for(server.client.close(), 20)  # nor does the house wait for it to close


async def test_a_locked_database_is_not_ready_and_is_again_after(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(str(server.database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with monkeypatch.context() as hasty:
        hasty.setattr(bot.database, "WAIT_SECONDS", 0.2)
        assert (await readiness(server))[0] == 503
    other.execute("ROLLBACK")
    other.close()
    for _ in range(10):  # what else was queued behind the lock comes first
        if (await readiness(server))[0] == 200:
            return
    raise AssertionError(await readiness(server))


async def test_a_database_file_that_was_moved_away_is_not_ready(server: Server) -> None:
    assert (await readiness(server))[0] == 200
    path = Path(str(server.database.url.database))
    away = path.with_suffix(".away")
    await asyncio.to_thread(path.rename, away)
    assert (await readiness(server))[1]["database"] == "the file was moved or deleted"
    server.database.engine.dispose()
    with pytest.raises(DatabaseUnavailable, match="moved or deleted"):
        await server.database.run(server.database.demand_writable)
    assert not await asyncio.to_thread(
        path.exists
    )  # whoever connects anew makes no empty file in its place
    await asyncio.to_thread(away.rename, path)
    assert await readiness(server) == (200, {"status": "ready", "model": "scripted"})


async def test_a_folder_that_cannot_be_written_is_not_ready(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.app[READINESS], "_var", Path("/proc"))
    status, told = await readiness(server)
    assert status == 503
    assert told["disk"]


async def test_work_that_keeps_failing_is_told(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.app[READINESS], "_ailing", lambda: ["follow_ups"])
    assert await readiness(server) == (503, {"status": "unready", "tasks": "follow_ups"})


async def test_every_queued_write_on_a_locked_sqlite_gives_up_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    database.run_sync(lambda connection: connection.execute(text("CREATE TABLE t (n INTEGER)")))
    other = sqlite3.connect(str(tmp_path / "house.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def write(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t VALUES (1)"))

    with monkeypatch.context() as hasty:
        hasty.setattr(bot.database, "WAIT_SECONDS", 0.3)
        writes = (database.run(write) for _ in range(5))
        results = await asyncio.gather(*writes, return_exceptions=True)
    assert all(isinstance(one, DatabaseUnavailable) for one in results)
    # The first waited for the lock; the others' time ran out in the queue, and they did not try
    # (but for one that may have had some milliseconds left).
    assert [str(one) for one in results].count("locked for too long") >= 3
    other.execute("ROLLBACK")
    other.close()
    await database.run(write)
    database.close()


async def test_a_server_that_takes_no_writes_is_unavailable_and_comes_back(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)

    def write(connection: Connection, read_only: bool) -> None:
        if read_only:
            connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(text("CREATE TEMPORARY TABLE standing (n INTEGER) ON COMMIT DROP"))
        connection.execute(text("CREATE TABLE IF NOT EXISTS standing_by (n INTEGER)"))

    with pytest.raises(DatabaseUnavailable):
        await database.run(write, True)
    await database.run(write, False)
    database.close()


class _Stuffed:
    """A socket whose other side reads nothing, and its request."""

    def __init__(self) -> None:
        self.is_cut_off = False
        self.transport = self

    async def close(self, **_: Any) -> None:
        await asyncio.sleep(3600)

    def abort(self) -> None:
        self.is_cut_off = True


async def test_a_socket_that_reads_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.socket._CLOSED_WITHIN_S", 0.05)
    stuffed: Any = _Stuffed()
    await asyncio.wait_for(let_go(stuffed, stuffed), 60)
    assert stuffed.is_cut_off


async def test_without_its_limit_a_socket_that_reads_nothing_would_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control."""
    monkeypatch.setattr("bot.channels.socket._CLOSED_WITHIN_S", 3600)
    stuffed: Any = _Stuffed()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(let_go(stuffed, stuffed), 0.5)


async def _read_while_others_go_on(house: Server, is_apart: bool) -> bool:
    """Whether the loop did something while a list of the desk was read."""
    others = threading.Event()

    def slow(*_: Any, **__: Any) -> bool:
        return others.wait(60 if is_apart else 0.2)

    database = house.database
    reading = asyncio.ensure_future(database.read_apart(slow) if is_apart else database.read(slow))
    await asyncio.sleep(0)
    others.set()
    return await reading


@pytest.mark.parametrize("is_apart", [True, False])
async def test_the_loop_goes_on_while_many_rows_are_read(server: Server, is_apart: bool) -> None:
    """With a plain read, the negative control, it stands still: SQLite is read where it is asked."""
    assert await _read_while_others_go_on(server, is_apart) is is_apart


@pytest.mark.parametrize("path", ["conversations", "counts", "search?q=在吗"])
async def test_lists_of_the_desk_are_read_apart(
    server: Server, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    await server.signed_in_desk()
    read: list[str] = []
    apart = server.database.read_apart

    async def noted(work: Any, *args: Any, **options: Any) -> Any:
        read.append(work.__name__)
        return await apart(work, *args, **options)

    monkeypatch.setattr(server.database, "read_apart", noted)
    answer = await server.client.get(f"/api/desk/{path}")
    assert answer.status == 200 and read


async def test_the_house_closes_while_a_turn_hangs(
    open_server: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.working._TURNS_END_WITHIN_S", 0.2)
    server = await open_server()
    server.engine.then_hang()
    socket = await server.connect()
    await socket.send("在吗")
    await server.engine.heard_turns(1)
    await asyncio.wait_for(server.client.close(), 20)
