"""`make replay`: plays whole dialogues to the house, writes transcripts and counts what happens.

    python -m bench.replay [FILE] [--models MODEL] [--out FOLDER] [--seed N] [--only CODE …]
    python -m bench.replay --compare OLD NEW

FILE: JSON lines in the form of bench/replay/sample.jsonl (default: the shared dialogues, where
present). docs/conversation.md says how to read what comes of it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from bench.servers import QUIET, ROOT

SHARED = ROOT.parent / "shared" / "real-messages" / "dialogues-dev.jsonl"
SAMPLE = Path(__file__).with_name("sample.jsonl")
RESULTS = ROOT / "results" / "replay"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when all was played or compared, 1 when a dialogue could not be, 2 for unreadable files."""
    parser = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="a model or a folder")
    parser.add_argument(
        "--out", type=Path, default=RESULTS, help="what an earlier replay wrote there is removed"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the choice among variants")
    parser.add_argument("--only", nargs="+", metavar="CODE", help="play these dialogues alone")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("OLD", "NEW"))
    options = parser.parse_args(arguments)
    if options.compare:
        return _compare(*options.compare)
    if not options.file.exists():
        print(
            f"{options.file} is not there, so nothing was played. The repository's own dialogues:"
        )
        print(f"  make replay DIALOGUES={SAMPLE.relative_to(ROOT)}")
        return 0
    os.environ.update(QUIET)
    return _play(options)


def _play(options: argparse.Namespace) -> int:
    from bench.replay.reading import Unreadable, read_dialogues
    from bench.replay.report import clear
    from bench.replay.run import run  # loads Rasa, which takes seconds
    from bot.engine.engine import Engine, ModelUnusable
    from bot.engine.in_process import InProcessActions
    from bot.logs import configure_logs
    from bot.settings import read_settings
    from tests.support.house import ROOT

    configure_logs(as_json=False)
    # Hand-overs are told by the transcripts; what went wrong still shows.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        dialogues = read_dialogues(options.file)
    except Unreadable as unreadable:
        print(unreadable, file=sys.stderr)
        return 2
    if options.only:
        if unknown := set(options.only) - {one.code for one in dialogues}:
            print(f"{options.file.name} has no {', '.join(sorted(unknown))}", file=sys.stderr)
            return 2
        dialogues = [one for one in dialogues if one.code in options.only]
    began = time.perf_counter()
    try:
        words = read_settings(ROOT, {}).shop.words
        engine = Engine.load(options.models, actions=InProcessActions(), words=words)
        engine.live.follow(ROOT)  # as in a house: what was saved since the training is said
        engine.live.refresh()
    except ModelUnusable as unusable:
        print(f"no model answers ({unusable.why}); `make train` makes one", file=sys.stderr)
        return 2
    out = options.out
    clear(out)
    with tempfile.TemporaryDirectory(prefix="dianxiaoer-replay-") as folder:
        place, name = Path(folder), options.file.name
        playing = run(dialogues, engine, out=out, folder=place, seed=options.seed, name=name)
        done = asyncio.run(playing)
    print(done.table)
    for problem in done.problems:
        print(f"not played: {problem}", file=sys.stderr)
    print(f"\n{out}: {done.played} transcripts, {time.perf_counter() - began:.0f} s")
    return 1 if done.problems else 0


def _compare(old: Path, new: Path) -> int:
    from bench.replay.report import NoFigures, read, side_by_side

    try:
        (about_old, before), (about_new, after) = read(old), read(new)
    except NoFigures as problem:
        print(problem, file=sys.stderr)
        return 2
    for name in dict.fromkeys([*about_old, *about_new]):
        if about_old.get(name) != about_new.get(name):
            print(f"{name}: {about_old.get(name)} → {about_new.get(name)}")
    print(f"\n{side_by_side(before, after)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
