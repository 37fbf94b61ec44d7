"""A dialogue's buyer has exactly its orders, in their state, in the shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.replay.reading import Dialogue, Line
from bench.replay.setting_up import MODEL_BUYER, CannotSetUp, set_up
from bot.database import Database
from bot.settings import Settings
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.words.dealing import Access, OrderStatus, ReturnStatus
from tests.support.house import Clock, copied_database

PAID = {
    "status": "paid",
    "created": "-20h",
    "paid": "-20h",
    "lines": [{"product": "bottle-shanquan", "colour": "银色"}],
}
SIGNED = {
    **PAID,
    "status": "delivered",
    "shipped": "-3d 18:00",
    "signed": "-1d 12:00",
    "invoice_title": "个人",
    "parcel": {
        "courier": "中通快递",
        "number": "?",
        "due": "-1d",
        "events": ["-1d 12:00 | 杭州 | 已签收"],
    },
    "ret": {
        "remedy": "refund",
        "reason": "no_reason",
        "status": "opened",
        "opened": "-2h",
        "refund": 169,
    },
}


def dialogue(*orders: dict[str, Any]) -> Dialogue:
    lines = (Line(who="buyer", text="在吗"),)
    return Dialogue(code="A1", source="own", orders=orders, lines=lines)


@pytest.fixture
def database(seeded: Path, tmp_path: Path) -> Iterator[Database]:
    copy = copied_database(seeded, tmp_path)
    yield copy
    copy.close()


async def test_the_buyer_has_these_orders_and_no_others(
    database: Database, tmp_path: Path, settings: Settings
) -> None:
    clock = Clock.today("12:00", settings)
    caller = set_up(database, dialogue(PAID, SIGNED), now=clock(), folder=tmp_path)
    shop = EmbeddedShop(database, clock=clock)
    assert caller.signed_in
    orders = await shop.orders_of(caller.buyer_id, limit=9)
    assert {one.number for one in orders} == set(caller.facts.orders)
    own = Access(buyer_id=caller.buyer_id)
    paid, signed = [await shop.order(number, own) for number in caller.facts.orders]
    assert paid is not None and signed is not None
    assert (paid.status, signed.status) == (OrderStatus.PAID, OrderStatus.DELIVERED)
    assert signed.invoice_title == "个人"
    assert (signed.receiver.name, signed.receiver.phone) == (caller.facts.name, caller.facts.phone)
    assert signed.parcel is not None
    assert (signed.parcel.tracking_number,) == caller.facts.parcels
    (case,) = await shop.returns_of(caller.buyer_id)
    assert (case.order_number, case.status) == (signed.number, ReturnStatus.OPENED)


async def test_the_demo_buyer_who_is_copied_keeps_their_own(
    database: Database, tmp_path: Path, settings: Settings
) -> None:
    clock = Clock.today("12:00", settings)
    shop = EmbeddedShop(database, clock=clock)
    before = await shop.orders_of(MODEL_BUYER, limit=99)
    set_up(database, dialogue(PAID), now=clock(), folder=tmp_path)
    assert await shop.orders_of(MODEL_BUYER, limit=99) == before != ()


def test_the_same_dialogue_gets_the_same_numbers(
    database: Database, tmp_path: Path, settings: Settings
) -> None:
    now = Clock.today("12:00", settings)()
    first = set_up(database, dialogue(SIGNED), now=now, folder=tmp_path)
    assert set_up(database, dialogue(SIGNED), now=now, folder=tmp_path) == first


def test_null_is_a_visitor(database: Database, tmp_path: Path, settings: Settings) -> None:
    visitor = Dialogue(code="A1", source="own", orders=None, lines=dialogue().lines)
    caller = set_up(database, visitor, now=Clock.today("12:00", settings)(), folder=tmp_path)
    assert not caller.signed_in and caller.buyer_id.startswith("visitor:")


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({**PAID, "status": "eaten"}, "status: “eaten”不在可选项里"),
        ({**PAID, "lines": [{"product": "no-such"}]}, "product: 没有编号或名称为“no-such”的商品"),
        ({**PAID, "colour_of_box": "红"}, "colour_of_box: 没有“colour_of_box”这一项"),
        ({**PAID, "ret": "opened"}, "ret: write it as an object"),
    ],
    ids=["status", "product", "column", "ret"],
)
def test_what_the_shop_refuses_is_said(
    database: Database, tmp_path: Path, settings: Settings, order: dict[str, Any], told: str
) -> None:
    now = Clock.today("12:00", settings)()
    with pytest.raises(CannotSetUp, match=told):
        set_up(database, dialogue(order), now=now, folder=tmp_path)
