"""Stores checked rows in one transaction: what is there is replaced, what is new is added."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from bot.database import lock
from bot.shop.embedded import tables
from bot.shop.embedded.catalogue import VERSION
from bot.shop.embedded.house import HOUSE
from bot.shop.rules.order_rules import FROM
from bot.shop.words.dealing import Verb

GOODS = "shop goods"  # the lock of whoever writes goods, prices, stock, campaigns or settings
# Orders whose pieces are still on the shelf, though promised.
RESERVING = [status.value for status in FROM[Verb.CANCEL]]


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts, or replaces all given columns of the row with the same key."""
    if not rows:
        return
    dialect_insert = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = dialect_insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if changed:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement, list(rows))


def replace_children(
    connection: Connection, table: Table, parent: str, parents: Iterable[str], rows: Sequence[Any]
) -> None:
    """The children of these parents become exactly `rows`."""
    for batch in _batches(list(parents)):
        connection.execute(delete(table).where(table.c[parent].in_(batch)))
    if rows:
        connection.execute(insert(table), list(rows))


def with_positions(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Known rows keep their place in the shop window, new ones come behind."""
    key = next(iter(table.primary_key)).name
    held = {row[0]: row[1] for row in connection.execute(select(table.c[key], table.c.position))}
    following = max(held.values(), default=0) + 1
    placed = []
    for row in rows:
        if row[key] not in held:
            held[row[key]] = following
            following += 1
        placed.append({**row, "position": held[row[key]]})
    return placed


def hold_goods(connection: Connection) -> None:
    """Until the transaction ends nobody else writes the shop's data; buyers order on."""
    lock(connection, GOODS)


def hold_pieces(connection: Connection, sku_ids: Iterable[str]) -> None:
    """Until the transaction ends no order promises, frees or sends pieces of these.

    In the order of ids, in which orders take them: nobody waits crosswise.
    """
    skus = tables.skus.c
    for batch in _batches(sorted(set(sku_ids))):
        query = select(skus.sku_id).where(skus.sku_id.in_(batch)).order_by(skus.sku_id)
        connection.execute(query.with_for_update()).all()


def store_skus(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Stock as counted on the shelf; what open orders reserve is counted anew afterwards."""
    hold_pieces(connection, (row["sku_id"] for row in rows))
    fresh = [{**row, "reserved": 0} for row in with_positions(connection, tables.skus, rows)]
    upsert(connection, tables.skus, fresh)


def name_axes(connection: Connection, names: Mapping[str, Sequence[str]]) -> None:
    """By product id: what its SKUs differ in, where only the SKUs were imported."""
    for product_id, axes in names.items():
        connection.execute(
            update(tables.products)
            .where(tables.products.c.product_id == product_id)
            .values(axes=list(axes))
        )


def store_setting(connection: Connection, name: str, value: Any) -> None:
    upsert(connection, tables.settings, [{"name": name, "value": value}])


def reserved_pieces(connection: Connection) -> dict[str, int]:
    """Pieces by SKU that open orders hold."""
    lines, orders = tables.order_lines, tables.orders
    rows = connection.execute(
        select(lines.c.sku_id, func.sum(lines.c.quantity))
        .join(orders, orders.c.number == lines.c.order_number)
        .where(orders.c.status.in_(RESERVING))
        .group_by(lines.c.sku_id)
    )
    return {sku_id: int(pieces) for sku_id, pieces in rows}


def short_stock(connection: Connection) -> dict[str, int]:
    """SKUs with fewer pieces on the shelf than orders hold, and how many they hold."""
    reserved = reserved_pieces(connection)
    on_hand = dict(
        tuple(row)
        for row in connection.execute(select(tables.skus.c.sku_id, tables.skus.c.on_hand))
    )
    return {sku: pieces for sku, pieces in reserved.items() if pieces > on_hand.get(sku, 0)}


def reserve_for_orders(connection: Connection, only: Iterable[str] | None = None) -> None:
    """Reservations of these SKUs, or of all, become what open orders hold.

    The pieces are held before they are counted: an order placed meanwhile is counted or waits.
    """
    skus = tables.skus
    ids = set(connection.execute(select(skus.c.sku_id)).scalars()) if only is None else set(only)
    hold_pieces(connection, ids)
    reserved = reserved_pieces(connection)
    for batch in _batches(sorted(ids)):
        held = {sku: reserved[sku] for sku in batch if sku in reserved}
        pieces = case(held, value=skus.c.sku_id, else_=0) if held else 0
        connection.execute(
            update(skus).where(skus.c.sku_id.in_(batch), skus.c.reserved != pieces)
            .values(reserved=pieces)
        )  # fmt: skip


def renew_version(connection: Connection) -> str:
    """A fingerprint of everything in the catalogue but stock: the same goods, the same version.

    Goods carry the shop's return rules and from how many pieces a person makes the price.
    """
    digest = hashlib.sha256()
    columns = [column for column in tables.products.columns if column.name != "sold"]
    for row in connection.execute(select(*columns).order_by(tables.products.c.product_id)):
        digest.update(json.dumps(list(row), ensure_ascii=False).encode())
    skus = tables.skus.c
    for row in connection.execute(
        select(
            skus.sku_id, skus.colour, skus.size, skus.position, skus.price_fen, skus.weight_g,
            skus.facts,
        ).order_by(skus.sku_id)
    ):  # fmt: skip
        digest.update("\t".join(str(value) for value in row).encode())
    promotions = tables.promotions.c
    for row in connection.execute(
        select(promotions.sale_prices, promotions.starts_on, promotions.ends_on).order_by(
            promotions.promotion_id
        )
    ):
        digest.update(json.dumps(list(row), default=str).encode())
    ladders = tables.ladders.c
    for row in connection.execute(
        select(ladders.product_id, ladders.bulk_from).order_by(ladders.product_id)
    ):
        digest.update(json.dumps(list(row)).encode())
    told = connection.execute(
        select(tables.settings.c.value).where(tables.settings.c.name == HOUSE)
    ).scalar()
    rules = [(told or {}).get(name) for name in ("return_days", "return_rules")]
    digest.update(json.dumps(rules, ensure_ascii=False).encode())
    version = digest.hexdigest()[:16]
    store_setting(connection, VERSION, version)
    return version


def _batches(items: list[str], size: int = 500) -> Iterable[list[str]]:
    """SQLite takes a limited number of values in one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
