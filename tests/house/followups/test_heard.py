"""What a shop of its own told, by its webhook, its feed or both, is acted on once, whatever breaks between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.followups import claims, heard, results
from bot.followups.feed import FeedReader
from bot.followups.rules import Reason
from bot.followups.shipping_ledger import ShippingLedger
from bot.settings import Settings
from bot.shop.words.dealing import Access, Order
from bot.shop.words.errors import ShopUnavailable, TooManyTries
from bot.shop.words.happening import Happening, HappeningKind
from tests.house.conftest import Chat
from tests.house.followups.world import DAY, HOUR, placed, rows, said, sent_off
from tests.support.house import Clock, House


class Foreign:
    """A shop behind its API: the feed is what it is told to be."""

    def __init__(self, shop: Any) -> None:
        self._shop = shop
        self.feed: list[Happening] = []
        self.raises: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shop, name)

    async def happenings(self, after: int, *, limit: int = 100) -> Sequence[Happening]:
        return [one for one in self.feed if one.number > after][:limit]

    async def newest_happening(self) -> int:
        return self.feed[-1].number if self.feed else 0

    async def order(self, number: str, access: Access) -> Order | None:
        if self.raises is not None:
            raise self.raises
        found: Order | None = await self._shop.order(number, access)
        return found


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("11:00", settings)


@pytest.fixture
async def chat(house: House) -> Chat:
    opened = await Chat.with_buyer(house)
    await opened.ask("先看看")
    return opened


@pytest.fixture
async def foreign(house: House, monkeypatch: pytest.MonkeyPatch) -> Foreign:
    shop = Foreign(house.shop)
    plan, zone = house.settings.shop.follow_ups, house.settings.shop.zone
    house.feed = FeedReader(
        database=house.database,
        shop=shop,  # type: ignore[arg-type]
        kinds=house.kinds,
        clock=house.clock,
        office=None,
        ledger=ShippingLedger(shop, house.kinds, plan, zone),  # type: ignore[arg-type]
    )
    await house.feed.read()
    return shop


def happened(house: House, order: Order, kind: HappeningKind, number: int = 0) -> Happening:
    return Happening(
        number=number, kind=kind, key=order.number, at=house.clock(), buyer_id=order.buyer_id,
        order_number=order.number,
    )  # fmt: skip


async def hear(house: House, told: Happening) -> bool:
    return await house.database.run(heard.hear, told, house.clock())


async def test_what_the_webhook_brought_is_said_once(chat: Chat, foreign: Foreign) -> None:
    order = await placed(chat)
    await sent_off(chat, order)
    told = happened(chat.house, order, HappeningKind.SHIPPED)
    assert await hear(chat.house, told)
    assert not await hear(chat.house, told)
    assert await chat.house.later(HOUR) == 1
    assert not await hear(chat.house, told)
    await chat.house.later(HOUR)
    assert await said(chat) == ["shipped"]


async def stopped(house: House) -> None:
    """The agent stops what is planned: planned anew by a repeat, it would be said after all."""

    def drop(connection: Any) -> None:
        for one in claims.claim(connection, house.clock() + DAY, "agent"):
            claims.drop(connection, one, Reason.STOPPED, house.clock())

    await house.database.run(drop)


@pytest.mark.parametrize("first", ["webhook", "feed"])
async def test_told_by_both_it_is_planned_once(chat: Chat, foreign: Foreign, first: str) -> None:
    order = await placed(chat)
    await sent_off(chat, order)
    told = happened(chat.house, order, HappeningKind.SHIPPED, number=1)
    for way in (first, "webhook" if first == "feed" else "feed"):
        if way == "webhook":
            await hear(chat.house, told)
        else:
            foreign.feed.append(told)
        await chat.house.feed.read()
        await stopped(chat.house)
    await chat.house.later(HOUR)
    assert await said(chat) == []


async def test_without_what_was_heard_the_repeat_would_be_planned_anew(
    chat: Chat, foreign: Foreign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the one above."""
    monkeypatch.setattr(heard, "take", lambda *arguments: True)
    order = await placed(chat)
    await sent_off(chat, order)
    told = happened(chat.house, order, HappeningKind.SHIPPED, number=1)
    await hear(chat.house, told)
    await chat.house.feed.read()
    await stopped(chat.house)
    foreign.feed.append(told)
    await chat.house.later(HOUR)
    assert await said(chat) == ["shipped"]


async def test_while_the_shop_is_away_it_waits(chat: Chat, foreign: Foreign) -> None:
    order = await placed(chat)
    await sent_off(chat, order)
    await hear(chat.house, happened(chat.house, order, HappeningKind.PAID))
    foreign.raises = ShopUnavailable("away")
    assert await chat.house.feed.read() == 0
    foreign.raises = None
    assert await chat.house.feed.read() == 1


async def test_one_of_which_the_shop_cannot_speak_holds_up_no_other(
    chat: Chat, foreign: Foreign
) -> None:
    order = await placed(chat)
    await sent_off(chat, order)
    await hear(chat.house, happened(chat.house, order, HappeningKind.PAID))
    await hear(chat.house, happened(chat.house, order, HappeningKind.SHIPPED))
    foreign.raises = TooManyTries()
    assert await chat.house.feed.read() == 1  # SHIPPED asks the shop for nothing
    foreign.raises = None
    chat.house.clock.forward(heard.WAITS_FOR + DAY)
    assert await chat.house.feed.read() == 0  # given up


class Died(Exception):
    """The process, in the middle of it."""


async def test_a_crash_behind_the_answer_loses_nothing_and_doubles_nothing(
    chat: Chat, foreign: Foreign, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await placed(chat)
    await sent_off(chat, order)
    await hear(chat.house, happened(chat.house, order, HappeningKind.SHIPPED))

    def dies(*arguments: Any) -> None:
        raise Died

    with monkeypatch.context() as broken:
        broken.setattr(results, "of_happening", dies)
        with pytest.raises(Died):
            await chat.house.feed.read()
    assert await rows(chat.house) == []
    assert await chat.house.feed.read() == 1
    assert [row[0] for row in await rows(chat.house)] == ["shipped"]


async def test_what_happened_long_ago_is_no_news(chat: Chat, foreign: Foreign) -> None:
    order = await placed(chat)
    await sent_off(chat, order)
    told = happened(chat.house, order, HappeningKind.SHIPPED)
    await hear(chat.house, replace(told, at=told.at - 4 * DAY))
    assert await chat.house.later(HOUR) == 0
    assert ("shipped", "dropped", "too_old") in await rows(chat.house)


async def test_old_ones_are_forgotten(house: House) -> None:
    told = Happening(number=0, kind=HappeningKind.SHIPPED, key="o", at=house.clock())
    await hear(house, told)
    now = house.clock()
    assert await house.database.run(heard.forget, now, 10) == 0
    assert await house.database.run(heard.forget, now + DAY, 10) == 1
