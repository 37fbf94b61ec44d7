"""The tests again and again: the same names, green under load, on any day, in any order of files.

`python -m bench.repeated collections --times 20`, `model-free --times 10 --busy 2`,
`suite --times 3`, `races --times 5`, `days`. A table of the runs with the time of each goes to
results/bench/repeated-<what>.md; the exit code is 1 where one of them failed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.figures import markdown
from bench.servers import QUIET, ROOT

RESULTS = ROOT / "results" / "bench"
TESTS = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
# Races, crashes and clocks: what fails by chance fails here first.
RACES = (
    "tests/house/conversations/test_never_over_a_person.py",
    "tests/house/conversations/test_ownership.py",
    "tests/house/conversations/test_presses.py",
    "tests/house/conversations/test_sessions.py",
    "tests/house/doors/test_by_http.py",
    "tests/house/doors/test_limits.py",
    "tests/house/followups",
    "tests/house/test_background.py",
    "tests/house/test_orders_sweep.py",
    "tests/house/test_retention.py",
    "tests/house/turns",
    "tests/shop/test_coupons_are_used_once.py",
    "tests/shop/test_refunds_never_exceed_what_was_paid.py",
    "tests/shop/test_stock_race.py",
    "tests/shop/test_visitors_hold_little.py",
)
# A Monday, a Sunday, the ends of a month and a year, 春节, a leap day, one long gone.
DAYS = (
    "2026-11-30",
    "2027-01-31",
    "2026-12-31",
    "2027-02-06",
    "2028-02-29",
    "2024-06-18",
)
# These read texts and weigh code: no day of theirs is asked for.
DAY_TESTS = (
    "tests/actions",
    "tests/conversations",
    "tests/house",
    "tests/replies",
    "tests/shop",
    "tests/shops",
)


@dataclass(frozen=True)
class Run:
    what: str
    is_green: bool
    seconds: float
    told: str  # the last line


def _run(what: str, command: Sequence[str], **environ: str) -> tuple[Run, str]:
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **QUIET, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines() or [""]
    run = Run(what, done.returncode == 0, time.monotonic() - began, lines[-1])
    print(
        f"{'ok  ' if run.is_green else 'RED '} {what}: {run.seconds:.0f} s, {run.told}", flush=True
    )
    if not run.is_green:
        print("\n".join(line for line in lines if line.startswith(("FAILED", "ERROR"))), flush=True)
    return run, done.stdout


def _collections(options: argparse.Namespace) -> Iterator[Run]:
    """Each with another order of sets, and in another second, than the one before."""
    first: list[str] = []
    for number in range(options.times):
        command = [sys.executable, *TESTS, "--collect-only"]
        run, said = _run(f"collection {number + 1}", command, PYTHONHASHSEED=str(number))
        names = [line for line in said.splitlines() if "::" in line]
        first = first or names
        told = f"{len(names)} tests" if names == first else "OTHER NAMES than the first"
        yield Run(run.what, run.is_green and names == first, run.seconds, told)
        time.sleep(1.1)


def _model_free(options: argparse.Namespace) -> Iterator[Run]:
    with _busy(options.busy):
        for number in range(options.times):
            command = [sys.executable, *TESTS, "-n", "2", "--dist", "loadfile", "-m", "not model"]
            yield _run(f"without a model, {number + 1}, {options.busy} at work beside it", command)[
                0
            ]


def _suite(options: argparse.Namespace) -> Iterator[Run]:
    for number in range(options.times):
        yield _run(f"make test, {number + 1}", ["make", "test"])[0]


def _races(options: argparse.Namespace) -> Iterator[Run]:
    with _busy(options.busy):
        for number in range(options.times):
            files = list(RACES)
            random.Random(number).shuffle(files)
            yield _run(f"races, order {number}", [sys.executable, *TESTS, *files])[0]


def _days(options: argparse.Namespace) -> Iterator[Run]:
    for day in options.days:
        command = [sys.executable, *TESTS, "-n", "2", "--dist", "loadfile", "-m", "not browser"]
        yield _run(f"on {day}", [*command, *DAY_TESTS], TEST_TODAY=day)[0]


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """So many processes that only compute, so that the tests get less of the machine."""
    idle = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(idle) for _ in range(count)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.wait(10)


KINDS: dict[str, tuple[Callable[[argparse.Namespace], Iterator[Run]], int]] = {
    "collections": (_collections, 20),
    "model-free": (_model_free, 10),
    "suite": (_suite, 3),
    "races": (_races, 5),
    "days": (_days, 1),
}


def main() -> int:
    """0 where every run was green."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.repeated",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=KINDS)
    parser.add_argument("--times", type=int, default=0, help="0: as docs/benchmarks.md says")
    parser.add_argument("--busy", type=int, default=0, help="processes that compute beside it")
    parser.add_argument("--days", nargs="+", default=DAYS, help="for `days`, as 2027-02-06")
    options = parser.parse_args()
    work, usual = KINDS[options.what]
    options.times = options.times or usual
    runs = list(work(options))
    rows = [
        [run.what, "ok" if run.is_green else "RED", f"{run.seconds:.0f}", run.told] for run in runs
    ]
    RESULTS.mkdir(parents=True, exist_ok=True)
    table = markdown(["run", "", "seconds", "told"], rows)
    (RESULTS / f"repeated-{options.what}.md").write_text(f"{table}\n", encoding="utf-8")
    print(f"\n{table}")
    return 0 if all(run.is_green for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
