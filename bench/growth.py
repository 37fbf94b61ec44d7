"""How reply time, memory and training grow with goods, messages, intents and examples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.figures import markdown
from bench.servers import QUIET, ROOT

SIZES = {
    "products": (10, 100, 1000, 10_000),
    "messages": (50, 500, 5000),
    "examples": (4000, 12_000, 40_000),
    "intents": (48, 200),
}
SAME = {("intents", 48): ("examples", 12_000)}  # the very same project: measured once in a run
TITLES = {
    "products": "products in the shop",
    "messages": "messages in one conversation",
    "intents": "intents (12,000 training messages)",
    "examples": "training messages (the real intents)",
}
HEADS = {
    "reply_ms": "reply p50, ms",
    "cpu_ms": "CPU of a reply, ms",
    "memory_mb": "memory, MB",
    "import_s": "import, s",
    "catalogue_s": "new words taken in, s",
    "train_s": "training, s",
    "train_mb": "training, peak MB",
}
PICTURE = ROOT / "docs" / "images" / "growth.png"

Points = dict[str, dict[int, dict[str, float]]]


def grow(folder: Path, models: Path, kept: Path, kinds: Sequence[str] = tuple(SIZES)) -> str:
    """Markdown of all points; draws docs/images/growth.png.

    Points are kept in a JSON file, so that kinds may be measured one at a time.
    """
    points: Points = {}
    if kept.exists():
        read = json.loads(kept.read_text(encoding="utf-8"))
        points = {
            kind: {int(size): one for size, one in found.items()} for kind, found in read.items()
        }
    measured = set()
    for kind in (one for one in SIZES if one in kinds):
        points[kind] = {}
        for size in SIZES[kind]:
            twin, of = SAME.get((kind, size), ("", 0))
            known = points[twin][of] if twin in measured else None
            points[kind][size] = known or _point(kind, size, folder, models)
            print(kind, size, points[kind][size], flush=True)
            kept.write_text(json.dumps(points, indent=2), encoding="utf-8")
        measured.add(kind)
    points = {kind: points[kind] for kind in SIZES if kind in points}
    draw(points, PICTURE)
    return "\n\n".join(_table(kind, found) for kind, found in points.items())


def _point(kind: str, size: int, folder: Path, models: Path) -> dict[str, float]:
    own = folder / f"{kind}-{size}"
    own.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "bench.growth_point", kind, str(size), str(own), str(models)],
        cwd=ROOT,
        env={**os.environ, **QUIET},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stderr.decode()[-3000:])
        done.check_returncode()
    measured: dict[str, float] = json.loads(done.stdout.decode().splitlines()[-1])
    return measured


def _table(kind: str, found: dict[int, dict[str, float]]) -> str:
    columns = [name for name in HEADS if name in next(iter(found.values()))]
    head = [TITLES[kind], *(HEADS[name] for name in columns)]
    rows = [[f"{size:,}", *(one[name] for name in columns)] for size, one in found.items()]
    return markdown(head, rows)


def draw(points: Points, path: Path) -> None:
    """A column of pictures for each kind: work of a reply above memory (or training time)."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, len(points), figsize=(3.2 * len(points), 5), squeeze=False)
    for column, (kind, found) in enumerate(points.items()):
        sizes = list(found)
        lower = "train_s" if "train_s" in found[sizes[0]] else "memory_mb"
        for row, name in enumerate(("cpu_ms", lower)):
            axis = axes[row][column]
            axis.plot(sizes, [found[size][name] for size in sizes], marker="o", color="#2b6cb0")
            axis.set_xscale("log")
            axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
            axis.minorticks_off()
            axis.set_ylim(0, 1.15 * max(found[size][name] for size in sizes))
            axis.set_ylabel(HEADS[name])
            axis.grid(alpha=0.3)
        axes[1][column].set_xlabel(TITLES[kind])
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
