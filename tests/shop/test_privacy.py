"""Nobody reads, guesses or tells apart an order that is not theirs."""

from __future__ import annotations

import itertools

import pytest

from bot.database import Database
from bot.shop.dealing import Access
from bot.shop.embedded import EmbeddedShop
from bot.shop.port import TooManyTries
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


@pytest.mark.parametrize("number", [LAOQIS, MISSING])
async def test_many_askers_are_blocked_at_one_number_alike(house: House, number: str) -> None:
    for turn in range(5):
        access = Access(phone_tail=f"000{turn}", asker=f"asker-{turn}")
        assert await house.shop.order(number, access) is None
    with pytest.raises(TooManyTries):
        await house.shop.order(number, Access(phone_tail="1012", asker="another"))


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
    from bot.shop.dealing import Receiver, WantedLine

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
