"""`python -m bench.growth_point KIND SIZE FOLDER MODELS`: one point of growth, in a fresh process.

Prints one line of JSON: {"reply_ms", "memory_mb", …}. A process each, or memory would add up.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
import uuid
from pathlib import Path

import psutil

from bench.buyers import conversations, varied
from bench.figures import median
from bench.growing_project import write_project
from bench.servers import ROOT
from bench.sides import run
from bench.stages import House
from bench.synthetic import write_shop
from bench.tracing import Stopwatch
from bot.app import utc_now
from bot.conversations.conversation import Status
from bot.database import Database, upgrade
from bot.logs import configure_logs
from bot.shop.importing.importer import import_files

LAST = 60  # turns over which a long conversation's replies are timed
INTENTS_NOW, MESSAGES_BESIDE = 48, 12_000


async def products(size: int, folder: Path, models: Path) -> dict[str, float]:
    database = Database(f"sqlite:///{folder / 'house.db'}")
    upgrade(database)
    write_shop(folder, ROOT / "shop" / "demo", size)
    started = time.perf_counter()
    import_files(database, [folder / "products.yml", folder / "shop.yml"], now=utc_now())
    imported = time.perf_counter() - started
    house = House(folder / "house", models, database=database)
    started = time.perf_counter()
    await house.learn_catalogue()
    learned = time.perf_counter() - started
    return {**await _replies(house), "import_s": imported, "catalogue_s": learned}


async def messages(size: int, folder: Path, models: Path) -> dict[str, float]:
    """`size` counts the lines of both in one conversation."""
    house = House(folder / "house", models)
    await house.learn_catalogue()
    await house.talk(Stopwatch())  # warms up
    buyer_id, times = f"visitor:{uuid.uuid4().hex}", list[float]()
    spent = [time.process_time()]
    while True:
        for lines in conversations()[:-1]:  # the last one asks for a person
            for line in varied(lines):
                started = time.perf_counter()
                await house.say(buyer_id, line)
                times.append(time.perf_counter() - started)
                spent.append(time.process_time())
                talk = await house.conversations.open(
                    buyer_id=buyer_id, signed_in=False, channel="rest"
                )
                if talk.status is not Status.WITH_BOT:
                    await house.conversations.give_back(talk.conversation_id)
                if talk.last_seq >= size and len(times) > LAST:
                    house.database.close()
                    return {
                        "reply_ms": median(times[-LAST:]) * 1000,
                        "cpu_ms": (spent[-1] - spent[-1 - LAST]) * 1000 / LAST,
                        "memory_mb": _memory_mb(),
                    }


async def intents(size: int, folder: Path, models: Path) -> dict[str, float]:
    return await _trained(folder, messages=MESSAGES_BESIDE, extra_intents=size - INTENTS_NOW)


async def examples(size: int, folder: Path, models: Path) -> dict[str, float]:
    return await _trained(folder, messages=size, extra_intents=0)


async def _trained(folder: Path, *, messages: int, extra_intents: int) -> dict[str, float]:
    project = folder / "project"
    project.mkdir()
    write_project(project, messages=messages, extra_intents=extra_intents)
    started = time.perf_counter()
    run([sys.executable, "-m", "bot.rasa_cli", "train", "--skip-validation", "--quiet"], project)
    trained = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    house = House(folder / "house", project / "models")
    await house.learn_catalogue()
    return {**await _replies(house), "train_s": trained, "train_mb": peak_mb}


async def _replies(house: House) -> dict[str, float]:
    watch = Stopwatch()
    await house.talk(watch)  # warms up
    started = time.process_time()
    turns = await house.talk(watch) + await house.talk(watch)
    spent, memory = time.process_time() - started, _memory_mb()
    house.database.close()
    return {
        "reply_ms": median(turns) * 1000,
        "cpu_ms": spent * 1000 / len(turns),
        "memory_mb": memory,
    }


def _memory_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


KINDS = {"products": products, "messages": messages, "intents": intents, "examples": examples}


def main() -> None:
    kind, size, folder, models = sys.argv[1:]
    configure_logs(as_json=True)
    told = asyncio.run(KINDS[kind](int(size), Path(folder), Path(models)))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
