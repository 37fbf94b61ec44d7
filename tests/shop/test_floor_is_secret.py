"""The floor price is in no answer, log line, error or repr, whatever is asked."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from bot.database import Database
from bot.shop.embedded import tables
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.words.dealing import Receiver, WantedLine
from tests.shop.conftest import TOKEN, Clock, House, served

# Figures that stand for nothing else in the demo shop.
FLOORS = {"boot-qiyun": 40817, "jacket-guanyun": 56613, "sock-yangrong": 6531}
FORBIDDEN = re.compile(
    "|".join(f"{fen}|{fen / 100:.2f}" for fen in FLOORS.values()).replace(".", r"\.")
)


@pytest.fixture
def odd_floors(sqlite_url: str) -> str:
    database = Database(sqlite_url)

    def work(connection: Any) -> None:
        table = tables.ladders
        for product_id, floor in FLOORS.items():
            connection.execute(
                update(table).where(table.c.product_id == product_id).values(floor_fen=floor)
            )

    database.run_sync(work)
    database.close()
    return sqlite_url


TRIES = st.lists(
    st.tuples(
        st.sampled_from(sorted(FLOORS)),
        st.integers(1, 30),
        # Asks around the floor are what a prober would send.
        st.none()
        | st.integers(1, 70000)
        | st.sampled_from([f + d for f in FLOORS.values() for d in (-1, 0, 1)]),
    ),
    min_size=1,
    max_size=12,
)


@given(tries=TRIES, buyer=st.uuids())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_answer_of_the_api_tells_the_floor(
    odd_floors: str, caplog: pytest.LogCaptureFixture, tries: list[Any], buyer: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    said = asyncio.run(_haggle_by_api(odd_floors, tries, str(buyer)))
    asked = {ask for _, _, ask in tries}
    for answer, unit_prices in said:
        assert not FORBIDDEN.search(answer), answer
        for product_id, unit in unit_prices:
            assert unit > FLOORS[product_id] or (unit in asked and unit > FLOORS[product_id])
    assert not FORBIDDEN.search(caplog.text)


async def _haggle_by_api(
    url: str, tries: list[Any], buyer: str
) -> list[tuple[str, list[tuple[str, int]]]]:
    database, said = Database(url), []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    try:
        async with (
            served(EmbeddedShop(database, clock=Clock())) as base,
            aiohttp.ClientSession(headers=headers) as session,
        ):
            root = f"{base}/api/shop/v1"
            for turn, (product_id, quantity, ask) in enumerate(tries):
                body = {
                    "buyer_id": buyer,
                    "quantity": quantity,
                    "ask_fen": ask,
                    "request_id": str(turn),
                }
                path = f"{root}/products/{product_id}"
                async with session.post(f"{path}/offers", json=body) as answer:
                    text = await answer.text()
                    said.append((text, [(product_id, json.loads(text)["unit_price_fen"])]))
                for other in (path, f"{path}/offers/{buyer}"):
                    async with session.get(other) as answer:
                        said.append((await answer.text(), []))
            wanted = [{"product_id": p, "colour": "", "size": ""} for p in FLOORS]
            async with session.post(
                f"{root}/postage-quotes",
                json={"region": "", "wanted": wanted, "buyer_id": buyer},
            ) as answer:
                said.append((await answer.text(), []))
    finally:
        database.close()
    return said


async def test_the_same_buyer_hears_the_same_last_offer_for_a_week(
    house: House, sqlite_url: str
) -> None:
    async def bargain(shop: Any, request_id: str, ask: int | None = None) -> int:
        offer = await shop.bargain(
            "boot-qiyun", buyer_id="b", quantity=1, ask_fen=ask, request_id=request_id
        )
        return int(offer.unit_price_fen)

    last = [await bargain(house.shop, f"r{turn}") for turn in range(8)][-1]
    house.clock.advance(days=6)
    restarted = Database(sqlite_url)
    try:
        shop = EmbeddedShop(restarted, clock=house.clock)
        assert await bargain(shop, "new chat") == last
        assert await bargain(shop, "new figure", 100) == last
        standing = await shop.standing_offer("boot-qiyun", buyer_id="b")
        assert standing is not None and standing.unit_price_fen == last
    finally:
        restarted.close()


async def test_a_bargained_order_stays_above_the_floor(house: House) -> None:
    for turn in range(8):
        await house.shop.bargain(
            "boot-qiyun", buyer_id="b", quantity=1, ask_fen=None, request_id=f"r{turn}"
        )
    for quantity in (1, 2, 5):
        order = await house.shop.quote_order(
            [WantedLine(product_id="boot-qiyun", colour="黑色", size="42", quantity=quantity)],
            buyer_id="b",
            receiver=Receiver(address="杭州"),
        )
        assert order.goods_fen - order.off_fen > 40800 * quantity


def test_a_database_error_does_not_tell_the_floor(house: House) -> None:
    def clash(connection: Any) -> None:
        row = connection.execute(select(tables.ladders).limit(1)).one()
        connection.execute(insert(tables.ladders).values(**row._mapping))

    with pytest.raises(Exception) as caught:
        house.database.run_sync(clash)
    floors = house.database.read_sync(
        lambda c: list(c.execute(select(tables.ladders.c.floor_fen)).scalars())
    )
    assert not any(str(floor) in str(caught.value) for floor in floors)
