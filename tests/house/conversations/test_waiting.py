"""Waiting for a person: the bot goes on with what it is sure of, and says the truth about the wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.conversations.conversation import Status
from bot.conversations.messages import Author, Incoming, Message
from bot.conversations.queue import wait_text
from bot.conversations.tables import waits
from bot.engine.turns import HandOver, Reply
from bot.handing_over import HandOverReason, Urgency
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result, sure
from tests.support.house import Clock, House

NIGHT = timedelta(hours=14, minutes=20)  # from ten past twelve to half past two


async def waits_for_a_person(
    chat: Chat, scripted: ScriptedEngine, reason: HandOverReason = HandOverReason.ASKED
) -> list[Message]:
    scripted.then(result("马上叫人", hand_over=HandOver(reason=reason, note="要找人")))
    return await chat.ask("转人工")


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


async def test_what_the_bot_is_sure_of_is_answered_and_the_note_stands(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await waits_for_a_person(chat, scripted)
    scripted.then(sure("有的，39码有货"))
    assert texts(await chat.ask("有39码吗")) == ["有的，39码有货"]
    found = await chat.conversation()
    assert (found.status, found.hand_over_reason) == (Status.WAITING, "asked")
    assert found.summary and found.summary["note"] == "要找人"


async def test_so_it_is_after_a_restart(chat: Chat, scripted: ScriptedEngine) -> None:
    await waits_for_a_person(chat, scripted)
    await chat.write("有39码吗")
    chat.house = chat.house.restarted()
    scripted.then(sure("有的，39码有货"))
    assert await chat.house.turns.resume() == 1
    assert texts(await chat.house.turns.answer(chat.id)) == ["有的，39码有货"]


@pytest.mark.parametrize("outcome", ["asked_back", "not_understood", "offered_person", "silent"])
async def test_what_it_is_not_sure_of_is_noted_and_is_the_agents_as_a_suggestion(
    chat: Chat, scripted: ScriptedEngine, clock: Clock, outcome: str
) -> None:
    await waits_for_a_person(chat, scripted)
    clock.forward(timedelta(minutes=5))
    scripted.then(sure("您是想问发货吗", outcome=outcome, question=""))
    [said] = await chat.ask("那个怎么弄")
    assert said.response == "utter_waiting_noted"
    assert await chat.by(Author.SUGGESTION) == ["您是想问发货吗"]


async def test_no_form_begins(chat: Chat, scripted: ScriptedEngine, clock: Clock) -> None:
    await waits_for_a_person(chat, scripted)
    clock.forward(timedelta(minutes=5))
    asks = sure("寄到哪里呀", question="order_receiver:1", is_in_form=True)
    scripted.then(replace(asks, memory="form"))
    [said] = await chat.ask("我要下单")
    assert said.response == "utter_waiting_noted"
    scripted.then(sure("有货"))
    await chat.ask("有39码吗")
    assert "form" not in (await chat.house.database.read(memory_of, chat.id))


def memory_of(connection: object, conversation_id: str) -> str:
    from bot.conversations import store

    return store.memory_of(connection, conversation_id)  # type: ignore[arg-type]


async def test_that_it_was_noted_is_not_said_at_every_line(
    chat: Chat, scripted: ScriptedEngine, clock: Clock
) -> None:
    await waits_for_a_person(chat, scripted)
    clock.forward(timedelta(minutes=5))
    assert len(await chat.ask("这样")) == 1
    assert await chat.ask("那样") == []
    clock.forward(timedelta(minutes=4))
    assert len(await chat.ask("还有这样")) == 1


@pytest.mark.parametrize("line", ["好的", "谢谢"])
async def test_politeness_is_met_with_silence(
    chat: Chat, scripted: ScriptedEngine, line: str
) -> None:
    await waits_for_a_person(chat, scripted)
    scripted.then(sure("还有别的要帮忙吗", outcome="courtesy"))
    assert await chat.ask(line) == []
    assert await chat.by(Author.SUGGESTION) == []


@pytest.mark.parametrize("line", ["还要等多久", "人呢"])
async def test_how_long_it_takes_is_told(chat: Chat, scripted: ScriptedEngine, line: str) -> None:
    await waits_for_a_person(chat, scripted)
    [said] = await chat.ask(line)
    assert said.response == "utter_waiting_next"
    assert len(scripted.heard) == 1  # the engine was not asked


async def test_a_question_beside_it_is_answered_too(chat: Chat, scripted: ScriptedEngine) -> None:
    await waits_for_a_person(chat, scripted)
    scripted.then(sure("有的，39码有货"))
    said = await chat.ask("还要等多久？有39码吗")
    assert [one.response or one.text for one in said] == ["utter_waiting_next", "有的，39码有货"]
    assert scripted.texts[-1] == "有39码吗"


async def test_the_hand_over_tells_the_place_and_gives_a_way_back(
    house: House, scripted: ScriptedEngine
) -> None:
    chats = [await Chat.with_buyer(house) for _ in range(3)]
    said = [(await waits_for_a_person(one, scripted))[-1].text for one in chats]
    assert [one.partition("\n")[2] for one in said] == [
        "<utter_waiting_next>",
        "<utter_waiting_ahead:ahead=1>",
        "<utter_waiting_ahead:ahead=2>",
    ]


async def test_the_usual_wait_is_told_once_it_is_known(
    house: House, scripted: ScriptedEngine, clock: Clock
) -> None:
    for minutes in (2, 4, 9):
        one = await Chat.with_buyer(house)
        await waits_for_a_person(one, scripted)
        clock.forward(timedelta(minutes=minutes))
        await house.conversations.take(one.id, "小李")
    late = await Chat.with_buyer(house)
    [said] = await waits_for_a_person(late, scripted)
    assert said.text.endswith("<utter_waiting_next_usual:wait=4分钟左右>")
    assert (await late.conversation()).promised_for == clock() + timedelta(minutes=4)


async def test_nobody_is_promised_from_waits_of_the_night(
    house: House, scripted: ScriptedEngine, clock: Clock
) -> None:
    clock.forward(NIGHT)
    waiting = [await Chat.with_buyer(house) for _ in range(3)]
    for one in waiting:
        await waits_for_a_person(one, scripted)
    clock.forward(timedelta(hours=8))
    for one in waiting:
        await house.conversations.take(one.id, "小李")
    late = await Chat.with_buyer(house)
    [said] = await waits_for_a_person(late, scripted)
    assert said.text.endswith("<utter_waiting_next>")


async def test_at_night_the_promise_has_a_time(
    chat: Chat, scripted: ScriptedEngine, clock: Clock
) -> None:
    clock.forward(NIGHT)
    opening = chat.house.settings.shop.hours.next_opening(clock())
    assert opening is not None
    [said] = await waits_for_a_person(chat, scripted)
    assert said.text.endswith("<utter_waiting_meanwhile>")
    assert (await chat.conversation()).promised_for == opening + timedelta(minutes=30)
    [told] = await chat.ask("还要等多久")
    assert told.response == "utter_waiting_away"
    scripted.then(sure("还在路上，明天到"))
    assert texts(await chat.ask("快递到哪了")) == ["还在路上，明天到"]


@pytest.mark.parametrize("line", ["算了不用人工了", "不等了"])
async def test_the_buyer_goes_back_to_the_bot_in_words(
    chat: Chat, scripted: ScriptedEngine, line: str
) -> None:
    await waits_for_a_person(chat, scripted)
    [said] = await chat.ask(line)
    assert said.response == "utter_waiting_over"
    found = await chat.conversation()
    assert (found.status, found.waiting_since, found.summary) == (Status.WITH_BOT, None, None)
    assert [row.ended_by for row in await all_waits(chat.house)] == ["buyer"]


async def test_what_is_asked_in_the_same_breath_is_answered_as_ever(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await waits_for_a_person(chat, scripted)
    scripted.then(sure("寄到哪里呀", question="order_receiver:1", is_in_form=True))
    assert texts(await chat.ask("不用人工了，我要下单")) == ["寄到哪里呀"]
    assert (await chat.conversation()).status is Status.WITH_BOT


async def test_the_buyer_goes_back_to_the_bot_by_a_button(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = scripted.words

    async def words(response: str, **values: Any) -> Reply:
        is_button = response == "utter_waiting_no_person"
        return Reply(text="不等人工了") if is_button else await told(response, **values)

    monkeypatch.setattr(scripted, "words", words)
    [said] = await waits_for_a_person(chat, scripted)
    assert [button.title for button in said.buttons] == ["不等人工了"]
    press = Incoming(message_id="press", button=(said.seq, 0))
    await chat.house.conversations.receive(chat.id, press)
    await chat.house.turns.answer(chat.id)
    assert (await chat.conversation()).status is Status.WITH_BOT


async def test_asking_for_a_person_again_tells_the_place_and_waits_no_anew(
    chat: Chat, scripted: ScriptedEngine, clock: Clock
) -> None:
    await waits_for_a_person(chat, scripted)
    since = (await chat.conversation()).waiting_since
    clock.forward(timedelta(minutes=2))
    [said] = await waits_for_a_person(chat, scripted)
    assert said.response == "utter_waiting_next"
    assert (await chat.conversation()).waiting_since == since
    assert await chat.by(Author.SUGGESTION) == []


async def test_anger_moves_up(house: House, scripted: ScriptedEngine) -> None:
    first, second = await Chat.with_buyer(house), await Chat.with_buyer(house)
    for one in (first, second):
        await waits_for_a_person(one, scripted)
    await waits_for_a_person(second, scripted, HandOverReason.ANGER)
    assert (await second.conversation()).urgency == Urgency.SOON
    queue, _ = await house.conversations.in_status([Status.WAITING])
    assert [one.conversation_id for one in queue] == [second.id, first.id]


async def test_the_queue_is_oldest_first_within_urgency(
    house: House, scripted: ScriptedEngine, clock: Clock
) -> None:
    reasons = [HandOverReason.ASKED, HandOverReason.DEFECT, HandOverReason.ASKED]
    reasons += [HandOverReason.SAFETY, HandOverReason.MONEY]
    chats = []
    for reason in reasons:
        chats.append(await Chat.with_visitor(house))
        await waits_for_a_person(chats[-1], scripted, reason)
        clock.forward(timedelta(seconds=10))
    queue, _ = await house.conversations.in_status([Status.WAITING])
    order = [[one.id for one in chats].index(found.conversation_id) for found in queue]
    assert order == [3, 1, 4, 0, 2]


async def test_until_a_person_has_taken_it(chat: Chat, scripted: ScriptedEngine) -> None:
    await waits_for_a_person(chat, scripted)
    await chat.house.conversations.take(chat.id, "小李")
    scripted.then(sure("有货"))
    assert await chat.ask("有39码吗") == []
    assert await chat.ask("不等了") == []
    assert (await chat.conversation()).status is Status.WITH_AGENT


async def test_a_wait_is_a_row_from_its_beginning_to_who_ended_it(
    chat: Chat, scripted: ScriptedEngine, clock: Clock
) -> None:
    await waits_for_a_person(chat, scripted)
    began = clock()
    clock.forward(timedelta(minutes=3))
    await chat.house.conversations.say_as_agent(chat.id, "小李", "a1", "来了")
    [row] = await all_waits(chat.house)
    assert (row.since, row.ended_at - began, row.ended_by, row.agent) == (
        began,
        timedelta(minutes=3),
        "agent",
        "小李",
    )


async def all_waits(house: House) -> list[Any]:
    return await house.database.read(lambda connection: connection.execute(waits.select()).all())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(20, "1分钟内"), (61, "2分钟左右"), (3000, "50分钟左右"), (5400, "2小时左右")],
)
def test_a_wait_in_words(seconds: int, text: str) -> None:
    assert wait_text(timedelta(seconds=seconds)) == text
