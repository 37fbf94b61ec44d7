"""What is asked after an order is answered from that order, and then comes one next step."""

from __future__ import annotations

import re
from collections.abc import Callable

import actions.orders.invoice_questions  # noqa: F401  # what looks first registers itself
from actions.after_order.cancelling import OfferCancel
from actions.after_order.refunds import TellRefund
from actions.after_order.returns import StartReturn
from actions.answering.plain import AnswerPlainly
from actions.answering.talking import Farewell
from actions.choosing.warranty import TellWarranty
from actions.deciding.informing import Acknowledge
from actions.delivery.areas import TellDeliveryArea
from actions.delivery.postage import TellPostage
from actions.delivery.shipping import TellDeliveryTime, TellShipTime
from actions.goods.promotions import TellPrice, TellPromotions
from actions.returns.return_policy import TellReturnPolicy
from actions.returns.withdrawing import WithdrawReturn
from bot.shop.words.dealing import ReturnStatus
from tests.support.talk import Talk

TalkOf = Callable[[str | None], Talk]
UNDER_WAY, PACKED = "6802000000000401", "6802000000000204"  # of buyer-lulu


def _about(talk: Talk, intent: str) -> None:
    """The wish of the line before."""
    talk.slots["matter"] = {"intent": intent, "text": "", "values": {}}


# -- when it comes, where it is


async def test_sent_already_is_no_promise_for_new_orders(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-jimo").hears(TellShipTime(), "ask_ship_time", "发货了吗")
    assert "parcel" in heard.cards and "utter_ship_time" not in heard.replies


async def test_days_are_reckoned_from_when_the_own_order_leaves(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-laoqi")
    talk.slots["order_in_talk"] = await _number_in(talk, "paid")
    heard = await talk.hears(TellDeliveryTime(), "ask_delivery_time", "几天到")
    assert heard.replies == ["utter_own_delivery_days"] and heard.values["earliest"]


async def test_a_place_named_is_no_own_order(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-tangyuan").hears(
        TellDeliveryTime(), "ask_delivery_time", "到成都几天", region="四川省成都市"
    )
    assert heard.replies == ["utter_delivery_days"]


async def test_the_door_of_a_parcel_under_way_is_the_couriers(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-jimo").hears(
        TellDeliveryArea(), "ask_delivery_area", "能送到北门吗", cue="to_the_door"
    )
    assert heard.replies == ["utter_door_of_parcel"] and heard.values["phone"]


async def test_when_an_invoice_comes_depends_on_what_is_registered(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-xiaoman")
    talk.label = "faq/ask_invoice.when"
    heard = await talk.hears(AnswerPlainly(), "faq", "多久能开好")
    assert heard.replies == ["utter_invoice_not_registered"]


# -- what goes back


async def test_postage_behind_a_defect_is_the_way_backs(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-xinyue")
    _about(talk, "report_defect")
    heard = await talk.hears(TellPostage(), "ask_postage", "运费怎么算")
    assert heard.replies == ["utter_policy_postage"]


async def test_postage_of_goods_to_buy_stays_what_it_is(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-xinyue")
    _about(talk, "ask_product")
    heard = await talk.hears(TellPostage(), "ask_postage", "运费怎么算")
    assert "utter_policy_postage" not in heard.replies


async def test_the_price_behind_a_defect_is_the_repairs(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-xinyue")
    _about(talk, "report_defect")
    heard = await talk.hears(TellPrice(), "ask_price", "多少钱")
    assert heard.replies == ["utter_faq/ask_warranty.cost"]


async def test_how_to_return_depends_on_where_the_order_is(talk_of: TalkOf) -> None:
    under_way, received = talk_of("buyer-laoqi"), talk_of("buyer-xiaoman")
    for talk in (under_way, received):
        talk.label = "faq/return_policy.how"
    under_way.slots["order_in_talk"] = await _number_in(under_way, "shipped")
    received.slots["order_in_talk"] = await _number_in(received, "delivered")
    assert (await under_way.hears(AnswerPlainly(), "faq")).replies == ["utter_how_to_refuse"]
    heard = await received.hears(AnswerPlainly(), "faq")
    assert heard.replies[0] in ("utter_how_to_send_back", "utter_exchange_goods_sent")


async def test_the_rules_for_what_is_under_way_are_how_to_refuse_it(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-laoqi")
    talk.slots["order_in_talk"] = await _number_in(talk, "shipped")
    heard = await talk.hears(TellReturnPolicy(), "return_policy", "能退吗")
    assert heard.replies and "utter_policy" not in heard.replies


async def test_no_refund_is_said_with_the_parcels_state(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-lulu").hears(
        TellRefund(), "refund_status", "显示退回了吗", order_number=UNDER_WAY
    )
    assert heard.replies[0] == "utter_no_refund_but_parcel" and "parcel" in heard.cards


# -- an open return is taken back


async def test_an_open_return_is_withdrawn_after_one_question(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-anna")
    asked = await talk.hears(OfferCancel(), "cancel_order", "取消退货", cue="cancel_change")
    assert asked.replies == ["utter_ask_withdraw"] and asked.cards == ["return"]
    assert talk.slots["open_question"] == "withdraw_it"
    done = await talk.hears(WithdrawReturn(), "affirm", "对")
    assert done.replies == ["utter_withdrawn"]
    cases = await talk.shop.returns_of("buyer-anna")
    assert cases[0].status is ReturnStatus.WITHDRAWN


async def test_a_yes_without_the_question_withdraws_nothing(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-anna")
    heard = await talk.hears(WithdrawReturn(), "affirm", "对")
    assert heard.replies == ["utter_ask_withdraw"]
    assert (await talk.shop.returns_of("buyer-anna"))[0].status is ReturnStatus.OPENED


async def test_without_an_open_return_there_is_nothing_to_withdraw(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-jimo").hears(Acknowledge(), "deny", "不退了", cue="cancel_change")
    assert heard.replies == ["utter_no_problem"]


# -- stopping a parcel


async def test_a_parcel_to_be_stopped_goes_to_a_person_at_once(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-lulu").hears(
        OfferCancel(), "cancel_order", "拦截下", cue="intercept", order_number=UNDER_WAY
    )
    assert heard.replies[0] == "utter_intercepting" and heard.handed_over
    assert UNDER_WAY in heard.handed_over["note"]


async def test_too_late_to_cancel_names_the_ways_first(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-lulu").hears(
        OfferCancel(), "cancel_order", "取消吧", order_number=UNDER_WAY
    )
    assert heard.replies == ["utter_cancel_too_late"] and not heard.handed_over


# -- what was promised and is not there


async def test_what_should_have_been_in_it_is_missing(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-xinyue").hears(
        TellPromotions(), "ask_promotion", "送的小样怎么没有啊", cue="missing"
    )
    assert heard.replies[0] == "utter_wrong_item_sorry"


async def test_to_be_sent_again_is_no_exchange(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-xinyue")
    await talk.hears(StartReturn(), "exchange_request", "给我补寄一个", remedy="resend")
    assert talk.slots["return_reason"] == "wrong_item"
    assert talk.slots["return_remedy"] == "resend"


# -- warranty, leaving


async def test_the_warranty_is_told_to_its_day(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-xinyue").hears(
        TellWarranty(), "ask_warranty", "保修多久", product="jacket-guanyun-w"
    )
    assert heard.replies[0] == "utter_warranty_own"
    assert re.fullmatch(r"\d{4}年\d+月\d+日", heard.values["until"])


async def test_what_was_never_bought_has_months_and_no_day(talk_of: TalkOf) -> None:
    heard = await talk_of("buyer-jimo").hears(
        TellWarranty(), "ask_warranty", "保修多久", product="tent-xingye"
    )
    assert "utter_warranty_own" not in heard.replies and heard.replies


async def test_who_waits_for_an_order_is_not_told_to_come_again(talk_of: TalkOf) -> None:
    talk = talk_of("buyer-tangyuan")
    _about(talk, "ask_ship_time")
    assert (await talk.hears(Farewell(), "goodbye", "没了")).replies == ["utter_farewell_served"]


async def _number_in(talk: Talk, status: str) -> str:
    orders = await talk.shop.orders_of(talk.buyer_id or "", limit=10)
    return next(order.number for order in orders if order.status.value == status)
