"""Two buyers reach for one piece, two requests for one order: one wins, no count is off."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.database import READERS, Database
from bot.shop.embedded import access as shop_access
from bot.shop.embedded import counter, offers, tables
from bot.shop.embedded import orders as shop_orders
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.words.dealing import Access, Order, OrderStatus, Receiver, Verb, WantedLine
from bot.shop.words.errors import OutOfStock, WrongMoment
from tests.shop.conftest import Clock
from tests.support.waiting import PATIENCE_S

HOME = Receiver(name="王小山", phone="13900002222", address="杭州")
LAST = WantedLine(product_id="pack-qingtu-old", colour="红色", size="")  # one piece left


def _place(shop: EmbeddedShop, buyer_id: str, request_id: str = "r") -> Any:
    return shop.place_order(
        [LAST], buyer_id=buyer_id, receiver=HOME, note="", request_id=request_id
    )


class _Meeting:
    """Holds writers until as many are there as the database has: so they do collide."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(READERS)
        self._is_over = False

    def once(self) -> None:
        """The first of them meet; nobody waits afterwards."""
        if not self._is_over:
            self._barrier.wait(60)
            self._is_over = True

    def always(self) -> None:
        self._barrier.wait(60)


def _nothing(*_: Any) -> None:
    """In place of a lock."""


def _reserved(database: Database) -> int:
    def work(connection: Any) -> int:
        table = tables.skus
        query = select(table.c.reserved).where(table.c.sku_id == "pack-qingtu-old/红色/-")
        return int(connection.execute(query).scalar_one())

    return database.read_sync(work)


async def test_the_last_piece_is_sold_once(database: Database) -> None:
    shops = [EmbeddedShop(database, clock=Clock()) for _ in range(2)]
    results = await asyncio.gather(
        *(_place(shops[i % 2], f"buyer-{i}") for i in range(6)), return_exceptions=True
    )
    assert sum(isinstance(r, Order) for r in results) == 1
    assert sum(isinstance(r, OutOfStock) for r in results) == 5
    assert _reserved(database) == 1


async def test_without_the_look_at_the_shelf_the_last_piece_is_sold_again_and_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; the table's own check, the last guard, is taken away as well."""
    database, meeting = Database(postgres_url), _Meeting()

    def grab(connection: Any, wanted: Any) -> None:
        meeting.once()
        table = tables.skus
        for sku_id, line in wanted:
            more = {"reserved": table.c.reserved + line.quantity}
            connection.execute(update(table).where(table.c.sku_id == sku_id).values(**more))

    unguarded = text(
        f"ALTER TABLE {tables.skus.name} DROP CONSTRAINT ck_{tables.skus.name}_not_oversold"
    )
    await database.run(lambda connection: connection.execute(unguarded))
    monkeypatch.setattr(shop_orders, "reserve", grab)
    shop = EmbeddedShop(database, clock=Clock())
    results = await asyncio.gather(
        *(_place(shop, f"buyer-{i}") for i in range(6)), return_exceptions=True
    )
    assert sum(isinstance(r, Order) for r in results) > 1
    database.close()


async def test_one_request_sent_five_times_at_once_makes_one_order(database: Database) -> None:
    shop = EmbeddedShop(database, clock=Clock())
    orders = await asyncio.gather(*(_place(shop, "b") for _ in range(5)))
    assert len({order.number for order in orders}) == 1
    assert _reserved(database) == 1


async def test_without_its_memory_the_request_sent_five_times_makes_five_orders(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(counter, "once", lambda *_, work, **__: work())
    shop = EmbeddedShop(database, clock=Clock())
    many = WantedLine(product_id="boot-qiyun", colour="黑色", size="42")
    orders = await asyncio.gather(
        *(
            shop.place_order([many], buyer_id="b", receiver=HOME, note="", request_id="r")
            for _ in range(5)
        )
    )
    assert len({order.number for order in orders}) == 5


RUNGS = [43100, 43700, 44900, 46900, 46900]


async def _five_bargains(database: Database) -> list[int]:
    shop = EmbeddedShop(database, clock=Clock())
    offers = await asyncio.gather(
        *(
            shop.bargain("boot-qiyun", buyer_id="b", quantity=1, ask_fen=None, request_id=str(i))
            for i in range(5)
        ),
        return_exceptions=True,
    )
    return sorted(0 if isinstance(one, BaseException) else one.unit_price_fen for one in offers)


async def test_bargaining_at_once_goes_down_one_rung_each(database: Database) -> None:
    assert await _five_bargains(database) == RUNGS


async def test_without_taking_turns_bargains_stand_on_one_rung(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; SQLite has one writer and needs no lock."""
    database, meeting, store = Database(postgres_url), _Meeting(), offers._store

    def store_late(*arguments: Any) -> None:
        meeting.once()
        store(*arguments)

    monkeypatch.setattr(offers, "lock", _nothing)
    monkeypatch.setattr(offers, "_store", store_late)
    assert await _five_bargains(database) != RUNGS
    database.close()


async def test_paying_and_cancelling_at_once_cannot_both_win(database: Database) -> None:
    shop, access = EmbeddedShop(database, clock=Clock()), Access(buyer_id="b")
    order = await _place(shop, "b")
    results = await asyncio.gather(
        *(shop.pay_order(order.number, access, request_id=f"p{i}") for i in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, Order) for r in results) == 1
    assert sum(isinstance(r, WrongMoment) for r in results) == 3


async def test_without_taking_turns_the_same_order_is_paid_for_more_than_once(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; SQLite has one writer and needs no lock."""
    database = Database(postgres_url)
    shop, access = EmbeddedShop(database, clock=Clock()), Access(buyer_id="b")
    order = await _place(shop, "b")
    together = threading.Barrier(4, timeout=PATIENCE_S)

    def unheld(connection: Any, number: str, _verb: Verb, _now: datetime) -> OrderStatus:
        table = tables.orders
        row = connection.execute(select(table.c.status).where(table.c.number == number)).one()
        status = OrderStatus(row.status)
        together.wait()  # opens the window instead of hoping
        if status is not OrderStatus.AWAITING_PAYMENT:
            raise WrongMoment(status.value)
        return status

    monkeypatch.setattr(shop_orders, "hold", unheld)
    results = await asyncio.gather(
        *(shop.pay_order(order.number, access, request_id=f"p{i}") for i in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, Order) for r in results) > 1
    database.close()


async def _twelve_wrong_tries(database: Database) -> int:
    """How many of them were looked at, and not refused for being too many."""
    shop = EmbeddedShop(database, clock=Clock())
    results = await asyncio.gather(
        *(
            shop.order("6802000000000201", Access(phone_tail=f"{i:04d}", asker="a"))
            for i in range(12)
        ),
        return_exceptions=True,
    )
    return sum(result is None for result in results)


async def test_wrong_tries_at_once_are_all_counted(database: Database) -> None:
    assert await _twelve_wrong_tries(database) == 5


async def test_without_taking_turns_more_tries_are_looked_at(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; SQLite has one writer and needs no lock."""
    database, meeting, held_off = Database(postgres_url), _Meeting(), shop_access._held_off

    def decided_together(*arguments: Any) -> Any:
        decided = held_off(*arguments)
        meeting.always()
        return decided

    monkeypatch.setattr(shop_access, "lock", _nothing)
    monkeypatch.setattr(shop_access, "_held_off", decided_together)
    assert await _twelve_wrong_tries(database) > 5
    database.close()


async def test_the_database_itself_refuses_to_oversell(database: Database) -> None:
    def oversell(connection: Any) -> None:
        table = tables.skus
        connection.execute(update(table).values(reserved=table.c.on_hand + 1))

    try:
        await database.run(oversell)
    except Exception as problem:
        assert "not_oversold" in str(problem)
    else:
        raise AssertionError("oversold")
