"""Judged again before it is said: whoever is in a chat, whatever was bought, whichever day it is.

The cases by their numbers: K16 (holidays), K18 (replaced, several), K20 (a colleague at another door).
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

import pytest

from bot.conversations.joining import Joining
from bot.database import Database
from bot.followups import claims, looking, rules
from bot.followups.kinds import read_kinds
from bot.followups.rules import next_moment
from bot.settings import Settings
from tests.house.conftest import Chat
from tests.house.followups.world import (
    HOUR,
    office_of,
    pay,
    placed,
    reasons,
    rows,
    said,
)
from tests.house.scripted import ScriptedEngine
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


async def at_another_door(chat: Chat, channel: str = "rest") -> Chat:
    """The same buyer's chat at another door."""
    opened = await chat.house.conversations.open(
        buyer_id=chat.buyer_id, signed_in=True, channel=channel
    )
    other = Chat(chat.house, opened)
    await other.write("在吗")
    await chat.house.turns.answer(other.id)
    return other


async def unpaid(chat: Chat) -> list[tuple[str, ...]]:
    """Reminders of orders alone: the demo's own orders may have a parcel due on the day of the test."""
    return [row for row in await rows(chat.house) if row[0] == "unpaid_order"]


# -- K18


async def test_two_unpaid_orders_are_one_message(chat: Chat) -> None:
    first = await placed(chat, "r1", "boot-qiyun")
    chat.house.clock.forward(HOUR / 6)
    second = await placed(chat, "r2", "sunscreen-50")
    assert await chat.house.later(HOUR * 26) == 1
    assert await said(chat) == ["unpaid_order_several"]
    assert {row[1] for row in await unpaid(chat)} == {"sent", "joined"}
    last = await chat.house.conversations.history(chat.id)
    for order in (first, second):
        assert order.lines[0].name in last[-1].text


async def test_of_two_orders_the_paid_one_is_not_named(chat: Chat) -> None:
    await placed(chat, "r1", "boot-qiyun")
    await pay(chat, await placed(chat, "r2", "sunscreen-50"))
    assert await chat.house.later(HOUR * 2) == 1
    assert await said(chat) == ["unpaid_order"]


async def test_the_same_goods_paid_in_an_order_just_before_end_it(chat: Chat) -> None:
    """Paid was the older of the two; the later one is the slip."""
    older = await placed(chat, "r1", "boot-qiyun")
    chat.house.clock.forward(HOUR / 6)
    await placed(chat, "r2", "boot-qiyun")
    await pay(chat, older)
    assert await chat.house.later(HOUR * 2) == 0
    assert ("never", "gone", "bought_otherwise") in await reasons(chat.house)


@pytest.fixture
async def early(house_settings: Settings, database: Database) -> AsyncIterator[House]:
    """Reminds after ten minutes: a visitor's order is kept for thirty."""
    plan = replace(house_settings.shop.follow_ups, after={"unpaid_order": HOUR / 6})
    strict = replace(house_settings, shop=replace(house_settings.shop, follow_ups=plan))
    one = House(strict, database, ScriptedEngine(), Clock.today("12:05", house_settings))
    await one.feed.read()
    yield one
    await one.turns.close()


async def signed_in_as(visitor: Chat, buyer_id: str) -> Chat:
    house = visitor.house
    opened = await house.conversations.open(buyer_id=buyer_id, signed_in=True, channel="web")
    joining = Joining(database=house.database, news=house.news, clock=house.clock)
    assert await joining.join(await visitor.conversation(), opened)
    return Chat(house, opened)


@pytest.mark.parametrize("signs_in", [True, False])
async def test_a_visitors_order_is_not_reminded_of_once_bought_signed_in(
    early: House, signs_in: bool
) -> None:
    visitor = await Chat.with_visitor(early)
    await visitor.ask("先看看")
    await placed(visitor, "r1", "boot-qiyun")
    lulu = await signed_in_as(visitor, "buyer-lulu") if signs_in else await Chat.with_buyer(early)
    await pay(lulu, await placed(lulu, "r2", "boot-qiyun"))
    assert await early.later(HOUR / 4) == (0 if signs_in else 1)
    assert (("never", "gone", "bought_otherwise") in await reasons(early)) is signs_in


@pytest.mark.parametrize("signs_in", [True, False])
async def test_a_no_said_as_a_visitor_holds_after_the_sign_in(early: House, signs_in: bool) -> None:
    visitor = await Chat.with_visitor(early)
    await visitor.ask("退订")
    buyer = await signed_in_as(visitor, "buyer-x") if signs_in else await Chat.with_buyer(early)
    await buyer.ask("先看看")
    await placed(buyer, "r1", "boot-qiyun")
    assert await early.later(HOUR / 4) == (0 if signs_in else 1)


async def test_an_order_that_was_closed_for_a_jumping_clock_is_not_reminded_of(chat: Chat) -> None:
    await placed(chat)
    chat.house.clock.forward(HOUR * 30)
    await office_of(chat.house).close_overdue_orders()
    assert await chat.house.later(HOUR) == 0


# -- K20


async def test_a_colleague_at_another_door_keeps_it_back(chat: Chat) -> None:
    other = await at_another_door(chat)
    await placed(chat)
    await chat.house.conversations.take(other.id, "小李")
    assert await chat.house.later(HOUR * 2) == 0
    assert await said(chat) == [] and await said(other) == []
    assert ("later", "person", "") in await reasons(chat.house)


async def test_nothing_comes_right_after_a_colleagues_last_word(chat: Chat) -> None:
    other = await at_another_door(chat)
    await placed(chat)
    conversations = chat.house.conversations
    await conversations.take(other.id, "小李")
    chat.house.clock.forward(HOUR)
    await conversations.say_as_agent(other.id, "小李", uuid.uuid4().hex, "给您留着呢")
    await conversations.close(other.id, seen=(await other.conversation()).last_seq)
    assert await chat.house.later(HOUR * 1.4) == 0  # until 13:24
    assert await chat.house.later(HOUR * 6) == 1  # in the evening


async def test_without_looking_at_other_doors_it_would_be_said(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    other = await at_another_door(chat)
    await placed(chat)
    await chat.house.conversations.take(other.id, "小李")
    monkeypatch.setattr(looking, "_HELD", ())
    assert await chat.house.later(HOUR * 2) == 1


async def test_an_opt_out_at_one_door_counts_at_the_other(chat: Chat) -> None:
    other = await at_another_door(chat)
    await other.ask("退订")
    await placed(chat)
    assert await chat.house.later(HOUR * 26) == 0
    assert await unpaid(chat) == [("unpaid_order", "dropped", "opted_out")]


# -- K16

EVE = datetime(2027, 2, 5, 3, 0, tzinfo=timezone.utc)  # 11:00 of 除夕 in the shop


def moment_of(kind_name: str, at: datetime, settings: Settings, **changed: object) -> datetime:
    kind = replace(read_kinds()[kind_name], **changed)  # type: ignore[arg-type]
    return next_moment(at, kind, settings.shop.follow_ups, settings.shop.zone)[0]


def test_what_only_we_want_is_not_said_in_the_holidays(settings: Settings) -> None:
    """Spring festival of 2027 is off from 5 to 11 February by the calendar of the country."""
    zone = settings.shop.zone
    eve = EVE + HOUR * 1.5
    assert moment_of("undecided", eve, settings) == eve
    after = moment_of("undecided", eve, settings, on_holidays=False)
    assert after.astimezone(zone).date() > eve.astimezone(zone).date() + timedelta(days=5)
    assert after.astimezone(zone).time() == time(12)


def test_nothing_goes_out_at_night_however_pressing(settings: Settings) -> None:
    zone = settings.shop.zone
    night = datetime(2027, 3, 3, 23, 10, tzinfo=zone)
    morning = moment_of("restock", night, settings, in_good_hours=False)
    assert morning.astimezone(zone) == datetime(2027, 3, 4, 9, 0, tzinfo=zone)
    noon = datetime(2027, 3, 3, 15, 10, tzinfo=zone)
    assert moment_of("restock", noon, settings, in_good_hours=False) == noon


def test_a_kind_may_wait_for_an_hour_of_the_day(settings: Settings) -> None:
    zone = settings.shop.zone
    noon = datetime(2027, 3, 3, 12, 10, tzinfo=zone)
    evening = moment_of("restock", noon, settings, not_before=time(18))
    assert evening.astimezone(zone) == datetime(2027, 3, 3, 18, 0, tzinfo=zone)


# -- K36


async def test_after_a_long_sleep_they_come_one_after_the_other(house: House) -> None:
    await house.feed.read()
    for number in range(12):
        chat = await Chat.with_buyer(house)
        await chat.ask("先看看")
        await placed(chat, f"r{number}", "sunscreen-50")
    await house.feed.read()
    house.clock.forward(HOUR * 8)  # asleep: 19:00
    assert await house.follow_ups.send_due() == 0
    assert ("later", "spread", "") in await reasons(house)
    assert await house.later(timedelta(seconds=10)) <= 3
    assert await house.later(HOUR / 6) >= 9


async def crowd_said(house: House) -> int:
    """Twelve that are late, and a sender that looks too seldom: each finds its place passed again."""
    await house.feed.read()
    for number in range(12):
        chat = await Chat.with_buyer(house)
        await chat.ask("先看看")
        await placed(chat, f"r{number}", "sunscreen-50")
    await house.feed.read()
    house.clock.forward(HOUR * 7.5)  # 18:30
    said_in_all = 0
    for _ in range(3):
        said_in_all += await house.follow_ups.send_due()
        house.clock.forward(HOUR / 2)
    return said_in_all


async def test_a_crowd_is_spread_once_and_then_said(house: House) -> None:
    assert await crowd_said(house) == 12


async def test_moved_again_and_again_nothing_would_be_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(claims, "in_their_place", lambda *_: set())
    assert await crowd_said(house) == 0


async def test_without_the_spread_they_would_come_all_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr("bot.followups.sender.FEW", 1000)
    await house.feed.read()
    for number in range(12):
        chat = await Chat.with_buyer(house)
        await chat.ask("先看看")
        await placed(chat, f"r{number}", "sunscreen-50")
    await house.feed.read()
    house.clock.forward(HOUR * 8)
    assert await house.follow_ups.send_due() == 12


async def test_a_lease_keeps_the_other_worker_off_and_runs_out(chat: Chat) -> None:
    await placed(chat)
    await chat.house.feed.read()
    house = chat.house
    house.clock.forward(HOUR * 1.5)
    claim = house.database.run
    assert len(await claim(claims.claim, house.clock(), "one")) == 1
    assert await claim(claims.claim, house.clock(), "two") == []
    house.clock.forward(claims.LEASE)
    assert len(await claim(claims.claim, house.clock(), "two")) == 1
    house.clock.forward(-HOUR)  # a clock turned back does not hold a lease for an hour
    house.clock.forward(HOUR / 2)
    await house.database.run(
        lambda c: c.exec_driver_sql("UPDATE follow_ups SET due_at = planned_at")
    )
    assert len(await claim(claims.claim, house.clock(), "one")) == 1


def test_a_person_is_left_alone_for_a_while() -> None:
    assert timedelta(hours=1) <= rules.AFTER_PERSON <= timedelta(hours=12)
