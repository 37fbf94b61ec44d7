"""`python -m bench.followups --buyers 2000 --days 90`: plays, watches, prints what was said and wrong."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import structlog

from bench.servers import QUIET, ROOT


async def play(
    folder: Path,
    url: str,
    *,
    buyers: int,
    days: float,
    seed: int,
    deeds: float,
    within_s: float,
) -> int:
    """How many things were wrong."""
    from bench.followups.dealings import Mute
    from bench.followups.hasty import Hasty
    from bench.followups.world import World
    from bot.database import Database, upgrade
    from bot.settings import read_settings
    from bot.shop.__main__ import DEMO
    from bot.shop.importing.importer import import_files
    from tests.support.house import Clock, House, settings_in

    settings = settings_in(folder, read_settings(ROOT, {"DIANXIAOER_VAR": str(folder)}))
    database = Hasty(settings.database_url) if not url else Database(url)
    upgrade(database)
    clock = Clock.today("09:00", settings)
    import_files(database, [DEMO], now=clock())
    house = House(settings, database, Mute(), clock)
    pace = timedelta(minutes=10 if buyers > 200 else 30)
    world = World(house, buyers=buyers, seed=seed, pace=pace)
    started = time.perf_counter()
    await world.begin()
    day = 0.0
    while day < days and time.perf_counter() - started < within_s:
        await world.play(min(1.0, days - day), deeds_a_day=deeds)
        day = min(day + 1, days)
        spent, wrong = time.perf_counter() - started, sum(world.wrong.found.values())
        told = f"{spent:.0f} s ({time.process_time():.0f} of processor)"
        print(f"day {day:g}: {told}, {world.said.total()} said, {wrong} wrong", flush=True)
    await world.watchers.look_for_doubles()
    took = time.perf_counter() - started
    print(
        f"{buyers} buyers, {day:g} of {days:g} days, seed {seed}: {took:.0f} s, "
        f"{time.process_time():.0f} of processor"
    )
    print("faults:", ", ".join(f"{name} {count}" for name, count in world.faults.most_common()))
    print("said:", ", ".join(f"{name} {count}" for name, count in world.said.most_common()))
    print("wrong:", dict(world.wrong.found) or "nothing", world.wrong.first or "")
    await house.turns.close()
    database.close()
    return sum(world.wrong.found.values())


def main() -> int:
    os.environ.update(QUIET)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    parser = argparse.ArgumentParser(prog="python -m bench.followups", description=__doc__)
    parser.add_argument("--buyers", type=int, default=2000)
    parser.add_argument("--days", type=float, default=90)
    parser.add_argument("--deeds", type=float, default=0.5, help="of each buyer a day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--url", default="", help="an empty database; SQLite in a folder of its own"
    )
    parser.add_argument(
        "--within-minutes", type=float, default=float("inf"), help="no new day after so long"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-followups-") as folder:
        wrong = asyncio.run(
            play(
                Path(folder),
                options.url,
                buyers=options.buyers,
                days=options.days,
                seed=options.seed,
                deeds=options.deeds,
                within_s=options.within_minutes * 60,
            )
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
