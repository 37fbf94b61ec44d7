"""Takes goods, coupons, campaigns and postage out of the shop, or empties it; nothing dangles after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.embedded.changes import changes
from bot.shop.embedded.house import FACE, HOUSE
from bot.shop.importing import storing

# What may be deleted, by section: its table and key.
REMOVABLE: dict[str, tuple[Table, str]] = {
    "products": (tables.products, "product_id"),
    "skus": (tables.skus, "sku_id"),
    "coupons": (tables.coupons, "code"),
    "promotions": (tables.promotions, "promotion_id"),
    "postage": (tables.postage_zones, "zone"),
    "buyers": (tables.buyers, "buyer_id"),
}
# Children before parents: everything that is the shop's.
EVERYTHING: Sequence[Table] = (
    changes, tables.happenings, tables.prices_seen, tables.reviews, tables.amends,
    tables.requests, tables.restock_notices, tables.order_tries, tables.returns,
    tables.parcel_events, tables.parcels, tables.order_lines, tables.orders, tables.buyer_coupons,
    tables.buyer_attributes, tables.buyers, tables.offers, tables.ladders, tables.skus,
    tables.products, tables.promotions, tables.coupons, tables.postage_zones,
)  # fmt: skip


class StillNeeded(Exception):
    """Nothing was deleted: orders, or other data, still hold on to it; why, a sentence each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("；".join(reasons))
        self.reasons = tuple(reasons)


def remove(connection: Connection, section: str, keys: Iterable[str]) -> list[str]:
    """Deletes these rows and what hangs on them; the keys that were there. Raises StillNeeded."""
    table, key = REMOVABLE[section]
    wanted = sorted(set(keys))
    there = [row[0] for row in connection.execute(select(table.c[key])) if row[0] in set(wanted)]
    if not there:
        return []
    if section in ("products", "skus"):
        _demand_unreserved(connection, section, there)
    if section == "coupons":
        _demand_no_ladder(connection, there)
        _delete(connection, tables.buyer_coupons, "code", there)
    if section == "buyers":
        _delete(connection, tables.buyer_coupons, "buyer_id", there)
        _delete(connection, tables.buyer_attributes, "buyer_id", there)
    if section == "products":
        _remove_children(connection, there)
    if section == "skus":
        _delete(connection, tables.restock_notices, "sku_id", there)
    _delete(connection, table, key, there)
    if section == "products":
        _forget(connection, set(there))
    return there


def empty(connection: Connection) -> dict[str, int]:
    """Deletes the whole shop, orders and buyers too: rows by table. The version is renewed."""
    counts = {}
    for table in EVERYTHING:
        counts[table.name] = int(connection.execute(delete(table)).rowcount)
    connection.execute(delete(tables.settings).where(tables.settings.c.name.in_([HOUSE, FACE])))
    storing.renew_version(connection)
    return {name: count for name, count in counts.items() if count}


def left_out(
    connection: Connection, present: Mapping[str, set[str]], products: set[str]
) -> dict[str, list[str]]:
    """What the shop holds and an import does not name, by section it brings.

    `present`: keys that came in; `products`: whose SKUs came in, the others' are left alone.
    """
    found: dict[str, list[str]] = {}
    for section, keys in present.items():
        if section not in REMOVABLE or not keys:
            continue
        table, key = REMOVABLE[section]
        columns = [table.c[key], table.c.product_id] if section == "skus" else [table.c[key]]
        rows = [tuple(row) for row in connection.execute(select(*columns))]
        if section == "skus":
            rows = [row for row in rows if row[1] in products]
        found[section] = sorted(row[0] for row in rows if row[0] not in keys)
    return {section: keys for section, keys in found.items() if keys}


def _demand_unreserved(connection: Connection, section: str, keys: Sequence[str]) -> None:
    skus = tables.skus.c
    column = skus.product_id if section == "products" else skus.sku_id
    held = storing.reserved_pieces(connection)
    reasons = [
        f"“{row.sku_id}”还有未发货的订单占着 {held[row.sku_id]} 件，先发货或取消订单再删"
        for row in connection.execute(select(skus.sku_id, column.label("key")))
        if row.key in set(keys) and held.get(row.sku_id)
    ]
    if reasons:
        raise StillNeeded(reasons)


def _demand_no_ladder(connection: Connection, codes: Sequence[str]) -> None:
    reasons = [
        f"“{row.product_id}”议价时会送券“{rung['coupon_code']}”，先改它的议价再删"
        for row in connection.execute(select(tables.ladders))
        for rung in row.rungs
        if rung.get("coupon_code") in codes
    ]
    if reasons:
        raise StillNeeded(reasons)


def _remove_children(connection: Connection, product_ids: Sequence[str]) -> None:
    skus = [
        row[0]
        for row in connection.execute(select(tables.skus.c.sku_id, tables.skus.c.product_id))
        if row[1] in set(product_ids)
    ]
    _delete(connection, tables.restock_notices, "sku_id", skus)
    for table in (tables.skus, tables.ladders, tables.offers):
        _delete(connection, table, "product_id", product_ids)


def _forget(connection: Connection, gone: set[str]) -> None:
    """Nothing points to goods that are gone; a campaign for them alone ends with them."""
    products, promotions = tables.products, tables.promotions
    for row in connection.execute(select(products.c.product_id, products.c.goes_with)).all():
        if gone & set(row.goes_with):
            kept = [one for one in row.goes_with if one not in gone]
            _set(connection, products, "product_id", row.product_id, goes_with=kept)
    for row in connection.execute(select(promotions)).all():
        named, priced = list(row.product_ids), dict(row.sale_prices)
        kept = [one for one in named if one not in gone]
        prices = {one: fen for one, fen in priced.items() if one.split("/")[0] not in gone}
        if (named and not kept) or (priced and not prices and not row.off_fen and not row.gift):
            _delete(connection, promotions, "promotion_id", [row.promotion_id])
        elif kept != named or prices != priced:
            _set(
                connection, promotions, "promotion_id", row.promotion_id,
                product_ids=kept, sale_prices=prices,
            )  # fmt: skip


def _set(connection: Connection, table: Table, key: str, value: str, **changed: Any) -> None:
    connection.execute(update(table).where(table.c[key] == value).values(**changed))


def _delete(connection: Connection, table: Table, key: str, keys: Sequence[str]) -> None:
    for start in range(0, len(keys), 500):
        connection.execute(delete(table).where(table.c[key].in_(keys[start : start + 500])))
