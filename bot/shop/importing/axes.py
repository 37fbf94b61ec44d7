"""Which columns of an SKU table say what the SKUs of a product differ in.

A shop names up to three such things as it likes: 颜色 and 尺码, 口味 and 规格, 机型, 颜色 and 容量, or
none. Our SKUs have two places, `colour` and `size`: a column of one of these names goes there, any
other takes the place that is free, and a third one is written behind the second.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.importing.cells import Row
from bot.shop.importing.columns import COLUMNS, english

PLACES = ("colour", "size")
LONGEST = 60
# Read by rules of their own; what else stands in the table may be an axis.
KNOWN = frozenset(("id", "stock", "restock_on", "price", "weight_g"))
_NO_VALUE = re.compile(r"\d{6,}|\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?|https?:.*")  # codes, dates


class Axes:
    """By product: the columns of its SKUs' table that are axes, as the shop named them."""

    def __init__(
        self,
        connection: Connection,
        products: Sequence[tuple[Row, Mapping[str, Any]]],
        rows: Sequence[Row],
    ) -> None:
        # A product's axes stay once they are known: its SKUs' ids are made of them.
        given = {values["product_id"]: values["axes"] for _, values in products if values["axes"]}
        held = _held(connection, {_id_of(row) for row in rows} - set(given))
        self._held = {key for key, axes in held.items() if axes}
        self._told = {key: tuple(axes) for key, axes in {**held, **given}.items() if axes}
        self._found = _differing(rows)
        self._used: dict[str, set[str]] = {}
        for row in rows:
            used = self._used.setdefault(_id_of(row), set())
            used.update(name for name in self._found if row.cells.get(name))

    def of(self, row: Row) -> tuple[str, ...]:
        """Columns by the code's name where they have one: ("colour", "规格")."""
        told = self._told.get(_id_of(row), ())
        if self._is_told(row):
            return tuple(english(name) for name in told)
        if not told and len(used := self._used.get(_id_of(row), set())) == len(PLACES):
            return tuple(name for name in self._found if name in used)  # 型号, 长度 of no colour
        return self._found  # one column has one place, for every product of the table

    def _is_told(self, row: Row) -> bool:
        """Whether the row has a column for everything that its product is known to differ in."""
        told = self._told.get(_id_of(row))
        return bool(told) and all(english(name) in row.cells for name in told or ())

    def _is_kept(self, row: Row) -> bool:
        """Axes that the shop knows stay, though these SKUs leave one of them empty."""
        return self._is_told(row) and _id_of(row) in self._held

    def keep(
        self, products: Sequence[tuple[Row, dict[str, Any]]], rows: Sequence[Row]
    ) -> dict[str, list[str]]:
        """Names of colour and size for each product of the table; kept in the products' rows.

        What is returned are those of products that the import does not bring itself.
        """
        names: dict[str, list[str]] = {}
        filled: dict[str, set[str]] = {}
        for row in rows:
            used = filled.setdefault(_id_of(row), set())
            used.update(name for name in self.of(row) if row.cells.get(name))
            if used and self._is_kept(row):
                names[_id_of(row)] = list(self._told[_id_of(row)])
            elif used:
                names[_id_of(row)] = _names(self.of(row), used)
        for _, values in products:
            found = names.pop(values["product_id"], None)
            if found and not values["axes"]:
                values["axes"] = found
            elif len(values["axes"]) > len(PLACES):
                axes = tuple(map(english, values["axes"]))
                values["axes"] = _names(axes, axes)
        return names


def sku_values(row: Row, axes: Sequence[str]) -> tuple[str, str]:
    """What stands for colour and for size; a third value is written behind the second."""
    placed = _placed(axes)
    told = {place: [row.text(name, longest=LONGEST) for name in placed[place]] for place in PLACES}
    for place in PLACES:
        if place not in placed[place]:
            row.read.add(place)
    colour, size = (" ".join(part for part in told[place] if part) for place in PLACES)
    return colour, size


def _placed(axes: Sequence[str]) -> dict[str, list[str]]:
    """Column names by the place they fill."""
    placed: dict[str, list[str]] = {
        place: [name for name in axes if name == place] for place in PLACES
    }
    for name in (one for one in axes if one not in PLACES):
        free = next((place for place in PLACES if not placed[place]), PLACES[-1])
        placed[free].append(name)
    return placed


def _names(axes: Sequence[str], filled: Collection[str]) -> list[str]:
    """What to call colour and size: the columns' own names; one where there is but one axis."""
    placed = _placed(axes)
    told = [
        "和".join(_chinese(name) for name in placed[place] if name in filled) for place in PLACES
    ]
    return [told[0] or _chinese("colour"), told[1]] if told[1] else told[:1]


def _chinese(name: str) -> str:
    return COLUMNS[name][0] if name in COLUMNS else name


def _differing(rows: Sequence[Row]) -> tuple[str, ...]:
    """The columns, from the left, that tell the SKUs of some product apart."""
    taken = [name for name in PLACES if any(row.cells.get(name) for row in rows)]
    by_product: dict[str, list[Row]] = {}
    for row in rows:
        by_product.setdefault(_id_of(row), []).append(row)
    for name in dict.fromkeys(name for row in rows for name in row.cells):
        if name in KNOWN or name in taken:
            continue
        if not _is_value(row.cells.get(name) for row in rows):
            continue
        if any(_tells_apart(name, taken, its) for its in by_product.values()):
            taken.append(name)
    return tuple(taken)


def _tells_apart(name: str, taken: Sequence[str], rows: Sequence[Row]) -> bool:
    """Whether SKUs of one product differ in this column; three are all that one may differ in."""
    if sum(any(row.cells.get(one) for row in rows) for one in taken) > len(PLACES):
        return False
    before = {tuple(str(row.cells.get(one, "")) for one in taken) for row in rows}
    after = {tuple(str(row.cells.get(one, "")) for one in (*taken, name)) for row in rows}
    return len(after) > len(before)


def _is_value(values: Iterable[Any]) -> bool:
    """Words that buyers can choose by; bar codes, dates and links are none."""
    told = [str(value) for value in values if value not in (None, "")]
    return bool(told) and not any(_NO_VALUE.fullmatch(one.strip()) for one in told)


def _id_of(row: Row) -> str:
    return str(row.cells.get("id") or "").strip()


def _held(connection: Connection, product_ids: Iterable[str]) -> dict[str, list[str]]:
    table = tables.products.c
    wanted = sorted(product_ids)
    if not wanted:
        return {}
    rows = connection.execute(select(table.product_id, table.axes))
    return {row.product_id: row.axes for row in rows if row.product_id in set(wanted)}
