"""What exports of platforms have in common: columns by heading, HTML descriptions, ids, a summary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.shop.importing.grids import Sheet
from bot.shop.importing.headings import Column, Sure, fold
from bot.shop.importing.reading import Reading, TableRow

_TAGS = re.compile(r"<(?:br|/p|/li|/div)[^>]*>", re.I)
_ANY_TAG = re.compile(r"<[^>]*>")
OTHER_AXIS = "规格"  # of a value that the export gives no name


@dataclass(frozen=True, kw_only=True)
class Export:
    """A platform's table: `rows` give (row in the file, cell by folded heading)."""

    sheet: Sheet
    heading_row: int
    headings: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]

    def has_one_of(self, *headings: str) -> bool:
        return any(heading in self.headings for heading in headings)

    def reading(self, section: str, platform: str, used: Mapping[str, str]) -> Reading:
        """For the plan. `used`: heading → field that was taken from it."""
        taken = {fold(heading): field for heading, field in used.items()}
        columns = [
            Column(
                heading=heading,
                field=taken.get(fold(heading), ""),
                sure=Sure.KNOWN if fold(heading) in taken else Sure.UNUSED,
            )
            for heading in self.headings
            if heading
        ]
        return Reading(
            file=self.sheet.file,
            sheet=self.sheet.title,
            section=section,
            heading_row=self.heading_row,
            columns=[one for one in columns if one.field],
            rows=len(self.rows),
            notes=[f"认出是{platform}导出的表"],
        )


def find(sheet: Sheet, wanted: Sequence[str], *, within: int = 4, below: int = 0) -> Export | None:
    """The export whose headings hold all of `wanted`; `below`: rows under them that are no data."""
    needed = {fold(one) for one in wanted}
    for at, (number, cells) in enumerate(sheet.rows[:within]):
        folded = [fold(cell) for cell in cells]
        if needed <= set(folded):
            rows = [
                (n, {name: text for name, text in zip(folded, row, strict=False) if name})
                for n, row in sheet.rows[at + 1 + below :]
            ]
            return Export(sheet=sheet, heading_row=number, headings=tuple(cells), rows=rows)
    return None


def grouped(
    rows: Sequence[tuple[int, dict[str, str]]], key: str
) -> Iterator[tuple[str, list[tuple[int, dict[str, str]]]]]:
    """Rows of one thing together; one without a key belongs to what stands above it."""
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    last = ""
    for number, row in rows:
        last = row.get(fold(key), "") or last
        if last:
            groups.setdefault(last, []).append((number, row))
    yield from groups.items()


def cell(row: Mapping[str, str], heading: str) -> str:
    return row.get(fold(heading), "")


def first_cell(row: Mapping[str, str], *headings: str) -> str:
    """Under the first of these headings that says something; platforms rename their columns."""
    return next((told for heading in headings if (told := cell(row, heading))), "")


def plain_text(html: str, longest: int = 60) -> str:
    """The first line of a description, without its HTML."""
    text = unescape(_ANY_TAG.sub("", _TAGS.sub("\n", html)))
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    return line[:longest]


def table_row(
    section: str, number: int, cells: dict[str, Any], labels: Mapping[str, str]
) -> TableRow:
    kept = {field: value for field, value in cells.items() if value not in ("", None)}
    return TableRow(section=section, cells=kept, number=number, labels=labels)


def amount(text: str) -> float:
    """A number of an export, 0 where there is none."""
    try:
        return float(text.replace(",", "").strip("'￥¥ ") or 0)
    except ValueError:
        return 0.0


def named_options(options: Mapping[str, str]) -> dict[str, str]:
    """What tells SKUs apart, under our own names where they mean the same: 颜色 is colour."""
    ours = {"颜色": "colour", "尺码": "size"}
    return {ours.get(name, name): value for name, value in options.items() if name}


def option_values(told: str) -> dict[str, str]:
    """`颜色分类:黑色;尺码:39` → {颜色: 黑色, 尺码: 39}; a bare text is a 规格."""
    values: dict[str, str] = {}
    for part in told.replace("；", ";").replace("：", ":").split(";"):
        name, sign, value = part.partition(":")
        if part.strip():
            name = {"颜色分类": "颜色", "鞋码": "尺码"}.get(name.strip(), name.strip())
            values[name if sign else OTHER_AXIS] = (value if sign else part).strip()
    return values
