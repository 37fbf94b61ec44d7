"""What one sheet of a file was read as: the table, its columns, its rows, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.shop.importing.headings import Column


@dataclass(kw_only=True)
class Reading:
    """What one sheet was read as; shown in the plan."""

    file: str
    sheet: str
    section: str
    heading_row: int
    columns: list[Column]
    rows: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class TableRow:
    section: str
    cells: dict[str, Any]
    number: int
    labels: Mapping[str, str]  # field → heading as the file has it
    rows_of: Mapping[str, int] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()  # columns nobody wrote, filled with what is usual


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something wrong with the table itself: said once, with how many rows it concerns."""

    number: int
    column: str
    what: str


class NoTable(Exception):
    """A sheet without a table of ours; why, in words."""
