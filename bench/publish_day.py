"""`python -m bench.publish_day`: a publish at noon, seen from its check to the way back.

A copy of this checkout with its model, a house that buyers write to all the time, and a week of
real lines (`../shared/real-messages`) in its database. One sentence is added, and `bot publish` is
run as a trainer runs it: what each step took, what replies took meanwhile, the way back, ten swaps
under a thousand lines, and a second model that answers half of the talks. Parts by their names:
`publish`, `swaps`, `share`; wall seconds, with the machine's load beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import aiohttp
import psutil
import sqlalchemy as sa

from bench.buyers import client, conversations, say, varied
from bench.figures import markdown, median, percentile
from bench.nlu_report import REAL
from bench.servers import QUIET, ROOT, Server
from bench.sides import ours
from bot.conversations import wishes
from bot.conversations.attempts import AnsweredBy
from bot.conversations.tables import conversations as talks
from bot.conversations.wishes import Wish
from bot.database import Database
from bot.dialogue.outcome import Outcome
from bot.training.going_back import go_back
from bot.training.inputs import basis
from bot.training.kinds import Kind
from bot.training.made_here import note_made

REAL_LINES, QUIET_S, EVERY_S = 5000, 60.0, 0.5  # distinct lines; seconds; between two buyers' lines
SWAPS, LINES, TALKS = 10, 1000, 20
FILE, ADDED = "data/nlu/questions/ask_invoice.yml", "想开票 我这边先备点啥"
_LEFT_OUT = (".git", ".venv", "node_modules", ".node", "models", "var", "results", ".fuzz", "dist")
_STEP = re.compile(r"^(\d(?:/\d)?.*)…$")
_PARTS = ("publish", "swaps", "share")


def main() -> int:
    os.environ.update(QUIET)
    parser = argparse.ArgumentParser(prog="python -m bench.publish_day", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[[], *_PARTS], help="all of them where none is named"
    )
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--full", action="store_true", help="train from nothing")
    parser.add_argument("--lines", type=int, default=REAL_LINES, help="real lines of the last week")
    options = parser.parse_args()
    options.parts = options.parts or _PARTS
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-publish-") as folder:
        asyncio.run(_day(Path(folder), options))
    return 0


async def _day(folder: Path, options: argparse.Namespace) -> None:
    project = copied(folder, options.models)
    models = project / "models"
    house = ours(folder / "house", models, project=project)
    real = keep_week(house.environ["DATABASE_URL"], options.lines)
    print(f"{real} real lines of the last week; load {_load()}", flush=True)
    async with house, client() as session:
        print(f"ready after {house.ready_s:.1f} s", flush=True)
        desk = Day(house, project, session, folder)
        if "publish" in options.parts:
            await desk.publish(*(["--full"] if options.full else []))
        if "swaps" in options.parts:
            await desk.swaps()
        if "share" in options.parts:
            await desk.share()


def copied(folder: Path, models: Path) -> Path:
    """This checkout with its newest model, which counts as made of what stands there."""
    project = folder / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    (project / "web" / "dist").mkdir(parents=True, exist_ok=True)
    if (ROOT / "web" / "dist").is_dir():
        shutil.copytree(ROOT / "web" / "dist", project / "web" / "dist", dirs_exist_ok=True)
    (project / ".venv").symlink_to(Path(sys.prefix))
    own = project / "models"
    own.mkdir()
    newest = max(models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)
    shutil.copy2(newest, own)
    note_made(own, own / newest.name, Kind.FULL, basis(project))
    return project


def keep_week(url: str, most: int) -> int:
    """Real lines as if buyers had written them last week and been content; how many."""
    file = REAL.with_name("unlabelled.jsonl")
    texts = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()[:most]]
    now = datetime.now(timezone.utc)
    rows = [
        Wish(
            conversation_id="real", seq=at, last_seq=at, ordinal=0, text=text, turn_id="t",
            asked_at=now - timedelta(minutes=at), intent="inform", outcome=Outcome.ANSWERED,
            answered_by=AnsweredBy.BOT,
        )
        for at, text in enumerate(texts, 1)
    ]  # fmt: skip

    def write(connection: sa.engine.Connection) -> None:
        connection.execute(
            talks.insert().values(
                conversation_id="real", buyer_id="real", signed_in=False, channel="page",
                status="closed", opened_at=now,
            )
        )  # fmt: skip
        wishes.keep(connection, rows)

    database = Database(url)
    database.run_sync(write)
    database.close()
    return len(rows)


@dataclass
class Day:
    house: Server
    project: Path
    session: aiohttp.ClientSession
    folder: Path
    heard: list[tuple[float, float]] = field(default_factory=list)  # (when sent, seconds)
    silent: int = 0
    refused: int = 0

    async def publish(self, *more: str) -> None:
        async with self.buyers():
            await asyncio.sleep(5)
            quiet = await self.during(asyncio.sleep(QUIET_S))
            self.add_sentence(ADDED)
            began, before = time.perf_counter(), psutil.cpu_times()
            steps = await self.run("publish", "--by=bench", *more)
            seconds = time.perf_counter() - began
            swapped = await self.until_swapped(1, 60)
            meanwhile = self.between(began, time.perf_counter())
            back_began = time.perf_counter()
            await self.run("rollback", "--by=bench")
            back_done = time.perf_counter()
            await self.until_swapped(2, 60)
            back = time.perf_counter()
        after = psutil.cpu_times()
        print(markdown(["step", "wall s", "processor s"], steps), flush=True)
        print(
            f"\nwhole publish {seconds:.0f} s, the house has it {swapped:.1f} s after; machine's "
            f"processor {_used(after) - _used(before):.0f} s meanwhile; load {_load()}\n"
            f"way back: command {back_done - back_began:.1f} s, in use {back - back_began:.1f} s"
        )
        rows = [_row("quiet", quiet), _row("while it is published", meanwhile)]
        ratio = percentile(meanwhile, 95) / percentile(quiet, 95)
        print(markdown(["replies", "lines", "p50 ms", "p95 ms", "worst ms"], rows))
        print(
            f"p95 {ratio:.2f} times the quiet one; without an answer {self.silent}, refused {self.refused}"
        )

    async def swaps(self) -> None:
        """Between two models, in the midst of a thousand lines."""
        await self.demand_two()
        begun = self.swapped()
        done, most, slowest = 0, 0, []
        senders = [f"swap-{uuid.uuid4().hex}" for _ in range(TALKS)]
        share = LINES // (SWAPS + 1)

        def may_be_said() -> bool:
            return done < most + share

        def may_be_swapped() -> bool:
            return done >= most + share // 2

        async def talk(sender: str) -> list[int]:
            nonlocal done
            counts = []
            for number in range(LINES // TALKS):
                await until(may_be_said)
                started = time.perf_counter()
                told = await say(self.session, self.house.address, sender, f"有货吗 {number}")
                slowest.append((started, time.perf_counter() - started))
                counts.append(told.bubbles)
                done += 1
            return counts

        async def swap() -> list[float]:
            nonlocal most
            took = []
            for number in range(SWAPS):
                await until(may_be_swapped)
                go_back(self.project / "models")
                started = time.perf_counter()
                await self.until_swapped(begun + number + 1, 240)
                took.append(time.perf_counter() - started)
                most += share
            most = LINES
            return took

        bubbles, took = await asyncio.gather(asyncio.gather(*map(talk, senders)), swap())
        answered = [one for counts in bubbles for one in counts]
        stored, twice = self.stored(senders)
        print(
            f"\n{len(took)} swaps, {len(answered)} lines: stored {stored}, without an answer "
            f"{sum(one == 0 for one in answered)}, read twice {twice}; replies p50 "
            f"{1000 * median([s for _, s in slowest]):.0f} ms, worst {max(s for _, s in slowest):.2f} s; "
            f"from the file to its first answer {median(took):.1f} s (at most {max(took):.1f}); "
            f"load {_load()}",
            flush=True,
        )

    async def share(self) -> None:
        self.add_sentence("发票的事情跟谁讲呢")
        steps = await self.run("publish", "--by=bench", "--share=0.5", "--further")
        print(markdown(["step", "wall s", "processor s"], steps), flush=True)
        await asyncio.sleep(20)  # the second model is loaded
        for _ in range(3):
            await asyncio.gather(*(self.one_talk(lines) for lines in conversations()))
        await self.run("releases", "--compare", shown=True)
        await self.run("releases", "--adopt", "--by=bench", shown=True)

    async def one_talk(self, lines: Sequence[str]) -> None:
        sender = f"share-{uuid.uuid4().hex}"
        for line in varied(list(lines)):
            await say(self.session, self.house.address, sender, line)

    # -- the parts of a part

    @asynccontextmanager
    async def buyers(self) -> AsyncIterator[None]:
        """Two lines a second, talk after talk, whatever the house does."""
        pending: set[asyncio.Task[None]] = set()

        async def one(sender: str, line: str) -> None:
            started = time.perf_counter()
            try:
                told = await say(self.session, self.house.address, sender, line)
            except aiohttp.ClientError:
                self.refused += 1  # the buyer is asked to say it again
                return
            self.heard.append((started, time.perf_counter() - started))
            self.silent += told.bubbles == 0

        async def write() -> None:
            while True:
                for lines in conversations():
                    sender = f"day-{uuid.uuid4().hex}"
                    for line in varied(list(lines)):
                        task = asyncio.create_task(one(sender, line))
                        pending.add(task)
                        task.add_done_callback(pending.discard)
                        await asyncio.sleep(EVERY_S)

        writing = asyncio.create_task(write())
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await asyncio.gather(*pending)

    async def during(self, waited: object) -> list[float]:
        began = time.perf_counter()
        await waited  # type: ignore[misc]
        return self.between(began, time.perf_counter())

    def between(self, began: float, ended: float) -> list[float]:
        return [1000 * seconds for at, seconds in self.heard if began <= at <= ended]

    def add_sentence(self, text: str) -> None:
        file = self.project / FILE
        lines = file.read_text("utf-8").splitlines()
        first = next(at for at, line in enumerate(lines) if line.startswith("    - "))
        lines.insert(first, f"    - {text}")
        file.write_text("\n".join(lines) + "\n", "utf-8")

    async def run(self, *words: str, shown: bool = False) -> list[list[object]]:
        """(step, wall, processor seconds of it and its children) as `bot` told them."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words),
            cwd=self.project,
            env={**os.environ, **QUIET, **self.house.environ},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdout is not None
        steps: list[tuple[str, float, float]] = []
        kept = (self.folder / f"{words[0]}.log").open("ab")
        while line := await process.stdout.readline():
            kept.write(line)
            text = line.decode("utf-8", "replace").rstrip()
            if (found := _STEP.match(text)) or shown:
                steps.append((found[1] if found else text, time.perf_counter(), _of(process.pid)))
            if shown or text.startswith("  "):
                print(text, flush=True)
        code = await process.wait()
        steps.append(("end", time.perf_counter(), steps[-1][2] if steps else 0.0))
        if code:
            print((self.folder / f"{words[0]}.log").read_text("utf-8")[-2000:])
            raise SystemExit(f"bot {words[0]} ended with {code}")
        return [
            [name, then - at, later - used]
            for (name, at, used), (_, then, later) in itertools.pairwise(steps)
        ]

    async def demand_two(self) -> None:
        models = self.project / "models"
        files = list(models.glob("*.tar.gz"))
        if len(files) < 2:
            other = models / f"20200101-{files[0].name}"
            shutil.copy2(files[0], other)
            note_made(models, other, Kind.FULL)
            os.utime(other, (1, 1))

    def log(self) -> str:
        return (self.folder / "house" / "logs" / "process0.log").read_text("utf-8", "replace")

    def swapped(self) -> int:
        return self.log().count("model.swapped")

    async def until_swapped(self, times: int, patience_s: float) -> float:
        started = time.perf_counter()
        while self.swapped() < times:
            if time.perf_counter() - started > patience_s:
                raise SystemExit(f"no swap: {self.log()[-2000:]}")
            await asyncio.sleep(0.1)
        return time.perf_counter() - started

    def stored(self, senders: Sequence[str]) -> tuple[int, int]:
        """(buyers' lines that the house has, how many of them were answered by more than one turn)."""
        url = self.house.environ["DATABASE_URL"].removeprefix("sqlite:///")
        with sqlite3.connect(url) as database:
            rows = database.execute(
                "SELECT c.conversation_id, m.seq FROM messages m JOIN conversations c "
                "USING (conversation_id) WHERE m.author = 'buyer' AND m.text LIKE '有货吗 %'"
            ).fetchall()
            turns = database.execute(
                "SELECT conversation_id, first_seq, last_seq FROM turns WHERE answered_at IS NOT NULL"
            ).fetchall()
        read = Counter((talk, seq) for talk, first, last in turns for seq in range(first, last + 1))
        return len(rows), sum(read[(talk, seq)] > 1 for talk, seq in rows)


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - of what many do at once
        await asyncio.sleep(0.02)


def _row(name: str, values: Sequence[float]) -> list[object]:
    return [name, len(values), median(values), percentile(values, 95), max(values)]


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg()[:2])


def _used(times: object) -> float:
    return float(times.user + times.system + times.nice)  # type: ignore[attr-defined]


def _of(pid: int) -> float:
    """Processor seconds of a process and all its children, those that ended, too."""
    try:
        first = psutil.Process(pid)
        every = [first, *first.children(recursive=True)]
        return sum(sum(one.cpu_times()[:4]) for one in every)
    except psutil.NoSuchProcess:
        return 0.0


if __name__ == "__main__":
    sys.exit(main())
