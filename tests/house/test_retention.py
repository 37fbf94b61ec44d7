"""What is older than the settings allow goes, what is younger stays, and nothing that is open goes."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select
from sqlalchemy.engine import Connection

from bot import retention_rows
from bot.background import Background
from bot.conversations import store
from bot.conversations.conversation import Status
from bot.conversations.messages import Author, Incoming
from bot.conversations.tables import (
    conversations,
    messages,
    pictures,
    sessions,
    turns,
    wishes,
)
from bot.database import Database
from bot.desk.tables import reveals
from bot.engine.turns import HandOver
from bot.followups.tables import follow_ups
from bot.handing_over import HandOverReason
from bot.retention import Forgotten, Retention
from bot.retention_rows import GONE_PICTURE
from bot.shop.embedded import tables as shop
from bot.shop.words.errors import ShopUnavailable
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result
from tests.support.house import Clock, House
from tests.support.waiting import until

DAY = timedelta(days=1)
KEPT = 180 * DAY
LULU = "buyer-lulu"  # has an order that is still to be sent
LAOQI = "buyer-laoqi"


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def retention(house: House, uploads: Path) -> Retention:
    plan = house.settings.shop.retention
    return Retention(house.database, house.shop, plan, house.clock, uploads=uploads, breath_s=0)


async def count(house: House, table: Table, **where: Any) -> int:
    def read(connection: Connection) -> int:
        query = select(func.count()).select_from(table)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        return int(connection.execute(query).scalar() or 0)

    return await house.database.read(read)


async def add(house: House, table: Table, **values: Any) -> None:
    await house.database.run(
        lambda connection: connection.execute(insert(table).values(**values)) and None
    )


async def follow_up(house: House, chat: Chat, status: str) -> None:
    now = house.clock.now
    await add(
        house, follow_ups, conversation_id=chat.id, buyer_id=chat.buyer_id, kind="restock",
        key=uuid.uuid4().hex, about={}, status=status, planned_at=now, due_at=now,
    )  # fmt: skip


async def picture(house: House, chat: Chat, uploads: Path) -> str:
    """The id of one that was sent."""
    own_id = uuid.uuid4().hex
    (uploads / f"{own_id}.jpg").write_bytes(b"pixels")
    await add(
        house, pictures, picture_id=own_id, conversation_id=chat.id, file_name=f"{own_id}.jpg",
        width=1, height=1, taken_at=house.clock.now,
    )  # fmt: skip
    shown = {"picture_id": own_id, "url": f"/uploads/{own_id}", "width": 1, "height": 1}
    incoming = Incoming(message_id=own_id, text="这张", picture=shown)
    await house.conversations.receive(chat.id, incoming)
    await house.turns.answer(chat.id)
    return own_id


async def of_buyer(house: House, buyer_id: str) -> Chat:
    opened = await house.conversations.open(buyer_id=buyer_id, signed_in=True, channel="web")
    return Chat(house, opened)


async def is_there(house: House, chat: Chat) -> bool:
    return bool(await count(house, conversations, conversation_id=chat.id))


async def test_an_old_talk_goes_with_all_that_belongs_to_it(
    house: House, retention: Retention, clock: Clock, uploads: Path, chat: Chat
) -> None:
    await chat.ask("在吗")
    own_id = await picture(house, chat, uploads)
    await follow_up(house, chat, "sent")
    for table in (wishes, sessions):
        assert await count(house, table, conversation_id=chat.id) > 0
    clock.forward(KEPT + DAY)
    forgotten = await retention.sweep()
    assert forgotten.conversations == 1
    for table in (conversations, messages, turns, wishes, sessions, pictures, follow_ups):
        assert await count(house, table, conversation_id=chat.id) == 0
    assert not (uploads / f"{own_id}.jpg").exists()


async def test_what_is_younger_stays(
    house: House, retention: Retention, clock: Clock, uploads: Path, chat: Chat
) -> None:
    await chat.ask("在吗")
    own_id = await picture(house, chat, uploads)
    clock.forward(KEPT - DAY)
    assert not await retention.sweep()
    assert await count(house, messages, conversation_id=chat.id) == 4
    assert (uploads / f"{own_id}.jpg").exists()


async def test_the_last_line_counts_and_older_ones_go(
    house: House, retention: Retention, clock: Clock, scripted: ScriptedEngine, chat: Chat
) -> None:
    scripted.then(result("找人", hand_over=HandOver(reason=HandOverReason.ASKED, note="旧事")))
    await chat.ask("转人工")
    await house.conversations.take(chat.id, "小李")
    await house.conversations.give_back(chat.id)
    clock.forward(KEPT)
    await house.sessions.sweep()
    await chat.ask("又来了")
    before = (await chat.conversation()).last_seq
    clock.forward(DAY)
    forgotten = await retention.sweep()
    assert (forgotten.conversations, forgotten.messages) == (0, 4)
    assert await chat.by(Author.BUYER) == ["又来了"]
    assert (await chat.conversation()).summary is None
    for table in (turns, wishes, sessions):
        assert await count(house, table, conversation_id=chat.id) == 1
    assert await chat.write("还能接着聊") == before + 1


async def handed_over(chat: Chat, scripted: ScriptedEngine) -> None:
    scripted.then(result("找人", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    await chat.ask("转人工")


async def with_agent(chat: Chat, scripted: ScriptedEngine) -> None:
    await chat.ask("在吗")
    await chat.house.conversations.take(chat.id, "小李")


async def unanswered(chat: Chat, scripted: ScriptedEngine) -> None:
    await chat.write("在吗")


async def to_be_told(chat: Chat, scripted: ScriptedEngine) -> None:
    await chat.ask("到货叫我")
    await follow_up(chat.house, chat, "planned")


@pytest.mark.parametrize("left", [handed_over, with_agent, unanswered, to_be_told])
async def test_a_talk_that_is_open_stays_however_old(
    house: House, retention: Retention, clock: Clock, scripted: ScriptedEngine, chat: Chat,
    left: Callable[..., Any], uploads: Path,
) -> None:  # fmt: skip
    await left(chat, scripted)
    lines = await count(house, messages, conversation_id=chat.id)
    clock.forward(10 * KEPT)
    assert (await retention.sweep()).conversations == 0
    assert await count(house, messages, conversation_id=chat.id) == lines


@pytest.mark.parametrize("left", [handed_over, with_agent, unanswered, to_be_told])
async def test_without_the_looks_at_what_is_open_it_would_go(
    house: House, retention: Retention, clock: Clock, scripted: ScriptedEngine, chat: Chat,
    left: Callable[..., Any], uploads: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The negative control."""
    await left(chat, scripted)
    clock.forward(10 * KEPT)
    monkeypatch.setattr(retention_rows, "_AT_REST", tuple(one.value for one in Status))
    monkeypatch.setattr(store, "pending", lambda *_: [])
    monkeypatch.setattr(retention_rows, "_awaits_follow_up", lambda *_: False)
    assert (await retention.sweep()).conversations == 1
    assert not await is_there(house, chat)


@pytest.mark.parametrize("guard", [True, False])
async def test_a_talk_that_an_agent_takes_while_it_is_being_deleted_stays(
    house: House, retention: Retention, clock: Clock, chat: Chat, guard: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """With the guard off it would go: it was at rest when it was listed."""
    await chat.ask("在吗")
    old = KEPT + DAY
    clock.forward(old)

    async def taken_meanwhile(_: str) -> bool:
        clock.forward(-old)  # the agent's coming is no new line that would keep it by itself
        await house.conversations.take(chat.id, "小李")
        clock.forward(old)
        return False

    monkeypatch.setattr(retention, "_is_held", taken_meanwhile)
    if not guard:
        monkeypatch.setattr(retention_rows, "is_at_rest", lambda *_: True)
    await retention.sweep()
    assert await is_there(house, chat) is guard


async def test_pictures_of_a_talk_with_a_person_stay(
    house: House, retention: Retention, clock: Clock, chat: Chat, uploads: Path
) -> None:
    own_id = await picture(house, chat, uploads)
    await house.conversations.take(chat.id, "小李")
    clock.forward(10 * KEPT)
    assert (await retention.sweep()).pictures == 0
    assert (uploads / f"{own_id}.jpg").exists()


async def test_who_has_an_open_order_is_not_forgotten(
    house: House, retention: Retention, clock: Clock, uploads: Path
) -> None:
    chat = await of_buyer(house, LULU)
    await chat.ask("在吗")
    own_id = await picture(house, chat, uploads)
    clock.forward(10 * KEPT)
    assert not await retention.sweep()
    assert (uploads / f"{own_id}.jpg").exists() and await is_there(house, chat)


async def test_without_the_look_at_orders_and_cases_who_has_one_would_be_forgotten(
    house: House, retention: Retention, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""

    async def never(_: str) -> bool:
        return False

    chat = await of_buyer(house, LULU)
    await chat.ask("在吗")
    clock.forward(10 * KEPT)
    monkeypatch.setattr(retention, "_is_held", never)
    assert (await retention.sweep()).conversations == 1
    assert not await is_there(house, chat)


async def all_done(house: House, buyer_id: str) -> None:
    """The buyer's orders are completed, their cases refunded."""

    def write(connection: Connection) -> None:
        for table, status in ((shop.orders, "completed"), (shop.returns, "refunded")):
            connection.execute(
                table.update().where(table.c.buyer_id == buyer_id).values(status=status)
            )

    await house.database.run(write)


@pytest.mark.parametrize(("status", "stays"), [("goods_sent", True), ("refunded", False)])
async def test_who_has_an_open_case_is_not_forgotten(
    house: House, retention: Retention, clock: Clock, status: str, stays: bool
) -> None:
    chat = await of_buyer(house, LULU)
    await chat.ask("在吗")
    await all_done(house, LULU)
    number = (await house.shop.orders_of(LULU))[0].number
    await add(
        house, shop.returns, case_id="TH1", order_number=number, line_id="", buyer_id=LULU,
        name="", remedy="refund", reason="size", status=status, opened_at=clock.now, refund_fen=1,
        send_to="", buyer_pays_postage=False, photos=[], wanted="",
    )  # fmt: skip
    clock.forward(KEPT + DAY)
    await retention.sweep()
    assert await is_there(house, chat) is stays


async def test_orders_and_buyers_are_the_shops_own(
    house: House, retention: Retention, clock: Clock
) -> None:
    kept = (shop.orders, shop.order_lines, shop.buyers, shop.returns, shop.parcels)
    before = [await count(house, table) for table in kept]
    chat = await of_buyer(house, LAOQI)
    await chat.ask("在吗")
    await all_done(house, LAOQI)
    await house.shop.remember(LAOQI, {"height_cm": "175"})
    clock.forward(10 * KEPT)
    await retention.sweep()
    assert not await is_there(house, chat)
    assert [await count(house, table) for table in kept] == before
    assert await count(house, shop.buyer_attributes, buyer_id=LAOQI, name="height_cm") == 1


async def test_what_a_visitor_told_goes_with_the_talk(
    house: House, retention: Retention, clock: Clock, chat: Chat
) -> None:
    await chat.ask("我175")
    await house.shop.remember(chat.buyer_id, {"height_cm": "175"})
    assert await count(house, shop.buyer_attributes, buyer_id=chat.buyer_id) == 1
    clock.forward(KEPT + DAY)
    await retention.sweep()
    assert await count(house, shop.buyer_attributes, buyer_id=chat.buyer_id) == 0


async def test_pictures_may_go_before_their_talk(
    house: House, clock: Clock, chat: Chat, uploads: Path
) -> None:
    plan = replace(house.settings.shop.retention, pictures=30 * DAY)
    own_id = await picture(house, chat, uploads)
    clock.forward(31 * DAY)
    kept = Retention(house.database, house.shop, plan, clock, uploads=uploads, breath_s=0)
    assert await kept.sweep() == Forgotten(pictures=1)
    (line,) = [
        one for one in await house.conversations.history(chat.id) if one.author is Author.BUYER
    ]
    assert (line.text, line.picture) == (f"这张{GONE_PICTURE}", None)
    assert not (uploads / f"{own_id}.jpg").exists()


async def test_who_looked_what_up_is_kept_for_years(
    house: House, retention: Retention, clock: Clock
) -> None:
    await add(
        house,
        reveals,
        agent="小李",
        at=clock.now,
        conversation_id="c",
        buyer_id="b",
        what="summary",
    )
    clock.forward(1094 * DAY)
    assert (await retention.sweep()).reveals == 0
    clock.forward(2 * DAY)
    assert (await retention.sweep()).reveals == 1


async def test_a_shop_that_cannot_be_asked_keeps_everything(
    house: House, retention: Retention, clock: Clock, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise ShopUnavailable

    await chat.ask("在吗")
    clock.forward(KEPT + DAY)
    monkeypatch.setattr(house.shop, "orders_of", away)
    running = asyncio.create_task(retention.run(lambda: False, every_s=0.01, first_after_s=0))
    await asyncio.sleep(0.1)
    assert not running.done()
    running.cancel()
    assert await is_there(house, chat)


@pytest.mark.parametrize(("jumped", "stays"), [(True, True), (False, False)])
async def test_nothing_is_deleted_by_a_clock_that_jumps(
    house: House, retention: Retention, clock: Clock, chat: Chat, jumped: bool, stays: bool
) -> None:
    await chat.ask("在吗")
    clock.forward(KEPT + DAY)
    running = asyncio.create_task(retention.run(lambda: jumped, every_s=0.01, first_after_s=0))
    if stays:
        await asyncio.sleep(0.3)
        assert await is_there(house, chat)
    else:

        async def is_gone() -> bool:
            return not await is_there(house, chat)

        await until(is_gone)
    running.cancel()


async def test_a_sweep_that_keeps_failing_is_told(
    retention: Retention, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> Forgotten:
        raise ValueError

    monkeypatch.setattr(retention, "sweep", broken)
    background = Background(first_pause_s=0.001)
    background.keep("retention", lambda: retention.run(lambda: False, first_after_s=0.01))
    await until(lambda: background.ailing == ["retention"])
    await background.close()


async def test_buyers_are_heard_between_two_talks(
    house: House, retention: Retention, clock: Clock, database: Database
) -> None:
    old = [await Chat.with_visitor(house) for _ in range(30)]
    for chat in old:
        await chat.write("在吗")
        await house.turns.answer(chat.id)
    clock.forward(KEPT + DAY)
    new = await Chat.with_visitor(house)
    sweeping = asyncio.create_task(retention.sweep())
    await new.write("有人吗")
    assert not sweeping.done()
    assert (await sweeping).conversations == 30
    assert await new.by(Author.BUYER) == ["有人吗"]
