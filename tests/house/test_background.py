"""Work beside requests: a fault in it ends nothing, and is not kept secret."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.background import Background
from tests.support.waiting import until


async def test_work_that_fails_begins_again() -> None:
    background, tries = Background(first_pause_s=0.001), []

    async def work() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("a lost race")
        await asyncio.sleep(3600)

    background.keep("work", work)
    await until(lambda: len(tries) == 3)
    await background.close()


async def test_work_that_keeps_failing_is_told() -> None:
    background = Background(first_pause_s=0.001)

    async def fails() -> None:
        raise RuntimeError("always")

    async def works() -> None:
        await asyncio.sleep(3600)

    background.keep("fails", fails)
    background.keep("works", works)
    assert background.ailing == []
    await until(lambda: background.ailing == ["fails"])
    await background.close()


async def test_closing_does_not_wait_for_what_will_not_end() -> None:
    background, may_end = Background(), asyncio.Event()

    async def stubborn() -> None:
        while not may_end.is_set():
            try:
                await may_end.wait()
            except asyncio.CancelledError:
                continue

    background.keep("stubborn", stubborn)
    await asyncio.sleep(0)
    await asyncio.wait_for(background.close(within_s=0.05), 60)
    may_end.set()


async def test_without_the_catch_work_would_be_dead_after_its_first_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: readiness, the second guard, still tells of it."""

    async def once(_: Background, __: str, work: Callable[[], Awaitable[None]]) -> None:
        await work()

    monkeypatch.setattr(Background, "_again_and_again", once)
    background, tries = Background(first_pause_s=0.001), []

    async def work() -> None:
        tries.append(1)
        raise RuntimeError("a lost race")

    background.keep("work", work)
    await until(lambda: background.ailing == ["work"])
    await asyncio.sleep(0.05)
    assert len(tries) == 1
    await background.close()
