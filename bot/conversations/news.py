"""Tells open sockets that something was written; what they missed they read from the store."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

DESK = "desk"  # the topic of everything that agents should see move

_BACKLOG = 500
T = TypeVar("T")


class Backlog(Generic[T]):
    """What waits for one reader. Who falls too far behind is cut off and has to reread."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[T | None] = asyncio.Queue(_BACKLOG)
        self.is_cut_off = False

    async def next(self) -> T | None:
        """None: cut off, or the house is closing."""
        return None if self.is_cut_off and self._queue.empty() else await self._queue.get()

    def put(self, event: T | None) -> None:
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self.is_cut_off = True


Subscription = Backlog[Mapping[str, Any]]  # news of one topic


class News:
    def __init__(self) -> None:
        self._readers: dict[str, set[Subscription]] = defaultdict(set)

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[Subscription]:
        subscription = Subscription()
        self._readers[topic].add(subscription)
        try:
            yield subscription
        finally:
            self._readers[topic].discard(subscription)
            if not self._readers[topic]:
                del self._readers[topic]

    def publish(self, topic: str, event: Mapping[str, Any]) -> None:
        for subscription in tuple(self._readers.get(topic, ())):
            subscription.put(event)

    def readers(self, topic: str) -> int:
        """How many listen, in this process."""
        return len(self._readers.get(topic, ()))

    def is_read(self, topic: str) -> bool:
        """Whether somebody listens, in this process."""
        return bool(self._readers.get(topic))

    def close(self) -> None:
        for readers in self._readers.values():
            for subscription in readers:
                subscription.put(None)
