"""Who answers the buyer: the moves, what they refuse, and that they are stored."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from bot.conversations import at_the_desk, store
from bot.conversations.conversation import Conversation, Status, WrongOwner
from bot.conversations.messages import Author
from bot.database import READERS
from bot.engine.turns import HandOver
from bot.handing_over import HandOverReason
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result, sure
from tests.support.house import House
from tests.support.waiting import PATIENCE_S

NOW = datetime(2026, 5, 1, tzinfo=timezone.utc)


def conversation(status: Status, assignee: str = "") -> Conversation:
    return Conversation(
        conversation_id="c",
        buyer_id="visitor:v",
        signed_in=False,
        channel="web",
        status=status,
        opened_at=NOW,
        assignee=assignee,
    )


@pytest.mark.parametrize("status", [Status.WAITING, Status.WITH_AGENT, Status.CLOSED])
def test_only_the_bot_hands_over(status: Status) -> None:
    with pytest.raises(WrongOwner):
        conversation(status).hand_over("asked", {}, NOW)


@pytest.mark.parametrize("status", [Status.WITH_BOT, Status.CLOSED])
def test_what_no_person_has_cannot_be_given_back(status: Status) -> None:
    with pytest.raises(WrongOwner):
        conversation(status).give_back()


@pytest.mark.parametrize("status", [Status.WITH_BOT, Status.WAITING, Status.WITH_AGENT])
def test_only_a_closed_conversation_is_reopened(status: Status) -> None:
    with pytest.raises(WrongOwner):
        conversation(status).reopen()


def test_an_agent_does_not_take_from_another() -> None:
    with pytest.raises(WrongOwner):
        conversation(Status.WITH_AGENT, "小李").take("小王")


def test_giving_back_forgets_who_waited_and_why() -> None:
    back = conversation(Status.WITH_BOT).hand_over("asked", {}, NOW).take("小李").give_back()
    assert (back.status, back.assignee, back.waiting_since, back.hand_over_reason) == (
        Status.WITH_BOT,
        "",
        None,
        "",
    )


def test_an_agent_who_takes_it_unasked_is_the_reason_and_who_was_asked_for_is_not() -> None:
    unasked = conversation(Status.WITH_BOT).take("小李")
    assert unasked.hand_over_reason == HandOverReason.BY_AGENT.value
    assert unasked.take("小李") == unasked  # pressed twice
    assert unasked.release(NOW, "agent_left").hand_over_reason == "agent_left"
    asked = conversation(Status.WITH_BOT).hand_over("anger", {}, NOW).take("小李")
    assert asked.hand_over_reason == "anger"
    assert asked.release(NOW, "agent_left").take("小王").hand_over_reason == "anger"


async def handed_over(chat: Chat, scripted: ScriptedEngine) -> None:
    handing = HandOver(reason=HandOverReason.ASKED, note="要找人")
    scripted.then(result("马上叫人", hand_over=handing, facts={"order_size": "38"}))
    await chat.ask("转人工")


async def test_handing_over_stores_what_the_agent_must_know(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await chat.ask("有38码吗")
    await handed_over(chat, scripted)
    found = await chat.conversation()
    assert found.status is Status.WAITING
    assert found.waiting_since == chat.house.clock()
    assert found.summary == {
        "reason": "asked",
        "reason_text": "买家要找人工",
        "note": "要找人",
        "said": ["有38码吗", "转人工"],
        "facts": {"order_size": "38"},
    }


async def test_the_bot_stays_silent_beside_a_person_after_a_restart(chat: Chat) -> None:
    await chat.house.conversations.take(chat.id, "小李")
    chat.house = chat.house.restarted()
    assert await chat.ask("有人吗") == []
    assert await chat.house.turns.resume() == 0


async def test_lines_written_during_the_handing_over_turn_are_heard_beside_the_note(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then_wait(result("马上叫人", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    await chat.write("转人工")
    running = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    await chat.write("有38码吗")
    scripted.may_go_on.set()
    await running
    scripted.then(sure("有的，38码有货"))
    assert [one.text for one in await chat.house.turns.answer(chat.id)] == ["有的，38码有货"]
    assert (await chat.conversation()).status is Status.WAITING


async def thinking_while(chat: Chat, scripted: ScriptedEngine, *moves: str) -> None:
    """Lets an agent make moves while the bot thinks about a line."""
    scripted.then_wait(result("机器人的话"))
    await chat.write("在吗")
    running = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    for move in moves:
        if move == "take":
            await chat.house.conversations.take(chat.id, "小李")
        elif move == "say":
            await chat.house.conversations.say_as_agent(chat.id, "小李", "a1", "我来帮您")
        else:
            await chat.house.conversations.give_back(chat.id)
    scripted.may_go_on.set()
    await running


async def test_an_agent_who_takes_over_meanwhile_turns_the_answer_into_a_suggestion(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await thinking_while(chat, scripted, "take")
    assert await chat.by(Author.SUGGESTION) == ["机器人的话"]
    assert await chat.by(Author.BOT) == []


async def test_without_asking_again_whose_it_is_the_bot_would_talk_over_the_agent(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(store, "fates", lambda *_: [store.Fate(True, "")])
    monkeypatch.setattr(Conversation, "bot_may_answer", property(lambda _: True))
    await thinking_while(chat, scripted, "take")
    assert await chat.by(Author.BOT) == ["机器人的话"]


async def taken_at_once(chat: Chat) -> list[str]:
    """Eight agents take in one instant; those who got it."""
    agents = [f"客服{number}" for number in range(8)]
    taken = await asyncio.gather(
        *(chat.house.conversations.take(chat.id, agent) for agent in agents),
        return_exceptions=True,
    )
    assert all(isinstance(one, Conversation | WrongOwner) for one in taken)
    return [one.assignee for one in taken if isinstance(one, Conversation)]


async def test_of_agents_who_take_in_one_instant_one_gets_it(chat: Chat) -> None:
    [winner] = await taken_at_once(chat)
    assert (await chat.conversation()).assignee == winner


@pytest.mark.parametrize(
    "database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
async def test_without_its_lock_several_agents_would_get_it(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control; SQLite has one writer and needs no lock."""
    meeting = threading.Barrier(READERS)  # as many as PostgreSQL lets write at a time

    def unlocked(*_: Any) -> Conversation:
        found = conversation(Status.WAITING)
        meeting.wait(PATIENCE_S)
        return replace(found, conversation_id=chat.id, buyer_id=chat.buyer_id)

    monkeypatch.setattr(at_the_desk, "existing", unlocked)
    assert len(await taken_at_once(chat)) > 1


async def test_an_agent_who_answered_and_gave_back_meanwhile_is_not_talked_over(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await thinking_while(chat, scripted, "say", "give back")
    assert await chat.by(Author.BOT) == []
    assert await chat.by(Author.SUGGESTION) == ["机器人的话"]


async def test_an_agents_line_takes_the_conversation_and_its_open_questions(
    chat: Chat, house: House
) -> None:
    await chat.write("在吗")
    await house.conversations.say_as_agent(chat.id, "小李", "a1", "在的")
    assert (await chat.conversation()).assignee == "小李"
    await house.conversations.give_back(chat.id)
    assert await house.turns.answer(chat.id) == []


async def test_an_agents_line_sent_twice_is_said_once(chat: Chat, house: House) -> None:
    for _ in range(2):
        await house.conversations.say_as_agent(chat.id, "小李", "a1", "在的")
    assert await chat.by(Author.AGENT) == ["在的"]


async def test_taking_twice_is_announced_once(chat: Chat, house: House) -> None:
    for _ in range(2):
        await house.conversations.take(chat.id, "小李")
    assert await chat.by(Author.SYSTEM) == ["客服小李来了"]


async def test_what_was_given_back_is_answered_by_the_bot_again(chat: Chat, house: House) -> None:
    await house.conversations.take(chat.id, "小李")
    await house.conversations.give_back(chat.id)
    assert [message.text for message in await chat.ask("在吗")] == ["听到:在吗"]


async def test_a_buyer_who_writes_into_a_closed_conversation_starts_with_the_bot(
    chat: Chat, scripted: ScriptedEngine, house: House
) -> None:
    await handed_over(chat, scripted)
    await house.conversations.close(chat.id, seen=(await chat.conversation()).last_seq)
    assert [message.text for message in await chat.ask("在吗")] == ["听到:在吗"]
    assert (await chat.conversation()).summary is None


async def test_the_status_is_announced_to_the_buyer(chat: Chat, house: House) -> None:
    with house.news.subscribe(chat.id) as news:
        await house.conversations.take(chat.id, "小李")
        assert (await news.next() or {})["type"] == "message"
        assert await news.next() == {"type": "status", "status": "with_agent"}
