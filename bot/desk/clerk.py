"""The process in which the trainers' files are read and written, kept for a while between savings.

Reading all lines takes seconds and would hold up buyers' turns; who has just opened a page will save
soon, and what the process has read by then need not be read again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.settings import ROOT

IDLE_S = 300.0  # after which it ends and its memory is free
_WITHIN_S = 60.0
_GENTLY = "5"  # buyers' turns go first
_LONGEST = 1 << 26  # bytes of an answer


class Busy(Exception):
    """No answer within its time, or the process has died; it is begun anew when it is next asked."""


class Clerk:
    """One request after the other."""

    def __init__(
        self, place: Callable[[], tuple[Path, Path, str]], *, idle_s: float = IDLE_S
    ) -> None:
        """`place`: (project, var, database's address), asked for when a process begins."""
        self._place, self._idle_s = place, idle_s
        self._one_at_a_time = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._of: tuple[Path, Path, str] | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._leaving: list[asyncio.subprocess.Process] = []

    async def told(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """(exit code, what is told). Raises Busy."""
        async with self._one_at_a_time:
            self._stay()
            try:
                return await asyncio.wait_for(self._asked(asked), _WITHIN_S)
            except (asyncio.TimeoutError, OSError, ValueError, KeyError):
                await self._end()
                raise Busy from None
            except asyncio.CancelledError:  # its answer would be taken for that of the next
                await self._end()
                raise
            finally:
                if self._process is not None:
                    loop = asyncio.get_running_loop()
                    self._ending = loop.call_later(self._idle_s, self._let_go)

    async def close(self) -> None:
        self._stay()
        async with self._one_at_a_time:
            await self._end()
        for one in self._leaving:
            await _ended(one)

    @property
    def is_in(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    async def _asked(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        process = await self._begun()
        assert process.stdin is not None and process.stdout is not None  # pipes
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        await process.stdin.drain()
        answer = json.loads(await process.stdout.readline())
        return int(answer["code"]), dict(answer["told"])

    async def _begun(self) -> asyncio.subprocess.Process:
        place = self._place()
        if self._process is not None and (not self.is_in or place != self._of):
            await self._end()
        if self._process is None:
            self._of = place
            self._process = await asyncio.create_subprocess_exec(
                *("nice", "-n", _GENTLY, sys.executable, "-m", "bot.trainer.inbox_process"),
                *(*map(str, place), "--stay"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=ROOT,
                limit=_LONGEST,
            )
        return self._process

    def _stay(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _let_go(self) -> None:
        """Its input ends, and so does it; who asks meanwhile asks another."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            self._leaving = [one for one in self._leaving if one.returncode is None] + [process]

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()
