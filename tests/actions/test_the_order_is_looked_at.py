"""How the buyer's order stands decides the answer, not the words alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from actions.after_order.invoices import (
    AskInvoice,
    AskInvoiceConfirmed,
    ChangeInvoice,
    FinishInvoice,
    ReadInvoice,
)
from actions.after_order.order_notes import AddOfferedNote
from actions.after_order.parcels import AskAround, SearchParcel, TrackParcel
from actions.after_order.refunds import TellRefund
from actions.after_order.returns import StartReturn
from actions.delivery.areas import TellDeliveryArea
from actions.delivery.couriers import TellCourier
from actions.goods.promotions import TellPromotions
from actions.orders.order_status import TellOrderStatus
from actions.returns.return_policy import TellReturnPolicy
from bot.shop.embedded.backoffice import BackOffice
from bot.shop.words.dealing import Access, Order, ParcelEvent
from tests.support.house import Clock
from tests.support.talk import Talk

TalkOf = Callable[[str | None], Talk]
ON_ITS_WAY = "6802000000000401"  # of buyer-lulu


async def _refused(office: BackOffice, clock: Clock) -> None:
    event = ParcelEvent(at=clock() - timedelta(hours=1), text="收件人拒收，原路返回", place="杭州")
    await office.record_parcel_event(ON_ITS_WAY, event)


async def _order(talk: Talk, number: str) -> Order:
    order = await talk.shop.order(number, Access(buyer_id=talk.buyer_id))
    assert order is not None
    return order


# -- what comes back already


async def test_a_refused_parcel_needs_no_application(
    talk_of: TalkOf, office: BackOffice, shop_clock: Clock
) -> None:
    await _refused(office, shop_clock)
    heard = await talk_of("buyer-lulu").hears(
        TellRefund(), "refund_status", "退款办好没", order_number=ON_ITS_WAY
    )
    assert heard.replies == ["utter_parcel_returning_no_need_to_apply"]
    assert "拒收" in heard.values["last"]


async def test_a_refused_parcel_begins_no_second_return(
    talk_of: TalkOf, office: BackOffice, shop_clock: Clock
) -> None:
    await _refused(office, shop_clock)
    talk = talk_of("buyer-lulu")
    heard = await talk.hears(StartReturn(), "return_request", "退货", order_number=ON_ITS_WAY)
    assert heard.replies == ["utter_parcel_returning_no_need_to_apply"]
    assert heard.goes_on_with is None


async def test_an_open_case_is_what_happens_to_its_order(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-anna").hears(
        TellOrderStatus(), "order_status", "我那单怎么样了", order_number="6802000000000804"
    )
    assert heard.cards == ["return"] and heard.replies == ["utter_return_waits_for_goods"]


# -- refund_status, whatever its words


async def test_words_without_money_still_ask_for_the_case(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-anna").hears(TellRefund(), "refund_status", "审核还要多长时间")
    assert heard.cards == ["return"]


async def test_without_a_case_the_parcel_under_way_is_told(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-lulu").hears(
        TellRefund(), "refund_status", "那双什么时候能到", order_number=ON_ITS_WAY
    )
    assert heard.replies[0] == "utter_no_refund_but_parcel" and heard.cards == ["parcel"]


# -- a missing part


async def test_a_missing_gift_is_a_missing_part_and_no_campaign(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-xinyue").hears(
        TellPromotions(), "ask_promotion", "活动里的赠品没给我", return_reason="wrong_item"
    )
    assert heard.replies[0] == "utter_wrong_item_sorry" and "utter_promotion" not in heard.replies


async def test_before_anything_has_come_it_is_a_campaign(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-tangyuan-new").hears(
        TellPromotions(), "ask_promotion", "赠品没给我", return_reason="wrong_item"
    )
    assert "utter_wrong_item_sorry" not in heard.replies


# -- the parcel that was signed for


async def test_good_after_the_offer_to_look_is_no_finding(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-manman")
    await talk.hears(
        SearchParcel(), "parcel_not_received", "没收到", order_number="6802000000000504"
    )
    assert talk.slots["open_question"] == "ask_around"
    for _ in range(2):
        heard = await talk.hears(AskAround(), "affirm", "好的")
        assert heard.replies == ["utter_ask_around"]
        assert talk.slots["open_question"] == "parcel_found"
    found = await talk.hears(AskAround(), "affirm", "嗯 找到了", parcel_turned_up="yes")
    assert found.replies == ["utter_parcel_found"] and talk.slots["open_question"] is None


# -- numbers


@pytest.mark.parametrize("entity", ["order_number", "tracking_number"])
async def test_the_number_of_an_own_parcel_finds_it(talk_of: TalkOf, entity: str) -> None:
    named: dict[str, Any] = {entity: "75800000000401"}
    heard = await talk_of("buyer-lulu").hears(
        TrackParcel(), "track_parcel", "查下75800000000401", **named
    )
    assert heard.cards == ["parcel"] and "utter_order_unknown" not in heard.replies


async def test_anothers_parcel_is_not_found_by_its_number(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-lulu").hears(
        TrackParcel(), "track_parcel", "查下SF0000000000402", tracking_number="SF0000000000402"
    )
    assert heard.replies == ["utter_order_unknown"] and heard.cards == []


async def test_a_number_of_goods_is_no_order_number(talk_of: TalkOf) -> None:
    talk = talk_of(None)
    heard = await talk.hears(TrackParcel(), "track_parcel", "boot-qiyun", order_number="boot-qiyun")
    assert heard.replies == ["utter_number_is_goods"] and heard.goes_on_with is None


# -- the courier


async def test_a_courier_is_noted_only_after_a_yes(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-tangyuan")
    number = "6802000000000203"
    heard = await talk.hears(TellCourier(), "ask_courier", "能发圆通吗", courier="圆通")
    assert heard.replies == ["utter_courier_can_be_had"]
    assert "圆通" not in (await _order(talk, number)).note
    await talk.hears(AddOfferedNote(), "affirm", "好")
    assert "请发圆通" in (await _order(talk, number)).note


async def test_a_refused_courier_is_asked_about(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-tangyuan")
    heard = await talk.hears(TellCourier(), "ask_courier", "别发中通", courier_refused="中通")
    assert heard.replies == ["utter_courier_avoided"]
    assert talk.slots["order_note_offered"]["what"] == "6802000000000203|不要发中通"
    assert (await _order(talk, "6802000000000203")).note == ""


async def test_to_the_door_is_offered_as_a_note_where_there_is_an_order(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-tangyuan").hears(
        TellDeliveryArea(), "ask_delivery_area", "送货上门吗", cue="to_the_door"
    )
    assert heard.replies == ["utter_to_the_door_note"]


# -- part of a question


async def test_where_to_send_is_the_address_of_the_open_case(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-anna").hears(
        TellReturnPolicy(), "return_policy", "寄到哪里呀", cue="return_where"
    )
    assert heard.replies == ["utter_policy_where_case"] and "山行路" in heard.values["address"]


async def test_who_pays_is_answered_from_the_open_case(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-anna").hears(
        TellReturnPolicy(), "return_policy", "运费谁出", cue="postage"
    )
    assert heard.replies == ["utter_return_postage_buyer"]


# -- the courier's phone


async def test_the_courier_of_the_own_parcel_is_told_with_its_phone(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-lulu")
    parcel = (await _order(talk, ON_ITS_WAY)).parcel
    heard = await talk.hears(TrackParcel(), "track_parcel", "派件员电话给我", cue="courier_phone")
    assert parcel is not None and heard.replies == ["utter_courier_phone"]
    assert heard.values["phone"] == parcel.courier_phone != ""
    assert heard.values["number"] == parcel.tracking_number


# -- the invoice


async def test_who_wants_another_title_is_asked_for_it_at_once(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-heishi").hears(
        AskInvoice(),
        "ask_invoice",
        "抬头写错了",
        order_number="6802000000000202",
        cue="change_invoice",
    )
    assert heard.goes_on_with == "invoice_form" and heard.replies == []


async def test_a_registered_invoice_gets_the_title_that_is_sent(talk_of: TalkOf) -> None:
    talk, number = talk_of("buyer-heishi"), "6802000000000202"
    heard = await talk.hears(AskInvoice(), "ask_invoice", "发票抬头能改吗", order_number=number)
    assert heard.replies == ["utter_invoice_there"]
    assert talk.slots["open_question"] == "change_invoice"
    sent = await talk.hears(
        ChangeInvoice(),
        "inform",
        "厦门黑石越野有限公司 91350200MA2XDEMO2Y",
        company="厦门黑石越野有限公司",
        tax_number="91350200MA2XDEMO2Y",
    )
    assert sent.goes_on_with == "invoice_form"
    await talk.hears(
        ReadInvoice(), "inform", form="invoice_form", came_after="action_change_invoice"
    )
    assert talk.slots["requested_slot"] == "invoice_confirmed"  # the e-mail of before is kept
    asked = await talk.hears(AskInvoiceConfirmed(), "inform", form="invoice_form")
    assert asked.replies == ["utter_invoice_right_company_same_email"]
    await talk.hears(ReadInvoice(), "affirm", "对", form="invoice_form")
    done = await talk.hears(FinishInvoice(), "inform")
    assert done.replies == ["utter_invoice_changed"]
    assert (await _order(talk, number)).invoice_title == "厦门黑石越野有限公司"
