"""One turn at a time per conversation: a fair lock each, kept only while somebody needs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ConversationLocks:
    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def of(self, conversation_id: str) -> AsyncIterator[None]:
        """Waits its turn; the first to ask is the first to get it."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[conversation_id] -= 1
            if not self._users[conversation_id]:
                del self._users[conversation_id], self._locks[conversation_id]

    def is_held(self, conversation_id: str) -> bool:
        """Whether somebody here is at this conversation."""
        return conversation_id in self._locks

    async def all_free(self) -> None:
        """Returns once everybody who holds or awaits a lock now is done."""
        for conversation_id in tuple(self._locks):
            async with self.of(conversation_id):
                pass
