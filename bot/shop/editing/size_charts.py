"""A product's size chart changed by hand: a table as people write it, by the importer's own checks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.shop.editing import history
from bot.shop.editing.cells import empty_row
from bot.shop.editing.changing import (
    By,
    Fault,
    Refused,
    Saved,
    Wanted,
    held_row,
)
from bot.shop.editing.details import details_of
from bot.shop.editing.history import What
from bot.shop.editing.rows import SIZES, row_of
from bot.shop.editing.sheets import sheets
from bot.shop.embedded import tables
from bot.shop.importing import goods_rows, headings, storing
from bot.shop.importing.cells import Problem, Row
from bot.shop.importing.headings import Sure, fold

MOST_ROWS, MOST_COLUMNS = 60, 12
_TOUCHED = history.TOUCHED[SIZES]


class _SizeRow(dict[str, Any]):
    """A row that knows which one of the table it is."""

    line: int


def save(connection: Connection, wanted: Wanted, by: By) -> Saved:
    """The chart as typed over what it was. Raises Refused, EditedMeanwhile."""
    before = held_row(connection, SIZES, wanted.key, wanted.mark)
    texts = {**before.texts, **wanted.typed}
    chart = _checked(connection, texts, by)
    was = history.raw(connection, _TOUCHED, wanted.key)
    _store(connection, wanted.key, chart)
    return _kept(connection, wanted.key, was, before, by, What.CHANGED, _advice(connection, wanted.key, chart))  # fmt: skip


def remove(connection: Connection, key: str, mark: str, by: By) -> int:
    """The product has no chart any more; the change's id. Raises EditedMeanwhile, Refused."""
    before = held_row(connection, SIZES, key, mark)
    was = history.raw(connection, _TOUCHED, key)
    _store(connection, key, None)
    change_id = _kept(connection, key, was, before, by, What.GONE, ()).change_id
    if change_id is None:
        raise Refused([Fault(field="", what="它本来就没有尺码表")])
    return change_id


def _store(connection: Connection, product_id: str, chart: dict[str, Any] | None) -> None:
    products = tables.products
    is_it = products.c.product_id == product_id
    connection.execute(update(products).where(is_it).values(size_chart=chart))


def _kept(
    connection: Connection,
    key: str,
    was: history.Raw,
    before: Any,
    by: By,
    what: What,
    advice: tuple[str, ...],
) -> Saved:
    after = row_of(connection, SIZES, key)
    assert after is not None  # its product is held
    found = history.differences(was, history.raw(connection, _TOUCHED, key))
    if not found:
        return Saved(row=after, change_id=None, advice=advice)
    storing.renew_version(connection)
    details = details_of(before, after)
    change_id = history.keep(
        connection, found, agent=by.agent, at=by.now, section=SIZES, what=what, name=before.title,
        details=details,
    )  # fmt: skip
    return Saved(row=after, change_id=change_id, details=details, advice=advice)


def _checked(connection: Connection, texts: dict[str, str], by: By) -> dict[str, Any] | None:
    """As it is stored; None of an empty table. Raises Refused."""
    problems: list[Problem] = []
    wording = headings.wordings()[f"{SIZES}.runs"]
    rows = _rows(texts.get("chart", ""))
    if not rows:
        return None
    chart = {
        "rows": rows,
        "runs": wording.get(fold(texts.get("runs", "")), texts.get("runs", "")),
        "wide": texts.get("wide", ""),
        "roomy_instep": texts.get("roomy_instep", ""),
        "note": texts.get("note", ""),
    }
    row = empty_row(problems, by.now, by.zone)
    found = goods_rows.size_chart(_with(row, chart))
    sizes = [one["size"] for one in rows]
    for place, size in enumerate(sizes):
        if size and size in sizes[:place]:
            row.refuse("chart", f"尺码“{size}”写了两行，请改或删一行")
    if problems:
        raise Refused([_fault(one, rows) for one in problems])
    return found


def _with(row: Row, chart: dict[str, Any]) -> Row:
    row.cells = {"size_chart": chart}
    return row


def _rows(text: str) -> list[_SizeRow]:
    """The table's rows by the importer's columns. Raises Refused."""
    table = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines()]
    table = [line for line in table if any(line)]
    if len(table) < 2:
        return []
    if len(table) > MOST_ROWS or len(table[0]) > MOST_COLUMNS:
        what = f"最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列"
        raise Refused([Fault(field="chart", what=what)])
    heads = table[0]
    columns = headings.columns(SIZES, heads, keeps_own=True)
    if "size" not in {one.field for one in columns}:
        raise Refused([Fault(field="chart", what="没有“尺码”这一列，第一列写尺码")])
    found = []
    for number, line in enumerate(table[1:], 1):
        row = _SizeRow(size="")
        row.line = number
        for place, value in enumerate(line):
            if not value:
                continue
            if place >= len(columns) or not heads[place]:
                raise Refused([Fault(field="chart", what=f"“{value}”上面没有写这一列叫什么")])
            column = columns[place]
            if column.sure is Sure.INTERNAL:
                what = f"“{column.heading}”像是店里内部的，买家看得到，别写"
                raise Refused([Fault(field="chart", what=what)])
            row[column.field] = value
        found.append(row)
    return found


def _fault(problem: Problem, rows: list[_SizeRow]) -> Fault:
    if problem.column in sheets()[SIZES].fields:
        return Fault(field=problem.column, what=problem.what)
    at = problem.row if 0 < problem.row <= len(rows) else 0
    place = f"第 {at} 行" if at else ""
    if at and rows[at - 1]["size"]:
        place = f"尺码 {rows[at - 1]['size']} "
    label = headings.label(SIZES, problem.column) if problem.column.isascii() else problem.column
    return Fault(field="chart", what=f"{place}{label}：{problem.what}")


def _advice(
    connection: Connection, product_id: str, chart: dict[str, Any] | None
) -> tuple[str, ...]:
    """Sizes that one table has and the other has not: told, not refused."""
    if chart is None:
        return ()
    skus = tables.skus.c
    query = select(skus.colour, skus.size).where(skus.product_id == product_id)
    held = {fold(word) for row in connection.execute(query) for word in row if word}
    other = [one["size"] for one in chart["rows"] if fold(one["size"]) not in held]
    if not other or not held:
        return ()
    return (f"规格里没有这些尺码：{'、'.join(other[:8])}。推荐到它们时会没有货",)
