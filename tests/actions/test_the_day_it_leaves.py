"""Whoever is told when it leaves is told the day of the shop's calendar, never 当天 or 今天 by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.bargaining.beginning import StartOrder
from actions.delivery.shipping import TellShipTime
from actions.frame.clock import near_day_text, today
from actions.orders.order_status import AddressIsRight, InformPaid, TellOrderStatus
from bot.shop.words.dealing import Order
from bot.shop.words.goods import ShippingPromise
from bot.shop.words.port import Shop
from bot.trainer.promises import _SAME_DAY
from tests.support.talk import Talk

TalkOf = Callable[[str | None], Talk]
UNPAID = "6802000000000101"  # of buyer-lulu
PAUSE = 8  # days


class Resting:
    """A shop that sends nothing for a week: whoever pays now is sent off after it."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shop, name)

    async def shipping_promise(self, paid_on: date | None = None) -> ShippingPromise:
        promise = await self._shop.shipping_promise(paid_on)
        return replace(promise, ships_on=today() + timedelta(days=PAUSE))

    async def orders_of(self, buyer_id: str, *, limit: int = 5) -> list[Order]:
        found = await self._shop.orders_of(buyer_id, limit=limit)
        return [replace(one, ships_on=today() + timedelta(days=PAUSE)) for one in found]


def resting(talk: Talk) -> Talk:
    talk.shop = Resting(talk.shop)  # type: ignore[assignment]
    return talk


@pytest.mark.parametrize(
    ("buyer", "action", "intent", "text", "entities", "response"),
    [
        (None, TellShipTime(), "ask_ship_time", "几点前付当天发", {}, "utter_ship_time"),
        (None, InformPaid(), "inform_paid", "拍好了", {}, "utter_paid_elsewhere"),
        (None, StartOrder(), "order_it", "我要下单", {}, "utter_order_which"),
        (
            "buyer-lulu", TellOrderStatus(), "order_status", "我那单呢", {"order_number": UNPAID},
            "utter_order_awaiting_payment",
        ),
    ],
)  # fmt: skip
async def test_the_day_is_the_calendars(
    talk_of: TalkOf,
    buyer: str | None,
    action: Any,
    intent: str,
    text: str,
    entities: dict[str, Any],
    response: str,
) -> None:
    talk = resting(talk_of(buyer))
    talk.slots["matter"] = {"intent": "ask_price"}  # what was asked before it
    heard = await talk.hears(action, intent, text, **entities)
    assert response in heard.replies
    assert heard.values["day"] == near_day_text(today() + timedelta(days=PAUSE))


async def test_a_checked_address_is_answered_with_the_orders_own_day(talk_of: TalkOf) -> None:
    talk = resting(talk_of("buyer-tangyuan"))
    await talk.hears(InformPaid(), "inform_paid", "我付款了")
    heard = await talk.hears(AddressIsRight(), "affirm", "对的")
    assert heard.replies == ["utter_address_is_right"]
    assert heard.values["day"] == near_day_text(today() + timedelta(days=PAUSE))


async def test_today_behind_the_cut_off_is_not_promised(talk_of: TalkOf) -> None:
    talk = talk_of(None)
    talk.clock.forward(timedelta(hours=5))  # 19:30
    heard = await talk.hears(
        TellShipTime(), "ask_ship_time", "今天能发吗", date=today().isoformat()
    )
    assert "utter_ships_on_that_day" not in heard.replies


REPLIES = Path(__file__).resolve().parents[2] / "data" / "replies"


def test_no_reply_promises_a_day_by_itself() -> None:
    texts = [
        text for path in REPLIES.glob("*.yml") for text in path.read_text("utf-8").splitlines()
    ]
    assert [text.strip() for text in texts if _SAME_DAY.search(text)] == []


@pytest.mark.parametrize(
    ("text", "is_promise"),
    [
        ("16:00前付款当天发~", True), ("付好当天就能交给快递。", True), ("今天就发", True),
        ("每天16:00前的单当天出库", True), ("今天发现少了一件", False), ("我今天发您链接", False),
        ("收到当天看一下", False), ("我请同事当天去查", False), ("今天发票开好", False),
    ],
)  # fmt: skip
def test_what_promises_the_same_day(text: str, is_promise: bool) -> None:
    assert bool(_SAME_DAY.search(text)) is is_promise
