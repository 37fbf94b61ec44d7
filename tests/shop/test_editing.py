"""A row of the shop changed by hand: by the importer's checks, never over somebody else's, and taken back."""

from __future__ import annotations

import asyncio
import threading
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import Connection

from bot.database import Database, upgrade
from bot.shop.editing import changing, history, size_charts, taking_back
from bot.shop.editing.changing import By, EditedMeanwhile, LooksOdd, Refused, Saved, Wanted
from bot.shop.editing.rows import SIZES, ShopRow, row_of, rows
from bot.shop.editing.sheets import sheets
from bot.shop.editing.taking_back import CannotUndo
from bot.shop.embedded.embedded import EmbeddedShop
from bot.shop.embedded.house import FACE
from bot.shop.importing import plan, removing, storing
from bot.shop.importing.importer import import_files
from bot.shop.words.dealing import Access, Receiver, WantedLine
from tests.shop.conftest import NOW, Clock, House

SHOPS = Path(__file__).parents[2] / "shop"
BY = By(agent="老板", now=NOW, zone=ZoneInfo("Asia/Shanghai"))
HOME = Receiver(name="王小山", phone="13900002222", address="杭州")
POLE, BLUE = "pole-biluan", "pole-biluan/蓝色/-"


def row(database: Database, section: str, key: str) -> ShopRow:
    found = database.read_sync(row_of, section, key)
    assert found is not None
    return found


def save(
    database: Database, section: str, key: str = "", *, mark: str = "", is_sure: bool = False,
    **typed: Any,
) -> Saved:  # fmt: skip
    seen = mark or (row(database, section, key).mark if key else "")
    wanted = Wanted(section=section, key=key, mark=seen, typed=typed, is_sure=is_sure)
    write = size_charts.save if section == SIZES else changing.save
    return database.run_sync(write, wanted, BY)


def new_goods(database: Database, **typed: Any) -> Saved:
    told: dict[str, Any] = {
        "name": "云朵坐垫",
        "price": "39",
        "category": "坐垫",
        "weight_g": "200",
        **typed,
    }
    return save(database, "products", **told)


def undo(database: Database, change_id: int | None) -> None:
    assert change_id is not None
    database.run_sync(taking_back.undo, change_id, BY)


def everything(database: Database) -> Any:
    names = [*history.KEPT, history.SETTINGS]
    return database.read_sync(history.raw, names)


@pytest.fixture
def shop(house: House) -> Database:
    return house.database


@pytest.mark.parametrize("name", ["demo", "snacks", "cosmetics", "phones"])
def test_what_is_saved_as_it_stands_changes_nothing(tmp_path: Path, name: str) -> None:
    """All rows of all kinds of four shops: reading a row and writing it loses nothing of it."""
    database = Database(f"sqlite:///{tmp_path / 'shop.db'}")
    upgrade(database)
    import_files(database, [SHOPS / name if name == "demo" else SHOPS / name / "goods"], now=NOW)
    before = everything(database)
    for section in sheets().keys() - {FACE}:  # which stands in the settings file
        for one in database.read_sync(lambda c, s: list(rows(c, s)), section):
            found = save(database, section, one.key, is_sure=True, **one.texts)
            assert found.change_id is None, (one.key, found.details)
    assert everything(database) == before
    database.close()


async def test_a_price_is_told_at_once_and_kept_in_words(house: House) -> None:
    before = await house.shop.product(POLE)
    assert before is not None
    saved = save(house.database, "products", POLE, price="339")
    after = await house.shop.product(POLE)
    assert after is not None and after.price_fen == 33900
    told = f"价格 {before.list_price_fen / 100:.2f}".removesuffix(".00")
    assert saved.details == (f"{told} → 339",)
    [kept] = house.database.read_sync(history.newest)
    assert (kept.agent, kept.name, kept.what) == ("老板", before.name, history.What.CHANGED)


async def test_how_goods_are_returned_follows_the_shops_rules_at_once(house: House) -> None:
    """Rules stand in the settings and are read into the goods: a new one is a new catalogue."""
    assert (await house.shop.product(POLE)).return_days == 7  # type: ignore[union-attr]
    save(house.database, "shop", "house", return_days="30")
    assert (await house.shop.product(POLE)).return_days == 30  # type: ignore[union-attr]


def test_what_an_import_would_refuse_is_refused_at_its_cell(shop: Database) -> None:
    before = everything(shop)
    for section, key, typed, field in (
        ("products", POLE, {"price": "面议"}, "price"),
        ("products", POLE, {"name": ""}, "name"),
        ("products", POLE, {"floor": "999"}, "floor"),
        ("products", POLE, {"goes_with": "没有的货"}, "goes_with"),
        ("products", POLE, {"成本": "12"}, "成本"),
        ("skus", BLUE, {"stock": "有货"}, "stock"),
        ("coupons", "", {"code": "BIG", "title": "大券", "off": "50", "from": "50"}, "off"),
        ("promotions", "", {"title": "满减", "from": "199", "off": "300"}, "off"),
        ("promotions", "", {"title": "满减", "off": "1", "starts": "2026-04-02", "ends": "2026-04-01"}, "ends"),
        ("postage", "", {"zone": "新区", "regions": "新彊", "first": "10"}, "regions"),
        ("shop", "house", {"return_days": "3"}, "return_days"),
    ):  # fmt: skip
        told: dict[str, Any] = dict(typed)
        with pytest.raises(Refused) as refused:
            save(shop, section, key, **told)
        assert field in [one.field for one in refused.value.faults], (typed, refused.value.faults)
    assert everything(shop) == before
    assert shop.read_sync(history.newest) == []


def test_what_is_only_odd_is_written_by_who_has_seen_it(shop: Database) -> None:
    other = row(shop, "products", "boot-qiyun").title
    with pytest.raises(LooksOdd) as odd:
        save(shop, "products", POLE, nicknames=other)
    assert [one.field for one in odd.value.faults] == ["nicknames"]
    assert save(shop, "products", POLE, nicknames=other, is_sure=True).change_id is not None
    # What was odd before is not asked about again.
    assert save(shop, "products", POLE, drawbacks="重一些").change_id is not None


def test_a_decimal_point_that_slipped_is_asked_about(shop: Database) -> None:
    with pytest.raises(LooksOdd) as odd:
        save(shop, "products", POLE, price="3290")
    assert odd.value.faults[0].field == "price"


def test_of_two_who_change_a_row_the_second_is_told_and_nothing_is_lost(shop: Database) -> None:
    seen = row(shop, "products", POLE)
    save(shop, "products", POLE, price="339")
    with pytest.raises(EditedMeanwhile) as late:
        save(shop, "products", POLE, mark=seen.mark, drawbacks="重一些")
    now = late.value.row
    assert now is not None and now.texts["price"] == "339"
    saved = save(shop, "products", POLE, mark=now.mark, drawbacks="重一些")
    assert (saved.row.texts["price"], saved.row.texts["drawbacks"]) == ("339", "重一些")


def test_a_row_that_is_gone_is_told_to_be_gone(shop: Database) -> None:
    key = new_goods(shop).row.key
    seen = row(shop, "products", key)
    shop.run_sync(taking_back.remove, "products", key, seen.mark, BY)
    with pytest.raises(EditedMeanwhile) as late:
        save(shop, "products", key, mark=seen.mark, price="40")
    assert late.value.row is None


async def _at_once(database: Database, many: int) -> list[Any]:
    """So many owners count one shelf, all from the same look at it."""
    seen = row(database, "skus", BLUE)

    def count(stock: int) -> Any:
        wanted = Wanted(section="skus", key=BLUE, mark=seen.mark, typed={"stock": str(stock)})
        return database.run(changing.save, wanted, BY)

    counts = (count(100 + at) for at in range(many))
    return await asyncio.gather(*counts, return_exceptions=True)


async def test_of_editors_at_once_one_is_kept_and_all_others_are_told(database: Database) -> None:
    found = await _at_once(database, 4)
    assert sum(isinstance(one, Saved) for one in found) == 1
    assert sum(isinstance(one, EditedMeanwhile) for one in found) == 3


@pytest.mark.postgres
async def test_without_the_hold_two_editors_overwrite_each_other(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: both have read the row before either writes."""
    database, meeting = Database(postgres_url), threading.Barrier(2)
    held = changing.held_row

    def unheld(connection: Connection, *given: str) -> ShopRow:
        found = held(connection, *given)
        meeting.wait(60)
        return found

    monkeypatch.setattr(storing, "hold_goods", lambda connection: None)
    monkeypatch.setattr(storing, "hold_pieces", lambda connection, ids: None)
    monkeypatch.setattr(changing, "held_row", unheld)
    found = await _at_once(database, 2)
    assert sum(isinstance(one, Saved) for one in found) == 2
    database.close()


async def test_an_order_that_was_sent_meanwhile_is_not_counted_over(house: House) -> None:
    number = await _paid(house)
    seen = row(house.database, "skus", BLUE)
    await house.office.ship_order(
        number, courier="中通", courier_phone="", tracking_number="758758", due_on=date(2026, 3, 20)
    )
    with pytest.raises(EditedMeanwhile):
        save(house.database, "skus", BLUE, mark=seen.mark, stock="50")


async def test_stock_is_never_less_than_orders_hold(house: House) -> None:
    await _paid(house)
    with pytest.raises(Refused) as refused:
        save(house.database, "skus", BLUE, stock="0")
    assert [one.field for one in refused.value.faults] == ["stock"]


async def test_what_orders_hold_stays_held_when_stock_is_counted(house: House) -> None:
    await _paid(house)
    save(house.database, "skus", BLUE, stock="50")
    product = await house.shop.product(POLE)
    assert product is not None
    assert next(one.stock for one in product.skus if one.sku_id == BLUE) == 48


def test_other_skus_keep_what_they_hold(shop: Database) -> None:
    """Only the pieces that were counted are reckoned anew."""

    def held(connection: Connection) -> dict[str, int]:
        return storing.reserved_pieces(connection)

    before = everything(shop)["shop_skus"]
    save(shop, "skus", BLUE, stock="60")
    after = everything(shop)["shop_skus"]
    assert {k for k in after if after[k] != before[k]} == {BLUE}
    assert shop.read_sync(held)


def test_new_goods_come_with_their_stock_and_are_taken_back_whole(shop: Database) -> None:
    before = everything(shop)
    saved = new_goods(shop, stock="12", 面料="棉麻", floor="30", cuts="3")
    key = saved.row.key
    assert row(shop, "skus", f"{key}/-/-").texts["stock"] == "12"
    assert saved.row.texts["面料"] == "棉麻" or saved.row.texts.get("material") == "棉麻"
    undo(shop, saved.change_id)
    assert everything(shop) == before


def test_a_new_sku_stands_under_what_its_goods_differ_in(shop: Database) -> None:
    goods = new_goods(shop, axes="口味\n规格").row
    for size in ("", "大包"):
        typed: dict[str, Any] = {"id": goods.key, "口味": "原味", "规格": size, "stock": "3"}
        save(shop, "skus", **typed)
    assert row(shop, "skus", f"{goods.key}/原味/大包").texts["规格"] == "大包"
    # One that leaves an axis empty does not take it from the goods.
    assert row(shop, "products", goods.key).texts["axes"] == "口味\n规格"
    with pytest.raises(Refused):
        save(shop, "skus", **typed)


def test_goods_are_named_where_people_name_them(shop: Database) -> None:
    goods = new_goods(shop).row
    name, key = goods.title, goods.key
    typed = {"title": "登山季", "products": name, "sale_prices": f"{name}=29"}
    saved = save(shop, "promotions", is_sure=True, **typed)
    assert saved.row.cells["products"] == [key]
    assert saved.row.cells["sale_prices"] == [f"{key}=29"]
    assert saved.row.texts["sale_prices"] == f"{name}=29"


def test_a_change_is_taken_back_column_by_column(shop: Database) -> None:
    before = row(shop, "products", POLE)
    first = save(shop, "products", POLE, price="339")
    save(shop, "products", POLE, drawbacks="重一些")
    undo(shop, first.change_id)
    now = row(shop, "products", POLE)
    assert now.texts["price"] == before.texts["price"] and now.texts["drawbacks"] == "重一些"
    with pytest.raises(CannotUndo):
        undo(shop, first.change_id)


def test_a_taking_back_can_be_taken_back(shop: Database) -> None:
    undo(shop, save(shop, "products", POLE, price="339").change_id)
    [last, _] = shop.read_sync(history.newest)
    undo(shop, last.change_id)
    assert row(shop, "products", POLE).texts["price"] == "339"


def test_what_was_changed_again_is_not_taken_back_over_it(shop: Database) -> None:
    first = save(shop, "products", POLE, price="339")
    save(shop, "products", POLE, price="349")
    with pytest.raises(CannotUndo):
        undo(shop, first.change_id)
    assert row(shop, "products", POLE).texts["price"] == "349"


def test_what_would_lose_money_by_now_is_not_taken_back(shop: Database) -> None:
    """The old row was sound when it was written; what was made since is not beside it."""
    goods = new_goods(shop, price="20").row
    raised = save(shop, "products", goods.key, price="90")
    typed = {"title": "立减", "products": goods.key, "off": "30"}
    save(shop, "promotions", is_sure=True, **typed)
    with pytest.raises(CannotUndo):
        undo(shop, raised.change_id)
    assert row(shop, "products", goods.key).texts["price"] == "90"


def test_a_price_below_what_a_campaign_takes_off_is_refused(shop: Database) -> None:
    goods = new_goods(shop).row
    save(shop, "promotions", is_sure=True, title="立减", products=goods.key, off="30")
    with pytest.raises(Refused) as refused:
        save(shop, "products", goods.key, price="25", is_sure=True)
    assert refused.value.faults[0].field == "price"


def test_goods_that_were_deleted_come_back_with_all_that_hung_on_them(shop: Database) -> None:
    key = new_goods(shop, stock="5", floor="30", cuts="3").row.key
    save(shop, "promotions", is_sure=True, title="坐垫节", products=key, off="1", **{"from": "30"})
    save(shop, "products", POLE, goes_with=key)
    before = everything(shop)
    change = shop.run_sync(taking_back.remove, "products", key, row(shop, "products", key).mark, BY)
    assert key not in everything(shop)["shop_products"]
    assert row(shop, "products", POLE).texts["goes_with"] == ""
    undo(shop, change)
    assert everything(shop) == before


async def test_goods_that_orders_hold_are_not_deleted(house: House) -> None:
    await _paid(house)
    mark = row(house.database, "products", POLE).mark
    with pytest.raises(Refused):
        house.database.run_sync(taking_back.remove, "products", POLE, mark, BY)


def test_a_coupon_that_somebody_holds_is_not_deleted(shop: Database) -> None:
    codes = [one.key for one in shop.read_sync(lambda c: list(rows(c, "coupons")))]
    refused = 0
    for code in codes:
        try:
            shop.run_sync(taking_back.remove, "coupons", code, row(shop, "coupons", code).mark, BY)
        except Refused:
            refused += 1
    assert 0 < refused < len(codes)  # the demo's buyers hold some of them


def test_without_a_floor_nothing_is_bargained_for(shop: Database) -> None:
    key = new_goods(shop, floor="30", cuts="3").row.key
    save(shop, "products", key, floor="")
    assert key not in everything(shop)["shop_ladders"]


def test_a_floor_stands_in_no_words_of_the_record(shop: Database) -> None:
    key = new_goods(shop, floor="30", cuts="3").row.key
    saved = save(shop, "products", key, floor="31.47")
    assert saved.details == ("议价有改动",)


def test_emptying_the_shop_forgets_the_changes(shop: Database) -> None:
    save(shop, "products", POLE, price="339")
    shop.run_sync(removing.empty)
    assert shop.read_sync(history.newest) == []
    assert shop.read_sync(plan.snapshot)["products"] == {}


async def _paid(house: House) -> str:
    line = WantedLine(product_id=POLE, colour="蓝色", size="", quantity=2)
    order = await house.shop.place_order(
        [line], buyer_id="v", receiver=HOME, note="", request_id="p"
    )
    await house.shop.pay_order(order.number, Access(buyer_id="v"), request_id="pay")
    return order.number


def test_an_order_placed_while_stock_is_counted_is_counted_too(postgres_url: str) -> None:
    """An order takes pieces while an owner writes another SKU: its pieces stay taken."""
    database = Database(postgres_url)
    shop = EmbeddedShop(database, clock=Clock())
    line = WantedLine(product_id=POLE, colour="蓝色", size="", quantity=2)
    asyncio.run(shop.place_order([line], buyer_id="v", receiver=HOME, note="", request_id="p"))
    red = next(
        one.key for one in database.read_sync(lambda c: list(rows(c, "skus"))) if one.key != BLUE
    )
    save(database, "skus", red, stock="70", is_sure=True)
    taken = database.read_sync(lambda c: storing.reserved_pieces(c).get(BLUE, 0))
    assert taken >= 2
    database.close()
