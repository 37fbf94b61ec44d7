"""Waits for what a test expects, however busy the machine is; a fixed sleep would flicker."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 120.0  # for what must come; what is there at once costs none of it


async def until(holds: Callable[[], bool | Awaitable[bool]], within_s: float = PATIENCE_S) -> None:
    """Raises AssertionError where it never comes to hold."""
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up:
        found = holds()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to hold")


async def in_time(what: Awaitable[T], of: str, within_s: float = PATIENCE_S) -> T:
    """What could be waited for without end, cancelled or not. Raises AssertionError, which names it and
    says what everything in the loop waits for."""
    task = asyncio.ensure_future(what)
    done, _ = await asyncio.wait({task}, timeout=within_s)
    if done:
        return task.result()
    told = io.StringIO()
    for one in asyncio.all_tasks():
        one.print_stack(file=told)
    task.cancel()  # and nobody waits for its end: what swallows a cancelling would hang the test
    raise AssertionError(f"after {within_s:.0f} s still waiting for {of}\n{told.getvalue()}")


async def comes(holds: Callable[[], Awaitable[bool]], *, wanted: bool, watched_s: float) -> None:
    """Waits until it holds, or watches for so long that it does not.

    For a guard and its control: what is prevented can only be watched for a while, but what
    happens without the guard may take its time on a busy machine.
    """
    if wanted:
        await until(holds)
        return
    await asyncio.sleep(watched_s)
    assert not await holds(), "it came, though it should not"
