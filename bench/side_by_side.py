"""Ours against stock Rasa in one run: reply times, messages a second, start and memory."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.buyers import Heard, client, conversations, converse, crowd, varied
from bench.figures import markdown, median, percentile
from bench.servers import Server
from bench.sides import echo, ours, stock

BUYERS = 16
# What docs/benchmarks.md holds us to: figure, and how it must compare with stock Rasa's.
WANTED = {
    "reply p50": "at most 0.33",
    "messages a second": "at least 4",
    "ready": "at most 0.25",
    "resident memory": "at most 0.60",
}


@dataclass
class Side:
    server: Server
    heard: list[Heard]
    rates: list[float]
    resident_mb: float = 0.0
    unique_mb: float = 0.0
    crowded: tuple[Heard, ...] = ()

    @property
    def milliseconds(self) -> list[float]:
        return [one.seconds * 1000 for one in self.heard]


async def compare(
    folder: Path, models: Path, *, stock_model: Path | None, epochs: int, rounds: int, span_s: float
) -> str:
    """Markdown of the whole comparison. Servers start one by one and then stand side by side.

    Conversations alternate between the sides, so that a busy minute of the machine hurts all.
    """
    async with AsyncExitStack() as stack:
        sides = []
        for server in (
            ours(folder / "ours", models),
            stock(folder / "stock", model=stock_model, epochs=epochs),
            echo(folder / "echo"),
        ):
            print(f"starting {server.name}", flush=True)
            sides.append(Side(await stack.enter_async_context(server), [], []))
        session = await stack.enter_async_context(client())
        for number in range(rounds + 1):
            for lines in conversations():
                said = varied(lines)  # the same to all sides
                for side in sides:
                    heard = await converse(session, side.server.address, said)
                    if number:  # the first round warms up
                        side.heard += heard
            print(f"round {number} of {rounds}", flush=True)
        for _ in range(2):
            for side in sides:
                got = await crowd(
                    session, side.server.address, conversations(), buyers=BUYERS, seconds=span_s
                )
                side.rates.append(got.per_second)
                side.crowded += got.heard
                await asyncio.sleep(2)  # turns of lines that nobody waits for any more
        for side in sides:
            side.resident_mb, side.unique_mb = side.server.memory()
        return _report(*sides)


def _report(own: Side, other: Side, floor: Side) -> str:
    def row(name: str, unit: str, figures: list[float], wanted: str = "") -> list[object]:
        return [name, unit, *figures, f"{figures[0] / figures[1]:.2f}", wanted]

    sides = (own, other, floor)
    crowded = [[one.seconds * 1000 for one in side.crowded] for side in sides]
    rows = [
        row("reply p50", "ms", [median(side.milliseconds) for side in sides], WANTED["reply p50"]),
        row("reply p95", "ms", [percentile(side.milliseconds, 95) for side in sides]),
        row(
            f"messages a second, {BUYERS} buyers",
            "1/s",
            [max(side.rates) for side in sides],
            WANTED["messages a second"],
        ),
        row(f"reply p50, {BUYERS} buyers", "ms", [median(times) for times in crowded]),
        row(f"reply p95, {BUYERS} buyers", "ms", [percentile(times, 95) for times in crowded]),
        row("start to first answer", "s", [side.server.ready_s for side in sides], WANTED["ready"]),
        row(
            "resident memory, all processes",
            "MB",
            [side.resident_mb for side in sides],
            WANTED["resident memory"],
        ),
        row("unique memory, all processes", "MB", [side.unique_mb for side in sides]),
    ]
    bubbles = [sum(one.bubbles for one in side.heard) / len(side.heard) for side in sides]
    rows.append(["bubbles a reply, mean", "", *bubbles, "", ""])
    silent = [sum(not one.bubbles for one in side.heard) for side in sides]
    rows.append(["lines without an answer", f"of {len(own.heard)}", *silent, "", ""])
    return markdown(["", "unit", "ours", "stock Rasa", "floor", "ours / stock", "wanted"], rows)
