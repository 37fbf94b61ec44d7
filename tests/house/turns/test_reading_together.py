"""Lines of a burst become one turn; turns of one buyer follow each other."""

from __future__ import annotations

import asyncio

from bot.conversations import store
from bot.conversations.messages import Author, Incoming
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result
from tests.support.house import House


async def settled(chat: Chat) -> None:
    """Until nobody waits for the bot any more."""
    for _ in range(1500):
        await asyncio.sleep(0.02)
        if not chat.house.turns.is_waiting(chat.id):
            await chat.house.turns.answer(chat.id)
            return
    raise AssertionError("the bot has not come to an end")


async def test_a_burst_is_read_as_one(chat: Chat, scripted: ScriptedEngine) -> None:
    for text in ("在吗", "这款", "有38码吗"):
        await chat.write(text)
    for _ in range(3):  # at once: on a busy machine a pause may pass while a line is written
        chat.house.turns.wake(chat.id)
    await settled(chat)
    assert scripted.texts == ["在吗\n这款\n有38码吗"]
    assert await chat.by(Author.BOT) == ["听到:在吗\n这款\n有38码吗"]


async def test_who_types_for_long_is_answered_before_the_end(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    started = asyncio.get_running_loop().time()
    while not scripted.heard and asyncio.get_running_loop().time() < started + 30:
        await chat.write("嗯")
        chat.house.turns.wake(chat.id)
        await asyncio.sleep(0.02)
    assert scripted.heard


async def test_lines_that_come_during_a_turn_get_a_turn_of_their_own(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then_wait(result("第一"))
    await chat.write("在吗")
    chat.house.turns.wake(chat.id)
    await scripted.started.wait()
    await chat.write("包邮吗")
    chat.house.turns.wake(chat.id)
    await asyncio.sleep(0.15)
    assert scripted.texts == ["在吗"]
    scripted.may_go_on.set()
    await settled(chat)
    assert scripted.texts == ["在吗", "包邮吗"]
    assert await chat.by(Author.BOT) == ["第一", "听到:包邮吗"]


async def test_fifty_lines_in_a_second_are_all_read_once(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    texts = [f"第{number}行" for number in range(50)]
    for text in texts:
        await chat.write(text)
        chat.house.turns.wake(chat.id)
    await settled(chat)
    assert "\n".join(scripted.texts).split("\n") == texts


async def test_two_buyers_do_not_wait_for_each_other(
    house: House, scripted: ScriptedEngine
) -> None:
    slow, quick = await Chat.with_visitor(house), await Chat.with_visitor(house)
    scripted.then_wait(result("慢"))
    await slow.write("在吗")
    running = asyncio.create_task(house.turns.answer(slow.id))
    await scripted.started.wait()
    assert [message.text for message in await quick.ask("在吗")] == ["听到:在吗"]
    scripted.may_go_on.set()
    await running


async def test_a_picture_in_a_burst_stands_by_itself(chat: Chat, scripted: ScriptedEngine) -> None:
    await chat.write("鞋底开胶了")
    picture = {"picture_id": "abc", "url": "/uploads/abc", "width": 1, "height": 1}
    await chat.house.conversations.receive(chat.id, Incoming(message_id="p", picture=picture))
    await chat.write("怎么办")
    await chat.house.turns.answer(chat.id)
    [turn] = scripted.heard
    assert [one.payload.intent if one.payload else one.text for one in turn] == [
        "鞋底开胶了",
        "send_picture",
        "怎么办",
    ]


async def test_what_the_bot_remembers_goes_from_turn_to_turn(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await chat.ask("在吗")
    await chat.ask("包邮吗")
    assert await chat.house.database.read(store.memory_of, chat.id) == ".."
