"""The catalogue in memory: read once per version and day, so that a reply need not wait for it.

Stock is not part of it: how many pieces are left is read from the database each time.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from bot.shop.embedded import tables
from bot.shop.embedded.house import House, read_house
from bot.shop.rules.sort_names import names_of, short_names, wider_names
from bot.shop.words.fitting import models_without_make
from bot.shop.words.goods import CatalogueTerm, Product, SizeChart, SizeRow, Sku

VERSION = "catalogue_version"
_CODED = re.compile(r"(?P<code>[A-Za-z]{0,3}\d{1,4})(?:号)?[\s#._-]*(?P<name>[\u4e00-\u9fff]{2,})")

# Asked at nearly every reply; building a statement costs more than running it.
_VERSION = select(tables.settings.c.value).where(tables.settings.c.name == VERSION)
_STOCK = (
    select(tables.skus)
    .where(tables.skus.c.product_id.in_(bindparam("wanted", expanding=True)))
    .order_by(tables.skus.c.position)
)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All products by id, in the order of the shop window; prices are those of `day`."""

    version: str
    day: date
    products: Mapping[str, Product]
    terms: tuple[CatalogueTerm, ...]


class CatalogueShelf:
    """Holds the catalogue last read and reads it anew when its version or the day changes."""

    def __init__(self) -> None:
        self._held: Catalogue | None = None
        self._reading = threading.Lock()

    def on(self, connection: Connection, day: date) -> Catalogue:
        version = read_version(connection)
        held = self._held
        if held is not None and (held.version, held.day) == (version, day):
            return held
        with self._reading:  # one reader is enough; the others wait and take what it found
            held = self._held
            if held is None or (held.version, held.day) != (version, day):
                held = self._held = read_catalogue(connection, version, day)
            return held


def read_version(connection: Connection) -> str:
    row = connection.execute(_VERSION).first()
    return str(row.value) if row else "empty"


def read_catalogue(connection: Connection, version: str, day: date) -> Catalogue:
    sale_prices = _running_sale_prices(connection, day)
    house = read_house(connection)
    skus: dict[str, list[Sku]] = {}
    for row in connection.execute(select(tables.skus).order_by(tables.skus.c.position)):
        skus.setdefault(row.product_id, []).append(_sku(row, sale_prices))
    rows = connection.execute(
        select(tables.products).order_by(tables.products.c.position, tables.products.c.product_id)
    )
    bulk_from = {
        row.product_id: row.bulk_from
        for row in connection.execute(
            select(tables.ladders.c.product_id, tables.ladders.c.bulk_from)
        )
    }
    products = {
        row.product_id: replace(
            _product(row, skus.get(row.product_id, []), sale_prices, house),
            bulk_from=bulk_from.get(row.product_id, 0),
        )
        for row in rows
    }
    return Catalogue(
        version=version, day=day, products=products, terms=tuple(_terms(products.values()))
    )


def with_live_stock(connection: Connection, product: Product) -> Product:
    """The product with the stock of this moment."""
    return live_stock(connection, [product])[0]


def live_stock(connection: Connection, products: Sequence[Product]) -> list[Product]:
    """The same products with the stock of this moment, in one query."""
    wanted = [product.product_id for product in products]
    held = {sku.sku_id: sku for product in products for sku in product.skus}
    skus: dict[str, list[Sku]] = {}
    for row in connection.execute(_STOCK, {"wanted": wanted}):
        if row.sku_id in held:
            skus.setdefault(row.product_id, []).append(
                replace(
                    held[row.sku_id], stock=row.on_hand - row.reserved, restock_on=row.restock_on
                )
            )
    return [replace(product, skus=tuple(skus.get(product.product_id, ()))) for product in products]


def _running_sale_prices(connection: Connection, day: date) -> dict[str, int]:
    table = tables.promotions
    prices: dict[str, int] = {}
    for row in connection.execute(select(table).order_by(table.c.position)):
        if (row.starts_on or day) <= day <= (row.ends_on or day):
            for product_id, fen in row.sale_prices.items():
                prices[product_id] = min(fen, prices.get(product_id, fen))
    return prices


def _sku(row: Any, sale_prices: Mapping[str, int]) -> Sku:
    price = row.price_fen
    if price is not None:
        price = min(price, sale_prices.get(row.sku_id, price))
    return Sku(
        sku_id=row.sku_id,
        colour=row.colour,
        size=row.size,
        stock=row.on_hand - row.reserved,
        restock_on=row.restock_on,
        price_fen=price,
        weight_g=row.weight_g,
        facts=tuple((name, text) for name, text in row.facts),
    )


def _product(
    row: Any, skus: Sequence[Sku], sale_prices: Mapping[str, int], house: House
) -> Product:
    returnable, return_days = house.return_rule(
        row.kind, row.category, row.returnable, row.return_days
    )
    price = min(row.price_fen, sale_prices.get(row.product_id, row.price_fen))
    if own := [sku.price_fen for sku in skus if sku.price_fen is not None]:
        lowest = min(own) if len(own) == len(skus) else min(price, *own)
        skus = [replace(sku, price_fen=price) if sku.price_fen is None else sku for sku in skus]
    else:
        lowest = price
    return Product(
        product_id=row.product_id,
        name=row.name,
        nicknames=tuple(row.nicknames),
        category=row.category,
        kind=row.kind,
        price_fen=lowest,
        list_price_fen=lowest if own else row.price_fen,
        weight_g=row.weight_g,
        picture=row.picture,
        page=row.page,
        selling_points=tuple(row.selling_points),
        drawbacks=tuple(row.drawbacks),
        suits=tuple(row.suits),
        uses=tuple(row.uses),
        sheet=tuple((topic, text) for topic, text in row.sheet),
        goes_with=tuple(row.goes_with),
        skus=tuple(skus),
        size_chart=_size_chart(row.size_chart),
        returnable=returnable,
        return_days=return_days,
        warranty_months=row.warranty_months,
        consumable_days=row.consumable_days,
        gender=row.gender,
        sold=row.sold,
        axes=tuple(row.axes),
    )


def _size_chart(value: Any) -> SizeChart | None:
    if value is None:
        return None
    return SizeChart(
        rows=tuple(
            SizeRow(
                size=row["size"],
                height_cm=_range(row.get("height_cm")),
                weight_kg=_range(row.get("weight_kg")),
                foot_mm=_range(row.get("foot_mm")),
                measures=tuple((name, text) for name, text in row.get("measures", ())),
            )
            for row in value["rows"]
        ),
        runs=value.get("runs", 0),
        wide=value.get("wide", False),
        roomy_instep=value.get("roomy_instep", False),
        note=value.get("note", ""),
    )


def _range(value: Any) -> tuple[float, float] | None:
    return None if value is None else (value[0], value[1])


def _terms(products: Collection[Product]) -> Iterable[CatalogueTerm]:
    seen: set[CatalogueTerm] = set()
    shorts = [CatalogueTerm(text=a, entity=b, value=c) for a, b, c in short_names(products)]
    sorts = Counter(one.kind for one in products) + Counter(one.category for one in products)
    for product in products:
        found = [(product.name, "product", product.product_id)]
        found += [
            (nickname, "product", product.product_id)
            for nickname in product.nicknames
            if sorts[nickname] < 2  # 粉底液 of two goods of that kind means the kind
        ]
        found += [(word, "kind", product.kind) for word in names_of(product.kind)]
        found += [(one.text, "kind", one.value) for one in shorts if one.value == product.kind]
        found += [(wide, "kind", wide) for wide in wider_names(product.kind)]
        found += [(word, "category", product.category) for word in names_of(product.category)]
        for colour in product.colours:
            found += [(word, "colour", colour) for word in colour_words(colour)]
            found += [(word, "colour", colour) for word in part_words(colour)]
        for size in product.sizes:
            found += [(word, "size", size) for word in (size, *part_words(size))]
        for text, entity, value in found:
            term = CatalogueTerm(text=text, entity=entity, value=value)
            if term not in seen:
                seen.add(term)
                yield term
    yield from (one for one in shorts if one.entity == "category" and one not in seen)
    for entity, values in (
        ("size", [size for product in products for size in product.sizes]),
        ("colour", [colour for product in products for colour in product.colours]),
    ):
        for model, value in models_without_make(values):
            yield CatalogueTerm(text=model, entity=entity, value=value)


def part_words(value: str) -> tuple[str, ...]:
    """Parts by which buyers name it: 豆沙色 and 豆沙 of 01豆沙色, M101 and 奶茶裸 of M101 奶茶裸.

    A code needs a letter: 01 alone may be anything.
    """
    match = _CODED.fullmatch(value)
    if match is None:
        return ()
    code, name = match["code"], match["name"]
    words = [name, name[:-1]] if name.endswith("色") and len(name) > 2 else [name]
    return (*words, code) if not code.isdigit() else tuple(words)


def colour_words(colour: str) -> tuple[str, ...]:
    """How buyers type a colour: 黑色 also as 黑 and 黑的."""
    if len(colour) == 2 and colour.endswith("色"):
        return (colour, colour[0], f"{colour[0]}的")
    if colour.endswith("色"):
        return (colour, colour[:-1])
    return (colour, f"{colour}色")
