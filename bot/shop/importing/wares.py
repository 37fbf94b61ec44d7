"""Checks goods and money against each other and stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.embedded.house import HOUSE
from bot.shop.importing import floors, goods_rows, storing, terms_rows
from bot.shop.importing.axes import Axes
from bot.shop.importing.cells import Problem, Row
from bot.shop.importing.keeping import keep_unwritten
from bot.shop.importing.sources import Rows

Checked = list[tuple[Row, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """The rows that came in, by section and the key of what they describe."""

    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    owners: frozenset[str] = frozenset()  # products whose SKUs came in
    warnings: list[Problem] = field(default_factory=list)  # they keep nothing out


def store_wares(connection: Connection, rows: Rows, day: date) -> Stored:
    """Complains into the rows' problems; only rows without a complaint are stored.

    `day`: from which prices are looked at.
    """
    coupons = [(row, terms_rows.coupon(row)) for row in rows["coupons"]]
    promotions = [(row, terms_rows.promotion(row)) for row in rows["promotions"]]
    zones = [(row, terms_rows.postage_zone(row)) for row in rows["postage"]]
    houses = [(row, terms_rows.house(row)) for row in rows["shop"]]
    products: Checked = []
    skus: Checked = []
    ladders: Checked = []
    for row in rows["products"]:
        values, its_skus, ladder = goods_rows.product(row)
        products.append((row, values))
        skus += its_skus
        ladders += [(row, ladder)] if ladder else []
    axes = Axes(connection, products, rows["skus"])
    skus += [(row, goods_rows.sku(row, axes.of(row))) for row in rows["skus"]]
    other_axes = axes.keep(products, rows["skus"])
    keep_unwritten(connection, products)
    refuse_doubles(products, "id", "product_id")
    refuse_doubles(skus, "size", "sku_id")
    refuse_doubles(coupons, "code", "code")
    refuse_doubles(promotions, "id", "promotion_id")
    _check_references(connection, products, skus, ladders, coupons, promotions)
    _check_late_coupon(connection, houses, coupons)
    if any(row.problems for row, _ in (*products, *skus, *coupons, *promotions, *zones, *houses)):
        return Stored()
    for _, house in houses:
        storing.store_setting(connection, HOUSE, house)
    for table, checked in (
        (tables.products, products),
        (tables.promotions, promotions),
        (tables.postage_zones, zones),
    ):
        fresh = storing.with_positions(connection, table, [values for _, values in checked])
        storing.upsert(connection, table, fresh)
    storing.name_axes(connection, other_axes)
    storing.upsert(connection, tables.coupons, [values for _, values in coupons])
    storing.store_skus(connection, [values for _, values in skus])
    storing.upsert(connection, tables.ladders, [values for _, values in ladders])
    if _is_stock_enough(connection, skus):
        storing.reserve_for_orders(connection, (values["sku_id"] for _, values in skus))
    incoming = floors.Incoming(
        products=_rows_by(products, "product_id"),
        promotions=_rows_by(promotions, "promotion_id"),
        coupons=_rows_by(coupons, "code"),
    )
    return Stored(
        rows={
            "products": incoming.products,
            "skus": _rows_by(skus, "sku_id"),
            "coupons": incoming.coupons,
            "promotions": incoming.promotions,
            "postage": _rows_by(zones, "zone"),
        },
        owners=frozenset(values["product_id"] for _, values in skus),
        warnings=floors.check(connection, day, incoming),
    )


def _rows_by(checked: Checked, key: str) -> dict[str, Row]:
    return {values[key]: row for row, values in checked}


def _check_late_coupon(
    connection: Connection, houses: list[tuple[Row, Mapping[str, Any]]], coupons: Checked
) -> None:
    codes = keys(connection, tables.coupons.c.code) | {values["code"] for _, values in coupons}
    for row, values in houses:
        if (code := values["late_coupon"]) and code not in codes:
            row.refuse("late_coupon", f"没有优惠券“{code}”，请先写在 coupons 里")


def _check_references(
    connection: Connection,
    products: Checked,
    skus: Checked,
    ladders: Checked,
    coupons: Checked,
    promotions: Checked,
) -> None:
    known = keys(connection, tables.products.c.product_id) | {
        values["product_id"] for _, values in products
    }
    codes = keys(connection, tables.coupons.c.code) | {values["code"] for _, values in coupons}
    for row, values in products:
        for other in values["goes_with"]:
            if other not in known:
                row.refuse("goes_with", f"没有编号为“{other}”的商品，请改成已有的编号")
    for row, values in skus:
        if values["product_id"] not in known:
            row.refuse("id", f"没有编号为“{values['product_id']}”的商品，请先在商品表里写它")
    for row, values in promotions:
        for other in (*values["product_ids"], *values["sale_prices"]):
            if other not in known and other.split("/")[0] not in known:
                row.refuse("products", f"没有编号为“{other}”的商品，请改成已有的编号")
    for row, values in ladders:
        for rung in values["rungs"]:
            if rung["step"] == "coupon" and rung["coupon_code"] not in codes:
                what = f"没有代码为“{rung['coupon_code']}”的优惠券，请先在 coupons 里写它"
                row.refuse("bargaining", what)


def _is_stock_enough(connection: Connection, skus: Checked) -> bool:
    short = storing.short_stock(connection)
    for row, values in skus:
        if values["sku_id"] in short:
            column = values["size"] if values["size"] in row.cells else "stock"
            pieces = short[values["sku_id"]]
            row.refuse(column, f"未发货的订单占着 {pieces} 件，库存至少写 {pieces}")
    return not short


def refuse_doubles(checked: Checked, column: str, key: str) -> None:
    seen: dict[str, Row] = {}
    for row, values in checked:
        first = seen.get(values[key])
        if first is not None:
            what = f"“{values[key]}”在 {first.file}:{first.row} 已经写过，请改或删一行"
            row.refuse(column, what)
        seen.setdefault(values[key], row)


def keys(connection: Connection, column: Any) -> set[str]:
    return set(connection.execute(select(column)).scalars())


def only(checked: Sequence[tuple[Row, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The values, without the rows they came from."""
    return [{k: v for k, v in values.items() if k != "source"} for _, values in checked]
