"""A failure anywhere loses nothing and says nothing twice."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.app import speakers
from bot.conversations import finishing, reading, statements, store
from bot.conversations import turns as turns_module
from bot.conversations.attempts import begin
from bot.conversations.conversation import Status
from bot.conversations.messages import Author
from bot.conversations.tables import conversations
from bot.conversations.turns import Turns
from bot.database import Database, DatabaseUnavailable
from bot.deeds import ShopDeeds
from bot.engine.turns import Reply, TurnResult
from bot.followups.planner import FollowUpPlanner
from bot.people import ShopPeople
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result
from tests.support.house import House
from tests.support.waiting import PATIENCE_S


async def answered(house: House, chat: Chat, *, within_s: float = PATIENCE_S) -> list[str]:
    """What the bot has said, once it has said something."""
    for _ in range(int(within_s / 0.02)):
        if said := await chat.by(Author.BOT):
            return said
        await asyncio.sleep(0.02)
    raise AssertionError("the bot has said nothing")


async def crashed(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line was thought about, and the process died before the answer was stored."""
    await chat.write("下单")

    def power_cut(*_: Any, **__: Any) -> Any:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(turns_module, "finish", power_cut)
        with pytest.raises(asyncio.CancelledError):
            await chat.house.turns.answer(chat.id)
    assert await chat.by(Author.BOT) == []


async def test_a_crash_between_answer_and_storing_is_made_good_after_the_restart(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crashed(chat, monkeypatch)
    again = chat.house.restarted()
    assert await again.turns.resume() == 1
    assert await answered(again, chat) == ["听到:下单"]
    await again.turns.close()
    first, second = scripted.heard
    assert first[0].request_id == second[0].request_id


async def test_were_a_line_settled_when_it_is_read_its_answer_would_be_lost(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: lines wait until their answer is stored, in one transaction with it."""

    def settled_at_once(connection: Any, conversation_id: str, *rest: Any) -> Any:
        attempt, lines = begin(connection, conversation_id, *rest)
        store.settle(connection, conversation_id, [line.seq for line in lines], attempt.turn_id)
        return attempt, lines

    monkeypatch.setattr(reading, "begin", settled_at_once)
    await crashed(chat, monkeypatch)
    assert await chat.house.restarted().turns.resume() == 0


async def test_a_turn_tried_again_hears_what_the_first_try_heard_and_the_rest_after_it(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat.write("下单")

    def locked(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("locked")

    with monkeypatch.context() as patch:
        patch.setattr(turns_module, "finish", locked)
        with pytest.raises(DatabaseUnavailable):
            await chat.house.turns.answer(chat.id)
    await chat.write("快点")
    await chat.house.turns.answer(chat.id)
    assert scripted.texts == ["下单", "下单", "快点"]
    assert scripted.heard[0][0].request_id == scripted.heard[1][0].request_id


async def test_what_was_answered_is_not_answered_after_a_restart(chat: Chat) -> None:
    await chat.ask("在吗")
    again = chat.house.restarted()
    assert await again.turns.resume() == 0


async def said_by_two_processes(chat: Chat, scripted: ScriptedEngine) -> list[str]:
    """Both have read the same line before either has answered it."""
    other = chat.house.restarted()
    scripted.then_wait(result("一"))
    scripted.then_wait(result("二"))
    await chat.write("在吗")
    racing = [asyncio.create_task(house.turns.answer(chat.id)) for house in (chat.house, other)]
    await scripted.heard_turns(2)
    scripted.may_go_on.set()
    return [message.text for messages in await asyncio.gather(*racing) for message in messages]


async def test_two_processes_that_read_the_same_line_answer_it_once(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    said = await said_by_two_processes(chat, scripted)
    assert len(said) == 1
    assert await chat.by(Author.BOT) == said
    assert await chat.by(Author.SUGGESTION) == []


async def test_without_their_guards_two_processes_would_both_answer(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: nobody asks what has become of the line, nor of the memory."""
    monkeypatch.setattr(store, "fates", lambda *_: [store.Fate(True, "")])
    monkeypatch.setattr(finishing, "_keep_wishes", lambda *_, **__: None)
    unguarded = conversations.update().where(statements.THIS)
    monkeypatch.setattr(statements, "KEEP_MEMORY", unguarded.values(memory=sa.bindparam("memory")))
    assert sorted(await said_by_two_processes(chat, scripted)) == ["一", "二"]


async def test_a_raising_engine_is_an_apology_and_a_person(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then_raise(RuntimeError("boom"))
    [said] = await chat.ask("在吗")
    assert said.response == "utter_trouble"
    found = await chat.conversation()
    assert (found.status, found.hand_over_reason) == (Status.WAITING, "trouble")


async def test_a_hanging_engine_is_an_apology_and_a_person(
    house: House, chat: Chat, scripted: ScriptedEngine
) -> None:
    impatient = _turns_with_limit(house, 0.1)
    scripted.then_hang()
    await chat.write("在吗")
    [said] = await impatient.answer(chat.id)
    assert said.response == "utter_trouble"
    assert (await chat.conversation()).status is Status.WAITING


def _turns_with_limit(house: House, limit_s: float) -> Turns:
    return Turns(
        database=house.database,
        engine=house.engine,
        news=house.news,
        planner=FollowUpPlanner(house.kinds),
        deeds=ShopDeeds(house.shop),
        people=ShopPeople(house.settings.shop.hours),
        reading=house.settings.shop.reading,
        speaker_of=speakers(house.settings.shop.hours, house.clock),
        clock=house.clock,
        time_limit_s=limit_s,
    )


async def test_an_answer_that_cannot_be_stored_is_an_apology_and_a_person(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    unstorable = Reply(card={"picture": object()})
    scripted.then(TurnResult(replies=(unstorable,), understood=(), memory=""))
    [said] = await chat.ask("在吗")
    assert said.response == "utter_trouble"
    assert (await chat.conversation()).status is Status.WAITING


async def test_an_engine_without_words_still_leaves_nobody_in_silence(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def speechless(response: str, **_: Any) -> Any:
        raise KeyError(response)

    monkeypatch.setattr(scripted, "words", speechless)
    scripted.then_raise(RuntimeError("boom"))
    [said] = await chat.ask("在吗")
    assert "同事" in said.text
    assert (await chat.conversation()).status is Status.WAITING


async def caller_went_away(chat: Chat, scripted: ScriptedEngine) -> None:
    """In mid-turn; the engine may go on then."""
    scripted.then_wait(result("说完了"))
    await chat.write("在吗")
    caller = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    scripted.may_go_on.set()


async def test_a_turn_outlives_the_caller_who_went_away(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await caller_went_away(chat, scripted)
    assert await answered(chat.house, chat) == ["说完了"]


async def test_without_its_shield_the_turn_would_go_with_its_caller(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(asyncio, "shield", lambda turn: turn)
    await caller_went_away(chat, scripted)
    await asyncio.sleep(0.3)
    assert await chat.by(Author.BOT) == []


async def woken_and_closed(chat: Chat, scripted: ScriptedEngine) -> asyncio.Task[None]:
    """The house is closing in mid-turn."""
    scripted.then_wait(result("说完了"))
    await chat.write("在吗")
    chat.house.turns.wake(chat.id)
    await scripted.started.wait()
    return asyncio.create_task(chat.house.turns.close())


async def test_closing_lets_the_running_turn_finish(chat: Chat, scripted: ScriptedEngine) -> None:
    closing = await woken_and_closed(chat, scripted)
    await asyncio.sleep(0.05)
    assert not closing.done()
    scripted.may_go_on.set()
    await closing
    assert await chat.by(Author.BOT) == ["说完了"]


async def test_without_waiting_for_it_closing_would_be_done_in_mid_turn(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""

    async def at_once(*_: Any, **__: Any) -> list[None]:
        return []

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "gather", at_once)
        patch.setattr(chat.house.turns._locks, "all_free", at_once)
        closing = await woken_and_closed(chat, scripted)
        await asyncio.wait_for(closing, 60)
    assert await chat.by(Author.BOT) == []
    scripted.may_go_on.set()


async def test_what_has_not_begun_at_closing_is_answered_after_the_restart(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await chat.write("在吗")
    chat.house.turns.wake(chat.id)
    await chat.house.turns.close()
    assert scripted.heard == []
    again = chat.house.restarted()
    assert await again.turns.resume() == 1
    assert await answered(again, chat) == ["听到:在吗"]
    await again.turns.close()


# PostgreSQL locks rows, not the whole database.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_database_locked_for_a_while_postpones_the_answer(
    chat: Chat, scripted: ScriptedEngine, database: Database
) -> None:
    quick = Database(str(database.url))
    house = House(chat.house.settings, quick, scripted, chat.house.clock)

    @event.listens_for(quick.engine, "connect")
    def _impatient(raw: Any, _: Any) -> None:
        raw.execute("PRAGMA busy_timeout = 50")

    await chat.write("在吗")
    lock = sqlite3.connect(str(database.url.database), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    house.turns.wake(chat.id)
    await asyncio.sleep(0.4)
    assert await chat.by(Author.BOT) == []
    lock.execute("ROLLBACK")
    lock.close()
    assert await answered(house, chat) == ["听到:在吗"]
    await asyncio.sleep(0.1)
    assert await chat.by(Author.BOT) == ["听到:在吗"]
    await house.turns.close()
    quick.close()
