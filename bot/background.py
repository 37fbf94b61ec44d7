"""Work that goes on beside requests: started together, kept going, ended in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

_LONGEST_PAUSE_S = 60.0
_WELL_AFTER_S = 60.0  # of work without a fault: what failed before is forgotten
_AILING_AFTER = 3  # faults in a row


class Background:
    """Loops that run until closed; one that fails begins again after a growing pause."""

    def __init__(self, *, first_pause_s: float = 1.0) -> None:
        self._first_pause_s = first_pause_s
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._faults: dict[str, int] = {}

    def keep(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Runs `work`, which is not expected to end."""
        self._faults[name] = 0
        self._tasks[name] = asyncio.create_task(self._again_and_again(name, work), name=name)

    @property
    def ailing(self) -> list[str]:
        """Names of the work that keeps failing, or has ended."""
        return sorted(
            name
            for name, task in self._tasks.items()
            if task.done() or self._faults[name] >= _AILING_AFTER
        )

    async def close(self, within_s: float = 2.0) -> None:
        """Cancels all; what does not end in time is left behind and told."""
        for task in self._tasks.values():
            task.cancel()
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks.values(), timeout=within_s)
        for task in left:
            log.warning("background.left_behind", work=task.get_name())

    async def _again_and_again(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            started = time.monotonic()
            try:
                await work()
                log.error("background.ended", work=name)
            except Exception as error:  # the edge of a background task: reported, begun again
                log.error("background.failed", work=name, error=type(error).__name__, exc_info=True)
            if time.monotonic() - started > _WELL_AFTER_S:
                self._faults[name] = 0
            self._faults[name] += 1
            pause = self._first_pause_s * 2 ** min(self._faults[name] - 1, 10)
            await asyncio.sleep(min(pause, _LONGEST_PAUSE_S))
