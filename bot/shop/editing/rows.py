"""The shop's rows as a page shows them: what a person calls each, its cells, and its mark.

The mark is a fingerprint of the cells: whoever changes a row brings along the mark it was read
with, whatever else has written it meanwhile: a colleague, an import, an order that was sent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.shop.editing.goods_names import GoodsNames
from bot.shop.embedded import tables
from bot.shop.embedded.house import HOUSE, read_house
from bot.shop.importing import headings, stored

Cells = dict[str, Any]
SIZES = "sizes"  # a size chart a product
NAMED_GOODS = {"products": ("goes_with",), "promotions": ("products", "sale_prices")}
_PLAIN = {
    "coupons": (tables.coupons, "code", "title", stored.coupon_cells),
    "promotions": (tables.promotions, "promotion_id", "title", stored.promotion_cells),
    "postage": (tables.postage_zones, "zone", "zone", stored.postage_cells),
}


@dataclass(frozen=True, kw_only=True)
class ShopRow:
    """One row. `cells`: by the importer's columns, as they are stored; `texts`: as they are typed."""

    section: str
    key: str
    title: str
    about: str  # beside the title: what is asked most
    cells: Cells
    texts: dict[str, str] = field(default_factory=dict)
    axes: tuple[str, ...] = ()  # of goods and SKUs: the columns that tell SKUs apart
    note: str = ""

    @property
    def mark(self) -> str:
        told = json.dumps(self.cells, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def has(self, words: Iterable[str]) -> bool:
        """Whether each of the words stands somewhere in it."""
        text = "\n".join((self.key, self.title, self.about, *self.texts.values())).casefold()
        return all(word in text for word in words)


def rows(connection: Connection, section: str, key: str | None = None) -> Iterator[ShopRow]:
    """All of a section in the shop's order, or the one of this key."""
    if section == "shop":
        house = read_house(connection)
        yield _row(section, HOUSE, house.name or "店铺设置", "", stored.house_cells(house))
    elif section == "products":
        yield from _products(connection, key)
    elif section == "skus":
        yield from _skus(connection, key)
    elif section == SIZES:
        yield from _size_charts(connection, key)
    else:
        table, column, title, cells_of = _PLAIN[section]
        names = GoodsNames(connection) if section in NAMED_GOODS else None
        order = table.c.position if "position" in table.c else table.c[column]
        query = select(table).order_by(order, table.c[column])
        if key is not None:
            query = query.where(table.c[column] == key)
        for row in connection.execute(query):
            cells = cells_of(row)
            about = _about(section, cells)
            yield _row(section, getattr(row, column), getattr(row, title), about, cells, names)


def row_of(connection: Connection, section: str, key: str) -> ShopRow | None:
    found = list(rows(connection, section, key))
    return found[0] if found else None


def _products(connection: Connection, key: str | None) -> Iterator[ShopRow]:
    products, skus = tables.products.c, tables.skus.c
    query = select(tables.products).order_by(products.position, products.product_id)
    ladders, stock = select(tables.ladders), select(skus.product_id, skus.on_hand)
    if key is not None:
        query = query.where(products.product_id == key)
        ladders = ladders.where(tables.ladders.c.product_id == key)
        stock = stock.where(skus.product_id == key)
    floors = {row.product_id: row for row in connection.execute(ladders)}
    pieces: dict[str, list[int]] = {}
    for row in connection.execute(stock):
        pieces.setdefault(row.product_id, []).append(row.on_hand)
    names = GoodsNames(connection)
    for row in connection.execute(query):
        its = pieces.get(row.product_id, [])
        about = f"{stored.yuan(row.price_fen)}元 · {row.category} · " + (
            f"{len(its)} 个规格，库存 {sum(its)}" if its else "还没有规格和库存"
        )
        cells = stored.product_cells(row, floors.get(row.product_id))
        axes = _axes_shown(row.axes)
        yield _row("products", row.product_id, row.name, about, cells, names, axes=axes)


def _skus(connection: Connection, key: str | None) -> Iterator[ShopRow]:
    products, skus = tables.products, tables.skus
    query = (
        select(skus, products.c.name, products.c.axes, products.c.price_fen.label("usual_fen"))
        .join(products, products.c.product_id == skus.c.product_id)
        .order_by(products.c.position, products.c.product_id, skus.c.position)
    )
    if key is not None:
        query = query.where(skus.c.sku_id == key)
    for row in connection.execute(query):
        columns = stored.axes_columns(row.axes)
        kind = " ".join(filter(None, (row.colour, row.size)))
        price = row.usual_fen if row.price_fen is None else row.price_fen
        held = f"（未发货的订单占着 {row.reserved}）" if row.reserved else ""
        yield _row(
            "skus", row.sku_id, f"{row.name} {kind}".strip(),
            f"库存 {row.on_hand}{held} · {stored.yuan(price)}元",
            stored.sku_cells(row, columns), axes=_axes_shown(row.axes), note=held.strip("（）"),
        )  # fmt: skip


def _size_charts(connection: Connection, key: str | None) -> Iterator[ShopRow]:
    """Of each product its chart, empty where it has none; those that have one come first."""
    products = tables.products.c
    query = select(products.product_id, products.name, products.size_chart).order_by(
        products.position, products.product_id
    )
    if key is not None:
        query = query.where(products.product_id == key)
    found = list(connection.execute(query))
    for row in sorted(found, key=lambda one: not one.size_chart):
        sizes = [one["size"] for one in (row.size_chart or {}).get("rows", ())]
        about = f"{len(sizes)} 个尺码：{'、'.join(sizes[:6])}" if sizes else "还没有尺码表"
        cells = stored.size_chart_cells(row.size_chart)
        yield _row(SIZES, row.product_id, row.name, about, cells)


def _axes_shown(axes: Any) -> tuple[str, ...]:
    return tuple(axes) or ("颜色", "尺码")


def _about(section: str, cells: Mapping[str, Any]) -> str:
    if section == "coupons":
        told = (
            f"满 {cells['from']} 减 {cells['off']}"
            if cells["from"] != "0"
            else f"减 {cells['off']}"
        )
    elif section == "promotions":
        told = f"满 {cells['from']} 减 {cells['off']}" if cells["off"] != "0" else cells["gift"]
    else:
        told = "、".join(cells["regions"][:6]) if cells["can_deliver"] else "不送"
    ends = cells.get("ends")
    return f"{told}，到 {ends}" if ends and told else told or (f"到 {ends}" if ends else "")


def _row(
    section: str,
    key: str,
    title: str,
    about: str,
    cells: Cells,
    names: GoodsNames | None = None,
    *,
    axes: tuple[str, ...] = (),
    note: str = "",
) -> ShopRow:
    texts = {name: typed(value) for name, value in cells.items()}
    if names is not None:
        for column in NAMED_GOODS[section]:
            texts[column] = names.shown(texts[column])
    return ShopRow(
        section=section, key=key, title=title, about=about, cells=cells, texts=texts, axes=axes,
        note=note,
    )  # fmt: skip


def typed(value: Any) -> str:
    """A cell as a person types it: a list is a line each."""
    if isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    return stored.cell_text(value)


def label(section: str, name: str) -> str:
    return headings.label(section, name)
