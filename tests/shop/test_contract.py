"""What every implementation of the port promises, on every database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.shop.words.dealing import (
    Access,
    Order,
    OrderStatus,
    Reason,
    Receiver,
    Remedy,
    ReturnStatus,
    Step,
    Verb,
    WantedLine,
)
from bot.shop.words.errors import (
    CannotDeliver,
    OutOfStock,
    PhotosMissing,
    PriceChanged,
    ReceiverIncomplete,
    UnknownCase,
    UnknownOrder,
    UnknownProduct,
    UnknownSku,
    WrongMoment,
)
from bot.shop.words.goods import Measurements, Product, ProductQuery, Sizing
from bot.shop.words.happening import HappeningKind
from tests.shop.conftest import House

HOME = Receiver(name="王小山", phone="13900002222", address="浙江省杭州市西湖区文三路1号")
BOOT = WantedLine(product_id="boot-qiyun", colour="黑色", size="41")
LULU = Access(buyer_id="buyer-lulu")


async def _place(house: House, *, buyer_id: str = "visitor:7", request_id: str = "p1") -> str:
    order = await house.shop.place_order(
        [BOOT], buyer_id=buyer_id, receiver=HOME, note="", request_id=request_id
    )
    return order.number


def _stock(product: Product | None) -> int:
    assert product is not None
    return next(sku.stock for sku in product.skus if sku.sku_id == "boot-qiyun/黑色/41")


async def test_catalogue_names_products_by_nickname(any_house: House) -> None:
    terms = await any_house.shop.catalogue_terms()
    assert ("栖云", "product", "boot-qiyun") in {(t.text, t.entity, t.value) for t in terms}
    assert await any_house.shop.catalogue_version()


async def test_an_everyday_word_names_the_only_kind_of_its_family(any_house: House) -> None:
    terms = {(t.text, t.entity, t.value) for t in await any_house.shop.catalogue_terms()}
    assert ("裤子", "kind", "徒步裤") in terms
    # 越野跑鞋, 溯溪鞋 and more: the word stays with the category.
    assert {entity for text, entity, _ in terms if text == "鞋子"} == {"category"}


async def test_product_shows_live_stock_and_restock_date(any_house: House) -> None:
    product = await any_house.shop.product("boot-qiyun")
    assert product is not None
    sku = next(s for s in product.skus if (s.colour, s.size) == ("黑色", "40"))
    assert (sku.stock, sku.restock_on) == (0, date(2026, 3, 24))


async def test_an_unknown_product_is_none(any_house: House) -> None:
    assert await any_house.shop.product("nothing/../at all") is None


async def test_recommends_at_most_two_with_a_reason(any_house: House) -> None:
    found = await any_house.shop.recommend(ProductQuery(suits="送礼", budget_fen=30000))
    assert len(found) == 2
    assert all(r.reason and r.product.price_fen <= 30000 for r in found)


async def test_size_advice_goes_by_the_products_own_chart(any_house: House) -> None:
    advice = await any_house.shop.size_advice("boot-qiyun", Measurements(foot_mm=246))
    assert (advice.outcome, advice.size) == (Sizing.ADVISED, "40")  # the chart is this shoe's own


async def test_size_advice_for_an_unknown_product_says_so(any_house: House) -> None:
    with pytest.raises(UnknownProduct):
        await any_house.shop.size_advice("nothing", Measurements())


async def test_promotions_over_and_to_come_are_not_shown(any_house: House) -> None:
    ids = {p.promotion_id for p in await any_house.shop.promotions()}
    assert "season-599-40" in ids
    assert not ids & {"summer-over", "snow-soon"}


async def test_a_campaign_price_goes_when_its_day_is_over(any_house: House) -> None:
    now = await any_house.shop.product("tee-sugan")
    any_house.clock.advance(days=2)
    later = await any_house.shop.product("tee-sugan")
    assert now and later
    assert (now.price_fen, now.list_price_fen, later.price_fen) == (9900, 11900, 11900)


async def test_coupons_are_public_or_the_buyers_own(any_house: House) -> None:
    public = {c.code for c in await any_house.shop.coupons()}
    laoqi = {c.code for c in await any_house.shop.coupons("buyer-laoqi")}
    assert "LAOYOU15" not in public and "XIATIAN20" not in public
    assert "LAOYOU15" in laoqi and public <= laoqi


async def test_postage_is_dearer_far_away_and_none_abroad(any_house: House) -> None:
    wanted = [WantedLine(product_id="mat-caodian", colour="", size="")]
    near = await any_house.shop.postage("杭州", wanted)
    far = await any_house.shop.postage("拉萨", wanted)
    abroad = await any_house.shop.postage("日本")
    assert near.is_free and near.region == "杭州"
    assert far.fee_fen == 4500 and far.heavy_extra_fen == 1500  # 1.3 kg, below 299
    assert not abroad.can_deliver


async def test_bargaining_goes_down_one_rung_a_try(any_house: House) -> None:
    steps = []
    for turn in range(6):
        offer = await any_house.shop.bargain(
            "boot-qiyun", buyer_id="v", quantity=1, ask_fen=None, request_id=f"r{turn}"
        )
        steps.append(offer.step)
    assert steps == [Step.VALUE, Step.GIFT, Step.PRICE, Step.PRICE, Step.PRICE, Step.LAST]
    assert await any_house.shop.standing_offer("boot-qiyun", buyer_id="other") is None


async def test_the_same_bargaining_request_goes_down_once(any_house: House) -> None:
    first, again = [
        await any_house.shop.bargain(
            "boot-qiyun", buyer_id="v", quantity=1, ask_fen=None, request_id="same"
        )
        for _ in range(2)
    ]
    assert first == again


async def test_a_bulk_quantity_is_for_a_person(any_house: House) -> None:
    offer = await any_house.shop.bargain(
        "boot-qiyun", buyer_id="v", quantity=50, ask_fen=30000, request_id="r"
    )
    assert (offer.step, offer.off_fen, offer.meets_ask) == (Step.BULK, 0, False)


async def test_shipping_promise_is_the_next_working_day_after_cutoff(any_house: House) -> None:
    today = await any_house.shop.shipping_promise()
    any_house.clock.advance(days=3, hours=7)  # Saturday 17:00
    assert today.ships_on == date(2026, 3, 18)
    assert (await any_house.shop.shipping_promise()).ships_on == date(2026, 3, 23)


async def test_what_is_learned_of_a_buyer_is_kept_and_forgotten(any_house: House) -> None:
    await any_house.shop.remember("visitor:1", {"shoe_size": "38", "fit": "loose"})
    await any_house.shop.remember("visitor:1", {"fit": ""})
    buyer = await any_house.shop.buyer("visitor:1")
    assert buyer is not None and buyer.attributes == (("shoe_size", "38"),)
    assert await any_house.shop.buyer("visitor:2") is None


async def test_a_known_buyer_comes_with_history(any_house: House) -> None:
    buyer = await any_house.shop.buyer("buyer-laoqi")
    assert buyer is not None
    assert buyer.orders_count == 6 and buyer.spent_fen > 0 and buyer.receiver.is_complete


async def test_a_quote_sums_up_and_stores_nothing(any_house: House) -> None:
    order = await any_house.shop.quote_order([BOOT], buyer_id="visitor:7", receiver=HOME)
    assert order.status is OrderStatus.DRAFT
    assert order.total_fen == order.goods_fen - order.off_fen + order.postage_fen
    assert not await any_house.shop.orders_of("visitor:7")


async def test_placing_reserves_stock_and_awaits_payment(any_house: House) -> None:
    before = await any_house.shop.product("boot-qiyun")
    number = await _place(any_house)
    after = await any_house.shop.product("boot-qiyun")
    [order] = await any_house.shop.orders_of("visitor:7")
    assert before and after
    stock = [
        next(s.stock for s in p.skus if s.sku_id == "boot-qiyun/黑色/41") for p in (before, after)
    ]
    assert stock[0] - stock[1] == 1
    assert (order.number, order.status) == (number, OrderStatus.AWAITING_PAYMENT)
    assert order.pays_until == any_house.clock.now + timedelta(minutes=30)  # a visitor's


async def test_placing_twice_with_one_request_makes_one_order(any_house: House) -> None:
    assert await _place(any_house) == await _place(any_house)
    assert len(await any_house.shop.orders_of("visitor:7")) == 1


async def test_an_order_keeps_the_bargained_price(any_house: House) -> None:
    for turn in range(6):
        offer = await any_house.shop.bargain(
            "boot-qiyun", buyer_id="visitor:7", quantity=1, ask_fen=None, request_id=f"r{turn}"
        )
    order = await any_house.shop.quote_order([BOOT], buyer_id="visitor:7", receiver=HOME)
    assert order.lines[0].unit_price_fen == offer.unit_price_fen < 46900
    assert order.gift == "羊毛徒步袜一双"


async def test_more_pieces_than_there_are_is_out_of_stock(any_house: House) -> None:
    wanted = WantedLine(product_id="boot-qiyun", colour="黑色", size="40")
    with pytest.raises(OutOfStock) as caught:
        await any_house.shop.quote_order([wanted], buyer_id="v", receiver=HOME)
    assert (caught.value.wanted, caught.value.left) == (wanted, 0)


async def test_a_size_never_made_is_an_unknown_sku(any_house: House) -> None:
    wanted = WantedLine(product_id="boot-qiyun", colour="黑色", size="52")
    with pytest.raises(UnknownSku):
        await any_house.shop.quote_order([wanted], buyer_id="v", receiver=HOME)


async def test_an_order_needs_a_whole_receiver(any_house: House) -> None:
    with pytest.raises(ReceiverIncomplete):
        await any_house.shop.place_order(
            [BOOT], buyer_id="v", receiver=Receiver(name="王"), note="", request_id="p"
        )


async def test_an_order_at_another_sum_than_agreed_is_refused_and_stores_nothing(
    any_house: House,
) -> None:
    shop = any_house.shop
    product = await shop.product("tee-sugan")
    assert product is not None
    sku = next(sku for sku in product.skus if sku.stock > 0)
    tee = WantedLine(product_id="tee-sugan", colour=sku.colour, size=sku.size)
    quote = await shop.quote_order([tee], buyer_id="v", receiver=HOME)
    any_house.clock.advance(days=2)  # its campaign is over: 99 yuan become 119
    with pytest.raises(PriceChanged) as caught:
        await shop.place_order(
            [tee],
            buyer_id="v",
            receiver=HOME,
            note="",
            expected_total_fen=quote.total_fen,
            request_id="p",
        )
    assert caught.value.total_fen == quote.total_fen + 2000
    assert not await shop.orders_of("v")
    placed = await shop.place_order(
        [tee],
        buyer_id="v",
        receiver=HOME,
        note="",
        expected_total_fen=caught.value.total_fen,
        request_id="p",
    )
    assert placed.total_fen == caught.value.total_fen


async def test_no_courier_goes_to_hong_kong(any_house: House) -> None:
    receiver = Receiver(name="陈", phone="13900002222", address="香港九龙")
    with pytest.raises(CannotDeliver) as caught:
        await any_house.shop.quote_order([BOOT], buyer_id="v", receiver=receiver)
    assert caught.value.region == "香港"


async def test_paying_moves_on_and_only_once(any_house: House) -> None:
    number = await _place(any_house)
    access = Access(buyer_id="visitor:7")
    paid = await any_house.shop.pay_order(number, access, request_id="pay")
    again = await any_house.shop.pay_order(number, access, request_id="pay")
    assert paid.status is OrderStatus.PAID and again == paid
    with pytest.raises(WrongMoment) as caught:
        await any_house.shop.pay_order(number, access, request_id="another")
    assert caught.value.status == "paid"


async def test_an_unpaid_order_closes_by_itself(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    any_house.clock.advance(hours=25)
    order = await any_house.shop.order(number, access)
    assert order is not None and order.status is OrderStatus.CLOSED
    with pytest.raises(WrongMoment):
        await any_house.shop.pay_order(number, access, request_id="late")


async def test_cancelling_sets_the_pieces_free(any_house: House) -> None:
    number = await _place(any_house)
    await any_house.shop.cancel_order(
        number, Access(buyer_id="visitor:7"), reason="拍错了", request_id="c"
    )
    assert _stock(await any_house.shop.product("boot-qiyun")) == 12


async def test_cancelling_a_paid_order_opens_its_refund(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    paid = await any_house.shop.pay_order(number, access, request_id="pay")
    await any_house.shop.cancel_order(number, access, reason="不要了", request_id="c")
    [case] = await any_house.shop.returns_of("visitor:7")
    assert (case.remedy, case.refund_fen) == (Remedy.REFUND_ONLY, paid.total_fen)


async def test_a_shipped_order_cannot_be_cancelled(any_house: House) -> None:
    with pytest.raises(WrongMoment) as caught:
        await any_house.shop.cancel_order("6802000000000401", LULU, reason="", request_id="c")
    assert caught.value.status == "shipped"


async def test_the_receiver_changes_until_packing(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    changed = await any_house.shop.change_receiver(
        number, access, Receiver(phone="13900003333"), request_id="a"
    )
    assert (changed.receiver.name, changed.receiver.phone) == ("王小山", "13900003333")
    with pytest.raises(WrongMoment):
        await any_house.shop.change_receiver(
            "6802000000000301", Access(buyer_id="buyer-laozhou"), HOME, request_id="b"
        )


async def test_a_far_address_costs_the_unpaid_order_more(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    far = Receiver(address="新疆乌鲁木齐市天山区1号")
    changed = await any_house.shop.change_receiver(number, access, far, request_id="a")
    assert changed.postage_fen == 1000
    assert changed.total_fen == changed.goods_fen - changed.off_fen + 1000


async def test_a_line_changes_size_and_stock_follows(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    wanted = WantedLine(product_id="boot-qiyun", colour="", size="42", quantity=2)
    changed = await any_house.shop.change_line(number, access, "1", wanted, request_id="l")
    product = await any_house.shop.product("boot-qiyun")
    assert product is not None
    stock = {s.sku_id: s.stock for s in product.skus}
    assert (changed.lines[0].size, changed.lines[0].quantity) == ("42", 2)
    assert stock["boot-qiyun/黑色/41"] == 12
    assert await any_house.shop.order(number, access) == changed


async def test_a_paid_line_changes_size_but_not_quantity(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    paid = await any_house.shop.pay_order(number, access, request_id="pay")
    wanted = WantedLine(product_id="boot-qiyun", colour="", size="43")
    changed = await any_house.shop.change_line(number, access, "1", wanted, request_id="l")
    assert (changed.lines[0].size, changed.total_fen) == ("43", paid.total_fen)
    more = WantedLine(product_id="boot-qiyun", colour="", size="43", quantity=2)
    with pytest.raises(WrongMoment):
        await any_house.shop.change_line(number, access, "1", more, request_id="m")


async def test_notes_add_up_and_invoices_are_kept(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    await any_house.shop.add_note(number, access, "包装好点", request_id="n1")
    noted = await any_house.shop.add_note(number, access, "周末送", request_id="n2")
    assert noted.note == "包装好点；周末送"
    with pytest.raises(WrongMoment):
        await _bill(any_house, number, "山行公司")
    await any_house.shop.pay_order(number, access, request_id="p")
    assert (await _bill(any_house, number, "山行公司")).invoice_title == "山行公司"


async def _bill(house: House, number: str, title: str) -> Order:
    return await house.shop.request_invoice(
        number, Access(buyer_id="visitor:7"), title=title, tax_number="91", email="a@b.cn",
        request_id=title,
    )  # fmt: skip


async def test_a_registered_invoice_is_changed_and_not_asked_for_twice(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    paid = await any_house.shop.pay_order(number, access, request_id="p")
    assert Verb.REQUEST_INVOICE in paid.may and Verb.CHANGE_INVOICE not in paid.may
    billed = await _bill(any_house, number, "个人")
    assert Verb.CHANGE_INVOICE in billed.may and Verb.REQUEST_INVOICE not in billed.may
    assert (await _bill(any_house, number, "山行公司")).invoice_title == "山行公司"


async def test_what_an_order_allows_comes_with_it_and_holds(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    unpaid = await any_house.shop.order(number, access)
    assert unpaid is not None and {Verb.PAY, Verb.CHANGE_QUANTITY, Verb.CANCEL} <= unpaid.may
    paid = await any_house.shop.pay_order(number, access, request_id="p")
    assert Verb.CHANGE_LINE in paid.may and not {Verb.PAY, Verb.CHANGE_QUANTITY} & paid.may
    packed = await any_house.office.pack_order(number)
    assert Verb.CHANGE_RECEIVER not in packed.may and Verb.CANCEL in packed.may
    with pytest.raises(WrongMoment):
        await any_house.shop.change_receiver(number, access, HOME, request_id="r")
    gone = await any_house.shop.cancel_order(number, access, reason="", request_id="c")
    assert gone.may == frozenset()


async def test_a_paid_order_tells_the_day_that_was_promised(any_house: House) -> None:
    number, access = await _place(any_house), Access(buyer_id="visitor:7")
    promised = (await any_house.shop.shipping_promise()).ships_on
    paid = await any_house.shop.pay_order(number, access, request_id="p")
    assert (paid.ships_on, paid.ships_late) == (promised, False)
    any_house.clock.advance(days=2)
    late = await any_house.shop.order(number, access)
    assert late is not None and (late.ships_on, late.ships_late) == (promised, True)


async def test_a_holiday_is_told_with_its_name_and_the_day_after_it(any_house: House) -> None:
    promise = await any_house.shop.shipping_promise(date(2026, 10, 1))
    assert (promise.ships_on, promise.closed_since) == (date(2026, 10, 8), date(2026, 10, 1))
    assert promise.closed_why == "国庆节"


async def test_an_order_opens_by_number_and_phone_tail(any_house: House) -> None:
    order = await any_house.shop.order(
        "6802000000000401", Access(phone_tail="1001", asker="visitor:9")
    )
    assert order is not None and order.parcel is not None


async def test_changing_anothers_order_looks_like_a_missing_one(any_house: House) -> None:
    for number in ("6802000000000201", "0000000000000000"):
        with pytest.raises(UnknownOrder):
            await any_house.shop.cancel_order(number, LULU, reason="", request_id="x")


async def test_a_return_within_seven_days_is_opened_and_withdrawn(any_house: House) -> None:
    number = "6802000000000501"
    terms = await any_house.shop.return_terms(number, LULU, "1", reason=Reason.SIZE)
    assert terms.allowed and terms.remedies[0] is Remedy.EXCHANGE and terms.buyer_pays_postage
    case = await any_house.shop.open_return(
        number, LULU, "1", reason=Reason.SIZE, remedy=Remedy.EXCHANGE, photos=(), wanted="黑色 L",
        request_id="o",
    )  # fmt: skip
    assert (case.status, case.wanted) == (ReturnStatus.OPENED, "黑色 L")
    refused = await any_house.shop.return_terms(number, LULU, "1", reason=Reason.SIZE)
    assert refused.refusal == "already_open"
    gone = await any_house.shop.withdraw_return(case.case_id, buyer_id="buyer-lulu", request_id="w")
    assert gone.status is ReturnStatus.WITHDRAWN


async def test_a_defect_needs_two_photos(any_house: House) -> None:
    async def open_with(photos: tuple[str, ...]) -> ReturnStatus:
        case = await any_house.shop.open_return(
            "6802000000000501", LULU, "1", reason=Reason.DEFECT, remedy=Remedy.REFUND,
            photos=photos, wanted="", request_id=f"d{len(photos)}",
        )  # fmt: skip
        return case.status

    with pytest.raises(PhotosMissing) as caught:
        await open_with(("whole",))
    assert caught.value.needed == 2
    assert await open_with(("whole", "spot")) is ReturnStatus.OPENED


async def test_a_refused_return_is_a_wrong_moment(any_house: House) -> None:
    with pytest.raises(WrongMoment) as caught:
        await any_house.shop.open_return(
            "6802000000000505", Access(buyer_id="buyer-laoqi"), "1", reason=Reason.NO_REASON,
            remedy=Remedy.REFUND, photos=(), wanted="", request_id="o",
        )  # fmt: skip
    assert caught.value.status == "too_late"


async def test_anothers_return_case_cannot_be_withdrawn(any_house: House) -> None:
    with pytest.raises(UnknownCase):
        await any_house.shop.withdraw_return("TH00000004", buyer_id="buyer-lulu", request_id="w")


async def test_a_restock_wish_is_answered_when_pieces_come(any_house: House) -> None:
    for request_id in ("a", "b"):
        await any_house.shop.ask_restock_notice(
            "boot-qiyun", "黑色", "40", buyer_id="visitor:7", request_id=request_id
        )
    await any_house.office.tell_happenings()
    before = await any_house.shop.newest_happening()
    await any_house.database.run(
        lambda c: c.exec_driver_sql(
            "UPDATE shop_skus SET on_hand = 3 WHERE sku_id = 'boot-qiyun/黑色/40'"
        )
    )
    for _ in range(2):
        await any_house.office.tell_happenings()
    [told] = await any_house.shop.happenings(before)
    assert (told.kind, told.buyer_id) == (HappeningKind.RESTOCKED, "visitor:7")
    assert (told.told("colour"), told.told("size")) == ("黑色", "40")
