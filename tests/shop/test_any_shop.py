"""A shop of another trade: its own axes, facts and categories, a price and weight per SKU, stacking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import Database, upgrade
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.importing.cells import ImportRefused
from bot.shop.importing.importer import import_files
from bot.shop.rules.pricing import Campaign, Item, total
from bot.shop.words.dealing import Access, Offer, Receiver, Step, WantedLine
from bot.shop.words.errors import WrongMoment
from bot.shop.words.goods import Coupon, Product, Promotion
from tests.shop.conftest import NOW, Clock

GOODS = """\
编号,名称,类目,类型,价格,重量克,配料,适合,能放多久
nut,山核桃仁,坚果,核桃仁,29.9,250,山核桃仁、白砂糖,孕妇|老人,避光放半年
box,礼盒,坚果,礼盒,168,1800,混合坚果,送礼,
"""
SKUS = """\
编号,条码,口味,规格,价格,重量克,库存,生产日期
nut,6901234567001,奶油味,250g,29.9,250,20,2026-03-01
nut,6901234567002,奶油味,500g,52,500,20,2026-03-02
nut,6901234567003,原味,250g,31.9,250,5,2026-03-03
box,6901234567004,,,,,9,2026-03-01
"""
MONEY = """\
shop: {name: 一间坚果铺}
promotions:
  - {id: full, title: 满99减15, text: 不和优惠券叠加, from: 99, off: 15, stacks: 否}
coupons:
  - {code: FIVE, title: 满39减5, off: 5, from: 39}
postage:
  - {zone: 常规, regions: [], courier: 韵达快递, first: 6, next: 2, free_from: 500, days: 2-3}
"""
HERE = Receiver(name="张小敏", phone="13800001111", address="浙江省杭州市西湖区文三路1号")


@pytest.fixture
def snacks(tmp_path: Path) -> Iterator[EmbeddedShop]:
    yield from _shop(tmp_path, {"商品.csv": GOODS, "规格.csv": SKUS, "店.yml": MONEY})


def _shop(folder: Path, files: dict[str, str]) -> Iterator[EmbeddedShop]:
    database = Database(f"sqlite:///{folder}/shop.db")
    upgrade(database)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    import_files(database, [folder / name for name in files], now=NOW)
    yield EmbeddedShop(database, clock=Clock())
    database.close()


async def _product(shop: EmbeddedShop, product_id: str = "nut") -> Product:
    product = await shop.product(product_id)
    assert product is not None
    return product


async def test_what_skus_differ_in_is_called_as_the_shop_calls_it(snacks: EmbeddedShop) -> None:
    nut = await _product(snacks)
    assert (nut.category, nut.axes) == ("坚果", ("口味", "规格"))
    assert (nut.colours, nut.sizes) == (("奶油味", "原味"), ("250g", "500g"))
    assert (await _product(snacks, "box")).colours == ()


async def test_columns_of_its_own_are_facts(snacks: EmbeddedShop) -> None:
    nut = await _product(snacks)
    assert dict(nut.sheet)["配料"] == "山核桃仁、白砂糖"
    assert dict(nut.skus[1].facts)["生产日期"] == "2026-03-02"


async def test_a_slip_in_latin_letters_is_still_refused(tmp_path: Path) -> None:
    goods = GOODS.replace("配料", "prise")
    with pytest.raises(ImportRefused, match="prise"):
        next(_shop(tmp_path, {"商品.csv": goods}))


async def test_price_and_weight_are_the_skus(snacks: EmbeddedShop) -> None:
    nut = await _product(snacks)
    assert nut.price_fen == 2990
    large = [WantedLine(product_id="nut", colour="奶油味", size="500g", quantity=1)]
    quote = await snacks.quote(large, buyer_id="b")
    assert (quote.lines[0].price_fen, quote.is_lowest) == (5200, False)
    open_size = [WantedLine(product_id="nut", colour="奶油味", size="", quantity=1)]
    quote = await snacks.quote(open_size, buyer_id="b")
    assert (quote.lines[0].price_fen, quote.is_lowest) == (2990, True)


async def test_postage_weighs_what_is_sent(snacks: EmbeddedShop) -> None:
    def wanted(size: str) -> list[WantedLine]:
        return [WantedLine(product_id="nut", colour="奶油味", size=size, quantity=4)]

    light, heavy = [
        (await snacks.quote(wanted(size), buyer_id="b", region="杭州")).postage.fee_fen
        for size in ("250g", "500g")
    ]
    assert (light, heavy) == (600, 800)


async def test_campaign_and_coupon_that_do_not_stack(snacks: EmbeddedShop) -> None:
    """104 yuan: the campaign's 15 or the coupon's 5, never 84."""
    wanted = [WantedLine(product_id="nut", colour="奶油味", size="500g", quantity=2)]
    quote = await snacks.quote(wanted, buyer_id="b")
    assert (quote.full_fen, quote.off_fen, quote.goods_fen) == (10400, 1500, 10400)
    assert [promotion.stacks for promotion in await snacks.promotions()] == [False]


async def test_a_paid_order_keeps_its_price(snacks: EmbeddedShop) -> None:
    wanted = [WantedLine(product_id="nut", colour="奶油味", size="250g", quantity=1)]
    order = await snacks.place_order(wanted, buyer_id="b", receiver=HERE, note="", request_id="1")
    access = Access(buyer_id="b", asker="b")
    await snacks.pay_order(order.number, access, request_id="2")
    dearer = WantedLine(product_id="nut", colour="奶油味", size="500g", quantity=1)
    with pytest.raises(WrongMoment):
        await snacks.change_line(order.number, access, "1", dearer, request_id="3")


async def test_three_axes_and_one(tmp_path: Path) -> None:
    skus = (
        "编号,机型,颜色,容量,库存\n"
        "nut,远川 9,黑色,128G,1\nnut,远川 9,黑色,256G,1\nnut,远川 9 Pro Max 典藏版,紫色,256G,1\n"
        "box,色号甲,,,2\nbox,色号乙,,,2\n"
    )
    for shop in _shop(tmp_path, {"商品.csv": GOODS, "规格.csv": skus}):
        phone, other = await _product(shop), await _product(shop, "box")
    assert phone.axes == ("颜色", "机型和容量")
    assert phone.sizes == ("远川 9 128G", "远川 9 256G", "远川 9 Pro Max 典藏版 256G")
    assert (other.axes, other.sizes) == (("颜色", "机型"), ("色号甲", "色号乙"))


async def test_a_column_that_a_product_leaves_empty_takes_no_place(tmp_path: Path) -> None:
    """M5 is a thing of its own, and 50mm another, though other goods of the table have colours."""
    goods = "编号,名称,类目,类型,价格,重量克\ns,螺丝,五金,螺丝,9.9,100\nd,电钻,五金,电钻,199,900\n"
    skus = (
        "编号,型号,长度,颜色,库存\ns,M4,30mm,,3\ns,M4,50mm,,3\ns,M5,50mm,,3\nd,,,黄,3\nd,,,灰,3\n"
    )
    for shop in _shop(tmp_path, {"商品.csv": goods, "规格.csv": skus}):
        screw, drill = await _product(shop, "s"), await _product(shop, "d")
    assert screw.axes == ("型号", "长度")
    assert (screw.colours, screw.sizes) == (("M4", "M5"), ("30mm", "50mm"))
    assert (drill.axes, drill.colours) == (("颜色",), ("黄", "灰"))


async def test_a_table_may_have_more_axes_than_three_where_no_product_has(tmp_path: Path) -> None:
    goods = (
        "编号,名称,类目,价格,重量克\nd,尿裤,尿裤,69,900\nb,奶瓶,喂养,79,300\nr,米粉,辅食,45,300\n"
    )
    skus = (
        "编号,尺码,颜色,口味,规格,库存\nd,M,,,一包,3\nd,M,,,一箱,3\nd,L,,,一包,3\n"
        "b,,粉色,,160ml,3\nb,,粉色,,240ml,3\nr,,,原味,,3\nr,,,南瓜味,,3\n"
    )
    for shop in _shop(tmp_path, {"商品.csv": goods, "规格.csv": skus}):
        one, bottle, rice = [await _product(shop, key) for key in "dbr"]
    assert (set(one.axes), set(one.sizes)) == ({"尺码", "规格"}, {"M", "L"})
    assert (bottle.axes, bottle.sizes) == (("颜色", "规格"), ("160ml", "240ml"))
    assert set(rice.sizes or rice.colours) == {"原味", "南瓜味"}


async def test_axes_and_prices_can_be_written_in_yaml(tmp_path: Path) -> None:
    goods = """\
products:
  - id: tea
    name: 高山茶
    category: 茶叶
    kind: 绿茶
    axes: [等级, 净重]
    price: 60
    weight_g: 100
    stock:
      特级: {100g: 3 90元 110g, 500g: 0 +3d 400元 520g}
      一级: {100g: 5}
"""
    for shop in _shop(tmp_path, {"茶.yml": goods}):
        tea = await _product(shop, "tea")
    assert tea.axes == ("等级", "净重")
    assert tea.price_fen == 6000
    assert [tea.price_of(sku) for sku in tea.skus] == [9000, 40000, 6000]
    assert tea.weight_of("特级", "500g") == 520


# -- what may be taken off together

_MONEY = st.integers(0, 30000)
_CAMPAIGN = st.builds(
    lambda number, from_fen, off, stacks, gift: Campaign(
        promotion=Promotion(
            promotion_id=f"p{number}", title="", text="", ends_on=None, stacks=stacks
        ),
        from_fen=from_fen,
        off_fen=min(off, from_fen // 2),
        gift=gift,
    ),
    st.integers(0, 3), _MONEY, _MONEY, st.booleans(), st.sampled_from(["", "赠品"]),
)  # fmt: skip
_COUPON = st.builds(
    lambda number, from_fen, off, stacks: Coupon(
        code=f"c{number}", title="", off_fen=min(off, from_fen // 2), from_fen=from_fen,
        ends_on=None, stacks=stacks,
    ),
    st.integers(0, 3), _MONEY, _MONEY, st.booleans(),
)  # fmt: skip
_ITEM = st.builds(
    lambda number, quantity, dearer, cut: Item(
        product_id=f"g{number}",
        quantity=quantity,
        price_fen=8000 + dearer,
        dearer_fen=dearer,
        offer=Offer(
            product_id=f"g{number}", step=Step.PRICE, unit_price_fen=8000 - cut, off_fen=cut
        )
        if cut
        else None,
    ),
    st.integers(0, 3), st.integers(1, 5), st.sampled_from([0, 500, 9000]),
    st.sampled_from([0, 300, 1500]),
)  # fmt: skip
FLOOR = 6500


@given(
    st.lists(_ITEM, min_size=1, max_size=4),
    st.lists(_CAMPAIGN, max_size=3, unique_by=lambda one: one.promotion.promotion_id),
    st.lists(_COUPON, max_size=3, unique_by=lambda one: one.code),
)
def test_never_more_off_than_the_rules_allow(
    items: list[Item], campaigns: list[Campaign], coupons: list[Coupon]
) -> None:
    totals = total(items, campaigns, coupons)
    taken = [one for one in totals.savings if one.off_fen and one.by.value != "bargain"]
    worth = sum(item.price_fen * item.quantity for item in items)
    assert totals.paid_fen == worth - sum(one.off_fen for one in totals.savings)
    assert len({one.by for one in taken}) == len(taken)
    allowed = [
        campaign.off_fen + coupon.off_fen
        for campaign in campaigns
        for coupon in coupons
        if campaign.promotion.stacks and coupon.stacks
    ]
    allowed += [one.off_fen for one in campaigns] + [one.off_fen for one in coupons]
    assert totals.off_fen <= max(allowed, default=0)
    for item, unit in zip(items, totals.unit_prices, strict=True):
        assert unit >= FLOOR + item.dearer_fen  # a dearer SKU keeps its distance to the floor


def test_what_does_not_stack_counts_where_it_takes_more_off() -> None:
    full = Campaign(
        promotion=Promotion(promotion_id="f", title="", text="", ends_on=None, stacks=False),
        from_fen=9900,
        off_fen=1500,
    )
    item = Item(product_id="p", quantity=1, price_fen=10400)

    def off(coupon_off: int, *, stacks: bool = True) -> int:
        coupon = Coupon(
            code="C", title="", off_fen=coupon_off, from_fen=0, ends_on=None, stacks=stacks
        )
        return total([item], [full], [coupon]).off_fen

    assert (off(500), off(2000), off(500, stacks=False)) == (1500, 2000, 1500)
