"""`python -m bench.followups.rows`: what 100,000 planned rows do to the answers that buyers wait for.

Answers are taken in turns, quiet and beside the sender, which looks every three seconds (ten times as
often as a house does) while the house's clock moves on by the thirty of a house each time. The engine says nothing
of weight, so that the share of the database stands out.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import tempfile
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.engine import Connection

from bench.followups.scans import noted, scans
from bench.servers import QUIET, ROOT
from bot.conversations.messages import Incoming
from bot.followups.tables import follow_ups

BUYERS, TALKERS = 2000, 40
EVERY_S, STEP = 3.0, timedelta(seconds=30)


def fill(connection: Connection, *, rows: int, now: datetime) -> None:
    """Planned over the next thirty days: most are weighed in later, some every few minutes."""
    for first in range(0, rows, 5000):
        connection.execute(
            follow_ups.insert(),
            [_row(number, rows, now) for number in range(first, min(first + 5000, rows))],
        )
    if connection.dialect.name == "postgresql":  # as its autovacuum does; a house's SQLite has none
        connection.exec_driver_sql("ANALYZE")


def _row(number: int, rows: int, now: datetime) -> dict[str, Any]:
    due_at = now + timedelta(days=30) * number / rows
    return {
        "conversation_id": "", "buyer_id": f"buyer-row{number % BUYERS}", "kind": "restock",
        "key": f"row{number}", "about": {"product_id": "tee-sugan"}, "status": "planned",
        "planned_at": now, "wanted_at": due_at, "due_at": due_at, "dropped_because": "",
        "claimed_by": "", "wording": "",
    }  # fmt: skip


async def play(folder: Path, url: str, *, rows: int, rounds: int, answers: int) -> bool:
    from bench.followups.dealings import Mute
    from bot.database import Database, upgrade
    from bot.settings import read_settings
    from bot.shop.__main__ import DEMO
    from bot.shop.importing.importer import import_files
    from tests.support.house import Clock, House, settings_in

    settings = settings_in(folder, read_settings(ROOT, {"DIANXIAOER_VAR": str(folder)}))
    database = Database(url or settings.database_url)
    upgrade(database)
    clock = Clock.today("18:00", settings)
    import_files(database, [DEMO], now=clock())
    house = House(settings, database, Mute(), clock)
    await house.feed.read()
    await database.run(fill, rows=rows, now=clock())
    talks = []
    for number in range(BUYERS):
        opened = await house.conversations.open(
            buyer_id=f"buyer-row{number}", signed_in=True, channel="web"
        )
        talks.append(opened.conversation_id)

    async def taken() -> list[float]:
        found = []
        for number in range(answers):
            talk, started = talks[number % TALKERS], time.perf_counter()
            incoming = Incoming(message_id=uuid.uuid4().hex, text="几天能到")
            await house.conversations.receive(talk, incoming)
            await house.turns.answer(talk)
            found.append(time.perf_counter() - started)
        return found

    looks: list[float] = []
    said = 0

    async def sends() -> None:
        nonlocal said
        while True:
            clock.forward(STEP)
            started = time.perf_counter()
            said += await house.follow_ups.send_due()
            looks.append(time.perf_counter() - started)
            await asyncio.sleep(EVERY_S)

    await taken()  # warm
    quiet, beside = [], []
    with noted(database) as asked:
        for number in range(rounds):
            if number % 2:
                sender = asyncio.create_task(sends())
                beside += await taken()
                sender.cancel()
                await asyncio.gather(sender, return_exceptions=True)
            else:
                quiet += await taken()
    whole = scans(database, asked)
    before, after = _p95(quiet), _p95(beside)
    print(f"{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {rows} planned rows")
    print(f"answers, p95: quiet {before * 1000:.1f} ms, beside the sender {after * 1000:.1f} ms")
    print(f"ratio {after / before:.2f} ({len(quiet)} and {len(beside)} answers)")
    print(
        f"{len(looks)} looks, {said} said, p95 {_p95(looks) * 1000:.0f} ms; {len(asked)} statements explained"
    )
    print("full scans:", *(whole or ["none"]), sep="\n  ")
    await house.turns.close()
    database.close()
    return bool(whole)


def _p95(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.95)] if found else 0.0


def main() -> int:
    os.environ.update(QUIET)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    parser = argparse.ArgumentParser(prog="python -m bench.followups.rows", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=10, help="quiet and beside, in turns")
    parser.add_argument("--answers", type=int, default=200, help="of a round")
    parser.add_argument(
        "--url", default="", help="an empty database; SQLite in a folder of its own"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-rows-") as folder:
        has_scans = asyncio.run(
            play(
                Path(folder), given.url, rows=given.rows, rounds=given.rounds,
                answers=given.answers,
            )
        )  # fmt: skip
    return 1 if has_scans else 0


if __name__ == "__main__":
    raise SystemExit(main())
