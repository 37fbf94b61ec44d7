"""Follow-ups as rows: said once, late enough, and not when their reason has gone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations import speaking_first, statements, store
from bot.conversations.messages import Author, Message
from bot.conversations.tables import conversations
from bot.engine.turns import FollowUpWish, HandOver
from bot.followups import claims, looking, sender
from bot.followups.occasions import Occasion
from bot.followups.rules import FollowUp, Send
from bot.followups.tables import follow_ups, judgements
from bot.handing_over import HandOverReason
from bot.settings import Settings
from bot.shop.embedded import tables
from bot.shop.words.dealing import Access, Order, OrderStatus, Receiver, WantedLine
from bot.shop.words.goods import ProductQuery
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result
from tests.support.house import Clock, House

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(settings: Settings) -> Clock:
    return Clock.today("11:00", settings)


@pytest.fixture
async def chat(house: House) -> Chat:
    await house.feed.read()  # what the shop holds already is no news
    return await Chat.with_buyer(house)


async def placed_order(chat: Chat, request_id: str = "r1") -> Order:
    """An unpaid order of this chat's buyer."""
    shop = chat.house.shop
    found = await shop.recommend(ProductQuery(limit=1))
    sku = next(sku for sku in found[0].product.skus if sku.stock)
    wanted = WantedLine(
        product_id=found[0].product.product_id, colour=sku.colour, size=sku.size, quantity=1
    )
    receiver = Receiver(name="王芳", phone="13800138000", address="浙江省杭州市西湖区文三路1号")
    return await shop.place_order(
        [wanted], buyer_id=chat.buyer_id, receiver=receiver, note="", request_id=request_id
    )


async def wish(chat: Chat, kind: str, key: str, **about: Any) -> None:
    """A turn that wants this said later."""
    engine = chat.house.engine
    assert isinstance(engine, ScriptedEngine)
    engine.then(result("好的", follow_ups=(FollowUpWish(kind=kind, key=key, about=about),)))
    await chat.ask("先看看")


async def unpaid(chat: Chat, request_id: str = "r1") -> Order:
    """An order is placed and not paid; the shop tells of it."""
    order = await placed_order(chat, request_id)
    await chat.ask("先看看")
    await chat.house.feed.read()
    return order


async def said(chat: Chat) -> list[str]:
    history = await chat.house.conversations.history(chat.id, limit=200)
    return [
        message.response
        for message in history
        if message.author is Author.BOT and message.response.startswith("utter_follow_up")
    ]


async def rows(house: House) -> list[tuple[str, str]]:
    def read(connection: Any) -> list[tuple[str, str]]:
        query = sa.select(follow_ups.c.status, follow_ups.c.dropped_because).order_by(
            follow_ups.c.follow_up_id
        )
        return [(row.status, row.dropped_because) for row in connection.execute(query)]

    return await house.database.read(read)


async def reasons(house: House) -> list[tuple[str, str, str]]:
    """Why each was held back, in the order in which it was judged."""

    def read(connection: Any) -> list[tuple[str, str, str]]:
        columns = (judgements.c.verdict, judgements.c.reason, judgements.c.detail)
        query = sa.select(*columns).order_by(judgements.c.judgement_id)
        return [tuple(row) for row in connection.execute(query)]

    return await house.database.read(read)


async def gone_sku(chat: Chat) -> tuple[str, str, str]:
    """Product, colour and size of something that is sold out."""
    found = await chat.house.shop.recommend(ProductQuery(limit=500, in_stock_only=False))
    return next(
        (one.product.product_id, sku.colour, sku.size)
        for one in found
        for sku in one.product.skus
        if not sku.stock and sku.colour and sku.size
    )


async def wait_for_stock(chat: Chat, request_id: str = "n") -> tuple[str, str, str]:
    """The buyer asks to be told when it is back."""
    sku = await gone_sku(chat)
    await chat.house.shop.ask_restock_notice(*sku, buyer_id=chat.buyer_id, request_id=request_id)
    await chat.ask("到货叫我")
    return sku


async def comes_in(house: House, sku: tuple[str, str, str], pieces: int = 10) -> None:
    def write(connection: Any) -> None:
        table = tables.skus
        product_id, colour, size = sku
        connection.execute(
            table.update()
            .where(table.c.product_id == product_id, table.c.colour == colour, table.c.size == size)
            .values(on_hand=table.c.reserved + pieces)
        )

    await house.database.run(write)
    await house.feed.read()


async def later(house: House, by: timedelta = HOUR * 1.2) -> int:
    clock = house.clock
    clock.forward(by)
    return await house.follow_ups.send_due()


async def test_an_unpaid_order_is_reminded_of_once(chat: Chat) -> None:
    order = await unpaid(chat)
    assert await later(chat.house) == 1
    assert await later(chat.house, HOUR * 0.1) == 0
    assert await later(chat.house, HOUR * 24) == 0
    assert await said(chat) == ["utter_follow_up_unpaid_order"]
    texts = await chat.by(Author.BOT)
    assert order.number in texts[-1]


async def test_a_visitors_order_is_closed_before_its_reminder(house: House) -> None:
    """Its pieces are kept for half an hour only; what is closed is not asked to be paid."""
    chat = await Chat.with_visitor(house)
    await unpaid(chat)
    assert await later(house) == 0
    assert await said(chat) == []


async def test_nothing_is_said_before_it_is_due(chat: Chat) -> None:
    chat.house.clock.forward(HOUR * 1.1)
    await unpaid(chat)
    assert await later(chat.house, timedelta(minutes=39)) == 0
    assert await later(chat.house, timedelta(minutes=2)) == 1


async def test_outside_the_hours_it_waits_for_the_next(chat: Chat) -> None:
    chat.house.clock.forward(HOUR * 3)  # 14:00
    await unpaid(chat)
    assert await later(chat.house, HOUR * 2) == 0
    assert await later(chat.house, HOUR * 2.1) == 1  # 18:06


async def test_a_paid_order_is_not_reminded_of(chat: Chat) -> None:
    order = await unpaid(chat)
    paid = await chat.house.shop.pay_order(
        order.number, Access(buyer_id=chat.buyer_id), request_id="p"
    )
    assert paid.status is OrderStatus.PAID
    assert await later(chat.house) == 0
    assert await rows(chat.house) == [("dropped", "gone")]


async def test_an_order_that_another_one_replaced_is_not_reminded_of(chat: Chat) -> None:
    await unpaid(chat)
    chat.house.clock.forward(timedelta(minutes=1))
    again = await placed_order(chat, "r2")
    await chat.house.shop.pay_order(again.number, Access(buyer_id=chat.buyer_id), request_id="p")
    assert await later(chat.house) == 0
    assert await rows(chat.house) == [("dropped", "gone")]


async def test_a_replacement_that_was_cancelled_leaves_the_reminder(chat: Chat) -> None:
    await unpaid(chat)
    chat.house.clock.forward(timedelta(minutes=1))
    again = await placed_order(chat, "r2")
    access = Access(buyer_id=chat.buyer_id)
    await chat.house.shop.cancel_order(again.number, access, reason="", request_id="c")
    assert await later(chat.house) == 1


async def test_who_wrote_meanwhile_is_not_asked_whether_undecided(chat: Chat) -> None:
    await wish(chat, "undecided", "u1")
    chat.house.clock.forward(HOUR)
    await chat.ask("再问一下")
    assert await later(chat.house, HOUR * 7) == 0
    assert await rows(chat.house) == [("dropped", "answered")]


async def test_who_is_undecided_again_is_asked_after_all(chat: Chat) -> None:
    await wish(chat, "undecided", "u1")
    chat.house.clock.forward(HOUR)
    await chat.ask("再问一下")
    await later(chat.house, HOUR * 6.2)  # 18:12: dropped
    await wish(chat, "undecided", "u1")
    await later(chat.house, HOUR * 18)
    assert await said(chat) == ["utter_follow_up_undecided"]


async def test_opting_out_stops_what_was_planned(chat: Chat) -> None:
    await unpaid(chat)
    await chat.ask("退订")
    assert await later(chat.house) == 0
    assert await rows(chat.house) == [("dropped", "opted_out")]


async def test_planned_messages_are_dropped_at_once(chat: Chat) -> None:
    await unpaid(chat)
    await wish(chat, "undecided", "u1")
    await chat.ask("别再给我发广告了")
    assert await rows(chat.house) == [("dropped", "opted_out")] * 2


async def test_whoever_promises_silence_keeps_it(chat: Chat, scripted: ScriptedEngine) -> None:
    await unpaid(chat)
    scripted.then(result("好的，以后不发了", opts_out=True))
    await chat.ask("你们这样让我很困扰")
    assert await later(chat.house) == 0
    assert await rows(chat.house) == [("dropped", "opted_out")]


async def test_what_is_asked_beside_an_opt_out_is_answered(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await chat.ask("别再发广告了，黑色42还有吗")
    stop, question = scripted.heard[-1]
    assert stop.payload is not None and stop.payload.intent == "stop_follow_up"
    assert (question.payload, question.text) == (None, "黑色42还有吗")


async def test_stock_asked_for_after_an_opt_out_is_told(chat: Chat) -> None:
    await chat.ask("退订")
    chat.house.clock.forward(HOUR * 0.1)
    await comes_in(chat.house, await wait_for_stock(chat))
    assert await later(chat.house) == 1


@pytest.mark.parametrize("text", ["太贵了 不买了", "在别家买好了", "我只是看看", "不用了谢谢"])
async def test_who_has_said_no_is_not_asked_once_more(
    chat: Chat, scripted: ScriptedEngine, text: str
) -> None:
    await wish(chat, "undecided", "u1")
    again = FollowUpWish(kind="undecided", key="u1", about={})
    for said_by_buyer in (text, "再见"):  # both turns would plan it anew
        scripted.then(result("好的", follow_ups=(again,)))
        await chat.ask(said_by_buyer)
    assert await later(chat.house, HOUR * 9) == 0
    assert await rows(chat.house) == [("dropped", "refused")]


async def test_a_refused_kind_does_not_come_for_other_goods(chat: Chat) -> None:
    await wish(chat, "undecided", "u1")
    await later(chat.house, HOUR * 9)
    await chat.ask("不买了")
    await wish(chat, "undecided", "u2")
    await later(chat.house, HOUR * 24)
    assert await said(chat) == ["utter_follow_up_undecided"]


async def test_a_refused_reminder_leaves_a_later_order_its_own(chat: Chat) -> None:
    await unpaid(chat)
    await later(chat.house)
    await chat.ask("太贵了不买了")
    await unpaid(chat, "r2")
    assert await later(chat.house, HOUR * 6.3) == 1


async def test_opting_out_counts_when_said_to_a_person(chat: Chat) -> None:
    await unpaid(chat)
    await chat.house.conversations.take(chat.id, "小李")
    await chat.write("别给我发消息了")
    await chat.house.conversations.give_back(chat.id)
    assert await later(chat.house) == 0
    assert await rows(chat.house) == [("dropped", "opted_out")]


async def test_opting_out_counts_when_the_engine_fails(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await unpaid(chat)
    scripted.then_raise(RuntimeError("boom"))
    await chat.ask("退订")
    await chat.house.conversations.give_back(chat.id)
    await later(chat.house)
    assert await rows(chat.house) == [("dropped", "opted_out")]


async def test_no_more_sending_right_after_a_follow_up_is_an_opt_out(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await unpaid(chat)
    await later(chat.house)
    await chat.ask("别发了")
    payload = scripted.heard[-1][0].payload
    assert payload is not None and payload.intent == "stop_follow_up"


async def test_no_more_sending_at_another_time_is_for_the_engine(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await chat.ask("别发了")
    assert scripted.heard[-1][0].payload is None


async def test_it_waits_while_a_person_talks(chat: Chat, scripted: ScriptedEngine) -> None:
    await unpaid(chat)
    scripted.then(result("叫人", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    await chat.ask("转人工")
    assert await later(chat.house) == 0
    assert await said(chat) == []
    await chat.house.conversations.give_back(chat.id)
    assert await later(chat.house, HOUR * 0.6) == 1


async def test_a_line_that_is_being_answered_comes_first(chat: Chat) -> None:
    await unpaid(chat)
    await chat.write("在吗")
    assert await later(chat.house) == 0
    await chat.house.turns.answer(chat.id)
    assert await later(chat.house, HOUR * 0.1) == 1


async def test_a_closed_conversation_gets_its_message_and_stays_closed(chat: Chat) -> None:
    await unpaid(chat)
    await chat.house.conversations.close(chat.id, seen=(await chat.conversation()).last_seq)
    assert await later(chat.house) == 1
    assert (await chat.conversation()).status.value == "closed"


async def test_plans_survive_a_restart(chat: Chat) -> None:
    await unpaid(chat)
    assert await later(chat.house.restarted()) == 1


async def sent_by_two_senders(chat: Chat) -> int:
    """A reminder is due, and two houses see it at the same time."""
    await unpaid(chat)
    other = chat.house.restarted()
    chat.house.clock.forward(HOUR * 1.2)
    return sum(
        await asyncio.gather(
            *(house.follow_ups.send_due() for house in (chat.house, other) for _ in range(3))
        )
    )


async def test_two_senders_at_once_send_once(chat: Chat) -> None:
    assert await sent_by_two_senders(chat) == 1
    assert await said(chat) == ["utter_follow_up_unpaid_order"]


def unclaimed(in_turn: bool = False) -> Callable[..., list[FollowUp]]:
    """`claim` that holds nothing; `in_turn`: the first caller and the others begin at either end."""
    asked = 0

    def found(connection: Any, now: Any, _worker: str) -> list[FollowUp]:
        nonlocal asked
        asked += 1
        due = (follow_ups.c.status == "planned", follow_ups.c.due_at <= now)
        rows = connection.execute(sa.select(*claims.FIELDS).where(*due))
        return [FollowUp(**row._mapping) for row in rows][:: -1 if in_turn and asked > 1 else 1]

    return found


def without_guards(monkeypatch: pytest.MonkeyPatch, *, but_for: str = "") -> None:
    """What keeps a follow-up from going out twice is switched off, one guard perhaps excepted."""
    if but_for != "row":

        def marked(connection: Any, follow_up: FollowUp, said: Any, now: Any, **_: Any) -> bool:
            this = follow_ups.c.follow_up_id == follow_up.follow_up_id
            connection.execute(follow_ups.update().where(this).values(status="sent", seq=said[1]))
            return True

        monkeypatch.setattr(claims, "mark_said", marked)
    if but_for != "lease":
        monkeypatch.setattr(claims, "claim", unclaimed())
    if but_for != "judging again":
        monkeypatch.setattr(sender, "judge", lambda *_, **__: Send())
    if but_for != "memory's version":
        unguarded = conversations.update().where(statements.THIS)
        monkeypatch.setattr(
            statements, "KEEP_MEMORY", unguarded.values(memory=sa.bindparam("memory"))
        )
    if but_for != "message id":

        def replaced(message: Message, **changes: Any) -> Message:
            if "message_id" in changes:
                changes["message_id"] += uuid.uuid4().hex
            return replace(message, **changes)

        monkeypatch.setattr(speaking_first, "replace", replaced)


@pytest.mark.parametrize("guard", ["row", "message id"])  # a lease spares work and guards nothing
async def test_each_guard_alone_keeps_a_second_reminder_back(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    without_guards(monkeypatch, but_for=guard)
    await sent_by_two_senders(chat)
    assert len(await said(chat)) == 1


async def test_without_any_guard_two_senders_would_send_it_twice(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    without_guards(monkeypatch)
    assert await sent_by_two_senders(chat) > 1
    assert len(await said(chat)) > 1


async def sent_with_a_cap_of_one(
    house_settings: Settings,
    house: House,
    scripted: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> int:
    """Two are due, and two houses have judged one each before either is sent."""
    plan = replace(house_settings.shop.follow_ups, at_most_in_30_days=1)
    strict = replace(house_settings, shop=replace(house_settings.shop, follow_ups=plan))
    one = House(strict, house.database, scripted, house.clock)
    await one.feed.read()
    chat = await Chat.with_buyer(one)
    await unpaid(chat)
    await wish(chat, "undecided", "u1")
    other = one.restarted()
    one.clock.forward(HOUR * 7.2)  # 18:12
    monkeypatch.setattr(claims, "claim", unclaimed(in_turn=True))
    judged, all_judged = 0, asyncio.Event()
    for house_ in (one, other):
        send = house_.follow_ups._say

        async def send_together(*arguments: Any, send: Any = send) -> bool:
            nonlocal judged
            judged += 1
            if judged == 2:
                all_judged.set()
            await asyncio.wait_for(all_judged.wait(), 60)
            return bool(await send(*arguments))

        monkeypatch.setattr(house_.follow_ups, "_say", send_together)
    await asyncio.gather(one.follow_ups.send_due(), other.follow_ups.send_due())
    assert judged >= 2
    return len(await said(chat))


async def test_several_at_once_do_not_pass_the_cap(
    house_settings: Settings,
    house: House,
    scripted: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await sent_with_a_cap_of_one(house_settings, house, scripted, monkeypatch) == 1


async def test_without_judging_again_the_cap_would_be_passed(
    house_settings: Settings,
    house: House,
    scripted: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control; the memory's version, which happens to help here, is off too."""
    unguarded = conversations.update().where(statements.THIS)
    monkeypatch.setattr(statements, "KEEP_MEMORY", unguarded.values(memory=sa.bindparam("memory")))
    monkeypatch.setattr(sender, "judge", lambda *_, **__: Send())
    assert await sent_with_a_cap_of_one(house_settings, house, scripted, monkeypatch) == 2


async def test_one_that_cannot_be_said_does_not_hold_up_the_others(
    house: House, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.feed.read()
    bad, good = await Chat.with_buyer(house), await Chat.with_buyer(house)
    await unpaid(bad)
    await unpaid(good)
    words = scripted.words

    async def fails_once(response: str, **values: Any) -> Any:
        monkeypatch.setattr(scripted, "words", words)
        raise KeyError(response)

    monkeypatch.setattr(scripted, "words", fails_once)
    assert await later(house) == 1
    assert await said(good) == ["utter_follow_up_unpaid_order"]
    assert ("planned", "") in await rows(house)
    assert ("later", "broken", "") in await reasons(house)


async def test_restock_is_told_when_it_is_back(chat: Chat) -> None:
    sku = await wait_for_stock(chat)
    assert await later(chat.house) == 0
    assert await rows(chat.house) == []
    await comes_in(chat.house, sku)
    assert await later(chat.house, HOUR * 0.1) == 1
    assert await said(chat) == ["utter_follow_up_restock"]


async def test_what_is_sold_out_again_by_then_waits(chat: Chat) -> None:
    sku = await wait_for_stock(chat)
    await comes_in(chat.house, sku)
    await comes_in(chat.house, sku, 0)
    assert await later(chat.house) == 0
    assert await reasons(chat.house) == [("later", "not_yet", "")]
    await comes_in(chat.house, sku)
    assert await later(chat.house, HOUR * 6.1) == 1


async def test_restock_asked_for_again_is_told_again(chat: Chat) -> None:
    for request_id in ("a", "b"):
        sku = await wait_for_stock(chat, request_id)
        await comes_in(chat.house, sku)
        await later(chat.house, HOUR * 1.1)
        await comes_in(chat.house, sku, 0)
        await later(chat.house, HOUR * 22.9)
    assert await said(chat) == ["utter_follow_up_restock"] * 2


async def test_a_kind_that_is_switched_off_is_not_planned(
    house_settings: Settings, house: House, scripted: ScriptedEngine
) -> None:
    plan = replace(house_settings.shop.follow_ups, on={"undecided": False})
    without = replace(house_settings, shop=replace(house_settings.shop, follow_ups=plan))
    chat = await Chat.with_buyer(House(without, house.database, scripted, house.clock))
    await wish(chat, "undecided", "u1")
    assert await rows(house) == []


async def test_the_answer_finds_what_was_asked(chat: Chat) -> None:
    order = await unpaid(chat)
    await later(chat.house)
    memory = await chat.house.database.read(store.memory_of, chat.id)
    assert "'followup_kind': 'unpaid_order'" in memory
    assert order.number in memory


async def test_what_piled_up_for_one_buyer_comes_spread(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await wish(chat, "undecided", f"u{number}")

    async def holds(*_: Any) -> Occasion:
        return Occasion()

    monkeypatch.setattr(chat.house.follow_ups._occasions, "of", holds)
    monkeypatch.setattr(looking, "_has_written_since", lambda *_: False)
    assert await later(chat.house, HOUR * 7.2) == 1
    assert await later(chat.house, HOUR * 0.1) == 0
    assert await later(chat.house, HOUR * 18) == 1
    assert await later(chat.house, HOUR * 6.3) == 1
    assert ("later", "gap", "") in await reasons(chat.house)
