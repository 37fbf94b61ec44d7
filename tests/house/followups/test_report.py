"""Figures: what was planned, held back, sent and led to; wordings are compared honestly."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.followups.report import Comparison, KindFigures, Share, comparison, figures
from bot.followups_command import report_follow_ups
from bot.settings import Settings
from bot.shop.embedded import tables
from tests.house.conftest import Chat
from tests.house.followups.world import HOUR, pay, placed
from tests.shop.test_amends import limit
from tests.support.house import Clock, House, copied_database


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("11:10", settings)


@pytest.fixture
async def chat(house: House) -> Chat:
    await house.feed.read()
    opened = await Chat.with_buyer(house)
    await opened.ask("先看看")
    return opened


async def of(house: House, kind: str) -> KindFigures:
    since = house.clock() - timedelta(days=30)
    found = await house.database.read(figures, since)
    return next(one for one in found if one.kind == kind)


async def test_a_reminder_that_is_answered_and_paid_counts_once_each(chat: Chat) -> None:
    order = await placed(chat)
    await chat.house.later(HOUR * 2)
    await chat.ask("马上付")
    await chat.ask("付好了")
    await pay(chat, order)
    await chat.house.feed.read()
    await chat.house.feed.read()
    one = await of(chat.house, "unpaid_order")
    assert (one.planned, one.sent, one.waiting) == (1, 1, 0)
    assert one.led_to == {"answered": 1, "paid": 1}
    assert one.held_back == {"hours": 1}  # due before noon


async def test_what_was_paid_before_it_was_said_was_led_to_by_nothing(chat: Chat) -> None:
    order = await placed(chat)
    await chat.house.feed.read()
    await pay(chat, order)
    await chat.house.later(HOUR * 2)
    one = await of(chat.house, "unpaid_order")
    assert (one.sent, one.led_to, one.dropped) == (0, {}, {"gone": 1})


async def test_another_order_of_the_buyer_is_not_what_the_reminder_led_to(chat: Chat) -> None:
    await placed(chat, "r1", "boot-qiyun")
    await chat.house.later(HOUR * 2)
    await pay(chat, await placed(chat, "r2", "sunscreen-50"))
    await chat.house.feed.read()
    assert "paid" not in (await of(chat.house, "unpaid_order")).led_to


async def test_an_opt_out_after_a_message_is_its_result(chat: Chat) -> None:
    await placed(chat)
    await chat.house.later(HOUR * 2)
    await chat.ask("退订")
    assert "opt_out" in (await of(chat.house, "unpaid_order")).led_to


async def test_days_later_a_line_is_no_answer(chat: Chat) -> None:
    await placed(chat)
    await chat.house.later(HOUR * 2)
    chat.house.clock.forward(timedelta(days=2))
    await chat.ask("有帽子吗")
    assert (await of(chat.house, "unpaid_order")).led_to == {}


@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_a_share(counts: tuple[int, int]) -> None:
    one = Share(count=counts[0], of=counts[1])
    low, high = one.interval
    assert 0 <= low <= high <= 1
    assert not one.of or low - 1e-9 <= one.share <= high + 1e-9


def test_wilsons_interval_by_a_known_example() -> None:
    low, high = Share(count=10, of=20).interval
    assert (round(low, 3), round(high, 3)) == (0.299, 0.701)


def test_few_are_not_told_apart_however_far_they_lie() -> None:
    two = Comparison(first=Share(count=9, of=10), second=Share(count=1, of=10))
    assert not two.is_told_apart
    assert two.still_needed == 20  # thirty of each at least


def test_many_are_told_apart_and_the_same_share_never() -> None:
    clear = Comparison(first=Share(count=120, of=400), second=Share(count=60, of=400))
    assert clear.is_told_apart and clear.still_needed == 0
    same = Comparison(first=Share(count=40, of=400), second=Share(count=40, of=400))
    assert not same.is_told_apart and same.still_needed is None


def test_a_small_difference_says_how_long_it_must_still_run() -> None:
    two = Comparison(first=Share(count=30, of=100), second=Share(count=25, of=100))
    assert not two.is_told_apart
    assert two.still_needed is not None and two.still_needed > 1000


def test_one_wording_is_compared_with_nothing() -> None:
    assert comparison({"a": Share(count=1, of=2)}) is None


async def test_the_owners_command_tells_what_late_parcels_cost_this_month(
    house_settings: Settings, seeded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = copied_database(seeded, tmp_path)
    await limit(database, late_coupons_a_month=30)
    row = {"order_number": "1", "buyer_id": "b", "code": "LAOYOU15", "off_fen": 1500}
    # The command goes by the machine's clock; a month may begin meanwhile.
    at = datetime.now(timezone.utc) + timedelta(days=1)
    await database.run(lambda c: c.execute(tables.amends.insert().values(**row, given_at=at)))
    database.close()
    assert await asyncio.to_thread(report_follow_ups, house_settings, 30) == 0
    [line] = [one for one in capsys.readouterr().out.splitlines() if one.startswith("晚到补偿券")]
    assert line.endswith("老友专享券：送出 1 张（最多 30 张，每人一次），共减 15 元")
