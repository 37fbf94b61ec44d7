"""The shop's data as one Excel workbook: a template that is filled, edited and imported again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from sqlalchemy.engine import Connection

from bot.shop.embedded.house import House, read_house
from bot.shop.importing import headings, stored, stored_dealings
from bot.shop.importing.headings import kinds

Rows = stored.Rows
# Sheets in this order; what a template leaves to the goods' own sheet is not a column of it.
ORDER = (
    "products",
    "skus",
    "sizes",
    "coupons",
    "promotions",
    "postage",
    "buyers",
    "orders",
    "returns",
)
_NOT_WRITTEN = {"products": {"stock", "restock_on", "colour", "size"}, "skus": {"name"}}
_HEAD = Font(bold=True)
_NEEDED = PatternFill("solid", fgColor="FFF2CC")


def contents(
    connection: Connection, *, blank: bool = False, everything: bool = False
) -> dict[str, Rows]:
    """Rows by sheet, headings first. `everything`: buyers, orders and returns too."""
    found: dict[str, Rows] = {}
    writers = {
        "products": stored.products_rows, "skus": stored.skus_rows, "sizes": stored.sizes_rows,
        "coupons": stored.coupons_rows, "promotions": stored.promotions_rows,
        "postage": stored.postage_rows,
    }  # fmt: skip
    if everything:
        writers |= {
            "buyers": stored_dealings.buyers_rows,
            "orders": stored_dealings.orders_rows,
            "returns": stored_dealings.returns_rows,
        }
    for section in ORDER:
        writer = writers.get(section)
        rows = [] if blank or writer is None else list(writer(connection))
        found[kinds()[section].names[0]] = _laid_out(section, rows)
    house = House() if blank else read_house(connection)
    found["店铺"] = [["项目", "内容"], *stored.house_rows(house)]
    found["说明"] = _notes()
    return found


def write(path: Path | BinaryIO, sheets: Mapping[str, Rows]) -> None:
    """Every cell is text, so that Excel makes no dates of 3-6 and no formulas of =1+1."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(number, place)
                if value:
                    cell.value = value
                    cell.data_type = "s"
                cell.number_format = "@"
        width = max((len(row) for row in rows), default=0)
        for place in range(1, width + 1):
            sheet.column_dimensions[get_column_letter(place)].width = 16
            sheet.cell(1, place).font = _HEAD
        sheet.freeze_panes = "A2"
        _mark_needed(sheet, title)
    book.save(path)


def _mark_needed(sheet: Any, title: str) -> None:
    section = headings.section_of_name(title)
    needs = {headings.label(section, one) for one in kinds()[section].needs} if section else set()
    for cell in sheet[1]:
        if cell.value in needs:
            cell.fill = _NEEDED


def _laid_out(section: str, rows: Sequence[Mapping[str, Any]]) -> Rows:
    """Our headings first, then the shop's own; a row of ours is by the code's names."""
    skipped = _NOT_WRITTEN.get(section, set())
    fields = [one for one in kinds()[section].columns if one not in skipped]
    if section == "skus" and any(row.get("own axes") for row in rows):
        fields = [
            one
            for one in fields
            if one not in ("colour", "size") or any(row.get(one) for row in rows)
        ]
    own = list(
        dict.fromkeys(
            name for row in rows for name in row if name not in fields and name != "own axes"
        )
    )
    if section == "skus":  # what tells SKUs apart stands beside the id
        axes = [one for one in own if any(one in row.get("own axes", ()) for row in rows)]
        own = [one for one in own if one not in axes]
        fields = ["id", *axes, *(one for one in fields if one != "id")]
    names = [headings.label(section, one) for one in fields]
    return [
        [*names, *own],
        *([stored.cell_text(row.get(one)) for one in (*fields, *own)] for row in rows),
    ]


def _notes() -> Rows:
    """What each column may also be called, for whoever has a table of their own already."""
    rows = [["表", "列", "必填", "也可以叫"]]
    for section, kind in kinds().items():
        for field, words in kind.columns.items():
            if field not in _NOT_WRITTEN.get(section, ()):
                needed = "是" if field in kind.needs else ""
                rows.append([kind.names[0], words[0], needed, "、".join(words[1:6])])
    return rows
