"""Nobody reads, guesses, changes or tells apart an order that is not theirs."""

from __future__ import annotations

import contextlib
import itertools
import json
from dataclasses import replace

import pytest

from bot.database import Database
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.words.codec import encode
from bot.shop.words.dealing import (
    Access,
    Order,
    ParcelEvent,
    Reason,
    Receiver,
    Remedy,
    Right,
    WantedLine,
)
from bot.shop.words.errors import ProofNeeded, TooManyTries, UnknownOrder
from tests.shop.conftest import House

LAOQIS = "6802000000000201"  # its phone ends in 1012
MISSING = "6802999999999999"


async def test_a_signed_in_buyer_sees_own_orders_only(house: House) -> None:
    assert await house.shop.order(LAOQIS, Access(buyer_id="buyer-laoqi")) is not None
    assert await house.shop.order(LAOQIS, Access(buyer_id="buyer-lulu")) is None


@pytest.mark.parametrize("tail", ["0000", "", "101", "11012", "１０１２x", "' OR 1=1 --", "%"])
async def test_a_wrong_phone_and_a_missing_order_answer_alike(house: House, tail: str) -> None:
    wrong = await house.shop.order(LAOQIS, Access(phone_tail=tail, asker="a"))
    missing = await house.shop.order(MISSING, Access(phone_tail=tail, asker="b"))
    assert wrong is None and missing is None


async def test_no_access_at_all_opens_nothing(house: House) -> None:
    assert await house.shop.order(LAOQIS, Access()) is None
    assert await house.shop.order(LAOQIS, Access(buyer_id="")) is None
    assert await house.shop.order(LAOQIS, Access(phone_tail="", asker="a")) is None


async def test_a_signed_in_buyer_may_still_know_the_phone(house: House) -> None:
    access = Access(buyer_id="buyer-lulu", phone_tail="1012", asker="c")
    assert await house.shop.order(LAOQIS, access) is not None


@pytest.mark.parametrize("number", [LAOQIS, MISSING])
async def test_five_wrong_tries_block_the_asker_for_an_hour(house: House, number: str) -> None:
    for turn in range(5):
        assert await house.shop.order(number, Access(phone_tail=f"000{turn}", asker="a")) is None
    with pytest.raises(TooManyTries):
        await house.shop.order(LAOQIS, Access(phone_tail="1012", asker="a"))
    house.clock.advance(minutes=61)
    assert await house.shop.order(LAOQIS, Access(phone_tail="1012", asker="a")) is not None


async def _guess(house: House, number: str, times: int, **access: str) -> None:
    """By a fresh visitor each time."""
    for turn in range(times):
        asker = f"guesser-{number}-{turn}"
        told = Access(**{"phone_tail": f"{turn:04d}", "asker": asker, **access})
        with contextlib.suppress(ProofNeeded):
            assert await house.shop.order(number, told) is None


@pytest.mark.parametrize("number", [LAOQIS, MISSING])
async def test_a_guessed_order_asks_everybody_for_more_alike(house: House, number: str) -> None:
    await _guess(house, number, 5)
    with pytest.raises(ProofNeeded):
        await house.shop.order(number, Access(phone_tail="1012", asker="another"))
    with pytest.raises(ProofNeeded):
        await house.shop.order(number, Access(phone_tail="9999", asker="another"))


async def test_guessing_from_one_place_or_all_over_the_shop_asks_for_more(house: House) -> None:
    for turn in range(10):
        await _guess(house, f"{MISSING}{turn}", 1, origin="192.0.2.1")
    near = Access(phone_tail="1012", asker="a", origin="192.0.2.1")
    with pytest.raises(ProofNeeded):
        await house.shop.order(LAOQIS, near)
    assert await house.shop.order(LAOQIS, replace(near, asker="b", origin="192.0.2.9")) is not None
    for turn in range(30):
        await _guess(house, f"{MISSING}9{turn}", 1)
    with pytest.raises(ProofNeeded):
        await house.shop.order(LAOQIS, replace(near, asker="c", origin=""))
    house.clock.advance(minutes=61)
    assert await house.shop.order(LAOQIS, replace(near, asker="c", origin="")) is not None


async def test_very_many_wrong_tries_from_one_place_shut_it(house: House) -> None:
    for turn in range(60):
        told = Access(phone=f"139{turn:08d}", name="王", asker=f"g{turn}", origin="192.0.2.1")
        await house.shop.order(f"{MISSING}{turn}", told)
    with pytest.raises(TooManyTries):
        await house.shop.order(LAOQIS, replace(_whole(await _order(house)), origin="192.0.2.1"))


async def _order(house: House) -> Order:
    order = await house.shop.order(LAOQIS, Access(buyer_id="buyer-laoqi"))
    assert order is not None
    return order


def _whole(order: Order, asker: str = "w") -> Access:
    return Access(phone=order.receiver.phone, name=order.receiver.name, asker=asker)


@pytest.mark.parametrize("times", [0, 80])
async def test_strangers_never_lock_an_owner_out(house: House, times: int) -> None:
    """By token, from the chat that placed it, proved before, and by whole phone and name."""
    before = Access(phone_tail="1012", asker="proved before")
    assert await house.shop.order(LAOQIS, before) is not None
    mine = await house.shop.place_order(
        [WantedLine(product_id="tee-sugan", colour="黑色", size="L")],
        buyer_id="visitor:me", receiver=Receiver(name="王", phone="13900002222", address="杭州"),
        note="", request_id="r",
    )  # fmt: skip
    for number in (LAOQIS, mine.number):
        await _guess(house, number, times)
    assert await house.shop.order(LAOQIS, Access(buyer_id="buyer-laoqi")) is not None
    assert await house.shop.order(mine.number, Access(buyer_id="visitor:me")) == mine
    assert await house.shop.order(LAOQIS, before) is not None
    assert await house.shop.order(LAOQIS, _whole(await _order(house))) is not None


async def test_four_digits_show_the_state_and_nothing_of_the_buyer(house: House) -> None:
    number, order_of = "6802000000000401", "buyer-lulu"  # on its way, with a parcel
    whole = await house.shop.order(number, Access(buyer_id=order_of))
    seen = await house.shop.order(number, Access(phone_tail="1001", asker="a"))
    assert whole is not None and seen is not None and seen.parcel is not None
    assert (seen.right, seen.status, seen.parcel.state) == (
        Right.SEE, whole.status, whole.parcel.state if whole.parcel else None,
    )  # fmt: skip
    assert (seen.buyer_id, seen.lines, seen.total_fen, seen.may) == ("", (), 0, frozenset())
    told = json.dumps(encode(seen), ensure_ascii=False)
    held = whole.receiver
    for secret in (held.phone, held.phone[:3], held.name, held.address[-6:], order_of):
        assert secret not in told


async def test_what_stands_in_a_parcels_events_is_hidden(house: House) -> None:
    scan = ParcelEvent(at=house.clock.now, text="已放入丰巢柜，取件码88-2-1045，电话13911112222")
    await house.office.record_parcel_event("6802000000000401", scan)
    seen = await house.shop.order("6802000000000401", Access(phone_tail="1001", asker="a"))
    assert seen is not None and seen.parcel is not None
    assert seen.parcel.events[0].text == "已放入丰巢柜，取件码***，电话***"


async def test_four_digits_change_nothing(any_house: House) -> None:
    shop, tail = any_house.shop, Access(phone_tail="1012", asker="a")
    wanted = WantedLine(product_id="tee-sugan", colour="", size="L")
    for deed in (
        shop.cancel_order(LAOQIS, tail, reason="", request_id="1"),
        shop.pay_order(LAOQIS, tail, request_id="2"),
        shop.change_receiver(LAOQIS, tail, Receiver(phone="13999990000"), request_id="3"),
        shop.change_line(LAOQIS, tail, "1", wanted, request_id="4"),
        shop.add_note(LAOQIS, tail, "放门口", request_id="5"),
        shop.request_invoice(LAOQIS, tail, title="", tax_number="", email="", request_id="6"),
        shop.return_terms(LAOQIS, tail, "1", reason=Reason.SIZE),
        shop.open_return(
            LAOQIS, tail, "1", reason=Reason.SIZE, remedy=Remedy.REFUND, photos=(), wanted="",
            request_id="7",
        ),
    ):  # fmt: skip
        with pytest.raises(ProofNeeded):
            await deed


async def test_the_whole_phone_with_the_name_changes_it(any_house: House) -> None:
    order = await any_house.shop.order(LAOQIS, Access(buyer_id="buyer-laoqi"))
    assert order is not None and order.right is Right.CHANGE
    access = _whole(order)
    spaced = replace(access, phone=f"+86 {access.phone}", name=f" {access.name} ")
    assert await any_house.shop.order(LAOQIS, spaced) == order
    for wrong in (replace(access, name="别人"), replace(access, phone="13999991012")):
        assert await any_house.shop.order(LAOQIS, wrong) is None
        with pytest.raises(UnknownOrder):
            await any_house.shop.add_note(LAOQIS, wrong, "轻放", request_id="n")
    noted = await any_house.shop.add_note(LAOQIS, access, "轻放", request_id="n")
    assert "轻放" in noted.note


async def test_the_visitor_who_placed_an_order_may_change_it(any_house: House) -> None:
    order = await any_house.shop.place_order(
        [WantedLine(product_id="tee-sugan", colour="黑色", size="L")],
        buyer_id="visitor:me", receiver=Receiver(name="王", phone="13900002222", address="杭州"),
        note="", request_id="r",
    )  # fmt: skip
    with pytest.raises(UnknownOrder):
        await any_house.shop.cancel_order(
            order.number, Access(buyer_id="visitor:you"), reason="", request_id="c"
        )
    await any_house.shop.cancel_order(
        order.number, Access(buyer_id="visitor:me"), reason="", request_id="c"
    )


async def test_right_tries_are_not_counted(house: House) -> None:
    for _ in range(8):
        access = Access(phone_tail="1012", asker="a")
        assert await house.shop.order(LAOQIS, access) is not None


async def test_the_count_survives_a_restart(house: House, sqlite_url: str) -> None:
    for turn in range(5):
        await house.shop.order(LAOQIS, Access(phone_tail=f"000{turn}", asker="a"))
    restarted = Database(sqlite_url)
    try:
        shop = EmbeddedShop(restarted, clock=house.clock)
        with pytest.raises(TooManyTries):
            await shop.order(LAOQIS, Access(phone_tail="1012", asker="a"))
    finally:
        restarted.close()


async def test_a_wrong_try_of_a_change_is_counted_too(house: House) -> None:
    for turn in range(5):
        with pytest.raises(Exception, match=""):
            await house.shop.cancel_order(
                LAOQIS, Access(phone_tail=f"000{turn}", asker="a"), reason="", request_id="r"
            )
    with pytest.raises(TooManyTries):
        await house.shop.order(LAOQIS, Access(phone_tail="1012", asker="a"))


async def test_anothers_request_id_fetches_no_answer(house: House) -> None:
    own = Access(buyer_id="buyer-laoqi")
    await house.shop.add_note(LAOQIS, own, "周末送", request_id="guess-me")
    other = await house.shop.add_note(
        "6802000000000102", Access(buyer_id="buyer-daxiong"), "轻放", request_id="guess-me"
    )
    assert other.number == "6802000000000102"


async def test_order_numbers_cannot_be_counted_up(house: House) -> None:
    numbers = []
    for turn in range(4):
        order = await house.shop.place_order(
            [WantedLine(product_id="tee-sugan", colour="黑色", size="L")],
            buyer_id=f"v{turn}",
            receiver=Receiver(name="王", phone="13900002222", address="杭州"),
            note="",
            request_id=f"r{turn}",
        )
        numbers.append(int(order.number))
    gaps = {later - earlier for earlier, later in itertools.pairwise(numbers)}
    assert len(gaps) == 3 and all(abs(gap) > 1 for gap in gaps)
