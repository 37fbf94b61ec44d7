"""Opens YAML, CSV and Excel files and gives their rows by section, with file and row numbers."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import yaml
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.shop.importing.caps import MOST_ROWS, multiplied, oversize, too_many_rows
from bot.shop.importing.cells import Problem, Row
from bot.shop.importing.columns import SECTIONS, english, section
from bot.shop.importing.moments import Moments

# What a broken or hostile .xlsx leads openpyxl and its parsers to; a DTD is a ValueError.
_BROKEN = (
    BadZipFile, InvalidFileException, KeyError, OSError, ParseError, ValueError, TypeError,
    EOFError, zlib.error,
)  # fmt: skip
SUFFIXES = (".yml", ".yaml", ".csv", ".xlsx")
Rows = dict[str, list[Row]]


class Located(dict[str, Any]):
    """A YAML mapping that knows the line of itself and of each key."""

    line: int
    lines: dict[str, int]


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Leaves every scalar a string, as in a table: 16:00 stays a time, 是 and no stay words."""


def _mapping(loader: Any, node: Any) -> Located:
    value = Located()
    value.line = node.start_mark.line + 1
    value.lines = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in value:
            raise yaml.constructor.ConstructorError(
                None, None, f"“{key}”写了两次", key_node.start_mark
            )
        value[key] = loader.construct_object(value_node, deep=True)
        value.lines[key] = key_node.start_mark.line + 1
    return value


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_files(paths: Iterable[Path], problems: list[Problem], moments: Moments) -> Rows:
    """All rows by section; what cannot be read is named in `problems`."""
    rows: Rows = {name: [] for name in SECTIONS}
    for path in _files(paths, problems):
        read = {".csv": _read_csv, ".xlsx": _read_excel}.get(path.suffix, _read_yaml)
        for name, cells, row, rows_of in read(path, problems):
            if name not in rows:
                problems.append(
                    Problem(
                        file=path.name,
                        row=row,
                        column=name,
                        what=f"不认识这一类，请用：{_section_names()}",
                    )
                )
                continue
            rows[name].append(
                Row(
                    file=path.name,
                    row=row,
                    cells=cells,
                    problems=problems,
                    moments=moments,
                    rows_of=rows_of,
                )
            )
    return rows


def _files(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES)
            yield from _of_bearable_size(inside, problems)
        elif not path.is_file():
            problems.append(Problem(file=str(path), row=0, column="文件", what="没有这个文件"))
        elif path.suffix not in SUFFIXES:
            what = f"不认识这种文件，请用 {'、'.join(SUFFIXES)}"
            problems.append(Problem(file=path.name, row=0, column="文件", what=what))
        else:
            yield from _of_bearable_size([path], problems)


def _of_bearable_size(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    for path in paths:
        if what := oversize(path):
            problems.append(_unreadable(path, 1, what))
        else:
            yield path


def _section_names() -> str:
    return "、".join(f"{name}（{chinese}）" for name, chinese in SECTIONS.items())


Found = tuple[str, Mapping[str, Any], int, Mapping[str, int]]


def _read_yaml(path: Path, problems: list[Problem]) -> Iterator[Found]:
    try:
        text = path.read_text("utf-8-sig")
        if found := multiplied(text, _Loader):
            problems.append(_unreadable(path, *found))
            return
        content = yaml.load(text, _Loader)
    except UnicodeDecodeError:
        problems.append(_unreadable(path, 1, "不是 UTF-8 编码，请另存为 UTF-8"))
        return
    except RecursionError:
        problems.append(_unreadable(path, 1, "一层套一层太深了，请照样例的层数写"))
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"YAML 写法有误（{getattr(error, 'problem', '')}），请检查这一行的缩进、冒号和引号"
        problems.append(_unreadable(path, mark.line + 1 if mark else 1, what))
        return
    if content in (None, ""):
        return
    if not isinstance(content, Located):
        problems.append(_unreadable(path, 1, "文件要以 products: 这样的一类开头"))
        return
    for name, items in content.items():
        row = content.lines[name]
        for item in [items] if isinstance(items, Located) else items or []:
            if not isinstance(item, Located):
                problems.append(_unreadable(path, row, f"{name} 下面每项以“- ”开头，再分项写"))
                break
            cells = {english(key): value for key, value in item.items()}
            lines = {english(key): line for key, line in item.lines.items()}
            yield section(name), cells, item.line, lines


def _read_csv(path: Path, problems: list[Problem]) -> Iterator[Found]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what Excel saves in China
        except UnicodeDecodeError:
            problems.append(_unreadable(path, 1, "读不出文字，请另存为 UTF-8 编码的 CSV"))
            return
    yield from _table(section(path.stem), csv.reader(io.StringIO(text)), path, problems)


def _read_excel(path: Path, problems: list[Problem]) -> Iterator[Found]:
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except _BROKEN:
        problems.append(_unreadable(path, 1, "打不开，请用 Excel 另存为 .xlsx"))
        return
    try:
        for sheet in workbook.worksheets:
            rows = ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
            yield from _table(section(sheet.title), rows, path, problems)
    except _BROKEN:  # sheets are read row by row, and may break in the middle
        problems.append(_unreadable(path, 1, "读到一半读不下去，请用 Excel 另存为 .xlsx"))
    finally:
        workbook.close()


def _table(
    name: str, rows: Iterable[list[str]], path: Path, problems: list[Problem]
) -> Iterator[Found]:
    header: list[str] = []
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            problems.append(_unreadable(path, number, too_many_rows()))
            return
        if not any(cell.strip() for cell in row):
            continue
        if not header:
            header = [english(cell) for cell in row]
            continue
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            problems.append(_unreadable(path, number, "这一行的格子比表头多，请检查逗号和引号"))
            continue
        yield name, dict(zip(header, (cell.strip() for cell in row), strict=False)), number, {}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M" if value.hour or value.minute else "%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _unreadable(path: Path, row: int, what: str) -> Problem:
    return Problem(file=path.name, row=row, column="文件", what=what)
