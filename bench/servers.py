"""Starts a server of several processes in a folder of its own, and weighs it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import psutil
from aiohttp import ClientError, ClientSession

from bench.buyers import say

ROOT = Path(__file__).resolve().parents[1]
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "OPENBLAS_NUM_THREADS": "1",  # as the bot sets it for itself
}


class DiedOfItself(Exception):
    """A process of the server ended; the message holds the end of its log."""


def free_port() -> int:
    """Below those that connections are given, which would take a port 0 chose before it is opened."""
    for _ in range(1000):
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as found, contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")


@dataclass
class Server:
    """Processes that start together; `async with` stops them.

    `commands` are arguments of this Python; each is run in `project` with `environ`.
    """

    name: str
    address: str
    project: Path
    logs: Path  # a folder
    commands: Sequence[Sequence[str]]
    environ: dict[str, str]
    ready_s: float = 0.0  # from the start of the processes to the first answer
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    async def __aenter__(self) -> Server:
        started = time.perf_counter()
        self.logs.mkdir(parents=True, exist_ok=True)
        environ = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT), **self.environ}
        for number, command in enumerate(self.commands):
            with self._log(number).open("wb") as log:
                process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs meanwhile
                    [sys.executable, *command],
                    cwd=self.project,
                    env=environ,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            self._running.append(process)
        try:
            await self._first_answer()
        except BaseException:
            self._stop()
            raise
        self.ready_s = time.perf_counter() - started
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def memory(self) -> tuple[float, float]:
        """(resident, unique) MB of all processes and their children."""
        resident = unique = 0
        for process in self._running:
            parent = psutil.Process(process.pid)
            for one in [parent, *parent.children(recursive=True)]:
                used = one.memory_full_info()
                resident, unique = resident + used.rss, unique + used.uss
        return resident / 2**20, unique / 2**20

    async def _first_answer(self, patience_s: float = 600.0) -> None:
        give_up = time.perf_counter() + patience_s
        async with ClientSession() as session:
            while True:
                for number, process in enumerate(self._running):
                    if process.poll() is not None or time.perf_counter() > give_up:
                        raise DiedOfItself(f"{self.name}: {self._end_of_log(number)}")
                try:
                    if (await say(session, self.address, "bench-first", "在吗")).bubbles:
                        return
                except ClientError:
                    pass  # not open yet
                await asyncio.sleep(0.1)

    def _stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _log(self, number: int) -> Path:
        return self.logs / f"process{number}.log"

    def _end_of_log(self, number: int) -> str:
        return self._log(number).read_text(encoding="utf-8", errors="replace")[-2000:]
