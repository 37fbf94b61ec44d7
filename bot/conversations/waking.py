"""When a turn begins: after the buyer's pause, again after a failure, never once we close."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.database import DatabaseUnavailable, one_request
from bot.settings import Reading as Pauses

log = structlog.get_logger(__name__)

_RETRY_AFTER_S = (0.5, 2.0, 5.0, 15.0, 60.0)


class Waking:
    """Calls `answer(conversation_id)` for conversations that were woken."""

    def __init__(self, pauses: Pauses, answer: Callable[[str], Awaitable[object]]) -> None:
        self._pauses, self._answer = pauses, answer
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._woken_at: dict[str, float] = {}
        self._running: set[asyncio.Task[None]] = set()  # the loop itself holds tasks weakly
        self._is_closing = False

    def wake(self, conversation_id: str) -> None:
        """A line came in: answer once the buyer has paused (or has been typing for long)."""
        now = asyncio.get_running_loop().time()
        first = self._woken_at.setdefault(conversation_id, now)
        patience = max(0.0, first + self._pauses.longest_wait_s - now)
        self.wake_after(conversation_id, min(self._pauses.burst_wait_s, patience))

    def is_waiting(self, conversation_id: str) -> bool:
        """Whether lines of this conversation wait for the buyer's pause."""
        return conversation_id in self._waiting

    def wake_after(self, conversation_id: str, pause: float, attempt: int = 0) -> None:
        if self._is_closing:
            return
        if (old := self._waiting.pop(conversation_id, None)) is not None:
            old.cancel()
        task = asyncio.create_task(self._pause_then_answer(conversation_id, pause, attempt))
        self._waiting[conversation_id] = task
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Lets turns that have begun finish; what has not begun stays pending in the store."""
        self._is_closing = True
        for task in self._waiting.values():
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _pause_then_answer(self, conversation_id: str, pause: float, attempt: int) -> None:
        await asyncio.sleep(pause)
        # From here on a new line must not cancel this turn but start another one after it.
        self._waiting.pop(conversation_id, None)
        self._woken_at.pop(conversation_id, None)
        try:
            with one_request():  # the one that woke it has been answered
                await self._answer(conversation_id)
        except DatabaseUnavailable:
            log.warning("turn.postponed", conversation=conversation_id)
        except Exception as error:  # the edge of a background task: reported, tried again
            log.error(
                "turn.broken",
                conversation=conversation_id,
                error=type(error).__name__,
                exc_info=True,
            )
        else:
            return
        if conversation_id not in self._waiting:
            delay = _RETRY_AFTER_S[min(attempt, len(_RETRY_AFTER_S) - 1)]
            self.wake_after(conversation_id, delay, attempt + 1)
