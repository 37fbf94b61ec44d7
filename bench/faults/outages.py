"""A4, A6.5, A6.6: the database locked, read-only, moved away, its connections cut."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timezone
from pathlib import Path

from aiohttp import ClientError
from sqlalchemy.engine import make_url

from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.talk import placed_since, to_the_summary, visitor_id
from bench.trials.visitors import Visitor

LOCKED_S = 15.0
READ_ONLY_S = 25.0


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one() as house:
        if houses.kind == "SQLite":
            yield await _locked(house)
            yield await _moved_away(house)
        else:
            yield await _read_only(houses, house)
            yield await _cut(houses, house)


async def pester(house: House, over: Callable[[], bool]) -> tuple[Counter[str], list[float], int]:
    """A buyer sends lines until it is over: codes of refusals, their seconds, and readiness 503s."""
    async with Visitor(house) as buyer:
        return await pester_as(buyer, over)


async def pester_as(
    buyer: Visitor, over: Callable[[], bool]
) -> tuple[Counter[str], list[float], int]:
    """The same, by one who is there already: the house may let nobody in."""
    house = buyer.house
    codes: Counter[str] = Counter()
    waits: list[float] = []
    not_ready = 0
    while not over():
        began, before = time.monotonic(), len(buyer.errors)
        own_id = await buyer.send("在吗")
        try:
            await buyer.until(
                lambda one=own_id, n=before: one in buyer.acks or len(buyer.errors) > n, 30
            )
        except asyncio.TimeoutError:
            codes["no answer in 30 s"] += 1
            continue
        waits.append(time.monotonic() - began)
        if len(buyer.errors) > before:
            codes[buyer.errors[-1]["error"]["code"]] += 1
        not_ready += await house.status("/readyz") == 503
        await asyncio.sleep(0.3)
    return codes, waits, not_ready


async def _locked(house: House) -> Finding:
    """Another process holds SQLite's lock."""
    path = str(make_url(house.database_url).database)
    lock = sqlite3.connect(path, isolation_level=None, timeout=30)
    until = 0.0
    began = asyncio.Event()

    async def hold() -> None:
        nonlocal until
        await began.wait()
        lock.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + LOCKED_S
        await asyncio.sleep(LOCKED_S)
        lock.execute("ROLLBACK")

    holding = asyncio.create_task(hold())
    asyncio.get_running_loop().call_later(1.0, began.set)
    until = time.monotonic() + LOCKED_S + 1
    codes, waits, not_ready = await pester(house, lambda: time.monotonic() > until - 1)
    await holding
    lock.close()
    async with Visitor(house) as buyer:
        answered = await buyer.say("包邮吗")
    held = set(codes) <= {"unavailable"} and max(waits) < 8 and not_ready > 0 and bool(answered)
    told = f"{dict(codes)}, longest wait {max(waits):.1f} s, readyz 503 × {not_ready}, then answers"
    return Finding("A6.5", "SQLite locked", held, told)


async def _moved_away(house: House) -> Finding:
    path = Path(str(make_url(house.database_url).database))
    before = await house.status("/readyz")
    away = await asyncio.to_thread(path.rename, f"{path}.away")
    during = await house.status("/readyz")
    await asyncio.to_thread(away.rename, path)
    after = await house.status("/readyz")
    told = f"readyz {before}, moved {during}, back {after}"
    return Finding("A6.6", "the file moved away", (before, during, after) == (200, 503, 200), told)


async def _read_only(houses: Houses, house: House) -> Finding:
    """As after a fail-over to a standby, and back."""
    name = make_url(house.database_url).database

    def switch(setting: str) -> None:
        houses.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}')
        houses.execute(_CUT_ALL.format(name=name))

    async def outage() -> None:
        await asyncio.sleep(1)
        await asyncio.to_thread(switch, "on")
        await asyncio.sleep(READ_ONLY_S)
        await asyncio.to_thread(switch, "off")

    out = asyncio.create_task(outage())
    codes, waits, not_ready = await pester(house, out.done)
    await out
    await asyncio.sleep(3)
    ready = await house.status("/readyz")
    await asyncio.sleep(32)  # every background task has had its round
    ready_later = await house.status("/readyz")
    async with Visitor(house) as buyer:
        answered = await buyer.say("包邮吗")
    failed = house.said().count("background.failed")
    held = set(codes) <= {"unavailable"} and (ready, ready_later) == (200, 200) and bool(answered)
    told = f"{dict(codes)}, longest {max(waits):.1f} s, readyz 503 × {not_ready}, then {ready} and "
    told += f"{ready_later}; background.failed × {failed}"
    return Finding("A4", "read-only for a while", held and not_ready > 0, told)


_CUT_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' "
    "AND pid <> pg_backend_pid()"
)
_CUT_SOME = _CUT_ALL + " AND random() < 0.3"


async def _cut(houses: Houses, house: House) -> Finding:
    """Connections ended at random while buyers order, or take it back at the summary."""
    name = make_url(house.database_url).database
    began, over = datetime.now(timezone.utc), time.monotonic() + 25

    async def cutting() -> None:
        while time.monotonic() < over:
            await asyncio.to_thread(houses.execute, _CUT_SOME.format(name=name))
            await asyncio.sleep(random.uniform(0.1, 0.5))

    async def buyer(says_yes: bool) -> tuple[str, bool, str]:
        """Their id, whether they said yes, and all that they were told."""
        async with Visitor(house) as one:
            try:
                await to_the_summary(one)
                for line in ("对", "对") if says_yes else ("先不要了", "什么时候发货"):
                    await one.say(line)
            except (ClientError, OSError, asyncio.TimeoutError):
                pass
            await one.listen(1)
            said = str([(message["text"], message.get("card")) for message in one.said()])
            return visitor_id(one), says_yes, said

    cuts = asyncio.create_task(cutting())
    results: list[tuple[str, bool, str]] = []
    while time.monotonic() < over:
        some = await asyncio.gather(*(buyer(n % 2 == 0) for n in range(4)), return_exceptions=True)
        results += [one for one in some if isinstance(one, tuple)]
    await cuts
    known = {buyer_id: (yes, said) for buyer_id, yes, said in results}
    orders = [one for one in placed_since(house, began) if one["buyer_id"] in known]
    without = sum(not known[one["buyer_id"]][0] for one in orders)
    twice = sum(count > 1 for count in Counter(one["buyer_id"] for one in orders).values())
    untold = sum(
        one["number"] not in known[one["buyer_id"]][1] and not _told_later(house, one)
        for one in orders
    )
    told = f"{len(results)} talks, {len(orders)} orders: {without} without a yes, {twice} buyers twice, "
    told += f"{untold} untold"
    return Finding(
        "A1", "connections cut while buyers order", not (without or twice or untold), told
    )


def _told_later(house: House, order: dict[str, object]) -> bool:
    """Whether it stands in the talk, or a person has it in the summary."""
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from bot.conversations.tables import conversations, messages

    def read(connection: Connection) -> str:
        rows = connection.execute(
            sa.select(messages.c.text, messages.c.card, conversations.c.summary)
            .join(conversations, conversations.c.conversation_id == messages.c.conversation_id)
            .where(conversations.c.buyer_id == order["buyer_id"], messages.c.author != "buyer")
        )
        return str([tuple(row) for row in rows])

    return str(order["number"]) in house.stored(read)
