"""A talk begins with a buyer's line and ends by closing, farewell or silence, the bot's too."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Connection

from bot.background import Background
from bot.conversations import listing
from bot.conversations import sessions as sessions_module
from bot.conversations.conversation import Status
from bot.conversations.session_sweeper import SessionSweeper
from bot.conversations.sessions import Ended
from bot.conversations.tables import conversations, sessions
from bot.database import Database, DatabaseUnavailable
from bot.desk.listed import counts
from bot.engine.turns import HandOver, Reply, TurnResult, Understood
from bot.handing_over import HandOverReason
from bot.shop.words.errors import ShopUnavailable
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result
from tests.house.turns.test_lost_turns import orders_when_it_hears
from tests.support.house import ROOT, House

MINUTE = timedelta(minutes=1)
SILENCE = timedelta(minutes=30)  # as in shop/settings.yml


async def rows(chat: Chat) -> list[Mapping[str, Any]]:
    def read(connection: Connection) -> list[Mapping[str, Any]]:
        query = sa.select(sessions).where(sessions.c.conversation_id == chat.id)
        return [row._mapping for row in connection.execute(query.order_by(sessions.c.first_seq))]

    return await chat.house.database.read(read)


async def ends(chat: Chat) -> list[tuple[int, int | None, str]]:
    """(first message, last message, how it ended) of each session."""
    return [(row["first_seq"], row["last_seq"], row["ended_by"]) for row in await rows(chat)]


def farewell(**more: Any) -> TurnResult:
    heard = Understood(text="拜拜", intent="goodbye", confidence=1, entities=(), ranking=())
    return TurnResult(replies=(Reply(text="慢走"),), understood=(heard,), memory="m", **more)


async def test_a_session_begins_with_the_first_line_and_goes_on(chat: Chat) -> None:
    assert await rows(chat) == []
    began = chat.house.clock.now
    await chat.ask("在吗")
    chat.house.clock.forward(20 * MINUTE)
    await chat.ask("还在吗")
    [row] = await rows(chat)
    assert (row["first_seq"], row["began_at"], row["ended_at"]) == (1, began, None)


async def test_silence_ends_the_bots_own_talk_and_the_next_line_begins_another(chat: Chat) -> None:
    await chat.ask("在吗")
    said_at = chat.house.clock.now
    chat.house.clock.forward(SILENCE)
    assert await chat.house.sessions.sweep() == 0  # not longer than that yet
    chat.house.clock.forward(3 * 60 * MINUTE)
    assert await chat.house.sessions.sweep() == 1
    assert await chat.house.sessions.sweep() == 0
    [row] = await rows(chat)
    # However late it was swept, a session ends when the silence was full.
    assert (row["ended_at"], row["ended_by"]) == (said_at + SILENCE, "silence")
    assert (row["last_seq"], row["person_was_in"]) == (2, False)
    await chat.ask("我又来了")
    assert await ends(chat) == [(1, 2, "silence"), (3, None, "")]


OPEN = (Status.WAITING, Status.WITH_AGENT, Status.WITH_BOT)  # the desk's first list


async def shelves(chat: Chat) -> tuple[list[str], list[str], dict[str, int]]:
    """Ids in the desk's list of open talks, of ended ones, and what stands on their shelves."""
    listed = chat.house.conversations.in_status
    open_, ended = await listed(OPEN), await listed((Status.CLOSED,))
    assert (open_[1], ended[1]) == (len(open_[0]), len(ended[0]))
    counted = await chat.house.database.read(counts, "小李")
    return (
        [one.conversation_id for one in open_[0]],
        [one.conversation_id for one in ended[0]],
        {name: counted[name] for name in ("open", "closed")},
    )


async def test_a_talk_with_the_bot_that_fell_silent_is_no_open_one_at_the_desk(
    chat: Chat, house: House
) -> None:
    await Chat.with_visitor(house)  # has said nothing yet, and stands nowhere
    await chat.ask("在吗")
    assert await shelves(chat) == ([chat.id], [], {"open": 1, "closed": 0})
    house.clock.forward(SILENCE + MINUTE)
    await house.sessions.sweep()
    assert await shelves(chat) == ([], [chat.id], {"open": 0, "closed": 1})
    await chat.write("我又来了")
    assert await shelves(chat) == ([chat.id], [], {"open": 1, "closed": 0})


async def test_without_the_look_at_its_session_a_silent_talk_would_be_listed_for_ever(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    by_status = conversations.c.status.in_([one.value for one in OPEN])
    monkeypatch.setattr(listing, "on_shelf", lambda _: by_status)
    await chat.ask("在吗")
    chat.house.clock.forward(SILENCE + MINUTE)
    await chat.house.sessions.sweep()
    found, _ = await chat.house.conversations.in_status(OPEN)
    assert [one.conversation_id for one in found] == [chat.id]


async def test_without_the_sweep_a_silent_talk_would_go_on_and_be_asked_for_no_order(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the sweeper: nothing else ends what nobody comes back to."""
    monkeypatch.setattr(sessions_module, "end_silent", lambda *_: 0)
    await chat.ask("在吗")
    chat.house.clock.forward(10 * SILENCE)
    assert await chat.house.sessions.sweep() == 0
    assert await ends(chat) == [(1, None, "")]


@pytest.mark.parametrize("guard", [True, False])
async def test_a_pending_line_alone_keeps_a_silent_talk_open(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, guard: bool
) -> None:
    """With the guard off, the talk of a line that nobody has answered yet is over."""
    if not guard:
        monkeypatch.setattr(sessions_module, "_has_pending", sa.false())
    await chat.write("在吗")
    chat.house.clock.forward(2 * SILENCE)
    assert await chat.house.sessions.sweep() == (0 if guard else 1)


async def test_a_line_after_a_silence_begins_a_session_though_nobody_has_swept(chat: Chat) -> None:
    await chat.ask("在吗")
    said_at = chat.house.clock.now
    chat.house.clock.forward(SILENCE + MINUTE)
    await chat.ask("我又来了")
    assert await ends(chat) == [(1, 2, "silence"), (3, None, "")]
    assert (await rows(chat))[0]["ended_at"] == said_at + SILENCE


async def test_what_we_say_meanwhile_is_no_silence(chat: Chat) -> None:
    await chat.ask("在吗")
    chat.house.clock.forward(20 * MINUTE)
    assert await chat.house.turns.interject(chat.id, "f", "utter_x", {}, {}, lambda *_: True)
    chat.house.clock.forward(20 * MINUTE)
    assert await chat.house.sessions.sweep() == 0
    await chat.ask("好的")
    assert await ends(chat) == [(1, None, "")]


async def test_a_follow_up_into_an_ended_session_begins_none(chat: Chat) -> None:
    await chat.ask("在吗")
    chat.house.clock.forward(SILENCE + MINUTE)
    await chat.house.sessions.sweep()
    assert await chat.house.turns.interject(chat.id, "f", "utter_x", {}, {}, lambda *_: True)
    assert await ends(chat) == [(1, 2, "silence")]
    await chat.ask("等下就付")
    assert await ends(chat) == [(1, 2, "silence"), (4, None, "")]


async def test_a_line_that_still_waits_for_the_bot_keeps_the_talk_open(chat: Chat) -> None:
    await chat.write("在吗")
    chat.house.clock.forward(2 * SILENCE)
    assert await chat.house.sessions.sweep() == 0


async def test_a_farewell_ends_it_and_the_next_line_begins_another(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(farewell())
    await chat.ask("拜拜")
    [row] = await rows(chat)
    assert (row["ended_at"], row["last_seq"]) == (chat.house.clock.now, 2)
    await chat.ask("哦对了")
    assert await ends(chat) == [(1, 2, "farewell"), (3, None, "")]


async def test_a_farewell_while_a_question_of_ours_stands_open_is_none(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(farewell(question="confirm_order:1"))
    await chat.ask("拜拜")
    assert await ends(chat) == [(1, None, "")]


async def test_a_line_beside_the_farewell_keeps_the_talk_open(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then_wait(farewell())
    await chat.write("拜拜")
    thinking = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    await chat.write("等等")
    scripted.may_go_on.set()
    await thinking
    await chat.house.turns.answer(chat.id)
    assert await ends(chat) == [(1, None, "")]


async def test_closing_ends_it_and_says_that_a_person_was_in(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    handed = HandOver(reason=HandOverReason.ASKED, note="")
    scripted.then(result("请稍等", hand_over=handed))
    await chat.ask("转人工")
    chat.house.clock.forward(5 * SILENCE)
    assert await chat.house.sessions.sweep() == 0  # somebody still owes an answer
    said = await chat.house.conversations.say_as_agent(chat.id, "小李", "a", "在的")
    await chat.house.conversations.close(chat.id, seen=said.seq)
    await chat.house.conversations.close(chat.id, seen=said.seq)
    [row] = await rows(chat)
    assert (row["ended_by"], row["last_seq"], row["person_was_in"]) == ("closed", said.seq, True)
    await chat.ask("又来了")
    chat.house.clock.forward(SILENCE + MINUTE)
    await chat.house.sessions.sweep()
    assert (await rows(chat))[1]["person_was_in"] is False


async def test_a_talk_given_back_ends_by_silence_after_the_persons_last_word(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await chat.ask("在吗")
    chat.house.clock.forward(20 * MINUTE)
    await chat.house.conversations.say_as_agent(chat.id, "小李", "a", "在的")
    await chat.house.conversations.give_back(chat.id)
    chat.house.clock.forward(20 * MINUTE)
    assert await chat.house.sessions.sweep() == 0
    chat.house.clock.forward(20 * MINUTE)
    assert await chat.house.sessions.sweep() == 1
    assert (await rows(chat))[0]["person_was_in"] is True


async def test_a_visitor_who_waited_and_left_ends_by_silence(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    handed = HandOver(reason=HandOverReason.ASKED, note="")
    scripted.then(result("请稍等", hand_over=handed))
    await chat.ask("转人工")
    chat.house.clock.forward(timedelta(days=3))
    assert await chat.house.conversations.close_abandoned() == 1
    assert await ends(chat) == [(1, 2, "silence")]


async def test_many_end_in_batches(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions_module, "BATCH", 2)
    chats = [await Chat.with_visitor(house) for _ in range(5)]
    for one in chats:
        await one.ask("在吗")
    house.clock.forward(SILENCE + MINUTE)
    assert await house.sessions.sweep() == 5
    for one in chats:
        assert await ends(one) == [(1, 2, "silence")]


async def test_a_buyer_who_writes_while_it_is_swept_is_in_one_open_session(chat: Chat) -> None:
    for _ in range(5):
        await chat.ask("在吗")
        chat.house.clock.forward(SILENCE + MINUTE)
        await asyncio.gather(chat.house.sessions.sweep(), chat.write("我又来了"))
        assert [row["ended_at"] for row in await rows(chat)].count(None) == 1
        running = (await rows(chat))[-1]["first_seq"]
        assert (await chat.conversation()).session_seq == running
        await chat.house.turns.answer(chat.id)


# -- orders


async def test_orders_placed_in_it_are_asked_of_the_shop_when_it_has_ended(
    house: House, scripted: ScriptedEngine
) -> None:
    chat = await Chat.with_buyer(house)
    orders_when_it_hears(chat, scripted)
    await chat.ask("对")
    assert (await rows(chat))[0]["orders"] is None
    house.clock.forward(SILENCE + MINUTE)
    await house.sessions.sweep()
    [order] = await house.shop.orders_of(chat.buyer_id)
    await chat.ask("在吗")
    house.clock.forward(SILENCE + MINUTE)
    await house.sessions.sweep()
    assert [row["orders"] for row in await rows(chat)] == [[order.number], []]


async def test_a_shop_that_cannot_be_read_is_asked_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat.ask("在吗")
    chat.house.clock.forward(SILENCE + MINUTE)

    async def away(*_: Any, **__: Any) -> Any:
        raise ShopUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(chat.house.shop, "orders_of", away)
        assert await chat.house.sessions.sweep() == 1
    assert (await rows(chat))[0]["orders"] is None
    await chat.house.sessions.sweep()
    assert (await rows(chat))[0]["orders"] == []


# -- beside requests


class _Deeds:
    async def since(self, buyer_id: str, moment: datetime) -> Sequence[Any]:
        return ()

    async def placed(self, buyer_id: str, since: datetime, until: datetime) -> Sequence[str]:
        return ()


@pytest.mark.parametrize("fault", [DatabaseUnavailable("away"), KeyError("ours")])
async def test_a_sweeper_that_keeps_failing_is_known_to_readiness(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    calls, often_enough = 0, asyncio.Event()

    async def failing(*_: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 5:  # three faults in a row are told
            often_enough.set()
        raise fault

    sweeper = SessionSweeper(house.database, _Deeds(), house.clock)
    monkeypatch.setattr(sweeper, "sweep", failing)
    background = Background(first_pause_s=0.001)
    background.keep("sessions", lambda: sweeper.keep_sweeping(every_s=0.001))
    await asyncio.wait_for(often_enough.wait(), 120)
    # A database that is away has a line of its own in /readyz; the sweeper tries again.
    assert background.ailing == ([] if isinstance(fault, DatabaseUnavailable) else ["sessions"])
    await background.close()


def test_rasa_begins_no_sessions_of_its_own(settings: Any) -> None:
    domain = yaml.safe_load(Path(ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert domain["session_config"]["session_expiration_time"] == 0
    assert settings.shop.session_silence == SILENCE


def test_each_way_to_end_fits_its_column(database: Database) -> None:
    longest = sessions.c.ended_by.type.length
    assert all(len(how.value) <= longest for how in Ended)
