"""The trainer's commands: `python -m bot check`, `new`, `schema`; none loads Rasa or TensorFlow."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.settings import var_folder
from bot.trainer import scaffolds, schemas
from bot.trainer.check import SHOP, Check, Wanted
from bot.trainer.finding import Finding
from bot.trainer.output import FORMATS, errors_in, rendered

FINE, FOUND, CANNOT = 0, 1, 2
_LOOKS_EVERY_S = 0.4


def add_check(commands: Any) -> None:
    check: argparse.ArgumentParser = commands.add_parser(
        "check", help="what is wrong with the trainer's files, in seconds and without training"
    )
    check.add_argument("files", nargs="*", help="tell of these files or folders only")
    check.add_argument("--watch", action="store_true", help="check again whenever a file is saved")
    check.add_argument("--format", choices=FORMATS, default="text")
    check.add_argument("--out", type=Path, help="write to this file as well (JSON, JUnit)")
    check.add_argument("--strict", action="store_true", help="exit with 1 for mere warnings, too")
    check.add_argument("--since", help="look closely at what is newer than this commit")
    check.add_argument("--closely", action="store_true", help="look closely at every line")
    check.add_argument("--shop", default=SHOP, help="the shop's file that answers are held against")
    check.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder")


def add_new(commands: Any) -> None:
    new: argparse.ArgumentParser = commands.add_parser(
        "new", help="the files of a new question or intent, with comments"
    )
    new.add_argument("what", choices=["question", "intent"])
    new.add_argument("name", help="ask_gift_card; return_policy.how for a finer question")
    new.add_argument("--title", default="", help="what stands on its button: 问代写贺卡")
    new.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder")


def add_schema(commands: Any) -> None:
    schema: argparse.ArgumentParser = commands.add_parser(
        "schema", help="write the JSON Schemas of the trainer's files anew"
    )
    schema.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder")


def new(options: argparse.Namespace) -> int:
    """Exit code: 0 made, 2 not."""
    root = options.root.resolve()
    if not (root / "domain.yml").exists():
        print(f"{root} 里没有 domain.yml，请在项目的文件夹里运行。", file=sys.stderr)
        return CANNOT
    title = options.title or f"问{options.name.split('/')[-1].removeprefix('ask_')}"
    make = scaffolds.new_question if options.what == "question" else scaffolds.new_intent
    try:
        made = make(root, options.name, title)
    except scaffolds.CannotMake as error:
        print(f"{error}。", file=sys.stderr)
        return CANNOT
    print("写好了，照里面的注释改：")
    for file in made:
        print(f"  {file}")
    print(f"改完运行 .venv/bin/python -m bot check {made[0]}")
    return FINE


def schema(options: argparse.Namespace) -> int:
    for file in schemas.write(options.root.resolve()):
        print(file)
    return FINE


def check(options: argparse.Namespace) -> int:
    """Exit code: 0 nothing to mend, 1 something is, 2 there is nothing to check."""
    root = options.root.resolve()
    if not (root / "domain.yml").exists() or not (root / "data").is_dir():
        print(f"{root} 里没有 domain.yml 和 data/，请在项目的文件夹里运行。", file=sys.stderr)
        return CANNOT
    wanted = Wanted(since=options.since, closely=options.closely, shop=options.shop)
    files = [_inside(root, name) for name in options.files]
    missing = [name for name in files if not (root / name).exists()]
    if missing:
        print(f"没有找到 {'、'.join(missing)}，看看名字写对了没有。", file=sys.stderr)
        return CANNOT
    os.chdir(root)  # the word lists are found from here
    checking = Check(root, kept_in(root))
    if options.watch:
        return _watch(checking, wanted, files, root)
    started = time.perf_counter()
    found = _of(checking.run(wanted), files)
    told = rendered(found, options.format, time.perf_counter() - started)
    print(told)
    if options.out is not None:
        try:
            options.out.parent.mkdir(parents=True, exist_ok=True)
            options.out.write_text(told + "\n", encoding="utf-8")
        except OSError as error:
            print(f"{options.out} 写不了（{error.strerror}）。", file=sys.stderr)
            return CANNOT
    return FOUND if errors_in(found) or (options.strict and found) else FINE


def kept_in(root: Path) -> Path:
    return var_folder(root) / "check"


def _inside(root: Path, name: str) -> str:
    """A file as the findings name it."""
    path = Path(name)
    absolute = path if path.is_absolute() else Path.cwd() / path
    if not absolute.exists() and (root / path).exists():
        absolute = root / path
    resolved = absolute.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else name


def _of(findings: Sequence[Finding], files: Sequence[str]) -> list[Finding]:
    return [
        one
        for one in findings
        if not files or any(one.file == file or one.file.startswith(f"{file}/") for file in files)
    ]


def _watch(checking: Check, wanted: Wanted, files: Sequence[str], root: Path) -> int:
    """Until Ctrl+C: tells what a save has brought and what it has mended."""
    seen: set[Finding] | None = None
    stamp: object = None
    try:
        while True:
            if (now := _stamp(root)) == stamp:
                time.sleep(_LOOKS_EVERY_S)
                continue
            stamp = now
            started = time.perf_counter()
            found = _of(checking.run(wanted), files)
            seconds = time.perf_counter() - started
            if seen is None:
                print(rendered(found, "text", seconds))
                print("改完保存就会再检查，按 Ctrl+C 结束。", flush=True)
            else:
                _tell_changes(seen, found, seconds)
            seen = set(found)
    except KeyboardInterrupt:
        return FINE


def _tell_changes(before: set[Finding], found: Sequence[Finding], seconds: float) -> None:
    fresh = [one for one in found if one not in before]
    print(time.strftime("— %H:%M:%S"))
    if fresh:
        print(rendered(fresh, "text", seconds))
    else:
        left = f"，还有 {len(found)} 处没改" if found else ""
        print(f"这次没有新问题{left}（{seconds:.1f} 秒）。")
    sys.stdout.flush()


def _stamp(root: Path) -> object:
    """Changes whenever a file does that the check reads."""
    found = []
    for folder in ("data", "tests/sentences", "actions"):
        for path in (root / folder).rglob("*"):
            try:
                status = path.stat()
            except OSError:
                continue
            found.append((path, status.st_mtime_ns, status.st_size))
    domain = root / "domain.yml"
    return frozenset(found), domain.stat().st_mtime_ns if domain.exists() else 0
