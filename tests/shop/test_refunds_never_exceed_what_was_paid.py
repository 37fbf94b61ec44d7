"""All refunds of an order together are at most what was paid, whichever way they are asked for."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from bot.database import Database
from bot.shop.embedded import orders, return_cases
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.words.dealing import (
    Access,
    Order,
    OrderStatus,
    ParcelEvent,
    Reason,
    Remedy,
    ReturnCase,
    ReturnStatus,
    WantedLine,
)
from bot.shop.words.errors import WrongMoment
from bot.shop.words.port import Shop
from tests.shop.conftest import Clock, House
from tests.shop.test_contract import HOME

ME = Access(buyer_id="v")
LULU, DELIVERED = Access(buyer_id="buyer-lulu"), "6802000000000501"
BOOT = WantedLine(product_id="boot-qiyun", colour="黑色", size="41")
POLE = WantedLine(product_id="pole-biluan", colour="蓝色", size="")


def _return(
    shop: Shop, number: str, line_id: str, request_id: str, access: Access = ME, **given: Any
) -> Coroutine[Any, Any, ReturnCase]:
    asked = {"reason": Reason.NO_REASON, "remedy": Remedy.REFUND_ONLY, "photos": (), "wanted": ""}
    return shop.open_return(number, access, line_id, request_id=request_id, **{**asked, **given})


async def _paid(house: House, *wanted: WantedLine) -> Order:
    order = await house.shop.place_order(
        wanted, buyer_id="v", receiver=HOME, note="", request_id="p"
    )
    return await house.shop.pay_order(order.number, ME, request_id="pay")


async def _refunds(shop: Shop, buyer_id: str, number: str) -> int:
    over = (ReturnStatus.DECLINED, ReturnStatus.WITHDRAWN)
    cases = await shop.returns_of(buyer_id)
    return sum(c.refund_fen for c in cases if c.order_number == number and c.status not in over)


async def test_a_refund_before_sending_cancels_the_order(any_house: House) -> None:
    paid = await _paid(any_house, BOOT)
    case = await _return(any_house.shop, paid.number, "1", "r")
    order = await any_house.shop.order(paid.number, ME)
    assert (case.refund_fen, case.line_id) == (paid.total_fen, "")
    assert order is not None and order.status is OrderStatus.CANCELLED
    with pytest.raises(WrongMoment):
        await any_house.shop.cancel_order(paid.number, ME, reason="", request_id="c")
    with pytest.raises(WrongMoment):
        await _return(any_house.shop, paid.number, "1", "again")
    assert await _refunds(any_house.shop, "v", paid.number) == paid.total_fen


async def test_of_several_unsent_goods_none_is_refunded_alone(any_house: House) -> None:
    paid = await _paid(any_house, BOOT, POLE)
    terms = await any_house.shop.return_terms(paid.number, ME, "1", reason=Reason.NOT_RECEIVED)
    assert (terms.allowed, terms.refusal) == (False, "not_sent")
    for line_id in ("1", "2"):
        with pytest.raises(WrongMoment):
            await _return(any_house.shop, paid.number, line_id, line_id)
    await any_house.shop.cancel_order(paid.number, ME, reason="", request_id="c")
    assert await _refunds(any_house.shop, "v", paid.number) == paid.total_fen


@pytest.mark.parametrize("opened", [0, 5000, 10**9])
async def test_a_cancellation_gives_back_what_is_left(house: House, opened: int) -> None:
    """Cases of before this rule, or written by hand, count too."""
    paid = await _paid(house, BOOT, POLE)
    await house.database.run(_case_by_hand, paid, opened)
    before = await _refunds(house.shop, "v", paid.number)
    await house.shop.cancel_order(paid.number, ME, reason="", request_id="c")
    assert await _refunds(house.shop, "v", paid.number) == max(before, paid.total_fen)


@pytest.mark.parametrize("verb", ["pack", "ship"])
async def test_goods_stay_here_while_their_money_goes_back(house: House, verb: str) -> None:
    paid = await _paid(house, BOOT, POLE)
    await house.database.run(_case_by_hand, paid, 5000)
    with pytest.raises(WrongMoment) as caught:
        await _send(house, verb, paid.number)
    assert caught.value.status == "refund_open"
    await house.office.move_return("TH1", ReturnStatus.DECLINED)
    assert (await _send(house, verb, paid.number)).status is not OrderStatus.PAID


async def _send(house: House, verb: str, number: str) -> Order:
    if verb == "pack":
        return await house.office.pack_order(number)
    return await house.office.ship_order(
        number, courier="", courier_phone="", tracking_number="7", due_on=house.clock.now.date()
    )


def _case_by_hand(connection: Any, order: Order, fen: int) -> None:
    case = ReturnCase(
        case_id="TH1", order_number=order.number, line_id="1", name="", remedy=Remedy.REFUND_ONLY,
        reason=Reason.NO_REASON, status=ReturnStatus.OPENED, opened_at=order.created_at, refund_fen=fen,
        refund_due_on=None, refunded_at=None, send_to="", buyer_pays_postage=False,
    )  # fmt: skip
    return_cases.store(connection, case, order.buyer_id)


async def test_every_mix_of_cases_stays_within_what_was_paid(house: House) -> None:
    """Each remedy on each line, withdrawn and opened again, some of them refunded meanwhile."""
    order = await _paid(house, BOOT, POLE)
    await _send(house, "ship", order.number)
    scan = ParcelEvent(at=house.clock.now, text="已签收，签收人：本人签收", place="杭州")
    await house.office.record_parcel_event(order.number, scan)
    for turn in range(6):
        for line in order.lines:
            for remedy in Remedy:
                for reason in Reason:
                    try:
                        case = await _return(
                            house.shop, order.number, line.line_id, f"{turn}{line.line_id}{remedy}{reason}",
                            reason=reason, remedy=remedy, photos=("a", "b"),
                        )  # fmt: skip
                    except WrongMoment:
                        continue
                    if turn % 3 == 0:
                        await house.shop.withdraw_return(
                            case.case_id, buyer_id="v", request_id=f"w{turn}"
                        )
                    elif turn % 3 == 1:
                        await house.office.move_return(case.case_id, ReturnStatus.DECLINED)
                    refunds = await _refunds(house.shop, "v", order.number)
                    assert refunds <= order.total_fen
    assert await _refunds(house.shop, "v", order.number) > 0


# -- at once: five requests for one line, and a cancellation beside a refund


class Doorstep:
    """Lets storing of a case wait until a second one stands there too, or gives up waiting."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, waits_s: float = 0.5) -> None:
        self.barrier = threading.Barrier(2, timeout=waits_s)
        store = return_cases.store

        def late(*arguments: Any) -> None:
            with contextlib.suppress(threading.BrokenBarrierError):
                self.barrier.wait()
            store(*arguments)

        monkeypatch.setattr(return_cases, "store", late)


async def _at_once(database: Database) -> int:
    """Opens the same refund by four requests; answers the fen promised by all of them."""
    shop = EmbeddedShop(database, clock=Clock())
    await asyncio.gather(
        *(
            _return(
                shop, DELIVERED, "1", f"r{i}", LULU, remedy=Remedy.REFUND, reason=Reason.NO_REASON
            )
            for i in range(4)
        ),
        return_exceptions=True,
    )
    return await _refunds(shop, "buyer-lulu", DELIVERED)


async def test_at_once_one_refund_is_opened(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await EmbeddedShop(database).order(DELIVERED, LULU)
    assert order is not None
    Doorstep(monkeypatch)
    assert 0 < await _at_once(database) <= order.total_fen


@pytest.mark.postgres
async def test_without_the_orders_lock_the_same_race_pays_twice(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; SQLite has one writer and needs no lock."""
    database = Database(postgres_url)
    try:
        order = await EmbeddedShop(database).order(DELIVERED, LULU)
        assert order is not None
        Doorstep(monkeypatch, waits_s=10)
        monkeypatch.setattr(orders, "lock_order", lambda *_: None)
        assert await _at_once(database) > order.total_fen
    finally:
        database.close()
