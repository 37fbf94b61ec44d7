"""Each kind from what happened in the shop to what the buyer reads, and what ends it before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.conversations.conversation import Status
from bot.conversations.messages import Author
from bot.followups.facts import day_text
from bot.followups.feed import who_looked_at
from bot.settings import Settings
from bot.shop.embedded import tables
from bot.shop.embedded.house import HOUSE
from bot.shop.words.dealing import Access, Order, Reason, Remedy, ReturnStatus
from bot.shop.words.quotes import SavedBy
from tests.house.conftest import Chat
from tests.house.followups.world import (
    DAY,
    HOUR,
    office_of,
    pay,
    placed,
    reasons,
    rows,
    said,
    scanned,
    sent_off,
)
from tests.shop.test_amends import allow
from tests.support.house import Clock, House


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("11:00", settings)


@pytest.fixture
async def chat(house: House) -> Chat:
    await house.feed.read()
    opened = await Chat.with_buyer(house)
    await opened.ask("先看看")
    return opened


async def signed_for(chat: Chat, product_id: str = "boot-qiyun") -> Order:
    order = await placed(chat, "r1", product_id)
    await sent_off(chat, order, days=5)
    await scanned(chat, order, "快件已签收，签收人：本人")
    return order


async def last_text(chat: Chat) -> str:
    history = await chat.house.conversations.history(chat.id, limit=5)
    return [one.text for one in history if one.author is Author.BOT][-1]


async def test_a_reminder_tells_the_day_of_dispatch_and_when_the_campaign_ends(chat: Chat) -> None:
    """The day on which it would really leave: no 当天 on a day on which nothing is sent."""
    house = chat.house
    zone = house.settings.shop.zone
    today = house.clock().astimezone(zone).date()
    ends, back = today + DAY * 3, today + DAY * 5
    table = tables.promotions
    await house.database.run(lambda c: c.execute(table.update().values(ends_on=ends)))
    await paused(house, today, back - DAY)
    order = await placed(chat, "r1", "boot-qiyun")
    assert SavedBy.CAMPAIGN in [one.by for one in order.savings]
    await house.later(HOUR * 2)
    assert await said(chat) == ["unpaid_order"]
    leaves = (await house.shop.shipping_promise()).ships_on
    assert leaves >= back
    text = await last_text(chat)
    assert f"ships={day_text(leaves)}" in text
    assert f"」到{day_text(ends)}为止" in text


async def paused(house: House, first: date, last: date) -> None:
    """Nothing is sent from the first day to the last."""
    pause = {"first": first.isoformat(), "last": last.isoformat(), "note": "盘点"}

    def write(connection: Any) -> None:
        its = tables.settings.c.name == HOUSE
        row = connection.execute(tables.settings.select().where(its)).one()
        value = {**row.value, "pauses": [pause]}
        connection.execute(tables.settings.update().where(its).values(value=value))

    await house.database.run(write)


async def test_a_parcel_that_left_is_told_with_its_courier_and_day(chat: Chat) -> None:
    await sent_off(chat, await placed(chat))
    assert await chat.house.later(HOUR) == 1
    assert await said(chat) == ["shipped"]
    assert "courier=顺丰" in await last_text(chat)


async def test_what_is_due_today_and_not_signed_is_asked_for_in_the_evening(chat: Chat) -> None:
    order = await placed(chat)
    await sent_off(chat, order, days=1)
    await chat.house.later(HOUR * 20)  # over midnight
    await scanned(chat, order, "派送中")
    assert await chat.house.later(HOUR * 10) == 0  # until 17:00
    assert await chat.house.later(HOUR) == 1
    assert await said(chat) == ["shipped", "due"]


async def test_what_was_signed_by_then_is_not_asked_for(chat: Chat) -> None:
    order = await placed(chat)
    await sent_off(chat, order, days=1)
    await chat.house.later(HOUR * 20)
    await scanned(chat, order, "快件已签收，签收人：本人")
    await chat.house.later(HOUR * 12)
    assert "due" not in await said(chat)
    assert ("never", "gone", "signed") in await reasons(chat.house, "due")


async def test_a_parcel_that_stands_still_is_told_before_the_buyer_asks(chat: Chat) -> None:
    await allow(chat.house.database, "LAOYOU15")
    its = tables.coupons.c.code == "LAOYOU15"
    await chat.house.database.run(
        lambda c: c.execute(tables.coupons.update().where(its).values(ends_on=None))
    )
    order = await placed(chat)
    await sent_off(chat, order, days=6)
    await scanned(chat, order, "到达 郑州分拣中心", "郑州")
    await chat.house.later(DAY * 3)
    assert await said(chat) == ["shipped", "parcel_late"]
    assert "why=在郑州停了" in await last_text(chat)
    assert "amends=（送您一张老友专享券）" in await last_text(chat)
    memory = await chat.house.database.read(_memory, chat.id)
    assert "'open_question': 'delay_way'" in memory and order.number in memory
    assert "'amends': True" in memory


@pytest.mark.parametrize("looks", [True, False])
async def test_a_parcel_that_moves_again_by_the_morning_is_not_called_late(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, looks: bool
) -> None:
    """It stood still in the evening; what is late is asked again before it is said. The control
    does not ask."""
    order = await placed(chat)
    await sent_off(chat, order, days=9)
    await scanned(chat, order, "到达 郑州分拣中心", "郑州")
    await chat.house.later(HOUR * 47)
    chat.house.clock.now = chat.house.clock.now.replace(hour=14)  # 22:00 in the shop
    chat.house.clock.forward(DAY)
    await chat.house.feed.read()
    await scanned(chat, order, "已发往 杭州", "郑州")
    if not looks:
        kind = chat.house.kinds["parcel_late"]
        blind = replace(kind, ends_when=kind.ends_when - {"on_time"})
        monkeypatch.setitem(chat.house.kinds, "parcel_late", blind)  # type: ignore[arg-type]
    await chat.house.later(HOUR * 14)
    assert ("parcel_late" in await said(chat)) is not looks
    if looks:
        assert ("later", "not_yet", "") in await reasons(chat.house, "parcel_late")


def _memory(connection: Any, conversation_id: str) -> str:
    from bot.conversations import store

    return store.memory_of(connection, conversation_id)


async def test_after_signing_comes_how_it_is_then_care_then_a_review(chat: Chat) -> None:
    await signed_for(chat)
    await chat.house.later(DAY * 6)
    assert await said(chat) == ["signed", "care", "review"]


async def test_who_complained_is_asked_for_no_review(chat: Chat) -> None:
    await signed_for(chat)
    await chat.house.later(HOUR * 8)

    def complains(connection: Any) -> None:
        from bot.conversations.tables import wishes

        connection.execute(wishes.update().values(intent="report_defect"))

    await chat.ask("鞋底开胶了")
    await chat.house.database.run(complains)
    await chat.house.later(DAY * 6)
    assert await said(chat) == ["signed"]
    assert ("never", "gone", "complained") in await reasons(chat.house, "review")


async def test_what_goes_back_is_not_asked_about(chat: Chat) -> None:
    order = await signed_for(chat)
    await chat.house.shop.open_return(
        order.number,
        Access(buyer_id=chat.buyer_id),
        "1",
        reason=Reason.NO_REASON,
        remedy=Remedy.REFUND,
        photos=(),
        wanted="",
        request_id="back",
    )
    await chat.house.later(DAY * 6)
    assert await said(chat) == []
    assert ("never", "gone", "case_open") in await reasons(chat.house, "signed")


async def test_a_good_review_is_thanked_for_with_care_and_one_fitting_thing(chat: Chat) -> None:
    order = await signed_for(chat)
    await office_of(chat.house).record_review(order.number, "1", stars=5, text="很舒服")
    await chat.house.later(HOUR * 2)
    assert await said(chat) == ["thanks"]
    text = await last_text(chat)
    assert "care=" in text and "fitting=" in text
    assert not any(reward in text for reward in ("返现", "红包", "券"))
    await chat.house.later(DAY * 6)
    assert ("never", "gone", "reviewed") in await reasons(chat.house, "review")


async def test_a_bad_review_goes_to_a_person_with_a_draft(chat: Chat) -> None:
    order = await signed_for(chat)
    await office_of(chat.house).record_review(order.number, "1", stars=1, text="穿两天就开胶")
    await chat.house.later(HOUR)
    assert await said(chat) == []
    conversation = await chat.conversation()
    assert (conversation.status, conversation.hand_over_reason) == (Status.WAITING, "review")
    assert "穿两天就开胶" in str(conversation.summary)
    [draft] = await chat.by(Author.SUGGESTION)
    assert "utter_follow_up_bad_review" in draft
    assert ("bad_review", "handed", "") in await rows(chat.house)


async def test_used_up_goods_are_thought_of_in_time(chat: Chat) -> None:
    product_id = await consumable(chat)
    await signed_for(chat, product_id)
    wanted = [row for row in await _wanted(chat.house) if row[0] == "used_up"]
    product = await chat.house.shop.product(product_id)
    assert product is not None and product.consumable_days is not None
    days = (wanted[0][1] - chat.house.clock()).total_seconds() / 86400
    assert days == pytest.approx(product.consumable_days * 0.9, abs=0.1)


async def test_it_is_said_when_most_of_it_must_be_gone(chat: Chat) -> None:
    product_id = await consumable(chat)
    await signed_for(chat, product_id)
    product = await chat.house.shop.product(product_id)
    assert product is not None and product.consumable_days is not None
    await chat.house.later(DAY * (product.consumable_days * 0.9 - 1))
    assert "used_up" not in await said(chat)
    await chat.house.later(DAY * 10)  # it may wait for a holiday's end
    assert "used_up" in await said(chat)


async def sleeper(house: House, *, is_on: bool) -> Chat:
    """Somebody who has got what they bought and does not come back."""
    plan = replace(house.settings.shop.follow_ups, on={"sleeping": True} if is_on else {})
    shop = replace(house.settings.shop, follow_ups=plan)
    own = House(replace(house.settings, shop=shop), house.database, house.engine, house.clock)
    await own.feed.read()
    opened = await Chat.with_buyer(own)
    await opened.ask("先看看")
    await signed_for(opened)
    return opened


@pytest.mark.parametrize("is_on", [True, False])
async def test_who_has_not_come_for_three_months_is_asked_after_where_the_owner_wants_it(
    house: House, is_on: bool
) -> None:
    chat = await sleeper(house, is_on=is_on)
    await chat.house.later(DAY * 89)
    assert "sleeping" not in await said(chat)
    await chat.house.later(DAY * 13)
    assert ("sleeping" in await said(chat)) is is_on


async def test_who_came_back_is_not_asleep(house: House) -> None:
    chat = await sleeper(house, is_on=True)
    await chat.house.later(DAY * 60)
    await pay(chat, await placed(chat, "again"))
    await chat.house.later(DAY * 42)
    assert "sleeping" not in await said(chat)
    assert ("never", "gone", "bought_since") in await reasons(chat.house, "sleeping")


async def consumable(chat: Chat) -> str:
    def read(connection: Any) -> str:
        table = tables.products
        query = table.select().where(table.c.consumable_days.is_not(None))
        return str(connection.execute(query.order_by(table.c.product_id)).first().product_id)

    return await chat.house.database.read(read)


async def _wanted(house: House) -> list[tuple[Any, ...]]:
    await house.feed.read()
    return await rows(house, "kind", "wanted_at")


async def test_who_bought_it_again_is_not_told_that_it_is_used_up(chat: Chat) -> None:
    product_id = await consumable(chat)
    await signed_for(chat, product_id)
    await chat.house.later(DAY * 8)
    await pay(chat, await placed(chat, "again", product_id))
    await chat.house.later(DAY * 130)
    assert "used_up" not in await said(chat)
    assert ("never", "gone", "bought_it") in await reasons(chat.house, "used_up")


async def test_a_refund_that_is_done_is_told(chat: Chat) -> None:
    order = await placed(chat)
    await pay(chat, order)
    access = Access(buyer_id=chat.buyer_id)
    await chat.house.shop.cancel_order(order.number, access, reason="不要了", request_id="c")
    [case] = await chat.house.shop.returns_of(chat.buyer_id)
    await office_of(chat.house).move_return(case.case_id, ReturnStatus.REFUNDED)
    await chat.house.later(HOUR * 2)
    assert await said(chat) == ["refunded"]


async def test_a_birthday_is_wished_once_a_year(chat: Chat) -> None:
    house = chat.house
    today = house.clock().astimezone(house.settings.shop.zone)
    await house.shop.remember(chat.buyer_id, {"birthday": f"{today:%m-%d}"})
    await house.later(HOUR * 8)
    await house.later(DAY * 3)
    assert await said(chat) == ["birthday"]


async def test_a_price_that_fell_is_told_to_who_looked_and_did_not_refuse(chat: Chat) -> None:
    from bot.engine.turns import FollowUpWish
    from tests.house.scripted import ScriptedEngine, result

    engine = chat.house.engine
    assert isinstance(engine, ScriptedEngine)
    wish = FollowUpWish(kind="undecided", key="u", about={"product_id": "boot-qiyun"})
    engine.then(result("好的", follow_ups=(wish,)))
    await chat.ask("再想想")
    await chat.house.later(DAY)
    assert await said(chat) == ["undecided"]

    def cheaper(connection: Any) -> None:
        table = tables.products
        connection.execute(
            table.update()
            .where(table.c.product_id == "boot-qiyun")
            .values(price_fen=table.c.price_fen - 3000)
        )
        from bot.shop.importing import storing

        storing.renew_version(connection)
        connection.execute(
            tables.prices_seen.update()
            .where(tables.prices_seen.c.product_id == "boot-qiyun")
            .values(price_fen=tables.prices_seen.c.price_fen + 1)
        )

    await chat.house.database.run(cheaper)
    await chat.house.later(DAY)
    assert await said(chat) == ["undecided", "price_fallen"]


async def test_who_refused_hears_of_no_fallen_price(chat: Chat) -> None:
    from bot.engine.turns import FollowUpWish
    from tests.house.scripted import ScriptedEngine, result

    engine = chat.house.engine
    assert isinstance(engine, ScriptedEngine)
    wish = FollowUpWish(kind="undecided", key="u", about={"product_id": "boot-qiyun"})
    engine.then(result("好的", follow_ups=(wish,)))
    await chat.ask("再想想")
    await chat.ask("不买了")
    since = chat.house.clock() - timedelta(days=1)
    assert await chat.house.database.read(who_looked_at, "boot-qiyun", since) == []


async def test_a_house_that_opens_tells_nothing_of_yesterday(house: House) -> None:
    chat = await Chat.with_buyer(house)
    await chat.ask("先看看")
    await sent_off(chat, await placed(chat))
    await house.later(DAY)
    assert await said(chat) == []


async def test_a_happening_is_planned_once_however_often_it_is_read(chat: Chat) -> None:
    await placed(chat)
    other = chat.house.restarted()
    await chat.house.feed.read()
    await other.feed.read()
    await chat.house.database.run(
        lambda c: c.exec_driver_sql("UPDATE follow_up_feeds SET position = 0")
    )
    await other.feed.read()
    mine = [row for row in await rows(chat.house, "kind", "buyer_id") if row[1] == chat.buyer_id]
    assert mine == [("unpaid_order", chat.buyer_id)]
