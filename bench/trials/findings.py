"""What a trial found, and the table of all of them."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import markdown
from bench.servers import QUIET, ROOT
from bench.trials.house import Houses

RESULTS = ROOT / "results" / "bench"


@dataclass(frozen=True)
class Finding:
    """`code`: of docs/security.md; `held`: it did not come again."""

    code: str
    what: str
    held: bool
    measured: str


Trial = Callable[[Houses], AsyncIterator[Finding]]


async def run(trials: dict[str, Trial], houses: Houses, only: Sequence[str]) -> list[Finding]:
    """One trial after the other; one that breaks down is a finding too: nothing was proved."""
    found: list[Finding] = []
    for name, trial in trials.items():
        if only and name not in only:
            continue
        began = time.monotonic()
        print(f"-- {houses.kind}: {name}", flush=True)
        try:
            async for one in trial(houses):
                found.append(_told(one))
        except Exception as error:  # the edge of a trial: told in the table
            traceback.print_exc()
            told = f"broke down: {error!r}"[:200]
            found.append(_told(Finding("?", name, held=False, measured=told)))
        print(f"   ({time.monotonic() - began:.0f} s)", flush=True)
    return found


def _told(one: Finding) -> Finding:
    print(f"   {'held' if one.held else 'FOUND'} {one.code} {one.what}: {one.measured}", flush=True)
    return one


def main(name: str, doc: str, trials: dict[str, Trial]) -> int:
    """0 where nothing was found again."""
    os.environ.update(QUIET)
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=doc)
    parser.add_argument("trials", nargs="*", choices=[[], *trials], help="all when none is named")
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="a model or folder")
    parser.add_argument(
        "--postgres",
        default=os.environ.get("TEST_POSTGRES_URL", ""),
        help="a server on which databases may be made; without it SQLite alone",
    )
    parser.add_argument("--only", choices=["sqlite", "postgres"], help="one of the two databases")
    parser.add_argument("--short", action="store_true", help="kills and races a third as often")
    options = parser.parse_args()
    if options.only == "postgres" and not options.postgres:
        parser.error("--postgres URL: a server on which databases may be made")
    servers = [] if options.only == "postgres" else [""]
    if options.postgres and options.only != "sqlite":
        servers.append(options.postgres)
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-trials-") as folder:
        for server in servers:
            houses = Houses(Path(folder), options.models.resolve(), server, is_short=options.short)
            found = asyncio.run(run(trials, houses, options.trials))
            rows += [
                [
                    f"{one.code} {one.what}",
                    houses.kind,
                    "held" if one.held else "FOUND",
                    one.measured,
                ]
                for one in found
            ]
    table = markdown(["finding", "database", "", "measured"], rows)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.md").write_text(f"{table}\n", encoding="utf-8")
    failed = sum(row[2] != "held" for row in rows)
    print(f"\n{table}\n\n{len(rows)} findings tried again, {failed} found", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit("run bench.attacks or bench.faults")
