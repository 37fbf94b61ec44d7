"""Opens CSV and Excel files and gives their sheets as rows of cells, as a person would see them."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.exceptions import InvalidFileException

from bot.shop.importing import caps

# What a broken or hostile .xlsx leads openpyxl and its parsers to; a DTD is a ValueError.
BROKEN = (
    BadZipFile, InvalidFileException, KeyError, OSError, ParseError, ValueError, TypeError,
    EOFError, zlib.error, AttributeError,
)  # fmt: skip
SEPARATORS = ",\t;，|；"
MOST_COLUMNS = 500
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)


class DateCell(str):
    """A cell that Excel holds as a date, in ISO form: perhaps a 3-6 that it took for one."""

    __slots__ = ()


class EmptyFormula(str):
    """A formula nobody has reckoned yet: the file was made by a program, or never saved."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """`rows`: (number as in the file, cells) without the empty ones. Merged cells are filled down."""

    file: str
    title: str  # "" of a CSV
    rows: list[tuple[int, list[str]]]
    is_hidden: bool = False
    hidden_rows: int = 0
    only_sheet: bool = True
    names: tuple[str, ...] = field(default=())  # what may tell what it holds: sheet, file


class Unreadable(Exception):
    """(row, what is wrong and what to do), for one file."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(what)
        self.row, self.what = row, what


def sheets(path: Path) -> list[Sheet]:
    """Raises Unreadable."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path)
    return [Sheet(file=path.name, title="", rows=list(_rows(_csv_rows(path))), names=(path.stem,))]


def _rows(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        if number > caps.MOST_ROWS:
            raise Unreadable(number, caps.too_many_rows())
        if any(cells):
            yield number, cells


def tidy(text: str) -> str:
    """Without signs nobody sees, and without blanks around it."""
    return text.translate(_INVISIBLE).replace("\u00a0", " ").replace("\u3000", " ").strip()


# --- CSV


def decoded(data: bytes) -> str:
    """UTF-8, UTF-16 (“Unicode 文本”) or GBK, as the bytes show. Raises Unreadable."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\0" in data:  # of a line's end, at least
        encodings = ["utf-16-le", "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(1, "读不出文字，请另存为 UTF-8 编码的 CSV")


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = decoded(path.read_bytes())
    if "\0" in text:
        raise Unreadable(1, "这不是表格文件，请用 Excel 另存为 CSV 或 .xlsx")
    if told := re.match(r"sep=(.)\r?\n", text):  # Excel's own hint, which counts as a row
        text, separator = "\n" + text[told.end() :], told[1]
    else:
        separator = separator_of(text)
    csv.field_size_limit(2**24)
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1
        ):
            yield number, [_unquoted(tidy(cell)) for cell in row]
    except csv.Error:
        raise Unreadable(1, "引号或换行乱了，请用 Excel 另存为 .xlsx") from None


def _unquoted(cell: str) -> str:
    """`="00101"`, which keeps leading zeros in Excel, and `'00101`, which was meant to."""
    if found := re.fullmatch(r'="(.*)"', cell):
        return found[1]
    return cell[1:] if re.fullmatch(r"'\d+", cell) else cell


def separator_of(text: str) -> str:
    """The sign that parts the first written lines into the most cells, a comma if in doubt."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()][:6]

    def parts(sign: str) -> tuple[int, int]:
        cells = [len(next(csv.reader([line], delimiter=sign), [])) for line in lines]
        return max(cells, default=0) if sum(n > 1 for n in cells) * 2 > len(cells) else 1, 0

    best = max(SEPARATORS, key=lambda sign: (parts(sign)[0], -SEPARATORS.index(sign)))
    return best if parts(best)[0] > 1 else ","


# --- Excel


@dataclass
class _Extras:
    """What openpyxl does not tell of a sheet that it reads row by row."""

    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # left, top, right, bottom
    empty_formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: int = 0


def _workbook(path: Path) -> list[Sheet]:
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except BROKEN:
        raise Unreadable(1, "打不开，请用 Excel 另存为 .xlsx") from None
    try:
        return [
            _sheet(path, sheet, is_only=len(workbook.worksheets) == 1)
            for sheet in workbook.worksheets
        ]
    except BROKEN:  # sheets are read row by row, and may break in the middle
        raise Unreadable(1, "读到一半读不下去，请用 Excel 另存为 .xlsx") from None
    finally:
        workbook.close()


def _sheet(path: Path, sheet: Any, *, is_only: bool) -> Sheet:
    extras = _extras(sheet)
    sheet.reset_dimensions()  # programs write wrong ones
    rows = [
        (number, cells)
        for number, cells in _rows(
            (number, [_shown(cell, extras) for cell in row[:MOST_COLUMNS]])
            for number, row in enumerate(sheet.iter_rows(), 1)
        )
    ]
    _fill_down(rows, extras.merged)
    generic = re.fullmatch(r"(?i)sheet ?\d*|工作表 ?\d*|表 ?\d*", sheet.title)
    names = (path.stem,) if generic else (sheet.title, path.stem) if is_only else (sheet.title,)
    return Sheet(
        file=path.name,
        title=sheet.title,
        rows=[(number, cells) for number, cells in rows if any(cells)],
        is_hidden=sheet.sheet_state != "visible",
        hidden_rows=extras.hidden_rows,
        only_sheet=is_only,
        names=names,
    )


def _extras(sheet: Any) -> _Extras:
    """Merged ranges, hidden rows and formulas without a value, read from the sheet's own XML."""
    extras = _Extras()
    with sheet._get_source() as source:
        row: Element | None = None
        for _, element in iterparse(source):
            name = element.tag.rpartition("}")[2]
            if name == "c":
                children = {child.tag.rpartition("}")[2]: child for child in element}
                formula, value = children.get("f"), children.get("v")
                if formula is not None and (value is None or not value.text):
                    coordinate = element.get("r")
                    if coordinate and "is" not in children:
                        extras.empty_formulas.add(coordinate_to_tuple(coordinate))
            elif name == "row":
                row = element
                if row.get("hidden") in ("1", "true") and len(row):
                    extras.hidden_rows += 1
                row.clear()
            elif name == "mergeCell":
                extras.merged.append(range_boundaries(element.get("ref")))
    return extras


def _fill_down(
    rows: list[tuple[int, list[str]]], merged: Iterable[tuple[int, int, int, int]]
) -> None:
    """A cell merged over rows says its value in each of them."""
    by_number = dict(rows)
    for left, top, _, bottom in merged:
        above = by_number.get(top, [])
        value = above[left - 1] if len(above) >= left else ""
        if not value:
            continue
        for number in range(top + 1, min(bottom, caps.MOST_ROWS) + 1):
            cells = by_number.get(number)
            if cells is not None:
                cells += [""] * (left - len(cells))
                cells[left - 1] = value


def _shown(cell: Any, extras: _Extras) -> str:
    value = cell.value
    if value is None:
        at = (getattr(cell, "row", 0), getattr(cell, "column", 0))
        return EmptyFormula("#") if at in extras.empty_formulas else ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (datetime, date)):
        has_clock = isinstance(value, datetime) and (value.hour or value.minute)
        return DateCell(value.strftime("%Y-%m-%d %H:%M" if has_clock else "%Y-%m-%d"))
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format or "")
    return _unquoted(tidy(str(value)))


def _number(value: float, number_format: str) -> str:
    """1.0 as 1, 59.699999999999996 as 59.7; 101 shown as 00101 by its format as 00101."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        zeros = re.fullmatch(r"0+", number_format)
        return str(value).zfill(len(zeros[0])) if zeros else str(value)
    if number_format.endswith("%"):
        return f"{value * 100:.10g}%"
    return f"{value:.12g}"
