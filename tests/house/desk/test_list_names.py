"""Names on the list's lines, with a shop elsewhere: asked once a minute, few at a time, and no list fails for want of them."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import Any, cast

import pytest

from bot.conversations.conversation import Conversation, Status
from bot.database import Database
from bot.desk import names
from bot.desk.names import Names
from bot.shop.words.dealing import Buyer, Receiver
from bot.shop.words.errors import ShopUnavailable
from bot.shop.words.port import Shop

NOW = datetime(2026, 5, 1, tzinfo=timezone.utc)


class ElsewhereShop:
    """Behind an API: knows buyers by number, unless it is away."""

    def __init__(self) -> None:
        self.asked, self.at_once, self.most_at_once, self.is_away = list[str](), 0, 0, False

    async def buyer(self, buyer_id: str) -> Buyer | None:
        self.asked.append(buyer_id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if self.is_away:
            raise ShopUnavailable("away")
        return Buyer(buyer_id=buyer_id, nickname=f"买家{buyer_id[-2:]}", receiver=Receiver())


def talks(many: int, *, signed_in: bool = True) -> list[Conversation]:
    return [
        Conversation(
            conversation_id=f"c{number}",
            buyer_id=f"buyer-{number:04}",
            signed_in=signed_in,
            channel="web",
            status=Status.WITH_BOT,
            opened_at=NOW,
        )
        for number in range(many)
    ]


@pytest.fixture
def shop() -> ElsewhereShop:
    return ElsewhereShop()


def of(shop: ElsewhereShop) -> Names:
    return Names(cast(Shop, shop), cast(Database, None))


async def test_fifty_are_asked_few_at_a_time_and_not_again_within_a_minute(
    shop: ElsewhereShop,
) -> None:
    moment = 1000.0
    asking = Names(cast(Shop, shop), cast(Database, None), clock=lambda: moment)
    found = await asking.of(talks(50) * 2)
    assert found["buyer-0007"] == "买家07" and len(found) == len(shop.asked) == 50
    assert 1 < shop.most_at_once <= names._AT_ONCE
    moment += 59
    assert await asking.of(talks(50)) == found and len(shop.asked) == 50
    moment += 2
    await asking.of(talks(50))
    assert len(shop.asked) == 100


async def test_a_shop_that_is_away_costs_the_names_and_not_the_list(shop: ElsewhereShop) -> None:
    asking = of(shop)
    shop.is_away = True
    assert await asking.of(talks(1)) == {"buyer-0000": "访客 0000"}
    shop.is_away = False  # and it is not kept that there was none
    assert await asking.of(talks(1)) == {"buyer-0000": "买家00"}


async def test_visitors_are_asked_of_nobody(shop: ElsewhereShop) -> None:
    assert await of(shop).of(talks(1, signed_in=False)) == {"buyer-0000": "访客 0000"}
    assert shop.asked == []


async def test_a_shop_with_many_buyers_is_not_remembered_for_ever(
    shop: ElsewhereShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "_MOST_KNOWN", 10)
    asking: Any = of(shop)
    for _ in range(3):
        await asking.of(talks(30))
        assert len(asking._known) <= 30
