"""One reckoning for all sums: quoted, placed and paid agree, in whatever order things were said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.database import Database
from bot.shop.embedded import offers, orders, tables
from bot.shop.embedded.catalogue import CatalogueShelf
from bot.shop.embedded.house import read_house
from bot.shop.embedded.quoting import quote
from bot.shop.embedded.selling import draft, place
from bot.shop.embedded.till import Till
from bot.shop.rules import pricing
from bot.shop.rules.pricing import Campaign, Item
from bot.shop.words.dealing import Access, Receiver, Verb, WantedLine
from bot.shop.words.goods import Coupon, Promotion
from bot.shop.words.quotes import SavedBy
from tests.shop.conftest import NOW, House

SHANGHAI = ZoneInfo("Asia/Shanghai")
BUYER = "buyer-laoqi"  # holds a coupon of their own beside the public ones
HOME = Receiver(name="张三", phone="13800138000", address="浙江省杭州市西湖区文三路12号")
FAR = Receiver(name="张三", phone="13800138000", address="新疆阿克苏市东大街10号")
GOODS = ("boot-qiyun", "sock-yangrong", "tent-xingye", "pack-xiaoxi-28", "tee-sugan", "gas-can")

_ITEMS = st.lists(
    st.builds(
        Item,
        product_id=st.sampled_from("abc"),
        quantity=st.integers(1, 4),
        price_fen=st.integers(1, 90000),
    ),
    min_size=1,
    max_size=5,
)
_CAMPAIGNS = st.lists(
    st.builds(
        lambda number, from_fen, off_fen, covers: Campaign(
            promotion=Promotion(
                promotion_id=str(number), title=f"c{number}", text="", ends_on=None,
                product_ids=tuple(covers),
            ),
            from_fen=from_fen,
            off_fen=off_fen,
        ),
        st.integers(0, 99), st.integers(0, 90000), st.integers(0, 30000),
        st.sets(st.sampled_from("abc"), max_size=2),
    ),
    max_size=3,
)  # fmt: skip
_COUPONS = st.lists(
    st.builds(
        lambda code, off_fen, more: Coupon(
            code=code, title="k", off_fen=off_fen, from_fen=off_fen + more, ends_on=None
        ),
        st.text("ABC", min_size=1, max_size=3),
        st.integers(1, 20000),
        st.integers(0, 90000),
    ),
    max_size=3,
    unique_by=lambda coupon: coupon.code,
)


@given(_ITEMS, _CAMPAIGNS, _COUPONS, st.randoms())
def test_the_order_of_the_lines_changes_no_sum(
    items: list[Item], campaigns: list[Campaign], coupons: list[Coupon], dice: Any
) -> None:
    before = pricing.total(items, campaigns, coupons)
    shuffled = list(items)
    dice.shuffle(shuffled)
    after = pricing.total(shuffled, campaigns, coupons)
    assert (after.paid_fen, after.savings, after.gifts, after.next_step) == (
        before.paid_fen,
        before.savings,
        before.gifts,
        before.next_step,
    )


@given(_ITEMS, _CAMPAIGNS, _COUPONS)
def test_what_is_said_to_be_saved_is_what_is_saved(
    items: list[Item], campaigns: list[Campaign], coupons: list[Coupon]
) -> None:
    sums = pricing.total(items, campaigns, coupons)
    full = sum(item.price_fen * item.quantity for item in items)
    assert full - sum(saving.off_fen for saving in sums.savings) == sums.paid_fen >= 0
    assert sum(sums.offs) == sums.off_fen
    assert all(
        0 <= off <= unit * item.quantity
        for off, unit, item in zip(sums.offs, sums.unit_prices, items, strict=True)
    )


@given(_ITEMS, _COUPONS)
def test_the_next_step_is_reached_with_just_what_is_missing(
    items: list[Item], coupons: list[Coupon]
) -> None:
    step = pricing.total(items, [], coupons).next_step
    if step is None:
        return
    more = Item(product_id="z", quantity=1, price_fen=step.missing_fen)
    almost = Item(product_id="z", quantity=1, price_fen=step.missing_fen - 1)
    assert pricing.total([*items, more], [], coupons).off_fen >= step.off_fen
    assert pricing.total([*items, almost], [], coupons).off_fen < step.off_fen


# -- on the demo shop


@dataclass
class Counter:
    """The demo shop over one connection; whatever is done is undone again."""

    connection: Connection
    shelf: CatalogueShelf

    @property
    def till(self) -> Till:
        today = NOW.astimezone(SHANGHAI).date()
        return Till(
            connection=self.connection,
            catalogue=self.shelf.on(self.connection, today),
            house=read_house(self.connection),
            now=NOW,
            zone=SHANGHAI,
        )


@pytest.fixture(scope="module")
def counter(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    copy = tmp_path_factory.mktemp("sums") / "shop.db"
    copy.write_bytes(demo_file.read_bytes())
    database = Database(f"sqlite:///{copy}")
    yield database
    database.close()


class _Undone(Exception):
    pass


def _at(database: Database, work: Any) -> None:
    """Runs `work(counter)` in a transaction that is rolled back."""

    def undone(connection: Connection) -> None:
        work(Counter(connection, CatalogueShelf()))
        raise _Undone

    with pytest.raises(_Undone):
        database.run_sync(undone)


_WANTED = st.lists(
    st.tuples(st.sampled_from(GOODS), st.integers(0, 9), st.integers(1, 2)),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[:2],
)
_HAGGLED = st.lists(st.sampled_from(GOODS), max_size=7)


def _lines(till: Till, picked: list[tuple[str, int, int]]) -> list[WantedLine]:
    """A SKU of each product that has two pieces at least, each once."""
    lines = {}
    for product_id, place_, quantity in picked:
        skus = [sku for sku in till.catalogue.products[product_id].skus if sku.stock >= 2]
        sku = skus[place_ % len(skus)]
        lines[sku.sku_id] = WantedLine(
            product_id=product_id, colour=sku.colour, size=sku.size, quantity=quantity
        )
    return list(lines.values())


def _haggle(till: Till, product_id: str) -> None:
    product = till.catalogue.products[product_id]
    day = till.catalogue.day
    offers.bargain(
        till.connection, product, buyer_id=BUYER, quantity=1, ask_fen=None, now=NOW, day=day
    )


@settings(max_examples=25, deadline=None)
@given(_WANTED, _HAGGLED, st.sampled_from([HOME, FAR]), st.randoms())
def test_quoted_shown_placed_and_paid_agree(
    counter: Database,
    picked: list[tuple[str, int, int]],
    haggled: list[str],
    receiver: Receiver,
    dice: Any,
) -> None:
    def work(counter: Counter) -> None:
        till = counter.till
        for product_id in haggled:
            _haggle(till, product_id)
        wanted = _lines(till, picked)
        told = quote(till, wanted, buyer_id=BUYER, region=receiver.address)
        without_sizes = [
            WantedLine(product_id=line.product_id, colour="", size="", quantity=line.quantity)
            for line in wanted
        ]
        assert quote(till, without_sizes, buyer_id=BUYER, region=receiver.address).total_fen == (
            told.total_fen
        )
        shown = draft(till, wanted, buyer_id=BUYER, receiver=receiver).order
        dice.shuffle(wanted)
        placed = place(
            till,
            wanted,
            buyer_id=BUYER,
            receiver=receiver,
            note="",
            expected_total_fen=shown.total_fen,
        )
        orders.move(till.connection, placed.number, Verb.PAY, NOW, paid_at=NOW)
        paid = orders.read_order(till.connection, placed.number, NOW, SHANGHAI)
        for order in (shown, placed, paid):
            assert (order.total_fen, order.postage_fen, order.off_fen) == (
                told.total_fen,
                told.postage.fee_fen,
                told.off_fen,
            )
            assert order.savings == told.savings
            assert order.gift == "、".join(told.gifts)

    _at(counter, work)


@settings(max_examples=25, deadline=None)
@given(_WANTED, _HAGGLED)
def test_no_bargained_piece_goes_below_its_floor(
    counter: Database, picked: list[tuple[str, int, int]], haggled: list[str]
) -> None:
    """The ladder's own coupon counted in, whatever else is in the order."""

    def work(counter: Counter) -> None:
        till = counter.till
        for product_id in haggled:
            _haggle(till, product_id)
        told = quote(till, _lines(till, picked), buyer_id=BUYER, region="")
        floors = dict(
            till.connection.execute(
                select(tables.ladders.c.product_id, tables.ladders.c.floor_fen)
            ).all()
        )
        held = offers.standing_offers(
            till.connection,
            [till.catalogue.products[line.product_id] for line in told.lines],
            BUYER,
            now=NOW,
            day=till.catalogue.day,
        )
        for line in told.lines:
            offer = held.get(line.product_id)
            own = offer.coupon_code if offer else ""
            off = sum(one.off_fen for one in told.savings if own and one.code == own)
            if line.product_id in floors:
                paid_fen = line.goods_fen - off
                assert paid_fen > floors[line.product_id] * line.quantity

    _at(counter, work)


# -- what is told beside the sum


async def test_a_quote_says_what_took_off_how_much(any_house: House) -> None:
    wanted = [WantedLine(product_id="boot-qiyun", colour="", size="", quantity=2)]
    told = await any_house.shop.quote(wanted, buyer_id="visitor:q", region="杭州")
    assert [(one.by, one.title, one.off_fen) for one in told.savings] == [
        (SavedBy.CAMPAIGN, "换季满599减40", 4000),
        (SavedBy.COUPON, "满499减20", 2000),
    ]
    assert (told.full_fen, told.total_fen, told.postage.fee_fen) == (93800, 87800, 0)
    assert told.lines[0].off_fen == 6000


async def test_a_quote_says_what_is_missing_for_free_postage_and_the_next_step(
    any_house: House,
) -> None:
    sock = [WantedLine(product_id="sock-yangrong", colour="", size="")]
    told = await any_house.shop.quote(sock, buyer_id="visitor:q", region="浙江")
    assert (told.total_fen, told.free_postage_missing_fen) == (8500, 2000)
    assert told.next_step is not None
    assert (told.next_step.title, told.next_step.missing_fen) == ("满199减10", 12000)
    boot = [WantedLine(product_id="boot-qiyun", colour="", size="")]
    told = await any_house.shop.quote(boot, buyer_id="visitor:q")
    assert told.next_step is not None
    assert (told.next_step.title, told.next_step.missing_fen) == ("满499减20", 3000)
    assert told.free_postage_missing_fen is None


async def test_postage_is_reckoned_after_the_coupon(any_house: House) -> None:
    """299 free in the far west: 289 and a coupon of 10 are 279, and not free."""
    pack = [WantedLine(product_id="pack-xiaoxi-28", colour="", size="")]
    told = await any_house.shop.quote(pack, buyer_id="visitor:q", region="新疆")
    sent = await any_house.shop.postage("新疆", pack, buyer_id="visitor:q")
    assert told.postage == sent and not sent.is_free


async def test_the_gift_of_a_campaign_comes_beside_the_best_reduction(any_house: House) -> None:
    tent = [WantedLine(product_id="tent-xingye", colour="", size="")]
    told = await any_house.shop.quote(tent, buyer_id="visitor:q")
    assert told.gifts == ("双人防潮地席一张",) and told.off_fen == 6000


async def test_somewhere_nothing_is_sent_to(any_house: House) -> None:
    tent = [WantedLine(product_id="tent-xingye", colour="", size="")]
    told = await any_house.shop.quote(tent, buyer_id="visitor:q", region="香港")
    assert not told.postage.can_deliver and told.free_postage_missing_fen is None


async def test_an_order_keeps_what_took_off_how_much(any_house: House) -> None:
    wanted = [WantedLine(product_id="boot-qiyun", colour="黑色", size="42", quantity=2)]
    order = await any_house.shop.place_order(
        wanted, buyer_id="visitor:q", receiver=HOME, note="", request_id="r"
    )
    again = await any_house.shop.order(order.number, Access(buyer_id="visitor:q"))
    assert again is not None and [one.title for one in again.savings] == [
        "换季满599减40",
        "满499减20",
    ]
