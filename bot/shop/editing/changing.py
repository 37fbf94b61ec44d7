"""Changes one row of the shop by hand: checked as an import is, kept so that it can be taken back.

Inside the caller's transaction, which has to be rolled back where an error leaves it. Who changes
a row says which one was seen (`mark`); of two who change the same one, the second is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from bot.shop.editing import history
from bot.shop.editing.cells import cells_of, empty_row, rows_of
from bot.shop.editing.details import details_of
from bot.shop.editing.goods_names import GoodsNames
from bot.shop.editing.history import What
from bot.shop.editing.rows import ShopRow, row_of
from bot.shop.editing.sheets import WITH_OWN, sheets
from bot.shop.embedded import tables
from bot.shop.embedded.house import HOUSE
from bot.shop.importing import floors, headings, sense, storing
from bot.shop.importing.cells import Problem
from bot.shop.importing.sources import Rows
from bot.shop.importing.wares import Stored, store_wares

_PLACES = {"steps": "cuts", "bargaining": "cuts"}  # as files nest them
_LOSES = "这样一改，正在做或要做的活动就亏了："
_NOT_YET = "id"  # the column of a warning that only says what is still to be written


@dataclass(frozen=True, kw_only=True)
class By:
    """Who, and when by the shop's clock."""

    agent: str
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Wanted:
    section: str
    key: str  # "" of a row that is new
    mark: str  # of the row as it was seen
    typed: Mapping[str, str]  # what is other than it was, by column
    is_sure: bool = False  # has seen the warnings


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`field`: the column it is about; "" where it is about none of the page's."""

    field: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Saved:
    row: ShopRow
    change_id: int | None  # None: nothing is other than it was
    details: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


class Refused(Exception):
    """What is wrong; nothing may be kept of the transaction."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(one.what for one in faults))
        self.faults = tuple(faults)


class LooksOdd(Refused):
    """Only odd: it may be written all the same, by who has seen this."""


class EditedMeanwhile(Exception):
    """`row`: as it is now; None where it is gone."""

    def __init__(self, row: ShopRow | None) -> None:
        super().__init__("edited meanwhile")
        self.row = row


def save(connection: Connection, wanted: Wanted, by: By) -> Saved:
    """Raises Refused, LooksOdd, EditedMeanwhile."""
    section = wanted.section
    before = held_row(connection, section, wanted.key, wanted.mark) if wanted.key else None
    _demand_no_inner_names(section, wanted.typed)
    cells = cells_of(section, before, wanted.typed, GoodsNames(connection))
    product_id = str(cells.get("id", "")) if section in WITH_OWN else None
    was = history.raw(connection, history.TOUCHED[section], product_id)
    known = _warnings_now(connection, section, wanted.key, by)
    lost = losses(connection, by) if section in WITH_OWN else set()
    rows, problems = rows_of(section, cells, by.now, by.zone)
    stored, warnings = _store(connection, section, rows, problems, was, by)
    _demand_sound(section, problems)
    key = HOUSE if section == "shop" else next(iter(stored.rows[section]))
    if wanted.key and key != wanted.key:
        raise Refused([Fault(field="", what="编号定了不改；要换一个，就新加一行，再删掉这一行")])
    if not wanted.key and key in was[history.TABLE_OF[section]]:
        raise Refused([Fault(field="", what="店里已经有这一个了，在列表里找到它来改")])
    if section == "skus" and product_id in was["shop_products"]:
        # What SKUs differ in is the goods' to say: one row does not name it for all of them.
        storing.name_axes(connection, {product_id: was["shop_products"][product_id]["axes"]})
    if section == "products" and not cells.get("floor"):
        _stop_bargaining(connection, key)
    if section in WITH_OWN and (worse := losses(connection, by) - lost):
        raise Refused([Fault(field="price", what=f"{_LOSES}{one}") for one in sorted(worse)])
    found = history.differences(was, history.raw(connection, history.TOUCHED[section], product_id))
    after = row_of(connection, section, key)
    assert after is not None  # it was stored just now
    odd = [one for one in warnings if one.what not in known]
    if not wanted.is_sure and any(one.column != _NOT_YET for one in odd):
        raise LooksOdd(_faults(section, odd))
    if not found:
        return Saved(row=after, change_id=None)
    storing.renew_version(connection)
    details = details_of(before, after)
    change_id = history.keep(
        connection, found, agent=by.agent, at=by.now, section=section, name=after.title,
        what=What.CHANGED if before else What.NEW, details=details,
    )  # fmt: skip
    advice = tuple(dict.fromkeys(one.what for one in odd))
    return Saved(row=after, change_id=change_id, details=details, advice=advice)


def held_row(connection: Connection, section: str, key: str, mark: str) -> ShopRow:
    """The row, which nobody else writes until the transaction ends. Raises EditedMeanwhile."""
    hold(connection, section, key)
    found = row_of(connection, section, key)
    if found is None or found.mark != mark:
        raise EditedMeanwhile(found)
    return found


def hold(connection: Connection, section: str, key: str) -> None:
    """Other editors and imports wait; of an SKU also the orders that would move its pieces."""
    storing.hold_goods(connection)
    if section == "skus":
        storing.hold_pieces(connection, [key])


def complaints(
    connection: Connection, keys: Mapping[str, Sequence[str]], by: By
) -> tuple[list[Problem], list[Problem]]:
    """(what is wrong, what is odd) with rows that stand in the shop now, by section."""
    problems: list[Problem] = []
    stored, incoming = _standing(keys, problems, by)
    today = by.now.astimezone(by.zone).date()
    odd = sense.check(connection, stored, {}, today)
    return problems, [*odd, *floors.check(connection, today, incoming)]


def losses(connection: Connection, by: By) -> set[str]:
    """What is wrong with campaigns and coupons as goods cost now, in words."""
    keys = {
        "promotions": list(connection.execute(select(tables.promotions.c.promotion_id)).scalars()),
        "coupons": list(connection.execute(select(tables.coupons.c.code)).scalars()),
    }
    problems: list[Problem] = []
    stored, incoming = _standing(keys, problems, by)
    sense.refuse_losses(connection, stored)
    floors.refuse(connection, by.now.astimezone(by.zone).date(), incoming)
    return {one.what for one in problems}


def _standing(
    keys: Mapping[str, Sequence[str]], problems: list[Problem], by: By
) -> tuple[Stored, floors.Incoming]:
    """Rows of the shop as an import would have brought them; what is wrong goes to `problems`."""
    rows = {
        section: {key: empty_row(problems, by.now, by.zone) for key in found}
        for section, found in keys.items()
    }
    incoming = floors.Incoming(
        products=rows.get("products", {}),
        promotions=rows.get("promotions", {}),
        coupons=rows.get("coupons", {}),
    )
    return Stored(rows=rows), incoming


def _warnings_now(connection: Connection, section: str, key: str, by: By) -> set[str]:
    """What is odd with the row before it is changed: nobody has to agree to that again."""
    if not key or section == "shop":
        return set()
    _, odd = complaints(connection, {section: [key]}, by)
    return {one.what for one in odd}


def _store(
    connection: Connection,
    section: str,
    rows: Rows,
    problems: list[Problem],
    was: history.Raw,
    by: By,
) -> tuple[Stored, list[Problem]]:
    today = by.now.astimezone(by.zone).date()
    _demand_goods(section, rows)
    stored = store_wares(connection, rows, today)
    if problems:
        return stored, []
    before = {"products": was.get("shop_products", {})}
    # The product's other SKUs are not spoken of here, and go on being sold.
    alone = replace(stored, owners=frozenset())
    return stored, [*stored.warnings, *sense.check(connection, alone, before, today)]


def _demand_goods(section: str, rows: Rows) -> None:
    if section == "skus" and not rows["skus"][0].cells.get("id"):
        raise Refused([Fault(field="id", what="先选是哪款商品的规格")])


def _demand_sound(section: str, problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(_faults(section, problems))


def _faults(section: str, problems: Sequence[Problem]) -> list[Fault]:
    fields = sheets()[section].fields
    told = []
    for one in problems:
        column = _PLACES.get(one.column, one.column)
        if section == "promotions" and column not in fields:
            column = "sale_prices"  # a product's name, under which its price stands
        place = "" if column in fields or column.isascii() else f"{column}："
        told.append(Fault(field=column if column in fields else "", what=place + one.what))
    return list(dict.fromkeys(told))


def _demand_no_inner_names(section: str, typed: Mapping[str, str]) -> None:
    """成本 and 供应商 are nobody's to hear. Raises Refused."""
    fields = sheets()[section].fields
    for name in typed:
        if section in WITH_OWN and name not in fields and headings.is_inner(name):
            what = f"“{name}”像是店里内部的；写在这里的买家问得到，别写"
            raise Refused([Fault(field=name, what=what)])


def _stop_bargaining(connection: Connection, product_id: str) -> None:
    """Without a floor nothing is bargained for."""
    table = tables.ladders
    connection.execute(delete(table).where(table.c.product_id == product_id))
