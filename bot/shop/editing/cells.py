"""A row as a person typed it, made one of the importer's rows: from there the rules are the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.shop.editing.goods_names import GoodsNames
from bot.shop.editing.rows import NAMED_GOODS, Cells, ShopRow
from bot.shop.editing.sheets import Field, sheets
from bot.shop.importing import headings, joining, stored
from bot.shop.importing.cells import LISTS_OF_WORDS, Problem, Row
from bot.shop.importing.columns import COLUMNS, SECTIONS, english
from bot.shop.importing.grids import Sheet as Table
from bot.shop.importing.headings import fold
from bot.shop.importing.moments import Moments
from bot.shop.importing.reading import TableRow
from bot.shop.importing.sources import Rows
from bot.shop.importing.table_rows import made_id, usable_id

# Lists that tables write into one cell, parted by |.
_ONE_CELL = frozenset(
    {("promotions", "products"), ("promotions", "sale_prices"), ("shop", "pauses")}
)
_TO_SKU = ("stock",)


def cells_of(
    section: str, before: ShopRow | None, typed: Mapping[str, str], names: GoodsNames
) -> Cells:
    """The row's cells as a table would have them: as it was, where nothing else was typed."""
    fields = sheets()[section].fields
    cells: Cells = {}
    for name, value in (before.cells if before else {}).items():
        cells[name] = _kept(section, name, value)
    for told, text in typed.items():
        name = told if told in fields else english(told)
        if before is not None and (name in _axes(before) or _is_fixed(fields.get(name))):
            continue
        form = fields[name].form if name in fields else "long"
        cells[name] = _typed(section, name, form, text.strip(), names)
    if before is None:
        _complete(section, cells)
    return cells


def rows_of(
    section: str, cells: Cells, now: datetime, zone: ZoneInfo
) -> tuple[Rows, list[Problem]]:
    """The rows to store, and the list that collects what is wrong with them."""
    problems: list[Problem] = []
    rows: Rows = {name: [] for name in SECTIONS}
    mine = dict(cells)
    if section == "products":
        stock = {name: mine.pop(name) for name in _TO_SKU if mine.get(name)}
        if stock:
            sku = {"id": mine.get("id", ""), "colour": "", "size": "", **stock}
            rows["skus"].append(_row(sku, problems, now, zone))
        for name in _TO_SKU:
            mine.pop(name, None)
    table = TableRow(section=section, cells=mine, number=1, labels={})
    [(_, laid)] = joining.joined([(_NO_TABLE, table)], [])
    rows[section].append(_row(laid.cells, problems, now, zone))
    return rows, problems


def empty_row(problems: list[Problem], now: datetime, zone: ZoneInfo) -> Row:
    """Collects complaints about something that stands in the shop already."""
    return _row({}, problems, now, zone)


def _axes(before: ShopRow) -> set[str]:
    """What an SKU is called by does not change: orders speak of it."""
    return {english(one) for one in before.axes} if before.section == "skus" else set()


def _is_fixed(field: Field | None) -> bool:
    return field is not None and (field.is_fixed or field.is_only_new)


_NO_TABLE = Table(file="", title="", rows=[])


def _row(cells: Mapping[str, Any], problems: list[Problem], now: datetime, zone: ZoneInfo) -> Row:
    # A label for each column makes it a table's row; columns are named as the page knows them.
    labels = {name: name for name in ("id", *COLUMNS, *cells)}
    return Row(
        file="", row=1, cells=cells, problems=problems, moments=Moments(now, zone), labels=labels
    )


def _kept(section: str, name: str, value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        told = [str(one) for one in value]
        return "|".join(told) if (section, name) in _ONE_CELL else told
    return stored.cell_text(value)


def _typed(section: str, name: str, form: str, text: str, names: GoodsNames) -> Any:
    if name in NAMED_GOODS.get(section, ()):
        text = names.stored(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if (section, name) in _ONE_CELL:
        return "|".join(lines)
    if form == "lines":
        return "\n".join(lines) if name in LISTS_OF_WORDS else lines
    known = headings.wordings().get(f"{section}.{name}")
    return known.get(fold(text), text) if known else text


def _complete(section: str, cells: Cells) -> None:
    """Ids of what is new, as an import makes them; a kind that nobody wrote is the category."""
    if section in ("products", "promotions"):
        told = str(cells.get("id") or "")
        name = str(cells.get("name") or cells.get("title") or "")
        cells["id"] = usable_id(told) if told else made_id(name)
    if section == "products" and not cells.get("kind"):
        cells["kind"] = cells.get("category", "")
