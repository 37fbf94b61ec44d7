"""The ledger: what is promised stands in it with its line, is kept by the shop's rows, warned of and told."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.alert_settings import AlertKind, AlertPlan, AlertTarget
from bot.conversations.messages import Author
from bot.desk.promise_alerts import warns
from bot.engine.turns import HandOver, PromiseMade
from bot.followups import promises
from bot.followups.keeping import PromiseKeeper
from bot.followups.promise import Matter, Promise, PromiseStatus
from bot.followups.tables import promises as table
from bot.handing_over import HandOverReason
from bot.outgoing.tables import outgoing
from bot.settings import Settings
from bot.shop.words.dealing import Access, Order
from tests.house.conftest import Chat
from tests.house.followups.world import (
    DAY,
    HOUR,
    office_of,
    pay,
    placed,
    reasons,
    said,
    stock,
)
from tests.house.scripted import ScriptedEngine, result
from tests.support.house import Clock, House
from tests.support.waiting import PATIENCE_S


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("10:00", settings)


@pytest.fixture
async def chat(house: House) -> Chat:
    await house.feed.read()
    opened = await Chat.with_buyer(house)
    await opened.ask("先看看")
    return opened


async def ledger(house: House) -> list[Promise]:
    everything = tuple(PromiseStatus)
    return await house.database.read(promises.standing, everything)


async def states(house: House) -> list[tuple[str, str, str]]:
    query = sa.select(table.c.matter, table.c.status, table.c.ended_by)
    return await house.database.read(
        lambda c: [tuple(row) for row in c.execute(query.order_by(table.c.promise_id))]
    )


async def promised(chat: Chat, matter: Matter, by: timedelta, **more: Any) -> Promise:
    """An agent's, who has the chat, confirmed."""
    house = chat.house
    line = await house.conversations.say_as_agent(chat.id, "小李", uuid.uuid4().hex, "明天给您办好")
    now = house.clock()

    def write(connection: Any) -> Promise:
        made = promises.make(
            connection, conversation_id=chat.id, buyer_id=chat.buyer_id, seq=line.seq,
            matter=matter, text=line.text, made_at=now, due_at=now + by, made_by="小李", **more,
        )  # fmt: skip
        assert made is not None
        promises.plan_telling(connection, made, house.kinds, now)
        return made

    return await house.database.run(write)


# -- the bot's, from the shop's data


async def test_a_paid_order_is_a_promise_of_its_day_and_shipping_keeps_it(chat: Chat) -> None:
    order = await placed(chat)
    await pay(chat, order)
    await chat.house.feed.read()
    assert (await states(chat.house))[0][1] == "open"
    await packed_and_sent(chat, order)
    await chat.house.feed.read()
    [one] = await ledger(chat.house)
    assert (one.matter, one.status, one.made_by) == (Matter.SHIP, PromiseStatus.KEPT, "")
    assert one.text.endswith("发货")
    assert await states(chat.house) == [("ship", "kept", "shipped")]


async def test_the_day_is_the_shops_and_the_line_the_one_that_told_it(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    order = await placed(chat)
    scripted.then(result_named("utter_paid_check_address", "收到付款啦"))
    await chat.ask("付好了")
    await pay(chat, order)
    await chat.house.feed.read()
    [one] = await ledger(chat.house)
    found = (await chat.house.shop.orders_of(chat.buyer_id))[0]
    zone = chat.house.settings.shop.zone
    assert one.due_at.astimezone(zone).date() == found.ships_on
    assert (one.conversation_id, one.order_number) == (chat.id, order.number)
    line = next(m for m in await chat.house.conversations.history(chat.id) if m.seq == one.seq)
    assert line.text == "收到付款啦"


async def test_who_was_not_told_in_a_chat_has_the_promise_all_the_same(chat: Chat) -> None:
    await pay(chat, await placed(chat))
    await pay(chat, await placed(chat, "r2", "sunscreen-50"))
    await chat.house.feed.read()
    assert [one.conversation_id for one in await ledger(chat.house)] == ["", ""]


async def test_an_order_that_is_not_sent_is_told_of_before_its_day_is_over(chat: Chat) -> None:
    await pay(chat, await placed(chat))
    await chat.house.feed.read()
    [one] = await ledger(chat.house)
    await chat.house.later(one.due_at - chat.house.clock() - timedelta(minutes=1))
    assert await said(chat) == ["promise_due"]
    [told] = await ledger(chat.house)
    assert told.warned_at is not None and told.told_at is not None
    assert told.warned_at < told.told_at < told.due_at
    await chat.house.later(HOUR)
    assert await states(chat.house) == [("ship", "broken", "")]


async def test_a_cancelled_order_takes_its_promise_with_it(chat: Chat) -> None:
    order = await placed(chat)
    await pay(chat, order)
    await chat.house.feed.read()
    [one] = await ledger(chat.house)
    access = Access(buyer_id=chat.buyer_id)
    await chat.house.shop.cancel_order(order.number, access, reason="", request_id="c1")
    await chat.house.later(one.due_at - chat.house.clock() + HOUR)
    assert "promise_due" not in await said(chat)
    assert (await states(chat.house))[0][1] == "withdrawn"


async def test_a_packed_one_that_only_waits_for_its_scan_is_not_called_late(chat: Chat) -> None:
    order = await placed(chat)
    await pay(chat, order)
    await office_of(chat.house).pack_order(order.number)
    await chat.house.feed.read()
    [one] = await ledger(chat.house)
    await chat.house.later(one.due_at - chat.house.clock() + HOUR)
    assert "promise_due" not in await said(chat)
    assert (await states(chat.house))[0][1] == "open"


@pytest.mark.parametrize("watches", [True, False])
async def test_a_clock_that_jumps_breaks_no_promise(chat: Chat, watches: bool) -> None:
    """It is set right after a round; the control does not watch it."""
    order = await placed(chat)
    await pay(chat, order)
    await chat.house.feed.read()
    chat.house.clock.forward(DAY * 5)
    jumps = iter([watches])
    at_work = asyncio.create_task(
        chat.house.promises.run(lambda: next(jumps, True), every_s=PATIENCE_S)
    )
    await asyncio.sleep(0.3)
    at_work.cancel()
    chat.house.clock.forward(-DAY * 5)
    assert (await states(chat.house))[0][1] == ("open" if watches else "broken")


async def test_out_of_hours_a_reply_is_promised_and_an_agents_words_keep_it(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    chat.house.clock.forward(HOUR * 13.5)  # 23:30
    scripted.then(result("人工休息了", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    await chat.ask("转人工")
    [one] = await ledger(chat.house)
    assert (one.matter, one.text) == (Matter.REPLY, "人工上班后联系您")
    assert one.due_at == (await chat.conversation()).promised_for
    chat.house.clock.forward(HOUR * 9.6)
    await chat.house.conversations.say_as_agent(chat.id, "小李", "a1", "早上好，您说")
    await chat.house.promises.sweep()
    assert await states(chat.house) == [("reply", "kept", "answered")]


async def test_who_still_waits_in_the_morning_is_told_in_the_waiting_chat(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    chat.house.clock.forward(HOUR * 13.5)
    scripted.then(result("人工休息了", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    await chat.ask("转人工")
    [one] = await ledger(chat.house)
    await chat.house.later(one.due_at - chat.house.clock() + HOUR)
    assert await said(chat) == ["promise_due"]
    assert (await chat.conversation()).status.value == "waiting"
    assert (await states(chat.house))[0][1] == "broken"


async def test_in_hours_the_usual_wait_is_no_promise(chat: Chat, scripted: ScriptedEngine) -> None:
    scripted.then(result("马上叫人", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    await chat.ask("转人工")
    assert await ledger(chat.house) == []


async def test_goods_that_are_waited_for_are_promised_without_a_day(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    made = PromiseMade(matter="restock", text="徒步鞋 黑色 39码到货通知", product_id="boot-qiyun")
    scripted.then(result("记下啦", promises=(made,)))
    await chat.ask("到货告诉我")
    await stock(chat.house, "boot-qiyun", "黑色", "39", 0)
    await chat.house.shop.ask_restock_notice(
        "boot-qiyun", "黑色", "39", buyer_id=chat.buyer_id, request_id="w1"
    )
    await chat.house.later(HOUR * 26)
    assert await states(chat.house) == [("restock", "open", "")]
    await stock(chat.house, "boot-qiyun", "黑色", "39", 5)
    await chat.house.later(HOUR * 26)
    assert await said(chat) == ["restock"]
    assert await states(chat.house) == [("restock", "kept", "notified")]


# -- an agent's


async def test_an_agents_next_words_do_not_keep_it_but_later_ones_do(chat: Chat) -> None:
    await promised(chat, Matter.REPLY, HOUR * 3)
    say = chat.house.conversations.say_as_agent
    chat.house.clock.forward(timedelta(minutes=1))
    await say(chat.id, "小李", "a2", "您先忙")
    await chat.house.promises.sweep()
    assert (await states(chat.house))[0][1] == "open"
    chat.house.clock.forward(HOUR)
    await say(chat.id, "小李", "a3", "问到了，能退")
    await chat.house.promises.sweep()
    assert await states(chat.house) == [("reply", "kept", "answered")]


async def test_the_agent_is_warned_once_before_it_breaks(chat: Chat) -> None:
    warned: list[tuple[int, datetime]] = []
    house = chat.house
    keepers = [
        PromiseKeeper(
            database=house.database,
            shop=house.shop,
            clock=house.clock,
            warn=lambda _, found, now: warned.extend((one.promise_id, now) for one in found),
        )
        for _ in range(2)
    ]
    one = await promised(chat, Matter.REPLY, HOUR * 20)
    for _ in range(40):
        for keeper in keepers:
            await keeper.sweep()
        house.clock.forward(HOUR / 2)
    assert warned == [(one.promise_id, one.warns_at)]


async def test_one_message_to_the_shops_people_tells_of_all_that_are_due(chat: Chat) -> None:
    house = chat.house
    for number in range(3):
        await pay(chat, await placed(chat, f"r{number}", "sunscreen-50"))
    await house.feed.read()
    soonest = (await ledger(house))[0]
    plan = AlertPlan(
        targets={"group": AlertTarget(kind=AlertKind.FEISHU, url="https://example.com/x")}
    )
    keeper = PromiseKeeper(
        database=house.database, shop=house.shop, clock=house.clock,
        warn=warns(plan, house.settings.shop.zone),
    )  # fmt: skip
    house.clock.now = soonest.warns_at
    await keeper.sweep()
    await keeper.sweep()
    query = sa.select(outgoing.c.body)
    bodies = await house.database.read(lambda c: list(c.execute(query).scalars()))
    assert [body["data"]["matters"] for body in bodies] == [{"ship": 3}]
    assert "给您发货 3 件" in bodies[0]["text"]


async def test_while_it_stands_nothing_comes_that_the_buyer_did_not_ask_for(chat: Chat) -> None:
    """K20: the agent closes with 付款链接明天给您."""
    await placed(chat)
    await promised(chat, Matter.SEND, HOUR * 20)
    last = (await chat.conversation()).last_seq
    await chat.house.conversations.close(chat.id, seen=last)
    await chat.house.later(HOUR * 10)
    assert await said(chat) == []
    assert ("later", "promised", "") in await reasons(chat.house)


async def test_what_is_broken_was_told_to_the_buyer_first(chat: Chat) -> None:
    one = await promised(chat, Matter.SEND, HOUR * 9)
    await chat.house.conversations.give_back(chat.id)
    await chat.house.later(HOUR * 8.9)
    assert await said(chat) == ["promise_due"]
    text = (await chat.by(Author.BOT))[-1]
    due = one.due_at.astimezone(chat.house.settings.shop.zone)
    assert text.startswith("<") or f"{due:%H:%M}" in text
    await chat.house.later(HOUR)
    assert (await states(chat.house))[0][1] == "broken"


async def test_what_has_ended_is_told_to_nobody_and_stays_as_it_is(chat: Chat) -> None:
    one = await promised(chat, Matter.REFUND, HOUR * 9)
    await chat.house.conversations.give_back(chat.id)
    ended = await chat.house.database.run(
        promises.end, one, PromiseStatus.KEPT, "refunded", chat.house.clock()
    )
    assert ended
    await chat.house.later(HOUR * 12)
    assert await said(chat) == []
    again = await chat.house.database.run(
        promises.end, one, PromiseStatus.BROKEN, "", chat.house.clock()
    )
    assert not again  # what has ended stays as it is


async def test_without_looking_whether_it_was_kept_the_buyer_would_be_told_wrongly(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of "kept"."""
    monkeypatch.setattr(promises, "leave_untold", lambda *_: None)
    monkeypatch.setattr(promises, "is_owed", lambda *_: True)
    one = await promised(chat, Matter.SEND, HOUR * 9)
    await chat.house.conversations.give_back(chat.id)
    await chat.house.database.run(promises.end, one, PromiseStatus.KEPT, "小李", chat.house.clock())
    await chat.house.later(HOUR * 12)
    assert await said(chat) == ["promise_due"]


async def test_what_nobody_confirmed_is_no_promise(chat: Chat) -> None:
    await promised(chat, Matter.SEND, HOUR * 20, status=PromiseStatus.FOUND)
    await chat.house.promises.sweep()
    chat.house.clock.forward(HOUR * 25)
    await chat.house.promises.sweep()
    assert (await states(chat.house))[0][1] == "dismissed"


async def packed_and_sent(chat: Chat, order: Order) -> None:
    office = office_of(chat.house)
    await office.pack_order(order.number)
    day = chat.house.clock().astimezone(chat.house.settings.shop.zone).date()
    await office.ship_order(
        order.number, courier="顺丰", courier_phone="95338", tracking_number="SF1", due_on=day
    )


def result_named(response: str, text: str) -> Any:
    told = result(text)
    return replace(told, replies=(replace(told.replies[0], response=response),))
