"""Canned phrases as a table, CSV or Excel, out and in: 分组, 短码, 内容, 图片.

A picture stands there by its name, or by the address that a phrase of this shop shows it under.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.desk import phrase_pictures, phrases
from bot.desk.phrases import BadPhrase, Phrase
from bot.shop.importing import workbook
from bot.shop.importing.grids import Unreadable, decoded, sheets

HEADINGS = ("分组", "短码", "内容", "图片")
_SEPARATORS = ",\t;"  # not the comma of Chinese: texts are full of it
_NEEDED = {"内容", "图片"}  # one of them

Wanted = tuple[int, dict[str, str]]  # (row of the file, cells by heading)


def as_csv(found: Sequence[Phrase]) -> str:
    """With the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEADINGS)
    rows.writerows(_cells(one) for one in found)
    return f"\ufeff{out.getvalue()}"


def as_workbook(found: Sequence[Phrase]) -> bytes:
    book = io.BytesIO()
    workbook.write(book, {"快捷短语": [list(HEADINGS), *(_cells(one) for one in found)]})
    return book.getvalue()


def read(name: str, content: bytes) -> list[Wanted]:
    """Of a CSV or an Excel file, by its name. Raises BadPhrase with the row."""
    try:
        if Path(name).suffix.lower() in (".xlsx", ".xlsm"):
            return _by_heading(_of_workbook(content))
        return _by_heading(_of_csv(decoded(content)))
    except Unreadable as error:
        raise BadPhrase(error.what) from None


def keep(
    connection: Connection, agent: str, wanted: Iterable[Wanted], *, by: str
) -> tuple[int, int]:
    """(new, known already); the same in the same group is known. Raises BadPhrase with the row.

    `agent`: whose they become; `by`: who brings them.
    """
    pictures = phrase_pictures.usable(connection, by)
    named = {one.name: picture_id for picture_id, one in pictures.items()}
    own = [one for one in phrases.of_agent(connection, agent) if one.agent == agent]
    known = {
        (one.group, one.text, one.picture.stored.picture_id if one.picture else "") for one in own
    }
    new = met = 0
    for row, cells in wanted:
        try:
            picture_id = _picture(cells.get("图片", ""), named, pictures)
            values = phrases.checked(
                cells.get("分组", ""), cells.get("短码", ""), cells.get("内容", ""), picture_id
            )
            key = (values["group_name"], values["text"], picture_id)
            if key in known:
                met += 1
                continue
            phrases.add(connection, agent, values, by=by)
        except BadPhrase as error:
            raise BadPhrase(f"第 {row} 行：{error.message}") from None
        known.add(key)
        new += 1
    return new, met


def _cells(one: Phrase) -> list[str]:
    return [one.group, one.code, one.text, one.picture.name if one.picture else ""]


def _picture(told: str, named: dict[str, str], pictures: Iterable[str]) -> str:
    """The id of what is named, or linked to; "" where nothing is."""
    told = told.strip()
    if not told:
        return ""
    linked = told.rpartition("/uploads/")[2]
    if found := named.get(told) or (linked if linked in pictures else ""):
        return found
    raise BadPhrase(f"没有叫「{told[:40]}」的图片，先在快捷短语里传上去")


def _of_csv(text: str) -> list[tuple[int, list[str]]]:
    head = text.lstrip().partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [(number, row) for number, row in enumerate(read, 1) if any(row)]
    except csv.Error:
        raise BadPhrase("引号或换行乱了，请用 Excel 另存为 .xlsx") from None


def _of_workbook(content: bytes) -> list[tuple[int, list[str]]]:
    with tempfile.TemporaryDirectory(prefix="phrases-") as folder:
        path = Path(folder) / "phrases.xlsx"
        path.write_bytes(content)
        found = [one for one in sheets(path) if not one.is_hidden and one.rows]
    return found[0].rows if found else []


def _by_heading(rows: Sequence[tuple[int, list[str]]]) -> list[Wanted]:
    headings = [cell.strip() for cell in rows[0][1]] if rows else []
    if _NEEDED.isdisjoint(headings):
        raise BadPhrase("第 1 行要是表头：分组、短码、内容、图片四列，至少要有内容")
    return [(number, dict(zip(headings, cells, strict=False))) for number, cells in rows[1:]]
