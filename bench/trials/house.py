"""The house as a process of its own, with the demo shop, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

import psutil
import yaml
from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bench.servers import QUIET, ROOT, free_port
from bot.channels.tokens import Tokens
from bot.database import Database

T = TypeVar("T")

PASSWORD = "a long desk password"
PROXIED = "127.0.0.1"  # attackers speak as a proxy would, so that each has an address of its own


class DidNotOpen(Exception):
    """The house ended or gave no answer; the message holds the end of its log."""


class House:
    """One house: opened, killed, stopped and opened again on the same data."""

    def __init__(self, folder: Path, models: Path, database: str, **environ: str) -> None:
        self.folder, self.database_url = folder, database
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.secret, self.rest_token = secrets.token_urlsafe(36), secrets.token_urlsafe(24)
        self.shop_token = secrets.token_urlsafe(24)
        self.environ = {
            "DATABASE_URL": database,
            "PORT": str(self.port),
            "DIANXIAOER_VAR": str(folder / "var"),
            "MODELS": str(models),
            "SECRET_KEY": self.secret,
            "REST_TOKEN": self.rest_token,
            "SHOP_API_TOKEN": self.shop_token,
            "DESK_PASSWORD": PASSWORD,
            "TRUSTED_PROXIES": PROXIED,
            "SHOP_SETTINGS": str(_quick_settings(folder)),
            **environ,
        }
        self.log = folder / "house.log"
        self.code: tuple[str, ...] = ("-m", "bot")
        self.process: subprocess.Popen[bytes] | None = None
        self._data: Database | None = None

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts the process and waits for nothing."""
        environ = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT), **self.environ}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.code],
                cwd=ROOT,
                env={name: value for name, value in environ.items() if value},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self.process

    async def open(self, patience_s: float = 900.0) -> float:
        """Seconds until it is ready. Raises DidNotOpen."""
        started = time.monotonic()
        process = self.launch()
        while (waited := time.monotonic() - started) < patience_s:
            if process.poll() is not None:
                break
            if await self.status("/readyz") == 200:
                return waited
            await asyncio.sleep(0.2)
        raise DidNotOpen(self.said()[-1500:])

    async def status(self, path: str, within_s: float = 5.0) -> int:
        """The status that a path answers with; 0 where there is no answer in time."""
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=within_s)) as client,
                client.get(f"{self.address}{path}") as answer,
            ):
                return answer.status
        except (ClientError, OSError, asyncio.TimeoutError):
            return 0

    def kill(self) -> None:
        """As a power cut would; what was acknowledged must be there afterwards."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    async def stop(self, within_s: float = 60.0) -> tuple[int | None, float]:
        """SIGTERM: exit code (None: it did not end, and was killed) and seconds."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self.process.wait, within_s)
        code, took = self.process.poll(), time.monotonic() - began
        self.kill()
        return code, took

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def memory_mb(self) -> float:
        """Resident, of the process and its children."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        total = 0
        for one in [parent, *parent.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):  # a decoder that has just ended
                total += one.memory_info().rss
        return total / 2**20

    def buyer_token(self, buyer_id: str) -> str:
        """As the shop's own pages sign it."""
        return Tokens(self.secret).for_buyer(buyer_id, datetime.now(timezone.utc))

    def stored(self, work: Callable[..., T], *args: Any) -> T:
        """What the database holds, read beside the house."""
        if self._data is None:
            self._data = Database(self.database_url)
        return self._data.read_sync(work, *args)

    def close(self) -> None:
        self.kill()
        if self._data is not None:
            self._data.close()


def _quick_settings(folder: Path) -> Path:
    """The demo shop's, with people always in and a shorter pause: trials have many turns."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = yaml.safe_load((ROOT / "shop" / "settings.yml").read_text(encoding="utf-8"))
    settings["business_hours"] = {"mon-sun": "00:00-24:00"}
    settings["reading"] = {"burst_wait_ms": 150, "longest_wait_ms": 1500}
    path = folder / "settings.yml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return path


class Houses:
    """Makes houses in a folder; a PostgreSQL server is used where its address is given."""

    def __init__(
        self, folder: Path, models: Path, postgres: str = "", *, is_short: bool = False
    ) -> None:
        self.folder, self.models, self.postgres = folder, models, postgres
        self.kind = "PostgreSQL" if postgres else "SQLite"
        self.is_short = is_short

    def times(self, count: int) -> int:
        """How often something is tried: a third of `count` in a short run, twice at least."""
        return max(2, count // 3) if self.is_short else count

    @asynccontextmanager
    async def one(self, *, opened: bool = True, **environ: str) -> AsyncIterator[House]:
        """A house on data of its own; it and they are gone afterwards."""
        folder = self.folder / uuid.uuid4().hex[:8]
        folder.mkdir(parents=True)
        name = f"trial_{folder.name}"
        database = f"sqlite:///{folder / 'house.db'}"
        if self.postgres:
            self._execute(f'CREATE DATABASE "{name}"')
            url = make_url(self.postgres).set(database=name)
            database = str(url.render_as_string(hide_password=False))
        house = House(folder, self.models, database, **environ)
        _fill(database)
        try:
            if opened:
                await house.open()
            yield house
        finally:
            house.close()
            if self.postgres:
                self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            shutil.rmtree(folder, ignore_errors=True)

    def execute(self, statement: str) -> None:
        """On the PostgreSQL server, as its administrator."""
        self._execute(statement)

    def _execute(self, statement: str) -> None:
        url = make_url(self.postgres).set(drivername="postgresql+psycopg2")
        engine = create_engine(url, future=True, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _fill(database: str) -> None:
    command = [sys.executable, "-m", "bot.shop", "--database", database, "demo"]
    environ = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
