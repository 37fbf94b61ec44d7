"""What an import does to the shop: new, changed, gone, told before or after it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.embedded.house import HOUSE
from bot.shop.importing import headings
from bot.shop.importing.cells import Problem
from bot.shop.importing.columns import SECTIONS
from bot.shop.importing.headings import Sure
from bot.shop.importing.reading import Reading
from bot.shop.importing.sources import Read

# By section: the table, what a person calls a row, and columns that say nothing to an owner.
_TABLES: dict[str, tuple[Table, tuple[str, ...]]] = {
    "products": (tables.products, ("name",)),
    "skus": (tables.skus, ("product_id", "colour", "size")),
    "coupons": (tables.coupons, ("code", "title")),
    "promotions": (tables.promotions, ("title",)),
    "postage": (tables.postage_zones, ("zone",)),
    "buyers": (tables.buyers, ("nickname",)),
    "orders": (tables.orders, ("number",)),
    "returns": (tables.returns, ("case_id",)),
}
_UNTOLD = frozenset("position reserved goods_fen savings pays_until picture sku_id".split())
_FIELDS = {
    "price_fen": "price", "floor_fen": "floor", "on_hand": "stock", "off_fen": "off",
    "from_fen": "from", "first_fen": "first", "next_fen": "next", "free_from_fen": "free_from",
    "surcharge_fen": "surcharge", "starts_on": "starts", "ends_on": "ends", "is_public": "public",
    "product_ids": "products",
}  # fmt: skip
_WORDS = {
    "sheet": "资料", "facts": "资料", "size_chart": "尺码表", "days_min": "时效", "days_max": "时效",
    "receiver_name": "收件人", "total_fen": "合计", "created_at": "下单时间",
}  # fmt: skip
LONGEST_VALUE = 24
SHOWN = 8  # of each kind of change, in words


class What(Enum):
    NEW = "新增"
    CHANGED = "修改"
    GONE = "删除"


@dataclass(frozen=True, kw_only=True)
class Change:
    section: str
    what: What
    name: str
    details: tuple[str, ...] = ()  # 价格 29.9 → 32

    def __str__(self) -> str:
        return self.name + (f"（{'，'.join(self.details)}）" if self.details else "")


Snapshot = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How the files were read and what becomes of the shop."""

    readings: tuple[Reading, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    same: Mapping[str, int] = field(default_factory=dict)  # rows by section that change nothing
    warnings: tuple[Problem, ...] = ()

    @property
    def gone(self) -> int:
        """How many things are deleted."""
        return sum(one.what is What.GONE for one in self.changes)

    def lines(self) -> list[str]:
        """For an owner to read."""
        return [*self._read_lines(), *self._change_lines()]

    def _read_lines(self) -> Iterable[str]:
        for one in self.readings:
            place = f"{one.file}〔{one.sheet}〕" if one.sheet else one.file
            yield f"读到 {place}：{headings.kinds()[one.section].names[0]}，{one.rows} 行"
            for sure in (Sure.LIKE, Sure.GUESSED):
                taken = [
                    f"{column.heading}→{headings.label(one.section, column.field)}"
                    for column in one.columns
                    if column.sure is sure
                ]
                if taken:
                    yield f"  {sure.value}：{'、'.join(taken)}"
            for sure in (Sure.OWN, Sure.INTERNAL, Sure.UNUSED):
                named = [
                    column.heading
                    for column in one.columns
                    if column.sure is sure and column.heading
                ]
                if named:
                    yield f"  {sure.value}：{'、'.join(named)}"
            yield from (f"  {note}" for note in one.notes)
        yield from (f"没读 {place}：{why}" for place, why in self.passed_over)
        yield from self.notes

    def _change_lines(self) -> Iterable[str]:
        for section, word in SECTIONS.items():
            of_it = [one for one in self.changes if one.section == section]
            counts = [
                f"{what.value} {count}"
                for what in What
                if (count := sum(one.what is what for one in of_it))
            ]
            if same := self.same.get(section):
                counts.append(f"不变 {same}")
            if counts:
                yield f"{word}：{'，'.join(counts)}"
            for what in What:
                named = [str(one) for one in of_it if one.what is what]
                if named:
                    more = f" 等 {len(named)} 项" if len(named) > SHOWN else ""
                    yield f"  {what.value} {'、'.join(named[:SHOWN])}{more}"


def snapshot(connection: Connection) -> Snapshot:
    """Every row of the shop's data by section and key, as values that can be compared."""
    found: Snapshot = {}
    for section, (table, _) in _TABLES.items():
        keys = [column.name for column in table.primary_key]
        found[section] = {
            "\t".join(str(row[key]) for key in keys): {
                name: value for name, value in row.items() if name not in _UNTOLD or name in keys
            }
            for row in connection.execute(select(table)).mappings()
        }
    house = connection.execute(
        select(tables.settings.c.value).where(tables.settings.c.name == HOUSE)
    ).scalar()
    found["shop"] = {HOUSE: dict(house)} if house else {}
    for row in connection.execute(select(tables.ladders)).mappings():
        if (product := found["products"].get(row["product_id"])) is not None:
            product["议价"] = (row["floor_fen"], row["bulk_from"], str(row["rungs"]))
    return found


def compare(
    before: Snapshot, after: Snapshot, touched: Mapping[str, int]
) -> tuple[list[Change], dict[str, int]]:
    """(changes, rows of the import by section that change nothing)."""
    changes = []
    same = {}
    for section in SECTIONS:
        old, new = before.get(section, {}), after.get(section, {})
        its = [*_new_and_changed(section, old, new)]
        for key in old:
            if key not in new:
                its.append(
                    Change(section=section, what=What.GONE, name=_name(section, key, old[key], old))
                )
        came = sum(one.what is not What.GONE for one in its)
        if touched.get(section, 0) > came:
            same[section] = touched[section] - came
        changes += its
    return changes, same


def _new_and_changed(
    section: str, old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]
) -> Iterable[Change]:
    for key, row in new.items():
        if key not in old:
            yield Change(section=section, what=What.NEW, name=_name(section, key, row, new))
        elif old[key] != row:
            details = [
                detail
                for name in row
                if row[name] != old[key].get(name)
                and (detail := _detail(section, name, old[key].get(name), row[name]))
            ]
            yield Change(
                section=section,
                what=What.CHANGED,
                name=_name(section, key, row, new),
                details=tuple(dict.fromkeys(details)),
            )


def _name(section: str, key: str, row: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
    if section == "shop":
        return str(row.get("name") or "店铺设置")
    named = [str(row[name]) for name in _TABLES[section][1] if row.get(name)]
    if section == "products":
        return f"{named[0]}（{key}）" if named else key
    return " ".join(named) or key


def _detail(section: str, name: str, before: Any, after: Any) -> str:
    """价格 29.9 → 32; of a floor only that it changed."""
    if name == "议价":
        return "议价有改动"
    word = _WORDS.get(name) or headings.label(section, _FIELDS.get(name, name))
    if word.isascii():
        word = "其他"
    if name.endswith("_fen"):
        return f"{word} {_yuan(before)} → {_yuan(after)}"
    if isinstance(after, (list, dict)) or isinstance(before, (list, dict)):
        return f"{word}有改动"
    return f"{word} {_short(before)} → {_short(after)}"


def _yuan(fen: Any) -> str:
    return "空" if fen is None else f"{int(fen) / 100:g}"


def _short(value: Any) -> str:
    if value in (None, ""):
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    text = value.strftime("%Y-%m-%d") if isinstance(value, (date, datetime)) else str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def of(
    read: Read,
    before: Snapshot,
    after: Snapshot,
    counts: Mapping[str, int],
    warnings: Sequence[Problem],
) -> Plan:
    changes, same = compare(before, after, counts)
    return Plan(
        readings=tuple(read.readings),
        passed_over=tuple(read.passed_over),
        notes=tuple(read.notes),
        changes=tuple(changes),
        same=same,
        warnings=tuple(warnings),
    )
