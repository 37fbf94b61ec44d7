"""The demo shop is as convincing as it says: goods, buyers, orders, parcels, pictures."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select

from bot.database import Database, upgrade
from bot.shop.embedded import tables
from bot.shop.importing.importer import import_files
from bot.shop.words.dealing import Access, OrderStatus, ParcelState, ReturnStatus
from bot.shop.words.goods import SHEET_TOPICS
from tests.shop.conftest import DEMO, NOW, House

BANNED = re.compile("绝对|保证|肯定|最|第一|100%|国家级|淘宝|天猫|京东|拼多多|QQ|微信")


def _values(house: House, query: Any) -> list[Any]:
    return house.database.read_sync(lambda c: list(c.execute(query)))


async def test_goods_of_four_categories_and_enough_skus(house: House) -> None:
    products = await house.shop.products()  # type: ignore[attr-defined]
    kinds = Counter(product.category for product in products)
    skus = [sku for product in products for sku in product.skus]
    assert len(products) >= 24 and set(kinds) == {"鞋", "衣服", "包", "装备"}
    assert len(skus) >= 200
    empty = [sku for sku in skus if sku.stock == 0]
    assert any(sku.restock_on for sku in empty) and any(not sku.restock_on for sku in empty)


async def test_each_product_says_good_and_bad_of_itself(house: House) -> None:
    for product in await house.shop.products():  # type: ignore[attr-defined]
        assert product.selling_points and product.drawbacks and product.nicknames
        assert len(product.sheet) >= 4 and {topic for topic, _ in product.sheet} <= {*SHEET_TOPICS}
        assert product.goes_with
        if product.category in ("鞋", "衣服"):
            assert product.size_chart is not None
            assert {row.size for row in product.size_chart.rows} == set(product.sizes)
        assert product.price_fen <= product.list_price_fen


async def test_nicknames_name_one_product_each(house: House) -> None:
    names = Counter(
        name
        for product in await house.shop.products()  # type: ignore[attr-defined]
        for name in {product.name, *product.nicknames}
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_orders_are_in_every_state(house: House) -> None:
    statuses = {row.status for row in _values(house, select(tables.orders.c.status))}
    assert statuses == {status.value for status in OrderStatus} - {"draft"}
    [(orders,)] = _values(house, select(func.count()).select_from(tables.orders))
    [(buyers,)] = _values(house, select(func.count()).select_from(tables.buyers))
    assert orders >= 40 and buyers >= 12


async def test_parcels_tell_their_stories(house: House) -> None:
    rows = _values(house, select(tables.orders.c.number, tables.orders.c.buyer_id))
    orders = [await house.shop.order(n, Access(buyer_id=b)) for n, b in rows]
    parcels = [order.parcel for order in orders if order and order.parcel]
    assert {parcel.state for parcel in parcels} == set(ParcelState)
    late = [parcel.delay_reason for parcel in parcels if parcel.is_late]
    for word in ("天气", "件量", "假期", "没有新扫描", "联系"):
        assert any(word in reason for reason in late), (word, late)
    newest = max(event.at for parcel in parcels for event in parcel.events)
    assert newest <= NOW  # nothing has happened yet that is still to come


def test_return_cases_are_in_many_states(house: House) -> None:
    statuses = {row.status for row in _values(house, select(tables.returns.c.status))}
    assert len(statuses) >= 5 and statuses <= {status.value for status in ReturnStatus}


def test_the_shops_words_keep_the_advertising_law() -> None:
    for path in DEMO.rglob("*.yml"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert not BANNED.search(line), f"{path.name}:{number} {line}"


async def test_every_product_has_its_drawn_picture(house: House) -> None:
    for product in await house.shop.products():  # type: ignore[attr-defined]
        path = DEMO / "pictures" / Path(product.picture).name
        root = ElementTree.fromstring(path.read_text("utf-8"))
        assert root.tag.endswith("svg")
        assert not list(root.iter("{http://www.w3.org/2000/svg}text"))  # drawn, not lettered
        assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) >= 3


def test_the_demo_loads_fast(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/demo.db")
    upgrade(database)
    before = time.process_time()
    import_files(database, [DEMO], now=NOW)
    assert time.process_time() - before < 3
    database.close()


@pytest.mark.parametrize("buyer", ["buyer-xinke", "buyer-laoqi"])
async def test_new_and_old_buyers_can_be_acted(house: House, buyer: str) -> None:
    cards = {card.buyer_id: card for card in await house.office.buyer_cards()}
    assert cards[buyer].nickname and cards[buyer].about
