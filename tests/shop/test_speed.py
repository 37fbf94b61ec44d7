"""Ten thousand products do not make a reply wait."""

from __future__ import annotations

import time
from pathlib import Path

from bot.database import Database, upgrade
from bot.shop.embedded import tables
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing import storing
from bot.shop.words.goods import ProductQuery
from tests.shop.conftest import Clock

COUNT = 10_000
KINDS = ("徒步鞋", "冲锋衣", "双肩包", "保温杯", "帐篷", "T恤", "手套", "帽子")


async def test_recommending_takes_less_than_twenty_milliseconds(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/large.db")
    upgrade(database)
    products = [
        {
            "product_id": f"p{n}", "position": n, "name": f"山行{KINDS[n % 8]}{n}号",
            "category": "装备", "kind": KINDS[n % 8], "gender": "", "price_fen": 5000 + n * 7,
            "weight_g": 500, "sold": n * 31 % 9973, "picture": "", "page": "",
            "nicknames": [f"{KINDS[n % 8]}{n}"], "selling_points": ["轻便", "耐用"],
            "drawbacks": [], "suits": [("新手", "送礼", "女生")[n % 3]],
            "uses": [("徒步", "露营")[n % 2]], "sheet": [], "goes_with": [], "size_chart": None,
            "returnable": "seven_days", "warranty_months": 0, "consumable_days": None,
        }
        for n in range(COUNT)
    ]  # fmt: skip
    skus = [
        {
            "sku_id": f"p{n}/{colour}", "product_id": f"p{n}", "position": n, "colour": colour,
            "size": "", "on_hand": n % 4, "reserved": 0, "restock_on": None,
        }
        for n in range(COUNT)
        for colour in ("黑色", "蓝色")
    ]  # fmt: skip

    def fill(connection: object) -> None:
        storing.upsert(connection, tables.products, products)  # type: ignore[arg-type]
        storing.upsert(connection, tables.skus, skus)  # type: ignore[arg-type]
        storing.renew_version(connection)  # type: ignore[arg-type]

    database.run_sync(fill)
    shop = EmbeddedShop(database, clock=Clock())
    await shop.recommend(ProductQuery())  # reads the catalogue
    queries = [
        ProductQuery(),
        ProductQuery(use="徒步", suits="送礼", budget_fen=30000),
        ProductQuery(kind="冲锋衣", colour="黑色"),
        ProductQuery(text="山行保温杯"),
        ProductQuery(suits="女生", text="手套"),
        ProductQuery(category="装备", budget_fen=5500),
    ]
    for query in queries:
        times = []
        for _ in range(15):
            before = time.process_time()
            found = await shop.recommend(query)
            times.append(time.process_time() - before)
        assert found and all(any(sku.stock for sku in r.product.skus) for r in found)
        # Work done in all our threads; the clock on the wall also tells what else the box does.
        # The best of them: what shares the core makes the others longer.
        assert min(times) < 0.020, (query, times)
    database.close()
