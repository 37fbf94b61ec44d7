"""What the shop's people and clocks do to orders, and how stock and buyers feel it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from bot.database import Database
from bot.shop.embedded import tables
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.words.dealing import (
    Access,
    OrderStatus,
    ParcelEvent,
    ParcelState,
    Receiver,
    ReturnStatus,
    WantedLine,
)
from bot.shop.words.errors import UnknownCase, UnknownOrder, WrongMoment
from tests.shop.conftest import Clock, House
from tests.support.waiting import PATIENCE_S

ME = Access(buyer_id="v")


async def _paid(house: House) -> str:
    order = await house.shop.place_order(
        [WantedLine(product_id="pole-biluan", colour="蓝色", size="", quantity=2)],
        buyer_id="v",
        receiver=Receiver(name="王", phone="13900002222", address="杭州"),
        note="",
        request_id="p",
    )
    await house.shop.pay_order(order.number, ME, request_id="pay")
    return order.number


async def _stock(house: House) -> int:
    product = await house.shop.product("pole-biluan")
    assert product is not None
    return next(sku.stock for sku in product.skus if sku.colour == "蓝色")


async def _ship(house: House, number: str) -> None:
    await house.office.ship_order(
        number,
        courier="中通快递",
        courier_phone="95311",
        tracking_number="758",
        due_on=date(2026, 3, 20),
    )


async def test_an_order_goes_its_way_to_the_end(house: House) -> None:
    number = await _paid(house)
    assert (await house.office.pack_order(number)).status is OrderStatus.PACKED
    await _ship(house, number)
    moment = house.clock.now
    scan = ParcelEvent(at=moment, text="已签收，签收人：本人签收", place="杭州")
    delivered = await house.office.record_parcel_event(number, scan)
    assert (delivered.status, delivered.signed_at) == (OrderStatus.DELIVERED, moment)
    assert delivered.parcel is not None and delivered.parcel.state is ParcelState.SIGNED
    house.clock.advance(days=16)
    assert number in await house.office.complete_old_orders()


async def test_shipping_takes_the_reserved_pieces_off_the_shelf(house: House) -> None:
    before = await _stock(house)
    number = await _paid(house)
    assert await _stock(house) == before - 2
    await _ship(house, number)
    assert await _stock(house) == before - 2


async def test_an_unpaid_order_cannot_be_packed_nor_a_packed_one_twice(house: House) -> None:
    with pytest.raises(WrongMoment):
        await house.office.pack_order("6802000000000101")
    with pytest.raises(WrongMoment):
        await house.office.pack_order("6802000000000301")
    with pytest.raises(UnknownOrder):
        await house.office.pack_order("0")


async def test_a_scan_under_way_does_not_deliver(house: House) -> None:
    number = await _paid(house)
    await _ship(house, number)
    scan = ParcelEvent(at=house.clock.now, text="快件未签收，改约明日", place="杭州")
    assert (await house.office.record_parcel_event(number, scan)).status is OrderStatus.SHIPPED


async def test_overdue_orders_are_closed_and_their_pieces_freed(house: House) -> None:
    before = await _stock(house)
    await house.shop.place_order(
        [WantedLine(product_id="pole-biluan", colour="蓝色", size="")],
        buyer_id="v",
        receiver=Receiver(name="王", phone="13900002222", address="杭州"),
        note="",
        request_id="p",
    )
    assert await house.office.close_overdue_orders() == []
    house.clock.advance(hours=25)
    assert len(await house.office.close_overdue_orders()) == 4  # three of the demo's, and ours
    assert await _stock(house) == before
    assert await house.office.close_overdue_orders() == []


async def test_a_coupon_used_comes_back_with_a_cancelled_order(house: House) -> None:
    number = await _paid(house)
    used = {coupon.code for coupon in await house.shop.coupons("v")}
    await house.shop.cancel_order(number, ME, reason="", request_id="c")
    back = {coupon.code for coupon in await house.shop.coupons("v")}
    assert len(back - used) == 1


async def test_a_return_case_moves_to_its_refund_and_no_further(house: House) -> None:
    await house.office.move_return("TH00000004", ReturnStatus.GOODS_SENT)
    await house.office.move_return("TH00000004", ReturnStatus.GOODS_RECEIVED)
    done = await house.office.move_return("TH00000004", ReturnStatus.REFUNDED)
    assert done.refunded_at == house.clock.now
    with pytest.raises(WrongMoment):
        await house.office.move_return("TH00000004", ReturnStatus.GOODS_SENT)
    with pytest.raises(UnknownCase):
        await house.office.move_return("TH0", ReturnStatus.REFUNDED)


async def test_the_refund_of_a_cancelled_order_cannot_be_withdrawn(house: House) -> None:
    with pytest.raises(WrongMoment):
        await house.shop.withdraw_return("TH00000005", buyer_id="buyer-ake", request_id="w")


async def test_remembered_answers_are_forgotten_after_a_month(house: House) -> None:
    await _paid(house)
    assert await house.office.forget_old_requests() == 0
    house.clock.now += timedelta(days=31)
    assert await house.office.forget_old_requests() == 2


async def _swept_beside_another_house(
    database: Database, office: BackOffice, within_s: float
) -> Sequence[str]:
    """What is closed while another house holds all that is overdue. Raises TimeoutError."""
    held, may_end = threading.Event(), threading.Event()

    def in_hand(connection: Connection) -> None:
        overdue = tables.orders.c.status == OrderStatus.AWAITING_PAYMENT.value
        connection.execute(select(tables.orders.c.number).where(overdue).with_for_update()).all()
        held.set()
        assert may_end.wait(2 * PATIENCE_S)

    other = asyncio.create_task(database.run(in_hand))
    await asyncio.to_thread(held.wait, PATIENCE_S)
    try:
        return await asyncio.wait_for(office.close_overdue_orders(), within_s)
    finally:
        may_end.set()
        await other


async def test_the_sweep_leaves_to_another_house_what_that_one_has_in_hand(
    postgres_url: str,
) -> None:
    database, clock = Database(postgres_url), Clock()
    office = BackOffice(database, clock=clock)
    clock.advance(hours=25)
    assert await _swept_beside_another_house(database, office, PATIENCE_S) == []
    assert len(await office.close_overdue_orders()) == 3
    database.close()


async def test_without_skipping_what_is_locked_the_sweep_would_wait(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; then it would fail for the order's moment."""
    database, clock = Database(postgres_url), Clock()
    office = BackOffice(database, clock=clock)
    clock.advance(hours=25)
    lock_rows = Select.with_for_update
    monkeypatch.setattr(Select, "with_for_update", lambda query, **_: lock_rows(query))
    with pytest.raises(asyncio.TimeoutError):
        await _swept_beside_another_house(database, office, 1)
    database.close()
