"""Which files of a folder are read: not what Excel, macOS and downloads leave beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.shop.importing.caps import oversize

YAML, TABLES, BOOKS = (".yml", ".yaml"), (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm")
SUFFIXES = (*YAML, *TABLES, *BOOKS)
# What table programs write that is no table we can open; said, never passed over in silence.
_OTHER_TABLES = {
    ".xls": "旧版 .xls 读不了",
    ".et": "WPS 的 .et 读不了",
    ".numbers": "Numbers 的文件读不了",
    ".ods": ".ods 读不了",
    ".xlsb": ".xlsb 读不了",
}
_LEFT_BEHIND = re.compile(r"~\$|\._|\.~|\.")  # an open Excel file, a Mac's shadow, hidden files
Tell = Callable[[str, str], None]  # (file name, words)


def files(paths: Iterable[Path], refuse: Tell, pass_over: Tell) -> Iterator[Path]:
    """Files to read, each once and in order; what cannot be read is told to `refuse`."""
    seen: set[Path] = set()
    for path in paths:
        for file in _of(path, refuse, pass_over):
            if file.resolve() not in seen:
                seen.add(file.resolve())
                if what := oversize(file):
                    refuse(file.name, what)
                else:
                    yield file


def _of(path: Path, refuse: Tell, pass_over: Tell) -> Iterator[Path]:
    if path.is_dir():
        yield from _inside(path, refuse, pass_over)
    elif not path.is_file():
        refuse(str(path), "没有这个文件")
    elif what := _OTHER_TABLES.get(path.suffix.lower()):
        refuse(path.name, f"{what}，请用 Excel 或 WPS 另存为 .xlsx")
    elif path.suffix.lower() not in SUFFIXES:
        refuse(path.name, "不认识这种文件，请用 .yml、.yaml、.csv、.xlsx")
    else:
        yield path


def _inside(folder: Path, refuse: Tell, pass_over: Tell) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if not file.is_file() or "__MACOSX" in parts:
            continue
        if any(_LEFT_BEHIND.match(part) for part in parts):
            if file.suffix.lower() in SUFFIXES:
                pass_over(file.name, "打开着的文件或系统留下的影子，没有读")
        elif what := _OTHER_TABLES.get(file.suffix.lower()):
            refuse(file.name, f"{what}，请用 Excel 或 WPS 另存为 .xlsx")
        elif file.suffix.lower() in SUFFIXES:
            yield file
