"""Finds the table in a sheet, which kind it is and what its columns are, and gives its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.shop.importing import headings
from bot.shop.importing.grids import Sheet
from bot.shop.importing.headings import Column, Sure, kinds
from bot.shop.importing.reading import NoTable, Reading, TableRow, Trouble
from bot.shop.importing.table_rows import rows
from bot.shop.importing.upright import upright

HEADINGS_WITHIN = 15  # rows from the top in which headings are looked for
KEEP_OWN = ("products", "skus", "sizes")  # what else they say is the shop's own
_NOTES = re.compile(r"说明|须知|注意事项|示例|范例|readme", re.I)
_SUMS = re.compile(r"(?:合计|总计|小计|汇总)[:：]?")


def read(sheet: Sheet, troubles: list[Trouble]) -> tuple[Reading, list[TableRow]]:
    """Raises NoTable."""
    if sheet.is_hidden:
        raise NoTable("隐藏的工作表，没有读")
    if not sheet.rows:
        raise NoTable("是空的，没有读")
    if not sheet.only_sheet and _NOTES.search(sheet.title):
        raise NoTable("是说明，没有读")
    called = (headings.section_of_name(name) for name in sheet.names)
    named = next(filter(None, called), "")
    if laid := upright(sheet, named):
        return laid
    section, at = _headed(sheet, named)
    number, cells = sheet.rows[at]
    found = headings.columns(section, cells, keeps_own=section in KEEP_OWN)
    section, found = _goods_after_all(section, cells, found)
    reading = Reading(
        file=sheet.file, sheet=sheet.title, section=section, heading_row=number, columns=found
    )
    below = [
        (n, row) for n, row in sheet.rows[at + 1 :] if not _SUMS.fullmatch(next(filter(None, row)))
    ]
    reading.rows = len(below)
    if not below:
        raise NoTable("只有表头，下面没有内容")
    _notes(reading, sheet, at)
    fields = {one.field for one in found}
    lacking = [
        name
        for name in headings.missing(section, fields)
        if not _can_do_without(name, section, fields)
    ]
    if lacking:
        troubles.append(_lacking(section, lacking, reading, [c for c in cells if c]))
        return reading, []
    return reading, list(rows(reading, below, troubles))


def _headed(sheet: Sheet, named: str) -> tuple[str, int]:
    """(section, place of the heading row among the rows)."""
    best = (0, 0, "")
    for at, (_, cells) in enumerate(sheet.rows[:HEADINGS_WITHIN]):
        if len([cell for cell in cells if cell]) < 2 and len(kinds()) > 1 and len(sheet.rows) > 1:
            continue
        for place, section in enumerate(kinds()):
            score = headings.fit(section, cells) * 10
            found = {
                one.field
                for one in headings.columns(section, cells, keeps_own=False)
                if one.sure is not Sure.UNUSED
            }
            score += 15 if not headings.missing(section, found) else 0
            score += 25 if section == named else 0
            if score - (25 if section == named else 0) >= 40 and score > best[0]:
                best = (score, -place, section)
                best_at = at
    if not best[2]:
        if named:
            wanted = "、".join(headings.label(named, one) for one in kinds()[named].needs)
            raise NoTable(f"找不到表头，第一行请写列名，如 {wanted}")
        raise NoTable("看不出是什么表，没有读")
    return best[2], best_at


def _goods_after_all(
    section: str, cells: Sequence[str], found: list[Column]
) -> tuple[str, list[Column]]:
    """库存表 that names and prices goods is the goods' own table, a row an SKU."""
    if section != "skus":
        return section, found
    as_goods = headings.columns("products", cells, keeps_own=True)
    fields = {one.field for one in as_goods}
    has_id = any(one.field == "id" for one in found)
    names_goods = {"name", "price"} <= fields
    if names_goods and (not has_id or fields & {"category", "kind"}):
        return "products", as_goods
    return section, found


def _can_do_without(name: str, section: str, fields: set[str]) -> bool:
    return section == "skus" and name == "id" and "name" in fields


def _lacking(
    section: str, lacking: Sequence[str], reading: Reading, there: Sequence[str]
) -> Trouble:
    columns = kinds()[section].columns
    names = "、".join(f"“{columns[one][0]}”" for one in lacking)
    also = "，也可以叫 " + "、".join(columns[lacking[0]][1:4]) if len(lacking) == 1 else ""
    heads = "、".join(there[:12])
    return Trouble(
        number=reading.heading_row,
        column="表头",
        what=f"没有 {names} 这一列（影响 {reading.rows} 行），请加上{also}；表里现有：{heads}",
    )


def _notes(reading: Reading, sheet: Sheet, at: int) -> None:
    if at:
        reading.notes.append(f"上面 {at} 行当作标题，没有读")
    if sheet.hidden_rows:
        reading.notes.append(f"有 {sheet.hidden_rows} 行是隐藏或筛选掉的，也读了")
    twice = [one.heading for one in reading.columns if one.heading]
    for heading in sorted({one for one in twice if twice.count(one) > 1}):
        reading.notes.append(f"“{heading}”写了 {twice.count(heading)} 列，合在一起读")
