"""What the buyer was shown is what the shop does, or it refuses: embedded and over the wire alike."""

from __future__ import annotations

import pytest

from bot.shop.words.dealing import Access, OrderStatus, Reason, Receiver, Remedy, WantedLine
from bot.shop.words.errors import CannotDeliver, OutOfStock, PriceChanged, RefundChanged
from tests.shop.conftest import House

HOME = Receiver(name="王小山", phone="13900002222", address="浙江省杭州市西湖区文三路1号")
FAR = Receiver(address="新疆乌鲁木齐市天山区1号")
ME = Access(buyer_id="visitor:7")
LULU = Access(buyer_id="buyer-lulu")
SIGNED = "6802000000000501"  # Lulu's, signed for within the seven days


async def _placed(house: House) -> str:
    boot = WantedLine(product_id="boot-qiyun", colour="黑色", size="41")
    order = await house.shop.place_order(
        [boot], buyer_id="visitor:7", receiver=HOME, note="", request_id="p1"
    )
    return order.number


def _wanted(quantity: int) -> WantedLine:
    return WantedLine(product_id="boot-qiyun", colour="", size="42", quantity=quantity)


async def test_another_receiver_can_be_quoted_and_nothing_is_changed(any_house: House) -> None:
    number = await _placed(any_house)
    before = await any_house.shop.order(number, ME)
    quoted = await any_house.shop.quote_receiver(number, ME, FAR)
    assert (quoted.receiver.address, quoted.postage_fen) == (FAR.address, 1000)
    assert await any_house.shop.order(number, ME) == before
    changed = await any_house.shop.change_receiver(
        number, ME, FAR, expected_total_fen=quoted.total_fen, request_id="r"
    )
    assert changed == quoted


async def test_another_receiver_at_another_sum_is_refused(any_house: House) -> None:
    number = await _placed(any_house)
    before = await any_house.shop.order(number, ME)
    assert before is not None
    with pytest.raises(PriceChanged) as caught:
        await any_house.shop.change_receiver(
            number, ME, FAR, expected_total_fen=before.total_fen, request_id="r"
        )
    assert caught.value.total_fen == before.total_fen + 1000
    assert await any_house.shop.order(number, ME) == before


async def test_a_place_where_nobody_delivers_is_told_with_the_quote(any_house: House) -> None:
    number = await _placed(any_house)
    with pytest.raises(CannotDeliver):
        await any_house.shop.quote_receiver(number, ME, Receiver(address="香港特别行政区中环1号"))


async def test_another_line_can_be_quoted_and_nothing_is_changed(any_house: House) -> None:
    number = await _placed(any_house)
    before = await any_house.shop.order(number, ME)
    product = await any_house.shop.product("boot-qiyun")
    quoted = await any_house.shop.quote_line(number, ME, "1", _wanted(2))
    assert (quoted.lines[0].size, quoted.lines[0].quantity) == ("42", 2)
    assert await any_house.shop.order(number, ME) == before
    assert await any_house.shop.product("boot-qiyun") == product  # no piece is held by a quote
    changed = await any_house.shop.change_line(
        number, ME, "1", _wanted(2), expected_total_fen=quoted.total_fen, request_id="l"
    )
    assert changed == quoted


async def test_another_line_at_another_sum_is_refused_and_holds_nothing(any_house: House) -> None:
    number = await _placed(any_house)
    before = await any_house.shop.order(number, ME)
    product = await any_house.shop.product("boot-qiyun")
    assert before is not None
    with pytest.raises(PriceChanged):
        await any_house.shop.change_line(
            number, ME, "1", _wanted(2), expected_total_fen=before.total_fen, request_id="l"
        )
    assert await any_house.shop.order(number, ME) == before
    assert await any_house.shop.product("boot-qiyun") == product


async def test_more_than_there_is_cannot_be_quoted(any_house: House) -> None:
    number = await _placed(any_house)
    with pytest.raises(OutOfStock):
        await any_house.shop.quote_line(number, ME, "1", _wanted(400))


async def test_a_cancellation_that_gives_back_another_sum_is_refused(any_house: House) -> None:
    number = await _placed(any_house)
    paid = await any_house.shop.pay_order(number, ME, request_id="pay")
    with pytest.raises(RefundChanged) as caught:  # shown before it was paid: nothing to give back
        await any_house.shop.cancel_order(
            number, ME, reason="", expected_refund_fen=0, request_id="c"
        )
    assert caught.value.refund_fen == paid.total_fen
    still = await any_house.shop.order(number, ME)
    assert still is not None and still.status is OrderStatus.PAID
    gone = await any_house.shop.cancel_order(
        number, ME, reason="", expected_refund_fen=paid.total_fen, request_id="c"
    )
    assert gone.status is OrderStatus.CANCELLED


async def test_terms_tell_what_each_remedy_gives_back(any_house: House) -> None:
    terms = await any_house.shop.return_terms(SIGNED, LULU, "1", reason=Reason.SIZE)
    refund = terms.refund_fen(Remedy.REFUND)
    assert terms.refund_fen(Remedy.EXCHANGE) == 0 and refund
    assert terms.refund_fen(Remedy.RESEND) is None
    case = await any_house.shop.open_return(
        SIGNED, LULU, "1", reason=Reason.SIZE, remedy=Remedy.REFUND, photos=(), wanted="",
        expected_refund_fen=refund, request_id="o",
    )  # fmt: skip
    assert case.refund_fen == refund


async def test_a_return_at_another_sum_is_refused(any_house: House) -> None:
    with pytest.raises(RefundChanged):
        await any_house.shop.open_return(
            SIGNED, LULU, "1", reason=Reason.SIZE, remedy=Remedy.REFUND, photos=(), wanted="",
            expected_refund_fen=1, request_id="o",
        )  # fmt: skip
    assert SIGNED not in {c.order_number for c in await any_house.shop.returns_of("buyer-lulu")}
