"""K11: a pressed button answers the question that it was shown with, once, or is called stale."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

import pytest

from bot.conversations import presses, reading
from bot.conversations.messages import Author, Incoming, Message
from bot.conversations.service import UnseenLine, Unsendable
from bot.engine.turns import Button, Payload, Reply, TurnResult
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result

YES, NO = Payload(intent="affirm"), Payload(intent="deny")


def question(text: str, name: str) -> TurnResult:
    """A turn that ends with a question that a button can answer."""
    buttons = (Button(title="对", payload=YES), Button(title="不对", payload=NO))
    asked = Reply(text=text, buttons=buttons, question=name, response="utter_ask")
    return TurnResult(replies=(asked,), understood=(), memory="", question=name)


async def press(chat: Chat, message: Message, index: int = 0) -> int:
    incoming = Incoming(message_id=uuid.uuid4().hex, button=(message.seq, index))
    return (await chat.house.conversations.receive(chat.id, incoming)).seq


async def said_after(chat: Chat, message: Message, index: int = 0) -> list[Message]:
    await press(chat, message, index)
    return await chat.house.turns.answer(chat.id)


async def test_the_button_of_the_open_question_is_its_answer(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(question("对吗？", "order_confirmed:1"))
    [asked] = await chat.ask("下单")
    await said_after(chat, asked)
    [heard] = scripted.heard[-1]
    assert (heard.payload, heard.question) == (YES, "order_confirmed:1")


async def test_a_button_of_another_question_is_stale_and_the_present_one_is_asked_again(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(question("请同事来吗？", "hand_over:1"))
    [old] = await chat.ask("你们的人呢")
    scripted.then(question("合计99元，对吗？", "order_confirmed:2"))
    await chat.ask("算了，下单")
    said = await said_after(chat, old)
    assert len(scripted.heard) == 2
    assert [one.response for one in said] == ["utter_stale_button", "utter_ask"]
    assert said[-1].text == "合计99元，对吗？"
    await said_after(chat, said[-1])  # the question that was asked again can be answered
    assert scripted.heard[-1][0].question == "order_confirmed:2"


async def test_a_button_whose_question_was_answered_in_words_is_stale(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(question("对吗？", "order_confirmed:1"))
    [asked] = await chat.ask("下单")
    scripted.then(result("好的，先不下"))
    await chat.ask("不要了")
    [said] = await said_after(chat, asked)
    assert said.response == "utter_stale_button"
    assert len(scripted.heard) == 2


async def test_a_second_press_hears_what_came_of_the_first(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(question("对吗？", "order_confirmed:1"))
    [asked] = await chat.ask("下单")
    scripted.then(question("下好啦！要看看袜子吗？", "want_more:2"))
    await said_after(chat, asked)
    said = await said_after(chat, asked)
    assert said[0].response == "utter_pressed_already"
    assert said[1].text == "下好啦！要看看袜子吗？"
    assert not said[1].buttons
    assert len(scripted.heard) == 2


async def test_a_double_tap_acts_once(chat: Chat, scripted: ScriptedEngine) -> None:
    scripted.then(question("对吗？", "order_confirmed:1"))
    [asked] = await chat.ask("下单")
    scripted.then(result("下好啦"))
    await press(chat, asked)
    await press(chat, asked)
    assert [one.text for one in await chat.house.turns.answer(chat.id)] == ["下好啦"]
    assert len(scripted.heard[-1]) == 1


async def pressed_in_two_tabs(chat: Chat, scripted: ScriptedEngine) -> list[Message]:
    """What the second press is told, which came while the bot thought about the first."""
    scripted.then(question("对吗？", "order_confirmed:1"))
    [asked] = await chat.ask("下单")
    scripted.started.clear()
    scripted.then_wait(question("下好啦！要看看袜子吗？", "want_more:2"))
    await press(chat, asked)
    running = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    await press(chat, asked)
    scripted.may_go_on.set()
    await running
    return await chat.house.turns.answer(chat.id)


async def test_two_tabs_that_press_while_the_bot_thinks_act_once(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    said = await pressed_in_two_tabs(chat, scripted)
    assert said[0].response == "utter_pressed_already"
    assert len(scripted.heard) == 2


async def test_without_sorting_presses_the_second_would_be_a_yes_to_what_was_asked_since(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: 对 to an order is heard again, below 要看看袜子吗."""

    def all_of_them(_: Any, __: Any, pending: Sequence[Message]) -> presses.Sorted:
        return presses.Sorted(lines=tuple(presses.Heard(one, "") for one in pending))

    monkeypatch.setattr(reading, "sort_presses", all_of_them)
    await pressed_in_two_tabs(chat, scripted)
    assert [one.payload for one in scripted.heard[-1]] == [YES]
    assert len(scripted.heard) == 3


async def test_a_question_that_stayed_open_may_be_answered_by_the_same_button_again(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(question("对吗？", "order_confirmed:1"))
    [asked] = await chat.ask("下单")
    failed = Reply(text="没读出来，再说一次~", response="utter_shop_hiccup")
    scripted.then(
        TurnResult(replies=(failed,), understood=(), memory="", question="order_confirmed:1")
    )
    await said_after(chat, asked)
    await said_after(chat, asked)
    assert scripted.heard[-1][0].payload == YES
    assert len(scripted.heard) == 3


async def test_a_button_that_names_its_own_subject_is_never_stale(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    choice = Payload(intent="choose_product", entities={"product": "boot-qiyun"})
    shown = Reply(text="看看这些", buttons=(Button(title="栖云", payload=choice),))
    scripted.then(TurnResult(replies=(shown,), understood=(), memory=""))
    [offered] = await chat.ask("推荐一下")
    for _ in range(2):
        await said_after(chat, offered)
        assert scripted.heard[-1][0].payload == choice


async def test_after_a_person_the_buttons_of_before_are_stale(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(question("对吗？", "order_confirmed:1"))
    [asked] = await chat.ask("下单")
    await chat.house.conversations.take(chat.id, "小李")
    await chat.house.conversations.give_back(chat.id)
    [said] = await said_after(chat, asked)
    assert said.response == "utter_stale_button"
    assert len(scripted.heard) == 1


async def test_an_agents_line_repeated_after_giving_back_announces_what_is_stored(
    chat: Chat,
) -> None:
    house = chat.house
    await house.conversations.say_as_agent(chat.id, "小李", "a1", "在的")
    await house.conversations.give_back(chat.id)
    with house.news.subscribe(chat.id) as news:
        await house.conversations.say_as_agent(chat.id, "小李", "a1", "在的")
        assert await news.next() == {"type": "status", "status": "with_bot"}
    assert await chat.by(Author.AGENT) == ["在的"]


async def test_a_line_that_the_agent_has_not_seen_keeps_the_conversation_open(chat: Chat) -> None:
    house = chat.house
    await chat.write("在吗")
    await house.conversations.say_as_agent(chat.id, "小李", "a1", "在的")
    seen = (await chat.conversation()).last_seq
    await chat.write("那这个有货吗")
    try:
        await house.conversations.close(chat.id, seen=seen)
    except UnseenLine as unseen:
        assert unseen.seq == seen + 1
    else:
        raise AssertionError("closed over an unread line")
    await house.conversations.close(chat.id, seen=seen + 1)


async def test_a_line_right_after_closing_is_the_bots(chat: Chat) -> None:
    house = chat.house
    await house.conversations.say_as_agent(chat.id, "小李", "a1", "再见")
    await house.conversations.close(chat.id, seen=(await chat.conversation()).last_seq)
    assert [one.text for one in await chat.ask("等等")] == ["听到:等等"]


async def test_the_button_of_what_only_an_agent_saw_is_none(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then_wait(question("取消 6802，退 299 元，对吗？", "cancel:1"))
    await chat.write("不要了")
    running = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    await chat.house.conversations.take(chat.id, "小李")
    scripted.may_go_on.set()
    await running
    history = await chat.house.conversations.history(chat.id)
    [suggestion] = [one for one in history if one.author is Author.SUGGESTION]
    assert suggestion.buttons
    await chat.house.conversations.give_back(chat.id)
    with pytest.raises(Unsendable) as refused:
        await press(chat, suggestion)
    assert refused.value.code == "unknown_button"
