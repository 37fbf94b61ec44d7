"""Waiting for SQLite, by the clock and all waiting of one request together.

Left to itself SQLite adds up the naps it asked for: on a busy machine 5 s of them last 7.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_LOOKED_EVERY_MS = 100
_here = threading.local()  # `waits`: the patience, and since when, of the write of this thread


@dataclass
class Patience:
    """How long one request may yet wait for queues and locks, all of its writes together."""

    left_s: float

    def is_over(self, since: float) -> bool:
        """Whether it ran out while a write that came then stood in the queue."""
        waited = time.monotonic() - since
        if waited < self.left_s:
            return False
        self.left_s -= waited
        return True


@contextmanager
def waiting(patience: Patience, since: float) -> Iterator[None]:
    """What this thread begins in here waits as long as that patience lasts."""
    _here.waits = patience, since
    try:
        yield
    finally:
        del _here.waits


def take_lock(raw: Any, most_s: float) -> None:
    """BEGIN as a writer. Raises sqlite3.OperationalError where it stays locked."""
    patience, since = getattr(_here, "waits", None) or (Patience(most_s), time.monotonic())
    raw.execute(f"PRAGMA busy_timeout = {_LOOKED_EVERY_MS}")
    try:
        _begin(raw, since + patience.left_s)
    finally:
        patience.left_s -= time.monotonic() - since


def _begin(raw: Any, give_up: float) -> None:
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() >= give_up:
                raise


def enter_wal(cursor: Any, most_s: float) -> None:
    """The one thing that a busy SQLite refuses at once instead of waiting its timeout."""
    give_up = time.monotonic() + most_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)
