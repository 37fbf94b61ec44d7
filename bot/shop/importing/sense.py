"""What no single cell can tell: campaigns that lose money, doubled names, prices far off.

What would cost the shop money, or never come about, is refused; what is only odd is a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.importing.cells import Problem, Row
from bot.shop.importing.plan import Snapshot
from bot.shop.importing.wares import Stored

LONG_OVER = timedelta(days=30)
FAR_OFF = 5  # times what a price was before
FAR_FROM_KIND = 20  # times the middle price of its kind
# What is looked at of them: facts and pictures of thousands of goods are not unpacked for nothing.
_P, _S = tables.products.c, tables.skus.c
_GOODS = select(_P.product_id, _P.name, _P.nicknames, _P.kind, _P.price_fen)
_SKUS = select(_S.sku_id, _S.product_id, _S.colour, _S.size, _S.price_fen, _S.restock_on)
ENOUGH = 3  # goods of a kind, before its middle price means anything


def check(connection: Connection, stored: Stored, before: Snapshot, today: date) -> list[Problem]:
    """Complains into the rows' problems; returns warnings. Looks only at rows of this import."""
    products = {row.product_id: row for row in connection.execute(_GOODS)}
    cheapest = _cheapest(connection, products)
    _check_money(connection, stored, products, cheapest)
    return [
        *_names(stored.rows.get("products", {}), products),
        *_prices(stored.rows.get("products", {}), products, before),
        *_skus(connection, stored, products, today),
        *_times(connection, stored, today),
        *_zones(connection, stored),
    ]


def refuse_losses(connection: Connection, stored: Stored) -> None:
    """The complaints of `check` alone."""
    products = {row.product_id: row for row in connection.execute(_GOODS)}
    _check_money(connection, stored, products, _cheapest(connection, products))


def _cheapest(connection: Connection, products: Mapping[str, Any]) -> dict[str, int]:
    """Fen of the cheapest SKU by product."""
    lowest = {key: row.price_fen for key, row in products.items()}
    own: dict[str, list[int]] = defaultdict(list)
    for row in connection.execute(_SKUS):
        if row.product_id in products:
            price = row.price_fen or products[row.product_id].price_fen
            own[row.product_id].append(price)
    return {**lowest, **{key: min(prices) for key, prices in own.items()}}


def _check_money(
    connection: Connection,
    stored: Stored,
    products: Mapping[str, Any],
    cheapest: Mapping[str, int],
) -> None:
    """Refuses what would give goods away."""
    for row, one in _of(connection, stored, "promotions", tables.promotions, "promotion_id"):
        if one.off_fen and one.from_fen and one.off_fen >= one.from_fen:
            row.refuse(
                "off", f"满 {_yuan(one.from_fen)} 减 {_yuan(one.off_fen)} 会倒贴，请改小减的金额"
            )
        elif one.off_fen and not one.from_fen:
            covered = [cheapest[key] for key in one.product_ids or cheapest if key in cheapest]
            if covered and one.off_fen >= min(covered):
                row.refuse(
                    "off",
                    f"没写满多少，减 {_yuan(one.off_fen)} 比最便宜的商品还多，请写上“满”或改小",
                )
        if one.starts_on and one.ends_on and one.ends_on < one.starts_on:
            row.refuse("ends", f"结束（{one.ends_on}）早于开始（{one.starts_on}），请核对日期")
    for row, one in _of(connection, stored, "coupons", tables.coupons, "code"):
        if one.from_fen and one.off_fen >= one.from_fen:
            row.refuse(
                "off", f"满 {_yuan(one.from_fen)} 减 {_yuan(one.off_fen)} 会倒贴，请改小面额"
            )
    for row, one in _of(connection, stored, "products", tables.ladders, "product_id"):
        if (
            one.floor_fen
            >= cheapest.get(one.product_id, one.floor_fen + 1)
            < products[one.product_id].price_fen
        ):
            row.refuse("floor", "底价不低于最便宜的规格，请写更小的金额")


def _names(rows: Mapping[str, Row], products: Mapping[str, Any]) -> Iterator[Problem]:
    """Two goods of one name, or one nickname: the buyer has to be asked which."""
    called: dict[str, list[str]] = defaultdict(list)
    for key, one in products.items():
        for name in {one.name, *one.nicknames}:
            called[name.strip().lower()].append(key)
    for key, row in rows.items():
        one = products[key]
        for column, names in (("name", [one.name]), ("nicknames", one.nicknames)):
            for name in names:
                others = [other for other in called[name.strip().lower()] if other != key]
                if others:
                    whose = "、".join(
                        f"“{products[other].name}”（{other}）" for other in others[:2]
                    )
                    yield row.problem(
                        column, f"“{name}”也是 {whose} 的叫法，买家说它时要先问是哪一款"
                    )


def _prices(
    rows: Mapping[str, Row], products: Mapping[str, Any], before: Snapshot
) -> Iterator[Problem]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for one in products.values():
        by_kind[one.kind].append(one.price_fen)
    for key, row in rows.items():
        fen, kind = products[key].price_fen, products[key].kind
        was = before.get("products", {}).get(key, {}).get("price_fen")
        middle = median(by_kind[kind])
        if was and not was / FAR_OFF < fen < was * FAR_OFF:
            yield row.problem(
                "price", f"原来 {_yuan(was)}，现在 {_yuan(fen)}，差得很多，请核对小数点"
            )
        elif (
            len(by_kind[kind]) >= ENOUGH
            and not middle / FAR_FROM_KIND < fen < middle * FAR_FROM_KIND
        ):
            yield row.problem(
                "price",
                f"{_yuan(fen)} 和其他{kind}（一般 {_yuan(int(middle))}）差得很多，请核对小数点",
            )


def _skus(
    connection: Connection, stored: Stored, products: Mapping[str, Any], today: date
) -> Iterator[Problem]:
    has_skus: set[str] = set()
    unnamed: dict[str, list[str]] = defaultdict(list)
    for one in connection.execute(_SKUS):
        has_skus.add(one.product_id)
        row = stored.rows.get("skus", {}).get(one.sku_id)
        if row is None:
            if one.product_id in stored.owners:
                unnamed[one.product_id].append(f"{one.colour} {one.size}".strip() or "（不分规格）")
            continue
        if one.restock_on and one.restock_on < today - LONG_OVER:
            yield row.problem("restock_on", f"到货日期 {one.restock_on} 早过了，请更新或清空")
        own, usual = one.price_fen, products[one.product_id].price_fen
        if own and not usual / FAR_FROM_KIND < own < usual * FAR_FROM_KIND:
            yield row.problem(
                "price", f"{_yuan(own)} 和这款商品的 {_yuan(usual)} 差得很多，请核对小数点"
            )
    yield from _unnamed(stored, products, unnamed)
    for key, row in stored.rows.get("products", {}).items():
        if key not in has_skus:
            yield row.problem("id", f"“{products[key].name}”还没有规格和库存，买家暂时买不了")


def _unnamed(
    stored: Stored, products: Mapping[str, Any], unnamed: Mapping[str, list[str]]
) -> Iterator[Problem]:
    """SKUs of goods whose SKUs came in, and that did not come in themselves: still on sale."""
    first = {key.split("/")[0]: row for key, row in reversed(stored.rows.get("skus", {}).items())}
    for key, skus in unnamed.items():
        if key in first:
            named = "、".join(skus[:4]) + ("…" if len(skus) > 4 else "")
            what = f"“{products[key].name}”店里还有规格 {named}，这次没写，还会接着卖；不卖了请加 --replace"
            yield first[key].problem("id", what)


def _times(connection: Connection, stored: Stored, today: date) -> Iterator[Problem]:
    for section, table, key in (
        ("promotions", tables.promotions, "promotion_id"),
        ("coupons", tables.coupons, "code"),
    ):
        for row, one in _of(connection, stored, section, table, key):
            if one.ends_on and one.ends_on < today - LONG_OVER:
                yield row.problem("ends", f"“{one.title}”{one.ends_on} 就结束了，不会再起作用")


def _zones(connection: Connection, stored: Stored) -> Iterator[Problem]:
    """A place in two zones, or two zones for everywhere else: only the first would count."""
    places: dict[str, list[str]] = defaultdict(list)
    zones = list(
        connection.execute(select(tables.postage_zones).order_by(tables.postage_zones.c.position))
    )
    for one in zones:
        for place in one.regions or ("其余地区",):
            places[place].append(one.zone)
    for place, named in places.items():
        row = next((r for zone in named if (r := stored.rows.get("postage", {}).get(zone))), None)
        if len(named) > 1 and row is not None:
            yield row.problem(
                "regions", f"“{place}”写在了 {'、'.join(named)} 几个运费区里，只算第一个"
            )


def _of(
    connection: Connection, stored: Stored, section: str, table: Any, key: str
) -> Iterator[tuple[Row, Any]]:
    rows = stored.rows.get(section, {})
    if not rows:
        return
    for one in connection.execute(select(table)):
        if (row := rows.get(getattr(one, key))) is not None:
            yield row, one


def _yuan(fen: int) -> str:
    return f"{fen / 100:g}元"
