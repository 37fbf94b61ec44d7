"""No deed without a yes to the very thing that was shown, whatever the form or the shop did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from actions.addresses import AskAddressConfirmed, FinishAddress, ReadAddress
from actions.cancelling import CancelOrder, OfferCancel
from actions.order_questions import AskConfirmed
from actions.ordering import ValidateOrderForm
from actions.placing import PlaceOrder
from tests.support.flaky import FlakyShop
from tests.support.talk import Heard, Talk


@pytest.fixture
def talk(talk_of: Callable[..., Talk]) -> Talk:
    return talk_of(None)


DRAFT = {
    "order_product": "tee-sugan",
    "order_quantity": 1,
    "order_name": "王芳",
    "order_phone": "13800138000",
    "order_address": "浙江省杭州市西湖区文三路1号",
    "requested_slot": "order_confirmed",
}


async def _draft(talk: Talk) -> None:
    product = await talk.shop.product("tee-sugan")
    assert product is not None
    sku = next(sku for sku in product.skus if sku.stock)
    talk.slots |= {**DRAFT, "order_colour": sku.colour, "order_size": sku.size}


async def _shown(talk: Talk) -> None:
    await _draft(talk)
    heard = await talk.hears(AskConfirmed(), "inform", form="order_form")
    assert heard.replies == ["utter_ask_order_confirmed"]


async def _yes(talk: Talk) -> Heard:
    return await talk.hears(ValidateOrderForm(), "affirm", "对", form="order_form")


async def _orders(talk: Talk) -> int:
    return len(await talk.shop.orders_of("visitor:t"))


async def test_an_order_that_nobody_confirmed_is_asked_about_and_not_placed(talk: Talk) -> None:
    await _shown(talk)
    heard = await talk.hears(PlaceOrder(), "deny", "先不要了")
    assert heard.goes_on_with == "order_form"
    assert await _orders(talk) == 0


async def test_a_confirmed_order_is_placed(talk: Talk) -> None:
    await _shown(talk)
    await _yes(talk)
    heard = await talk.hears(PlaceOrder(), "affirm", "对")
    assert "utter_order_placed" in heard.replies
    assert await _orders(talk) == 1


async def test_a_yes_to_another_draft_than_was_shown_is_none(talk: Talk) -> None:
    await _shown(talk)
    await _yes(talk)
    talk.slots["order_quantity"] = 2
    heard = await talk.hears(PlaceOrder(), "affirm", "对")
    assert heard.goes_on_with == "order_form"
    assert await _orders(talk) == 0


async def test_another_price_by_now_is_shown_and_asked_about_again(talk: Talk) -> None:
    await _shown(talk)
    await _yes(talk)
    talk.slots["order_shown"] = {**talk.slots["order_shown"], "total_fen": 1}
    heard = await talk.hears(PlaceOrder(), "affirm", "对")
    assert heard.replies == ["utter_price_changed", "utter_ask_order_confirmed"]
    assert heard.cards == ["order"]
    assert await _orders(talk) == 0
    await _yes(talk)
    await talk.hears(PlaceOrder(), "affirm", "对")
    assert await _orders(talk) == 1


async def test_a_yes_the_next_day_gets_the_summary_again(talk: Talk) -> None:
    await _shown(talk)
    talk.clock.forward(timedelta(hours=13))
    await _yes(talk)
    assert talk.slots.get("order_confirmed") is None
    assert talk.slots["order_shown"] is None  # so that it is shown whole


async def test_a_yes_after_lunch_counts(talk: Talk) -> None:
    await _shown(talk)
    talk.clock.forward(timedelta(hours=3))
    await _yes(talk)
    assert talk.slots["order_confirmed"] is not None


async def test_the_same_yes_twice_orders_once(talk: Talk) -> None:
    await _shown(talk)
    await _yes(talk)
    before = dict(talk.slots)
    await talk.hears(PlaceOrder(), "affirm", "对")
    talk.slots = before  # the turn was lost after its deed
    heard = await talk.hears(PlaceOrder(), "affirm", "对")
    assert "utter_order_placed" in heard.replies
    assert await _orders(talk) == 1


async def test_a_question_that_cannot_be_put_leaves_the_form_open(talk: Talk) -> None:
    await _draft(talk)
    really = talk.shop
    talk.shop = flaky = FlakyShop(really)  # type: ignore[assignment]  # verbs by __getattr__
    flaky.fail_at(1)
    heard = await talk.hears(AskConfirmed(), "inform", form="order_form")
    assert heard.replies == ["utter_shop_hiccup"]
    assert heard.handed_over is None
    assert talk.slots["requested_slot"] == "order_confirmed"
    flaky.fail_at(1)
    heard = await talk.hears(AskConfirmed(), "inform", form="order_form")
    assert heard.handed_over is not None
    talk.shop = really
    assert (await talk.hears(PlaceOrder(), "inform")).replies == []
    assert await _orders(talk) == 0


async def _address_asked(talk: Talk) -> str:
    talk.buyer_id = "buyer-tangyuan"
    number = (await talk.shop.orders_of("buyer-tangyuan"))[0].number
    new = {"phone": "13900002222"}
    asked = {"requested_slot": "address_confirmed"}
    talk.slots |= {"address_order": number, "address_new": new, **asked}
    return number


async def _phone(talk: Talk) -> str:
    return (await talk.shop.orders_of("buyer-tangyuan"))[0].receiver.phone


async def test_an_address_that_nobody_confirmed_is_not_changed(talk: Talk) -> None:
    await _address_asked(talk)
    await talk.hears(AskAddressConfirmed(), "inform", form="address_form")
    heard = await talk.hears(FinishAddress(), "inform")
    assert heard.goes_on_with == "address_form"
    assert await _phone(talk) != "13900002222"


async def test_a_yes_to_an_address_that_was_never_read_back_is_none(talk: Talk) -> None:
    await _address_asked(talk)
    await talk.hears(ReadAddress(), "affirm", "对", form="address_form")
    assert talk.slots.get("address_confirmed") is None


async def test_a_confirmed_address_is_changed(talk: Talk) -> None:
    await _address_asked(talk)
    await talk.hears(AskAddressConfirmed(), "inform", form="address_form")
    await talk.hears(ReadAddress(), "affirm", "对", form="address_form")
    heard = await talk.hears(FinishAddress(), "affirm", "对")
    assert heard.replies == ["utter_address_changed"]
    assert await _phone(talk) == "13900002222"


async def test_a_yes_to_cancelling_is_bound_to_the_order_that_was_shown(talk: Talk) -> None:
    talk.buyer_id = "buyer-tangyuan"
    heard = await talk.hears(OfferCancel(), "cancel_order", "取消订单")
    assert heard.replies == ["utter_ask_cancel"]
    talk.clock.forward(timedelta(hours=13))
    heard = await talk.hears(CancelOrder(), "affirm", "对")
    assert heard.replies == ["utter_ask_cancel"]  # too long ago: it is shown again
    heard = await talk.hears(CancelOrder(), "affirm", "对")
    assert heard.replies == ["utter_cancelled_refund"]
    assert (await talk.hears(CancelOrder(), "affirm", "对")).replies == ["utter_nothing_to_cancel"]
