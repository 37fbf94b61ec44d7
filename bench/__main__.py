"""`python -m bench`: measures speed and scale; each part prints its table and keeps it in results/."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.servers import QUIET, ROOT
from bench.stock import KEPT, add_stock_option
from bot.logs import configure_logs

RESULTS = ROOT / "results" / "bench"


def main() -> int:
    os.environ.update(QUIET)
    configure_logs(as_json=True)
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        help="compare, stages, growth (all when none is named); stock: train what `compare` needs; "
        "classifiers: those that were tried; training: time, memory and worth of each kind; commits and "
        "training: beside the checkout `--other`",
    )
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="our model or folder")
    add_stock_option(parser)
    parser.add_argument("--epochs", type=int, default=3, help="of the stock model's training")
    parser.add_argument("--rounds", type=int, default=5, help="of all conversations")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each crowd of buyers")
    parser.add_argument("--other", type=Path, help="of commits, training: a checkout beside this")
    parser.add_argument("--other-models", type=Path, help="its model or folder; its own models/")
    kinds = ("products", "messages", "intents", "examples")
    parser.add_argument("--kinds", nargs="*", default=kinds, choices=kinds, help="of growth")
    options = parser.parse_args()
    known = ("compare", "stages", "growth")
    if unknown := set(options.parts) - {*known, "stock", "classifiers", "commits", "training"}:
        parser.error(f"no part is called {', '.join(unknown)}")
    if "commits" in options.parts and not (options.other and (options.other / "bot").is_dir()):
        parser.error("commits needs --other, a checkout: git worktree add --detach FOLDER COMMIT")
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-bench-") as folder:
        for part in options.parts or known:
            _measure(part, Path(folder) / part, options)
    return 0


def _measure(part: str, folder: Path, options: argparse.Namespace) -> None:
    started = time.perf_counter()
    RESULTS.mkdir(parents=True, exist_ok=True)
    if part == "stock":
        from bench.sides import train_stock
        from bench.stock import write_stock_project

        folder.mkdir()
        write_stock_project(
            folder, database=folder / "house.db", actions_port=5055, epochs=options.epochs
        )
        shutil.move(train_stock(folder), KEPT)
        told = f"{options.epochs} epochs; `compare` and the report find it in {KEPT}"
    elif part == "compare":
        from bench.side_by_side import compare

        told = asyncio.run(
            compare(
                folder,
                options.models.resolve(),
                stock_model=options.stock_model,
                epochs=options.epochs,
                rounds=options.rounds,
                span_s=options.seconds,
            )
        )
    elif part == "commits":
        from bench.commits import compare_commits

        told = asyncio.run(
            compare_commits(
                folder,
                options.models.resolve(),
                options.other.resolve(),
                (options.other_models or options.other / "models").resolve(),
                rounds=options.rounds,
                span_s=options.seconds,
            )
        )
    elif part == "training":
        from bench.training import compare_trainings

        other = options.other.resolve() if options.other else None
        told = compare_trainings(folder, other, kept=RESULTS / "training")
    elif part == "classifiers":
        from bench import classifiers

        told = classifiers.compare(folder, RESULTS / "classifiers.json")
    elif part == "stages":
        from bench.stages import profile

        told = asyncio.run(profile(folder, options.models.resolve(), rounds=options.rounds))
    else:
        from bench.growth import grow

        told = grow(folder, options.models.resolve(), RESULTS / "growth.json", options.kinds)
    (RESULTS / f"{part}.md").write_text(f"{told}\n", encoding="utf-8")
    print(f"\n== {part} ({time.perf_counter() - started:.0f} s)\n\n{told}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
