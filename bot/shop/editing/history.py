"""What was changed by hand, kept so that it can be taken back: rows before and after, by table.

A change is taken back column by column: what others wrote into the same row since stays. Where
the very thing was changed again, or something new hangs on it, nothing is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.embedded.changes import changes
from bot.shop.embedded.house import FACE, HOUSE
from bot.shop.importing import storing

SETTINGS = "shop_settings"
NAMED = {SETTINGS: HOUSE, FACE: FACE}  # rows of the settings' table, which are no tables
# Parents before children. What orders and time write by themselves is not a person's to take back.
KEPT: dict[str, tuple[Table, str, frozenset[str]]] = {
    "shop_coupons": (tables.coupons, "code", frozenset()),
    "shop_products": (tables.products, "product_id", frozenset()),
    "shop_skus": (tables.skus, "sku_id", frozenset({"reserved"})),
    "shop_ladders": (tables.ladders, "product_id", frozenset()),
    "shop_promotions": (tables.promotions, "promotion_id", frozenset()),
    "shop_postage_zones": (tables.postage_zones, "zone", frozenset()),
}
_OF_GOODS = ("shop_products", "shop_skus", "shop_ladders")
TOUCHED = {
    "products": _OF_GOODS,
    "skus": _OF_GOODS,
    "coupons": ("shop_coupons",),
    "promotions": ("shop_promotions",),
    "postage": ("shop_postage_zones",),
    "shop": (SETTINGS,),
    "face": (FACE,),
    "sizes": ("shop_products",),
}
TABLE_OF = {
    "products": "shop_products",
    "skus": "shop_skus",
    "coupons": "shop_coupons",
    "promotions": "shop_promotions",
    "postage": "shop_postage_zones",
    "shop": SETTINGS,
    "face": FACE,
    "sizes": "shop_products",
}
PAGE = 50
Values = dict[str, Any]
Raw = dict[str, dict[str, Values]]  # rows by table and key


class What(Enum):
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    UNDONE = "undone"

    @property
    def text(self) -> str:
        return {"new": "新加", "changed": "改了", "gone": "删了", "undone": "撤销"}[self.value]


@dataclass(frozen=True, kw_only=True)
class RowChange:
    """`before` and `after`: whole rows; of a row that stayed only the columns that differ."""

    table: str
    key: str
    before: Values | None
    after: Values | None


@dataclass(frozen=True, kw_only=True)
class Change:
    change_id: int
    at: datetime
    agent: str
    section: str
    what: What
    name: str
    details: tuple[str, ...]
    rows: tuple[RowChange, ...]
    undoes: int | None
    undone_by: int | None


def raw(connection: Connection, names: Iterable[str], product_id: str | None = None) -> Raw:
    """Rows of these tables, those of goods of one product where it is named."""
    found: Raw = {}
    for name in names:
        if setting := NAMED.get(name):
            query = select(tables.settings.c.value).where(tables.settings.c.name == setting)
            told = connection.execute(query).scalar()
            found[name] = {setting: dict(told)} if told is not None else {}
            continue
        table, key, left_out = KEPT[name]
        query = select(table)
        if product_id is not None and name in _OF_GOODS:
            query = query.where(table.c.product_id == product_id)
        found[name] = {
            row[key]: {
                column: _plain(value) for column, value in row.items() if column not in left_out
            }
            for row in connection.execute(query).mappings()
        }
    return found


def differences(before: Raw, after: Raw) -> list[RowChange]:
    found = []
    for name in before:
        old, new = before[name], after[name]
        for key in [*old, *(one for one in new if one not in old)]:
            was, now = old.get(key), new.get(key)
            if was is not None and now is not None:
                columns = [c for c in {**was, **now} if was.get(c) != now.get(c)]
                was = {c: was.get(c) for c in columns}
                now = {c: now.get(c) for c in columns}
            if was != now:
                found.append(RowChange(table=name, key=key, before=was, after=now))
    return found


def keep(
    connection: Connection,
    rows: Sequence[RowChange],
    *,
    agent: str,
    at: datetime,
    section: str,
    what: What,
    name: str,
    details: Sequence[str],
    undoes: int | None = None,
) -> int:
    kept = connection.execute(
        changes.insert().values(
            at=at, agent=agent, section=section, what=what.value, name=name[:200],
            details=list(details), undoes=undoes,
            rows=[[one.table, one.key, one.before, one.after] for one in rows],
        )
    )  # fmt: skip
    change_id = int(kept.inserted_primary_key[0])
    if undoes is not None:
        this = changes.c.change_id == undoes
        connection.execute(changes.update().where(this).values(undone_by=change_id))
    return change_id


def newest(connection: Connection, *, offset: int = 0) -> list[Change]:
    """PAGE of them, the newest first."""
    query = select(changes).order_by(changes.c.change_id.desc()).limit(PAGE).offset(offset)
    return [_change(row) for row in connection.execute(query)]


def find(connection: Connection, change_id: int) -> Change | None:
    row = connection.execute(select(changes).where(changes.c.change_id == change_id)).first()
    return _change(row) if row is not None else None


def stands_in_the_way(now: Raw, rows: Sequence[RowChange]) -> list[RowChange]:
    """Those that are no longer as the change left them."""
    return [one for one in rows if not _is_as_left(now[one.table].get(one.key), one)]


def put_back(connection: Connection, rows: Sequence[RowChange]) -> None:
    """As it was before: what went comes again, what changed gets its columns back.

    What the change made is left to the caller: other things may hang on it.
    """
    order = [*KEPT, *NAMED]
    for one in sorted(rows, key=lambda each: order.index(each.table)):
        if one.before is None:
            continue
        if one.table in NAMED:
            _put_settings_back(connection, NAMED[one.table], one)
            continue
        table, key, left_out = KEPT[one.table]
        values = {name: _stored(table, name, value) for name, value in one.before.items()}
        if one.after is None:
            missing = dict.fromkeys(left_out, 0)
            connection.execute(table.insert().values(**values, **missing))
        else:
            connection.execute(table.update().where(table.c[key] == one.key).values(**values))


def _put_settings_back(connection: Connection, name: str, one: RowChange) -> None:
    """What was not written before is not written again: then the settings file's counts."""
    table = tables.settings
    held = connection.execute(select(table.c.value).where(table.c.name == name)).scalar()
    back = {**(held or {}), **(one.before or {})}
    storing.store_setting(
        connection,
        name,
        {key: value for key, value in back.items() if value is not None or name == HOUSE},
    )


def _is_as_left(now: Mapping[str, Any] | None, one: RowChange) -> bool:
    if one.after is None:
        return now is None
    return now is not None and all(now.get(name) == value for name, value in one.after.items())


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _stored(table: Table, name: str, value: Any) -> Any:
    is_day = isinstance(table.c[name].type, sa.Date)
    return date.fromisoformat(value) if is_day and value is not None else value


def _change(row: Any) -> Change:
    return Change(
        change_id=row.change_id, at=row.at, agent=row.agent, section=row.section,
        what=What(row.what), name=row.name, details=tuple(row.details), undoes=row.undoes,
        undone_by=row.undone_by,
        rows=tuple(RowChange(table=t, key=k, before=b, after=a) for t, k, b, a in row.rows),
    )  # fmt: skip
