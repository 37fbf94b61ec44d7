"""This checkout against another one in one run: reply times, messages a second, memory, round by round."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.buyers import client, conversations, converse, crowd, varied
from bench.figures import markdown, median, percentile
from bench.servers import ROOT, Server
from bench.sides import ours

BUYERS = 16
WITHIN = 0.05  # by so much a figure may be worse than the other checkout's
# Figure and unit; whether more is better.
FIGURES = {
    "reply p50, ms": False,
    "reply p95, ms": False,
    f"messages a second, {BUYERS} buyers": True,
    "resident memory, MB": False,
}
_JUDGED = [name for name in FIGURES if "p95" not in name]  # the tail is chance in so few lines


@dataclass
class Side:
    server: Server
    rounds: list[dict[str, float]] = field(default_factory=list)


async def compare_commits(
    folder: Path,
    models: Path,
    other: Path,
    other_models: Path,
    *,
    rounds: int,
    span_s: float,
) -> str:
    """Markdown; `other`: a checkout with a model of its own. Both run in this environment.

    Conversations, and then the crowds, alternate between the two; who begins changes each round.
    """
    async with AsyncExitStack() as stack:
        sides = []
        for name, project, its_models in (
            ("this", ROOT, models),
            ("other", other, other_models),
        ):
            print(f"starting {name}: {project}", flush=True)
            server = ours(folder / name, its_models, project=project)
            sides.append(Side(await stack.enter_async_context(server)))
        session = await stack.enter_async_context(client())
        for number in range(rounds + 1):
            heard: list[list[float]] = [[], []]
            order = (0, 1) if number % 2 else (1, 0)
            for lines in conversations():
                said = varied(lines)  # the same to both
                for which in order:
                    answers = await converse(session, sides[which].server.address, said)
                    heard[which] += [one.seconds * 1000 for one in answers]
            if not number:
                continue  # the first round warms up
            for which in order:
                got = await crowd(
                    session,
                    sides[which].server.address,
                    conversations(),
                    buyers=BUYERS,
                    seconds=span_s,
                )
                await asyncio.sleep(2)  # turns of lines that nobody waits for any more
                resident, _ = sides[which].server.memory()
                values = (
                    median(heard[which]),
                    percentile(heard[which], 95),
                    got.per_second,
                    resident,
                )
                sides[which].rounds.append(dict(zip(FIGURES, values, strict=True)))
            print(f"round {number} of {rounds}", flush=True)
    return report(sides[0].rounds, sides[1].rounds)


def report(this: Sequence[dict[str, float]], other: Sequence[dict[str, float]]) -> str:
    """A table of both sides' rounds, and whether this one is within 5 % of the other."""
    rows: list[list[object]] = []
    for name, more_is_better in FIGURES.items():
        own, its = ([one[name] for one in side] for side in (this, other))
        worse = worsening(median(own), median(its), more_is_better=more_is_better)
        verdict = "not judged" if name not in _JUDGED else "ok" if worse <= WITHIN else "WORSE"
        rows.append([name, _all(own), _all(its), f"{median(own) / median(its):.3f}", verdict])
    head = ["", "this, each round", "other, each round", "this / other, medians", "within 5 %"]
    return markdown(head, rows)


def worsening(own: float, its: float, *, more_is_better: bool) -> float:
    """0.05 = 5 % worse; below zero = better."""
    return its / own - 1 if more_is_better else own / its - 1


def _all(values: Sequence[float]) -> str:
    return " ".join(f"{value:.1f}" for value in values)
