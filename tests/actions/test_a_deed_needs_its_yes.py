"""No deed without a yes to the very thing that was shown, whatever the form or the shop did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from actions.after_order import change_form
from actions.after_order.addresses import AskAddressConfirmed, FinishAddress, ReadAddress
from actions.after_order.cancelling import CancelOrder, OfferCancel
from actions.after_order.change_form import AskChangeConfirmed, FinishChange, ReadChange
from actions.after_order.invoices import AskInvoice, AskInvoiceConfirmed, FinishInvoice, ReadInvoice
from actions.after_order.order_changes import ChangeOrder
from actions.after_order.order_notes import AddOfferedNote, NoteOrder
from actions.after_order.returns import StartReturn
from actions.frame.agreed import shown_in
from actions.frame.chat import Chat
from actions.ordering.order_questions import AskConfirmed
from actions.ordering.ordering import ValidateOrderForm
from actions.ordering.placing import PlaceOrder
from actions.orders import return_road
from actions.returns.return_form import FinishReturn, ReadReturn
from actions.returns.return_questions import AskReturnConfirmed, AskReturnRemedy
from bot.shop.words.dealing import Access, OrderStatus, Receiver
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
    assert heard.replies == ["utter_ask_cancel_paid"]
    talk.clock.forward(timedelta(hours=13))
    heard = await talk.hears(CancelOrder(), "affirm", "对")
    assert heard.replies == ["utter_ask_cancel_paid"]  # too long ago: it is shown again
    heard = await talk.hears(CancelOrder(), "affirm", "对")
    assert heard.replies == ["utter_cancelled_refund"]
    assert (await talk.hears(CancelOrder(), "affirm", "对")).replies == ["utter_nothing_to_cancel"]


async def _changed_line(talk: Talk) -> None:
    talk.buyer_id = "buyer-ahe"
    heard = await talk.hears(ChangeOrder(), "change_order", "帮我改成37码", size="37")
    assert heard.goes_on_with == "change_form"
    heard = await talk.hears(AskChangeConfirmed(), "change_order", form="change_form")
    assert (heard.cards, heard.replies) == (["order"], ["utter_change_right"])
    talk.slots["requested_slot"] = "change_confirmed"


async def _size(talk: Talk) -> str:
    return (await talk.shop.orders_of("buyer-ahe"))[0].lines[0].size


async def test_a_line_is_changed_on_a_yes_and_not_before(talk: Talk) -> None:
    await _changed_line(talk)
    assert (await talk.hears(FinishChange(), "inform")).goes_on_with == "change_form"
    assert await _size(talk) != "37"
    await talk.hears(ReadChange(), "affirm", "对", form="change_form")
    heard = await talk.hears(FinishChange(), "affirm", "对")
    assert heard.replies == ["utter_order_changed"]
    assert await _size(talk) == "37"


async def test_a_size_that_is_not_had_is_no_yes_to_the_one_that_was_shown(talk: Talk) -> None:
    await _changed_line(talk)
    heard = await talk.hears(ReadChange(), "inform", "46码", form="change_form", size="46")
    assert heard.replies == ["utter_change_no_such"]
    assert talk.slots.get("change_confirmed") is None
    await talk.hears(ReadChange(), "inform", "那就37", form="change_form", size="37")
    assert talk.slots["change_confirmed"] is not None


async def test_a_line_at_another_sum_is_shown_again(talk: Talk) -> None:
    await _changed_line(talk)
    await talk.hears(ReadChange(), "affirm", "对", form="change_form")
    talk.slots["change_shown"] = {**talk.slots["change_shown"], "total_fen": 1}
    heard = await talk.hears(FinishChange(), "affirm", "对")
    assert heard.replies == ["utter_sum_changed", "utter_change_right"]
    assert await _size(talk) != "37"


async def test_an_address_at_another_sum_is_read_back_again(talk: Talk) -> None:
    await _address_asked(talk)
    await talk.hears(AskAddressConfirmed(), "inform", form="address_form")
    await talk.hears(ReadAddress(), "affirm", "对", form="address_form")
    talk.slots["address_shown"] = {**talk.slots["address_shown"], "total_fen": 1}
    heard = await talk.hears(FinishAddress(), "affirm", "对")
    assert heard.replies == ["utter_sum_changed", "utter_address_right"]
    assert await _phone(talk) != "13900002222"


async def test_a_receiver_that_was_changed_elsewhere_is_read_back_again(talk: Talk) -> None:
    number = await _address_asked(talk)
    await talk.hears(AskAddressConfirmed(), "inform", form="address_form")
    await talk.shop.change_receiver(
        number, Access(buyer_id="buyer-tangyuan"), Receiver(name="汤小圆"), request_id="other-tab"
    )
    await talk.hears(ReadAddress(), "affirm", "对", form="address_form")
    assert talk.slots.get("address_confirmed") is None


async def test_a_cancellation_that_gives_back_another_sum_is_asked_about_again(talk: Talk) -> None:
    talk.buyer_id = "buyer-tangyuan"
    await talk.hears(OfferCancel(), "cancel_order", "取消订单")
    talk.slots["cancel_shown"] = {**talk.slots["cancel_shown"], "total_fen": 0}
    heard = await talk.hears(CancelOrder(), "affirm", "对")
    assert heard.replies == ["utter_refund_changed", "utter_ask_cancel_paid"]
    heard = await talk.hears(CancelOrder(), "affirm", "对")
    assert heard.replies == ["utter_cancelled_refund"]


async def test_a_wish_to_cancel_another_order_is_no_yes_to_the_one_that_was_shown(
    talk: Talk,
) -> None:
    talk.buyer_id = "buyer-lulu"
    shown, other = "6802000000000204", "6802000000000203"
    await talk.hears(OfferCancel(), "cancel_order", "取消订单", order_number=shown)
    assert talk.slots["cancel_shown"]["what"] == shown
    await talk.hears(CancelOrder(), "cancel_order", "取消另一单", order_number=other)
    order = await talk.shop.order(shown, Access(buyer_id="buyer-lulu"))
    assert order is not None and order.status is OrderStatus.PAID


async def _return_asked(talk: Talk) -> None:
    talk.buyer_id = "buyer-xiaoman"
    await talk.hears(StartReturn(), "return_request", "我要退货", return_reason="no_reason")
    heard = await talk.hears(AskReturnRemedy(), "return_request", form="return_form")
    assert heard.buttons == ["退货退款 299元", "换货"]
    talk.slots["requested_slot"] = "return_remedy"


async def _cases(talk: Talk) -> int:
    return len(await talk.shop.returns_of("buyer-xiaoman"))


async def test_a_return_in_words_is_read_back_before_it_is_opened(talk: Talk) -> None:
    await _return_asked(talk)
    before = await _cases(talk)
    await talk.hears(ReadReturn(), "return_request", "退款吧", form="return_form")
    assert talk.slots["requested_slot"] == "return_confirmed"
    assert (await talk.hears(FinishReturn(), "inform")).goes_on_with == "return_form"
    heard = await talk.hears(AskReturnConfirmed(), "inform", form="return_form")
    assert heard.replies == ["utter_return_right_refund"]
    assert (heard.values["refund"], await _cases(talk)) == ("299元", before)
    await talk.hears(ReadReturn(), "affirm", "对", form="return_form")
    heard = await talk.hears(FinishReturn(), "affirm", "对")
    assert heard.replies[0] == "utter_return_opened_refund"
    assert await _cases(talk) == before + 1


@pytest.mark.parametrize(
    ("money", "hours", "is_yes"), [(29900, 0, True), (100, 0, False), (29900, 13, False)]
)
async def test_a_remedys_button_is_a_yes_while_its_sum_is_right_and_it_is_fresh(
    talk: Talk, money: int, hours: int, is_yes: bool
) -> None:
    await _return_asked(talk)
    talk.clock.forward(timedelta(hours=hours))
    pressed = {"remedy": "refund", "money": money}
    await talk.presses(ReadReturn(), "inform", "退货退款", form="return_form", **pressed)
    assert (talk.slots["requested_slot"] is None) is is_yes


async def test_the_same_words_as_on_a_button_are_no_press(talk: Talk) -> None:
    await _return_asked(talk)
    text = "退货退款 299元"
    await talk.hears(ReadReturn(), "inform", text, form="return_form", remedy="refund", money=29900)
    assert talk.slots["requested_slot"] == "return_confirmed"


async def test_a_return_that_gives_back_another_sum_is_read_back_again(talk: Talk) -> None:
    await _return_asked(talk)
    before = await _cases(talk)
    pressed = {"remedy": "refund", "money": 29900}
    await talk.presses(ReadReturn(), "inform", "退货退款", form="return_form", **pressed)
    talk.slots["return_shown"] = {**talk.slots["return_shown"], "total_fen": 1}
    heard = await talk.hears(FinishReturn(), "inform")
    assert heard.replies == ["utter_refund_changed", "utter_return_right_refund"]
    assert await _cases(talk) == before


async def test_a_note_is_written_on_a_yes_to_it_and_to_this_order(talk: Talk) -> None:
    talk.buyer_id = "buyer-tangyuan"

    async def note() -> str:
        return (await talk.shop.orders_of("buyer-tangyuan"))[0].note

    heard = await talk.hears(NoteOrder(), "order_note", "包装好一点")
    assert (heard.replies, await note()) == (["utter_ask_note"], "")
    talk.clock.forward(timedelta(hours=13))
    heard = await talk.hears(AddOfferedNote(), "affirm", "好的")
    assert (heard.replies, await note()) == (["utter_ask_note"], "")
    number = (await talk.shop.orders_of("buyer-tangyuan"))[0].number
    old = {"order_number": number, "said": "放门口"}
    heard = await talk.presses(NoteOrder(), "order_note", "对，备注上", **old)
    assert (heard.replies, await note()) == (["utter_ask_note"], "")  # another note: asked about
    heard = await talk.presses(NoteOrder(), "order_note", "对，备注上", **old)
    assert (heard.replies, await note()) == (["utter_note_added"], "放门口")


async def test_an_invoice_is_registered_on_a_yes_to_its_title(talk: Talk) -> None:
    talk.buyer_id = "buyer-laoqi"
    await talk.hears(AskInvoice(), "ask_invoice", "开发票", email="a@b.cn")
    talk.slots |= {"invoice_title": "个人", "invoice_tax_number": ""}
    assert (await talk.hears(FinishInvoice(), "inform")).goes_on_with == "invoice_form"
    heard = await talk.hears(AskInvoiceConfirmed(), "inform", form="invoice_form")
    assert heard.replies == ["utter_invoice_right"]
    talk.slots["requested_slot"] = "invoice_confirmed"
    await talk.hears(ReadInvoice(), "affirm", "对", form="invoice_form")
    talk.slots["invoice_title"] = "别的公司"
    assert (await talk.hears(FinishInvoice(), "affirm")).goes_on_with == "invoice_form"
    talk.slots["invoice_title"] = "个人"
    assert (await talk.hears(FinishInvoice(), "affirm")).replies == ["utter_invoice_requested"]


async def test_without_the_look_at_its_yes_a_finished_form_would_do_the_deed(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the tests above and of tests/conversations/test_flaky_shop.py."""

    def whatever_was_shown(chat: Chat, shown_slot: str, _agreed_slot: str, _what: str) -> Any:
        return shown_in(chat, shown_slot)

    for module in (change_form, return_road):
        monkeypatch.setattr(module, "agreed_to", whatever_was_shown)
    await _changed_line(talk)
    await talk.hears(FinishChange(), "deny", "先不改")
    assert await _size(talk) == "37"
    talk.slots.clear()
    await _return_asked(talk)
    before = await _cases(talk)
    talk.slots |= {"return_remedy": "refund"}
    talk.slots["return_shown"] = {**talk.slots["return_shown"], "total_fen": 29900}
    await talk.hears(FinishReturn(), "deny", "先不退")
    assert await _cases(talk) == before + 1
