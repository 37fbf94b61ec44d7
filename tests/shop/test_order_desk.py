"""A shop without a system of its own: orders are found, paid, sent, closed, and never refunded beyond."""

from __future__ import annotations

import asyncio
import threading
from datetime import date
from typing import Any

import pytest

from bot.database import READERS, Database
from bot.shop.embedded import order_desk, orders, return_cases
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.embedded.order_desk import OrderDesk
from bot.shop.words.dealing import Access, Order, OrderStatus, Reason, Remedy, WantedLine
from bot.shop.words.errors import BeyondLimit, PriceChanged, WrongMoment
from tests.shop.conftest import Clock, House
from tests.shop.test_contract import HOME

ME = Access(buyer_id="v")
BOOT = WantedLine(product_id="boot-qiyun", colour="黑色", size="41")
POLE = WantedLine(product_id="pole-biluan", colour="蓝色", size="", quantity=2)


@pytest.fixture
def desk(house: House) -> OrderDesk:
    return OrderDesk(house.database, clock=house.clock)


async def placed(house: House, *wanted: WantedLine) -> Order:
    return await house.shop.place_order(
        wanted or (BOOT, POLE), buyer_id="v", receiver=HOME, note="", request_id="p"
    )


async def paid(house: House, desk: OrderDesk) -> Order:
    order = await placed(house)
    return await desk.confirm_paid(order.number, seen_fen=order.total_fen, request_id="d1")


async def sent(house: House, desk: OrderDesk) -> Order:
    order = await paid(house, desk)
    return await house.office.ship_order(
        order.number, courier="中通", courier_phone="", tracking_number="ZT7588001",
        due_on=await desk.due_on(order.number),
    )  # fmt: skip


async def refund(desk: OrderDesk, number: str, line: str, fen: int, request: str) -> Any:
    return await desk.refund_line(number, line, refund_fen=fen, why="少发一件", request_id=request)


async def test_orders_are_found_by_what_people_know_of_them(house: House, desk: OrderDesk) -> None:
    order = await sent(house, desk)
    for words in ([order.number[-8:]], [HOME.name], [HOME.phone[-4:]], ["栖云"], ["ZT7588001"]):
        found = await desk.search(words=words)
        assert order.number in [one.number for one in found.orders], words
    shipped = await desk.search(statuses=[OrderStatus.SHIPPED], words=[order.number])
    assert (shipped.total, shipped.counts["shipped"] >= 1) == (1, True)
    assert (await desk.search(words=[order.number, "没有的"])).total == 0
    assert (await desk.search(words=["%"])).total == 0  # no wildcard


async def test_money_is_taken_down_once_and_as_it_was_seen(house: House, desk: OrderDesk) -> None:
    order = await placed(house)
    with pytest.raises(PriceChanged):
        await desk.confirm_paid(order.number, seen_fen=order.total_fen - 1, request_id="d1")
    assert (await desk.whole(order.number)).order.status is OrderStatus.AWAITING_PAYMENT
    done = await desk.confirm_paid(order.number, seen_fen=order.total_fen, request_id="d2")
    assert done.status is OrderStatus.PAID and done.paid_at == house.clock.now
    again = await desk.confirm_paid(order.number, seen_fen=order.total_fen, request_id="d2")
    assert again == done
    with pytest.raises(WrongMoment):
        await desk.confirm_paid(order.number, seen_fen=order.total_fen, request_id="d3")


async def test_an_unpaid_order_is_closed_with_a_reason_and_its_pieces_are_free(
    house: House, desk: OrderDesk
) -> None:
    before = await _stock(house)
    order = await placed(house)
    assert await _stock(house) == before - 2
    closed = await desk.close_unpaid(order.number, reason="买家不要了", request_id="d1")
    assert (closed.status, closed.close_reason) == (OrderStatus.CLOSED, "买家不要了")
    assert await _stock(house) == before
    assert (await desk.close_unpaid(order.number, reason="", request_id="d1")) == closed
    assert await _stock(house) == before


async def test_what_is_paid_is_not_closed(house: House, desk: OrderDesk) -> None:
    order = await paid(house, desk)
    with pytest.raises(WrongMoment):
        await desk.close_unpaid(order.number, reason="x", request_id="d9")


async def test_a_line_gets_back_at_most_what_was_paid_for_it(house: House, desk: OrderDesk) -> None:
    order = await sent(house, desk)
    most = (await desk.whole(order.number)).lines_left_fen
    # Shares are rounded: a fen more than was paid, which the order as a whole never gives.
    assert order.total_fen - 2 <= sum(most.values()) <= order.total_fen + 2
    with pytest.raises(BeyondLimit) as beyond:
        await refund(desk, order.number, "1", most["1"] + 1, "r1")
    assert beyond.value.most_fen == most["1"]
    for wrong in (0, -1):
        with pytest.raises(BeyondLimit):
            await refund(desk, order.number, "1", wrong, f"w{wrong}")
    await refund(desk, order.number, "1", 500, "r2")
    await refund(desk, order.number, "1", 500, "r2")  # the same press again
    assert (await desk.whole(order.number)).lines_left_fen["1"] == most["1"] - 500
    await refund(desk, order.number, "1", most["1"] - 500, "r3")
    with pytest.raises(BeyondLimit):
        await refund(desk, order.number, "1", 1, "r4")
    if most["2"] > (left := (await desk.whole(order.number)).lines_left_fen["2"]):
        with pytest.raises(BeyondLimit):
            await refund(desk, order.number, "2", most["2"], "r5")
    await refund(desk, order.number, "2", left, "r6")
    whole = await desk.whole(order.number)
    assert sum(one.refund_fen for one in whole.cases) == most["1"] + left <= order.total_fen


async def test_refunds_by_hand_and_by_the_rules_count_together(
    house: House, desk: OrderDesk
) -> None:
    order = await sent(house, desk)
    most = (await desk.whole(order.number)).lines_left_fen["1"]
    await refund(desk, order.number, "1", most - 100, "r1")
    terms = await house.shop.return_terms(order.number, ME, "1", reason=Reason.NOT_RECEIVED)
    assert not terms.allowed


async def test_a_case_that_is_open_is_settled_first(house: House, desk: OrderDesk) -> None:
    number = "6802000000000501"  # delivered
    lulu = Access(buyer_id="buyer-lulu")
    await house.shop.open_return(
        number, lulu, "1", reason=Reason.NO_REASON, remedy=Remedy.REFUND, photos=(), wanted="",
        request_id="o",
    )  # fmt: skip
    with pytest.raises(WrongMoment):
        await refund(desk, number, "1", 100, "r1")


async def test_all_money_of_an_unsent_order_is_a_cancellation(
    house: House, desk: OrderDesk
) -> None:
    order = await house.shop.place_order(
        [BOOT], buyer_id="v", receiver=HOME, note="", request_id="one"
    )
    await desk.confirm_paid(order.number, seen_fen=order.total_fen, request_id="d1")
    with pytest.raises(WrongMoment) as caught:
        await refund(desk, order.number, "1", order.total_fen, "r1")
    assert caught.value.status == order_desk.WHOLE
    await refund(desk, order.number, "1", 500, "r2")  # the price came down a little
    assert (await desk.whole(order.number)).left_fen == order.total_fen - 500


async def test_the_day_it_should_be_there_comes_from_the_postage_zones(
    house: House, desk: OrderDesk
) -> None:
    order = await paid(house, desk)
    due = await desk.due_on(order.number)
    assert date(2026, 3, 19) <= due <= date(2026, 3, 25)


async def test_a_parcels_number_is_corrected_while_it_is_on_its_way(
    house: House, desk: OrderDesk
) -> None:
    order = await sent(house, desk)
    fixed = await desk.correct_parcel(order.number, courier="顺丰", tracking_number="SF100200")
    assert fixed.parcel is not None and fixed.parcel.tracking_number == "SF100200"
    unpaid = await house.shop.place_order(
        [BOOT], buyer_id="w", receiver=HOME, note="", request_id="u"
    )
    with pytest.raises(WrongMoment):
        await desk.correct_parcel(unpaid.number, courier="顺丰", tracking_number="SF100200")


async def _refunds_at_once(database: Database) -> int:
    """Two owners give the whole of a line back in the same moment: how much went in all."""
    clock = Clock()
    shop, desk = EmbeddedShop(database, clock=clock), OrderDesk(database, clock=clock)
    order = await shop.place_order([BOOT], buyer_id="v", receiver=HOME, note="", request_id="p")
    await desk.confirm_paid(order.number, seen_fen=order.total_fen, request_id="d")
    most = (await desk.whole(order.number)).lines_left_fen["1"] - 1
    presses = (refund(desk, order.number, "1", most, f"r{at}") for at in range(READERS))
    await asyncio.gather(*presses, return_exceptions=True)
    return sum(one.refund_fen for one in (await desk.whole(order.number)).cases) - most


async def test_refunds_pressed_at_once_go_once(database: Database) -> None:
    assert await _refunds_at_once(database) == 0


@pytest.mark.postgres
async def test_without_the_orders_lock_they_go_twice(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: all have seen the same money before any of it goes."""
    database, meeting = Database(postgres_url), threading.Barrier(READERS)
    store = return_cases.store

    def together(connection: Any, *given: Any) -> None:
        meeting.wait(60)
        store(connection, *given)

    monkeypatch.setattr(orders, "lock_order", lambda connection, number: None)
    monkeypatch.setattr(return_cases, "store", together)
    assert await _refunds_at_once(database) > 0
    database.close()


async def _stock(house: House) -> int:
    product = await house.shop.product("pole-biluan")
    assert product is not None
    return next(sku.stock for sku in product.skus if sku.colour == "蓝色")
