"""The shop's settings as owners write them: 项目 and 内容, a line each, downwards."""

from __future__ import annotations

from bot.shop.importing import headings
from bot.shop.importing.grids import Sheet
from bot.shop.importing.headings import Column, Sure
from bot.shop.importing.reading import NoTable, Reading, TableRow


def upright(sheet: Sheet, named: str) -> tuple[Reading, list[TableRow]] | None:
    """The shop's settings, a line each, given as one row; None where it is no such list.

    Raises NoTable.
    """
    if named not in ("shop", ""):
        return None
    pairs = [(number, row[0], row[1]) for number, row in sheet.rows if len(row) > 1 and row[0]]
    known = [(n, headings.recognised("shop", said), text) for n, said, text in pairs]
    found = [(n, column, text) for n, column, text in known if column]
    names = {column.field for _, column, _ in found}
    across = max((headings.fit("shop", cells) for _, cells in sheet.rows[:3]), default=0)
    if "name" not in names or len(names) < (2 if named else 3) or across > 3 * len(names) // 2:
        return None
    if not any(text for _, column, text in found if column.field == "name"):
        raise NoTable("店名空着，没有读")
    cells = {column.field: text for _, column, text in found if text}
    reading = Reading(
        file=sheet.file,
        sheet=sheet.title,
        section="shop",
        heading_row=found[0][0],
        columns=[column for _, column, _ in found]
        + [
            Column(heading=said, field="", sure=Sure.UNUSED)
            for (_, said, _), (_, column, _) in zip(pairs, known, strict=True)
            if column is None
        ],
        rows=1,
    )
    row = TableRow(
        section="shop",
        cells=cells,
        number=found[0][0],
        labels={column.field: column.heading for _, column, _ in found},
        rows_of={column.field: number for number, column, _ in found},
    )
    return reading, [row]
