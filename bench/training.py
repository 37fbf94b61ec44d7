"""What a training costs and what it is worth, in this checkout and in another one, in one run."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.figures import markdown
from bench.nlu_report import REAL, our_answers
from bench.nlu_scores import read_rows, score
from bench.servers import QUIET, ROOT

KINDS = ("QUICK", "FULL", "FURTHER")  # names of bot.training.kinds.Kind
ADDED = 'version: "3.1"\nnlu:\n- intent: stock_check\n  examples: |\n    - 岩羚那双墨绿的仓里翻得出来不\n'
_LOOKS_EVERY_S = 0.2
_TRAINS = """
import sys
from pathlib import Path
from bot.training.kinds import Kind
from bot.training.trainer import train

train(Kind[sys.argv[1]], root=Path(sys.argv[2]), models=Path(sys.argv[3]), out=sys.stdout)
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    seconds: float
    cpu_s: float
    peak_mb: float  # resident, all processes together; what they share counts for each


def compare_trainings(
    folder: Path, other: Path | None, kinds: Sequence[str] = KINDS, kept: Path | None = None
) -> str:
    """Markdown. `other`: a checkout; both train their own data in this environment, by turns.

    `kept`: a folder for the models. A training further begins with one line added.
    """
    sides = {"this": ROOT, **({"other": other} if other else {})}
    rows: list[list[str]] = []
    for kind in kinds:
        for name, checkout in sides.items():
            project = _project(folder / name, checkout)
            if kind == "FURTHER":
                (project / "data" / "nlu" / "added.yml").write_text(ADDED, encoding="utf-8")
            models = folder / name / "models"
            cost = _trained(kind, checkout, project, models)
            newest = max(models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)
            row = [kind.lower(), name, f"{cost.seconds:.0f}", f"{cost.cpu_s:.0f}"]
            rows.append([*row, f"{cost.peak_mb:.0f}", *_worth(newest)])
            print(*rows[-1], flush=True)
            if kept:
                kept.mkdir(parents=True, exist_ok=True)
                shutil.copy(newest, kept / f"{name}-{kind.lower()}.tar.gz")
    heads = ["training", "checkout", "s", "CPU s", "peak MB", *_WORTH]
    return markdown(heads, rows)


def _project(folder: Path, checkout: Path) -> Path:
    project = folder / "project"
    if not project.exists():
        project.mkdir(parents=True)
        shutil.copytree(checkout / "data", project / "data")
        for file in ("domain.yml", "config.yml"):
            shutil.copy(checkout / file, project)
    return project


def _trained(kind: str, checkout: Path, project: Path, models: Path) -> Cost:
    before, began, peak = _cpu_of_ended(), time.perf_counter(), 0.0
    command = [sys.executable, "-c", _TRAINS, kind, str(project), str(models)]
    nothing_kept = {"RASA_MAX_CACHE_SIZE": "0", "PYTHONPATH": str(checkout)}
    process = subprocess.Popen(command, cwd=checkout, env={**os.environ, **QUIET, **nothing_kept})
    while process.poll() is None:
        peak = max(peak, _resident_mb(process.pid))
        time.sleep(_LOOKS_EVERY_S)
    if process.returncode:
        raise SystemExit(f"{kind} in {checkout} ended with {process.returncode}")
    seconds = time.perf_counter() - began
    return Cost(seconds=seconds, cpu_s=_cpu_of_ended() - before, peak_mb=peak)


def _cpu_of_ended() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident_mb(pid: int) -> float:
    total = 0.0
    try:
        first = psutil.Process(pid)
        for one in (first, *first.children(recursive=True)):
            total += one.memory_info().rss / 1e6
    except psutil.NoSuchProcess:
        pass  # ended while it was looked at
    return total


_WORTH = ("in scope, %", "first three, %", "five, %", "acted upon, %", "of these right, %")


def _worth(model: Path) -> list[str]:
    """On the development messages, where they are."""
    if not REAL.exists():
        return ["–"] * len(_WORTH)
    rows = read_rows(REAL)
    found = score(rows, our_answers(rows, model)[0])
    shares = (found.in_scope, found.offered, found.five, found.acted, found.acted_right)
    return [f"{100 * share:.1f}" for share in shares]
