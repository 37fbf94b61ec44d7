"""What goes together on a bill, and what postage comes on top."""

from __future__ import annotations

import pytest

from bot.shop.embedded.postage import Zone, quote
from bot.shop.rules.pricing import Campaign, Item, Totals, total
from bot.shop.words.dealing import Offer, Step
from bot.shop.words.goods import Coupon, Promotion
from bot.shop.words.regions import find_region

FULL = Campaign(
    promotion=Promotion(promotion_id="full", title="满300减30", text="", ends_on=None),
    from_fen=30000,
    off_fen=3000,
)
TEN = Coupon(code="TEN", title="", off_fen=1000, from_fen=10000, ends_on=None)
MINE = Coupon(code="MINE", title="", off_fen=2000, from_fen=0, ends_on=None)


def _offer(**values: object) -> Offer:
    base = {"product_id": "p", "step": Step.PRICE, "unit_price_fen": 40000, "off_fen": 0}
    return Offer(**{**base, **values})  # type: ignore[arg-type]


def _bill(*items: Item, coupons: tuple[Coupon, ...] = (TEN,)) -> Totals:
    return total(items, [FULL], coupons)


def _item(price: int = 40000, quantity: int = 1, offer: Offer | None = None) -> Item:
    return Item(product_id="p", quantity=quantity, price_fen=price, offer=offer)


def test_a_campaign_and_one_coupon_go_together() -> None:
    bill = _bill(_item())
    assert (bill.paid_fen, bill.coupon_code) == (36000, "TEN")


def test_a_bargained_price_takes_no_campaign() -> None:
    bill = _bill(_item(offer=_offer(unit_price_fen=35000, off_fen=5000)))
    assert (bill.paid_fen, bill.off_fen) == (35000, 0)


def test_the_cheaper_way_counts_for_the_buyer() -> None:
    bill = _bill(_item(offer=_offer(unit_price_fen=39000, off_fen=1000, gift="袜子")))
    assert (bill.paid_fen, bill.gift) == (36000, "袜子")


def test_other_goods_keep_their_campaign_beside_a_bargained_one() -> None:
    bargained = _item(offer=_offer(unit_price_fen=30000, off_fen=10000))
    other = Item(product_id="q", quantity=1, price_fen=35000)
    assert _bill(bargained, other).paid_fen == 30000 + 35000 - 3000 - 1000


def test_a_promised_coupon_counts_for_its_own_goods() -> None:
    offer = _offer(coupon_code="MINE", step=Step.COUPON)
    bill = total(
        [_item(price=9000, offer=_offer(unit_price_fen=9000, coupon_code="MINE"))], [], (TEN, MINE)
    )
    assert (bill.paid_fen, bill.coupon_code) == (7000, "MINE")
    assert offer.off_fen == 0


def test_a_coupon_below_its_order_value_does_not_count() -> None:
    assert _bill(_item(price=9900)).off_fen == 0


USUAL = Zone(
    zone="u", regions=(), courier="中通", first_g=1000, first_fen=800, next_g=1000, next_fen=400,
    free_from_fen=9900, surcharge_fen=0, days=(2, 4), can_deliver=True,
)  # fmt: skip
FAR = Zone(
    zone="f", regions=("新疆",), courier="顺丰", first_g=1000, first_fen=2000, next_g=1000,
    next_fen=1500, free_from_fen=29900, surcharge_fen=1000, days=(5, 9), can_deliver=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("region", "weight_g", "paid_fen", "fee", "heavy"),
    [
        ("", 900, 5000, 800, 0),
        ("", 1000, 5000, 800, 0),
        ("", 1001, 5000, 1200, 400),
        ("", 3500, 5000, 2000, 1200),
        ("", 3500, 9900, 0, 0),
        ("", 500, 0, 800, 0),  # nothing chosen yet
        ("乌鲁木齐", 900, 5000, 3000, 0),
        ("乌鲁木齐", 1500, 5000, 4500, 1500),
        ("新疆", 1500, 30000, 1000, 0),  # free, but for the surcharge
        ("火星", 900, 5000, 800, 0),  # an unknown place is quoted as usual
    ],
)
def test_postage(region: str, weight_g: int, paid_fen: int, fee: int, heavy: int) -> None:
    answer = quote((USUAL, FAR), region, weight_g=weight_g, paid_fen=paid_fen)
    assert (answer.fee_fen, answer.heavy_extra_fen, answer.can_deliver) == (fee, heavy, True)
    assert answer.is_free == (fee == 0)


def test_promised_free_postage_is_free_everywhere() -> None:
    answer = quote((USUAL, FAR), "新疆", weight_g=9000, paid_fen=100, is_promised_free=True)
    assert answer.is_free


@pytest.mark.parametrize(
    ("text", "province", "city"),
    [
        ("江苏省南京市上海路1号", "江苏", "南京"),
        ("杭州", "浙江", "杭州"),
        ("吉林", "吉林", ""),
        ("海南三亚", "海南", "三亚"),
        ("上海市静安区南京西路", "上海", ""),
        ("新疆维吾尔自治区阿克苏地区", "新疆", "阿克苏"),
        ("北京市朝阳区日本料理街", "北京", ""),
    ],
)
def test_an_address_tells_its_region(text: str, province: str, city: str) -> None:
    region = find_region(text)
    assert region is not None
    assert (region.province, region.city, region.is_abroad) == (province, city, False)


@pytest.mark.parametrize(("text", "abroad"), [("寄到日本东京", True), ("我家", None), ("", None)])
def test_abroad_and_nowhere(text: str, abroad: bool | None) -> None:
    region = find_region(text)
    assert (region.is_abroad if region else None) is abroad
