"""Whether the process lives, and whether it can answer a buyer and keep what is said."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.channels.keys import TURNS
from bot.database import Database, DatabaseUnavailable

ANSWER_WITHIN_S = 1.8


class Readiness:
    """Asks every part at once; one that does not answer in time is not ready.

    A part that hangs is asked once and not again until it answers, so that probes do not pile up.
    """

    def __init__(self, database: Database, var: Path, ailing: Callable[[], list[str]]) -> None:
        self._database, self._var, self._ailing = database, var, ailing
        self._asked: dict[str, asyncio.Task[str]] = {}

    async def faults(self) -> dict[str, str]:
        """What is wrong, by part; empty when the house is ready."""
        asked = {
            "database": self._ask("database", self._database_fault),
            "disk": self._ask("disk", self._disk_fault),
        }
        await asyncio.wait(asked.values(), timeout=ANSWER_WITHIN_S)
        faults = {
            part: task.result() if task.done() else "no answer" for part, task in asked.items()
        }
        faults["tasks"] = ", ".join(self._ailing())
        return {part: fault for part, fault in faults.items() if fault}

    def _ask(self, part: str, question: Callable[[], Awaitable[str]]) -> asyncio.Task[str]:
        asked = self._asked.get(part)
        if asked is None or asked.done():
            asked = self._asked[part] = asyncio.create_task(_answered(question))
        return asked

    async def _database_fault(self) -> str:
        if not self._database.is_in_place():
            return "the file was moved or deleted"
        await self._database.run(self._database.demand_writable)
        return ""

    async def _disk_fault(self) -> str:
        def write() -> None:
            with tempfile.NamedTemporaryFile(dir=self._var, prefix=".ready-") as file:
                file.write(b"\0" * 4096)
                file.flush()

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            return error.strerror or "not writable"
        return ""


async def _answered(question: Callable[[], Awaitable[str]]) -> str:
    try:
        return await question()
    except DatabaseUnavailable:
        return "unavailable"


READINESS = web.AppKey("readiness", Readiness)


async def healthz(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """503 with what is wrong while nothing could be kept. The model is loaded before the door opens."""
    if faults := await request.app[READINESS].faults():
        return web.json_response({"status": "unready", **faults}, status=503)
    return web.json_response({"status": "ready", "model": request.app[TURNS].model_id})
