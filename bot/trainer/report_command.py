"""`python -m bot report nlu`: how well lines are told apart, as a page and on the terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from bot.settings import ROOT

FINE, CANNOT = 0, 2
_SHOWN = 10


def add_report(commands: Any) -> None:
    report: argparse.ArgumentParser = commands.add_parser(
        "report", help="cross-validation of the lines: confusion map, worst pairs, learning curve"
    )
    report.add_argument("what", choices=["nlu"])
    report.add_argument("--out", type=Path, default=Path("results/nlu.html"))
    report.add_argument("--root", type=Path, default=ROOT, help="the project's folder")


def report(options: argparse.Namespace) -> int:
    """Exit code: 0 written, 2 not."""
    from actions.frame.intent_titles import titles_of
    from bot.nlu.training_lines import training_files, training_lines
    from bot.trainer.commands import kept_in
    from bot.trainer.crossed import crossed
    from bot.trainer.plain_lines import PlainLines
    from bot.trainer.report_page import page

    root = options.root.resolve()
    lines = training_lines(training_files(root / "data" / "nlu"))
    if len({line.intent for line in lines}) < 2:
        return _cannot("data/nlu 里不到两个意图，比不出来。")
    plain = PlainLines(kept_in(root))
    texts = [line.text for line in lines]
    found = crossed(plain.of(texts), [line.intent for line in lines], texts)
    plain.save(texts)
    titles = titles_of(ROOT / "data" / "patterns" / "intent_titles.yml", root / "data" / "nlu")
    try:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(page(found, titles), encoding="utf-8")
    except OSError as error:
        return _cannot(f"{options.out} 写不了（{error.strerror}）。")
    print(f"{found.lines} 句说法，由别的说法来判，{found.right:.1%} 和写的一样。最容易混的：")
    for one in found.pairs[:_SHOWN]:
        written, taken = (
            titles.get(one.written, one.written),
            titles.get(one.taken_for, one.taken_for),
        )
        print(
            f"  {written} 听成 {taken}：{one.count} 句（{one.share:.0%}），例如「{one.sentences[0]}」"
        )
    print("  ".join(f"{count} 句学 {right:.0%}" for count, right in found.curve))
    print(f"图和句子写在 {options.out}，用浏览器打开。")
    return FINE


def _cannot(why: str) -> int:
    print(why, file=sys.stderr)
    return CANNOT
