"""Gives the rows of YAML, CSV and Excel files by section, with where each of them stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.shop.importing import platforms, tabular
from bot.shop.importing.caps import multiplied
from bot.shop.importing.cells import Problem, Row
from bot.shop.importing.columns import SECTIONS, english, section
from bot.shop.importing.folder import YAML, files
from bot.shop.importing.grids import Sheet, Unreadable, sheets
from bot.shop.importing.joining import joined
from bot.shop.importing.moments import Moments
from bot.shop.importing.reading import NoTable, Reading, TableRow, Trouble

Rows = dict[str, list[Row]]


@dataclass
class Read:
    """What the files hold, and how they were read: the first half of a plan."""

    rows: Rows
    readings: list[Reading] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)  # (file or sheet, why)
    notes: list[str] = field(default_factory=list)


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


def read_files(paths: Iterable[Path], problems: list[Problem], moments: Moments) -> Read:
    """All rows by section; what cannot be read is named in `problems`."""
    read = Read(rows={name: [] for name in SECTIONS})

    def refuse(file: str, what: str, row: int = 1) -> None:
        problems.append(Problem(file=file, row=row, column="文件", what=what))

    def pass_over(file: str, what: str) -> None:
        read.passed_over.append((file, what))

    tables: list[tuple[Sheet, TableRow]] = []
    for path in files(paths, lambda file, what: refuse(file, what), pass_over):
        if path.suffix.lower() in YAML:
            _keep_yaml(path, read, problems, moments)
            continue
        try:
            for sheet in sheets(path):
                tables += [(sheet, row) for row in _table(sheet, read, problems)]
        except Unreadable as wrong:
            refuse(path.name, wrong.what, wrong.row)
    for sheet, row in joined(tables, read.notes):
        read.rows[row.section].append(
            Row(
                file=sheet.file,
                row=row.number,
                cells=row.cells,
                problems=problems,
                moments=moments,
                rows_of=row.rows_of,
                sheet="" if sheet.only_sheet else sheet.title,
                labels=row.labels,
                assumed=row.assumed,
            )
        )
    return read


def _table(sheet: Sheet, read: Read, problems: list[Problem]) -> list[TableRow]:
    troubles: list[Trouble] = []
    try:
        reading, rows = platforms.read(sheet, troubles) or tabular.read(sheet, troubles)
    except NoTable as why:
        place = sheet.file if sheet.only_sheet else f"{sheet.file}〔{sheet.title}〕"
        read.passed_over.append((place, str(why)))
        return []
    read.readings.append(reading)
    problems += [
        Problem(
            file=sheet.file,
            row=one.number,
            column=one.column,
            what=one.what,
            sheet="" if sheet.only_sheet else sheet.title,
        )
        for one in troubles
    ]
    return rows


def _keep_yaml(path: Path, read: Read, problems: list[Problem], moments: Moments) -> None:
    for name, cells, row, rows_of in _read_yaml(path, problems):
        if name not in read.rows:
            what = f"不认识这一类，请用：{_section_names()}"
            problems.append(Problem(file=path.name, row=row, column=name, what=what))
            continue
        read.rows[name].append(
            Row(
                file=path.name,
                row=row,
                cells=cells,
                problems=problems,
                moments=moments,
                rows_of=rows_of,
            )
        )


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
        problems.append(_unreadable(path, 1, "是空的，请删掉它或写上内容"))
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


def _unreadable(path: Path, row: int, what: str) -> Problem:
    return Problem(file=path.name, row=row, column="文件", what=what)
