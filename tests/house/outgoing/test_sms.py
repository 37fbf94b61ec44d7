"""Text messages against a gateway on this machine: what fits, who gets one, and that nobody gets two."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.door_settings import DoorPlan, SmsPlan, WebhookPlan
from bot.followups import store
from bot.followups.pushing import demand_known, phones_of, pushes, unwanted
from bot.followups.sender import FollowUpSender
from bot.outgoing.courier import Courier
from bot.outgoing.sms import LONGEST, HttpSmsProvider, SmsDoor, sms_text
from bot.outgoing.tables import outgoing
from bot.settings import Settings, SettingsError
from tests.house.conftest import Chat
from tests.house.followups.world import HOUR, placed
from tests.support.house import Clock, House

KEY = "k" * 24
SMS = SmsPlan(
    url="http://127.0.0.1/sms", key=KEY, sign="山行户外", kinds=frozenset(["unpaid_order"])
)
PLAN = DoorPlan(sms=SMS, webhook=WebhookPlan(url="http://127.0.0.1/hook", secret=KEY))


class Gateway:
    def __init__(self) -> None:
        self.status = 200
        self.got: list[dict[str, Any]] = []

    async def take(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.Response(status=401)
        if self.status == 200:
            self.got.append(await request.json())
        return web.json_response({"receipt": f"r{len(self.got)}"}, status=self.status)


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("11:30", settings)


@pytest.fixture
async def gateway() -> AsyncIterator[tuple[Gateway, str]]:
    one = Gateway()
    app = web.Application()
    app.router.add_post("/sms", one.take)
    async with TestServer(app) as server:
        yield one, str(server.make_url("/sms"))


@pytest.fixture
async def chat(house: House) -> Chat:
    """With a house that pushes."""
    house.follow_ups = FollowUpSender(
        database=house.database,
        occasions=house.follow_ups._occasions,
        turns=house.turns,
        kinds=house.kinds,
        plan=house.settings.shop.follow_ups,
        zone=house.settings.shop.zone,
        clock=house.clock,
        push=pushes(PLAN, house.news.is_read),
    )
    await house.feed.read()
    opened = await Chat.with_buyer(house)
    await opened.ask("先看看")
    return opened


async def rows(house: House, *names: str) -> list[tuple[Any, ...]]:
    query = sa.select(*[outgoing.c[name] for name in names]).order_by(outgoing.c.door)
    return await house.database.read(lambda c: [tuple(row) for row in c.execute(query)])


async def carry(house: House, url: str, plan: DoorPlan = PLAN) -> int:
    async with aiohttp.ClientSession() as session:
        door = SmsDoor(HttpSmsProvider(session, url, KEY), phones_of(house.shop))
        courier = Courier(
            database=house.database,
            doors={"sms": door},
            clock=house.clock,
            unwanted=unwanted(house.database, plan, house.clock),
        )
        return await courier.deliver_due()


@given(st.text(max_size=300), st.text("山行户外店铺", min_size=2, max_size=12))
def test_a_text_never_takes_two_messages(text: str, sign: str) -> None:
    told = sms_text(sign, text)
    assert len(told) <= LONGEST and told.startswith(f"【{sign}】")


def test_whole_sentences_are_kept() -> None:
    text = (
        "您的徒步鞋要晚到，路上下雪。现在预计3月5日到，" + "再等等、催快递还是退款您来选" * 4 + "。"
    )
    assert sms_text("山行户外", text) == "【山行户外】您的徒步鞋要晚到，路上下雪。 拒收请回复R"


async def test_who_has_no_page_open_gets_it_once(chat: Chat, gateway: tuple[Gateway, str]) -> None:
    one, url = gateway
    order = await placed(chat)
    assert await chat.house.later(HOUR * 1.5) == 1
    assert await rows(chat.house, "door", "status", "buyer_id") == [
        ("sms", "waiting", chat.buyer_id),
        ("webhook", "waiting", chat.buyer_id),
    ]
    assert await carry(chat.house, url) == 1
    assert await carry(chat.house, url) == 0
    [told] = one.got
    assert told["phone"] == order.receiver.phone and told["text"].startswith("【山行户外】")
    assert ("sms", "delivered", "r1") in await rows(chat.house, "door", "status", "receipt")


async def test_who_reads_the_chat_gets_none(chat: Chat) -> None:
    await placed(chat)
    with chat.house.news.subscribe(chat.id):
        assert await chat.house.later(HOUR * 1.5) == 1
    assert await rows(chat.house, "door") == [("webhook",)]


@pytest.mark.parametrize(("window", "leaves"), [(None, 1), (timedelta(hours=48), 1), (HOUR, 0)])
async def test_a_door_whose_reply_window_has_closed_is_left_alone(
    chat: Chat, gateway: tuple[Gateway, str], window: timedelta | None, leaves: int
) -> None:
    """The buyer's last line is an hour and a half old; without a window it leaves (control)."""
    one, url = gateway
    plan = replace(PLAN, sms=replace(SMS, reply_window=window))
    await placed(chat)
    assert await chat.house.later(HOUR * 1.5) == 1
    await carry(chat.house, url, plan)
    assert len(one.got) == leaves
    if not leaves:
        kept = await rows(chat.house, "door", "status", "last_error")
        assert ("sms", "withdrawn", "outside the reply window") in kept


async def test_a_line_of_the_buyers_opens_the_window_again(
    chat: Chat, gateway: tuple[Gateway, str]
) -> None:
    one, url = gateway
    plan = replace(PLAN, sms=replace(SMS, reply_window=HOUR))
    await placed(chat)
    assert await chat.house.later(HOUR * 1.5) == 1
    await chat.ask("在的")
    await carry(chat.house, url, plan)
    assert len(one.got) == 1


async def test_a_kind_that_the_owner_did_not_name_stays_in_the_chat(chat: Chat) -> None:
    await chat.house.database.run(
        store.plan, conversation_id=chat.id, buyer_id=chat.buyer_id,
        kind=chat.house.kinds["birthday"], key="b", about={}, now=chat.house.clock(),
        due_at=chat.house.clock(),
    )  # fmt: skip
    assert await chat.house.later(HOUR) == 1
    assert await rows(chat.house, "door") == [("webhook",)]


async def test_an_opt_out_before_it_leaves_stops_it(
    chat: Chat, gateway: tuple[Gateway, str]
) -> None:
    one, url = gateway
    await placed(chat)
    await chat.house.later(HOUR * 1.5)
    await chat.ask("退订")
    assert await carry(chat.house, url) == 0 and one.got == []
    assert ("sms", "withdrawn") in await rows(chat.house, "door", "status")


async def test_a_gateway_that_is_down_is_asked_again_for_an_hour(
    chat: Chat, gateway: tuple[Gateway, str]
) -> None:
    one, url = gateway
    one.status = 503
    await placed(chat)
    await chat.house.later(HOUR * 1.5)
    await carry(chat.house, url)
    chat.house.clock.forward(timedelta(seconds=10))
    one.status = 200
    assert await carry(chat.house, url) == 1


async def test_hours_later_it_is_no_news_any_more(chat: Chat, gateway: tuple[Gateway, str]) -> None:
    one, url = gateway
    await placed(chat)
    await chat.house.later(HOUR * 1.5)
    chat.house.clock.forward(HOUR * 2)
    assert await carry(chat.house, url) == 0 and one.got == []


def test_a_kind_that_is_none_is_told_with_what_to_write() -> None:
    with pytest.raises(SettingsError, match=r"doors.sms.kinds: 没有这一类跟进「unpaid_order」"):
        demand_known(PLAN, ["parcel_late"])
