"""Takes a row out of the shop, or takes a change back, by the same checks as writing one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.shop.editing import history
from bot.shop.editing.changing import By, Fault, Refused, complaints, held_row, losses
from bot.shop.editing.details import details_of
from bot.shop.editing.history import RowChange, What
from bot.shop.embedded import tables
from bot.shop.importing import removing, storing
from bot.shop.importing.removing import REMOVABLE, StillNeeded

_SECTION_OF = {
    "shop_products": "products", "shop_skus": "skus", "shop_coupons": "coupons",
    "shop_promotions": "promotions", "shop_postage_zones": "postage", "shop_ladders": "products",
}  # fmt: skip
_WITH_GOODS = ("shop_products", "shop_skus", "shop_ladders", "shop_promotions")


class CannotUndo(Exception):
    """`why`, in words for an owner; nothing was taken back."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def remove(connection: Connection, section: str, key: str, mark: str, by: By) -> int:
    """The change's id. Raises EditedMeanwhile, Refused."""
    before = held_row(connection, section, key, mark)
    touched = _WITH_GOODS if section in ("products", "skus") else history.TOUCHED[section]
    was = history.raw(connection, touched)
    _remove(connection, section, [key])
    storing.renew_version(connection)
    return history.keep(
        connection, history.differences(was, history.raw(connection, touched)), agent=by.agent,
        at=by.now, section=section, what=What.GONE, name=before.title,
        details=details_of(before, None),
    )  # fmt: skip


def undo(connection: Connection, change_id: int, by: By) -> history.Change:
    """The change that was taken back. Raises CannotUndo, Refused."""
    storing.hold_goods(connection)
    change = history.find(connection, change_id)
    if change is None:
        raise CannotUndo("没有这条改动")
    if change.undone_by is not None:
        raise CannotUndo("这条已经撤销过了")
    skus = [one.key for one in change.rows if one.table == "shop_skus"]
    storing.hold_pieces(connection, skus)
    touched = list(dict.fromkeys(one.table for one in change.rows))
    was = history.raw(connection, touched)
    if changed := history.stands_in_the_way(was, change.rows):
        raise CannotUndo(_why(change, changed))
    lost = losses(connection, by)
    _undo_new(connection, change.rows)
    try:
        history.put_back(connection, change.rows)
    except IntegrityError:  # what it hangs on is gone, or fewer pieces than orders hold
        raise CannotUndo(
            "撤销不了：它靠着的商品已经不在，或者未发货的订单占着的比原来的库存多"
        ) from None
    storing.reserve_for_orders(connection, skus)
    _demand_sound(connection, change.rows, by)
    if worse := losses(connection, by) - lost:
        raise CannotUndo(f"退回去，正在做或要做的活动就亏了：{sorted(worse)[0]}")
    storing.renew_version(connection)
    history.keep(
        connection, history.differences(was, history.raw(connection, touched)), agent=by.agent,
        at=by.now, section=change.section, what=What.UNDONE, name=change.name,
        details=[f"{change.what.text}的撤回：{one}" for one in change.details[:1]],
        undoes=change.change_id,
    )  # fmt: skip
    return change


def _remove(connection: Connection, section: str, keys: Sequence[str]) -> None:
    if section == "coupons":
        _demand_nobody_holds(connection, keys)
    try:
        removing.remove(connection, section, keys)
    except StillNeeded as needed:
        raise Refused([Fault(field="", what=why) for why in needed.reasons]) from None


def _demand_nobody_holds(connection: Connection, codes: Sequence[str]) -> None:
    held = tables.buyer_coupons.c
    query = select(func.count()).where(held.code.in_(codes), held.order_number.is_(None))
    if count := connection.execute(query).scalar_one():
        what = f"有 {count} 位买家手里有这张券，删不得；不想再用，把“截止”写成昨天"
        raise Refused([Fault(field="ends", what=what)])


def _undo_new(connection: Connection, rows: Sequence[RowChange]) -> None:
    """What the change made goes; what was added to it since stands in the way."""
    made = [one for one in rows if one.before is None]
    goods = {one.key for one in made if one.table == "shop_products"}
    its = {one.key for one in made if one.table == "shop_skus"}
    skus = tables.skus.c
    query = select(skus.sku_id).where(skus.product_id.in_(goods))
    later = set(connection.execute(query).scalars()) - its
    if later:
        raise CannotUndo(f"后来给它加了规格（{'、'.join(sorted(later)[:3])}），先删掉这些规格")
    for one in made:
        if one.table in history.NAMED:
            table = tables.settings
            connection.execute(table.delete().where(table.c.name == one.key))
        elif one.table == "shop_ladders":
            if one.key not in goods:
                table = tables.ladders
                connection.execute(table.delete().where(table.c.product_id == one.key))
        elif not (one.table == "shop_skus" and one.key.split("/")[0] in goods):
            section = _SECTION_OF[one.table]
            assert section in REMOVABLE
            _remove(connection, section, [one.key])


def _demand_sound(connection: Connection, rows: Sequence[RowChange], by: By) -> None:
    """As it is now it must be as sound as if it were written anew. Raises CannotUndo."""
    if short := storing.short_stock(connection):
        sku, pieces = sorted(short.items())[0]
        raise CannotUndo(f"未发货的订单占着 {pieces} 件“{sku}”，退回去库存就不够了")
    keys: dict[str, list[str]] = {}
    for one in rows:
        if one.before is not None and one.table in _SECTION_OF:
            keys.setdefault(_SECTION_OF[one.table], []).append(one.key)
    if missing := _missing(connection):
        raise CannotUndo(f"退回去就指着已经不在的“{missing}”了，请直接改")
    problems, _ = complaints(connection, keys, by)
    if problems:
        raise CannotUndo(f"退回去就不对了：{problems[0].what}")


def _missing(connection: Connection) -> str:
    """Goods or a coupon that something speaks of and the shop has not; "" where all are there."""
    products, promotions, ladders = tables.products.c, tables.promotions.c, tables.ladders.c
    goods = set(connection.execute(select(products.product_id)).scalars())
    codes = set(connection.execute(select(tables.coupons.c.code)).scalars())
    named = [
        one for found in connection.execute(select(products.goes_with)).scalars() for one in found
    ]
    for row in connection.execute(select(promotions.product_ids, promotions.sale_prices)):
        named += [one.split("/")[0] for one in (*row.product_ids, *row.sale_prices)]
    given = [
        rung["coupon_code"]
        for rungs in connection.execute(select(ladders.rungs)).scalars()
        for rung in rungs
        if rung.get("coupon_code")
    ]
    gone = [one for one in named if one not in goods] + [one for one in given if one not in codes]
    return str(gone[0]) if gone else ""


def _why(change: history.Change, changed: Sequence[RowChange]) -> str:
    first = changed[0]
    if first.after is None:
        return f"“{change.name}”后来又加了一个同样的，撤销不了"
    return f"“{change.name}”后来又改过，撤销会盖掉后面的，请直接改"
