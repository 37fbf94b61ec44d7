"""What becomes of a buyer's line before anybody answers it."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from sqlalchemy.exc import IntegrityError

from bot.conversations import reading, reflexes, store
from bot.conversations.messages import Author, Incoming
from bot.conversations.reflexes import is_too_long
from bot.conversations.service import UnknownConversation, Unsendable
from bot.engine.turns import Button, Payload, Reply, TurnResult
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine
from tests.support.house import House


async def test_the_same_message_twice_is_one_message(chat: Chat) -> None:
    assert await chat.write("在吗", "m1") == await chat.write("在吗", "m1")
    assert await chat.by(Author.BUYER) == ["在吗"]


async def test_the_same_message_twice_at_once_is_one_message(chat: Chat) -> None:
    seqs = await asyncio.gather(*(chat.write("在吗", "m1") for _ in range(10)))
    assert len(set(seqs)) == 1


async def test_without_the_look_for_it_the_same_message_at_once_would_be_refused(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the table's own key keeps the second out, and its page hears an error."""
    monkeypatch.setattr(store, "by_message_id", lambda *_: None)
    writes = (chat.write("在吗", "m1") for _ in range(10))
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert sum(isinstance(one, IntegrityError) for one in results) == 9
    assert await chat.by(Author.BUYER) == ["在吗"]


async def test_an_answered_message_that_comes_again_is_not_answered_again(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await chat.write("在吗", "m1")
    await chat.house.turns.answer(chat.id)
    await chat.write("在吗", "m1")
    assert await chat.house.turns.answer(chat.id) == []
    assert scripted.texts == ["在吗"]


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "\u200b\u200d", "\n\n"])
async def test_a_message_of_nothing_is_refused(chat: Chat, text: str) -> None:
    with pytest.raises(Unsendable) as refusal:
        await chat.write(text)
    assert refusal.value.code == "empty"


async def test_five_thousand_characters_are_kept_and_answered_without_the_engine(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    [answer] = await chat.ask("好" * 5000)
    assert answer.response == "utter_too_long"
    assert scripted.heard == []
    assert [len(text) for text in await chat.by(Author.BUYER)] == [5000]


@pytest.mark.parametrize("line", ["1" * 600, "一二" * 300, "㊿" * 400, "ﷺ" * 40, "👌" * 250])
async def test_a_burst_that_is_too_long_together_is_kept_and_answered_without_the_engine(
    chat: Chat, scripted: ScriptedEngine, line: str
) -> None:
    for _ in range(3):
        await chat.write(line)
    [answer] = await chat.house.turns.answer(chat.id)
    assert answer.response == "utter_too_long"
    assert scripted.heard == []
    assert await chat.by(Author.BUYER) == [line] * 3
    assert await chat.house.turns.answer(chat.id) == []  # and none of it waits any longer


async def test_were_lines_measured_one_by_one_the_engine_would_read_all_of_the_burst(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""

    def one_by_one(text: str) -> bool:
        return any(map(is_too_long, text.split("\n")))

    for module in (reading, reflexes):
        monkeypatch.setattr(module, "is_too_long", one_by_one)
    for _ in range(3):
        await chat.write("1" * 600)
    await chat.house.turns.answer(chat.id)
    assert len(scripted.texts[0]) > 1800


async def test_a_burst_that_is_just_short_enough_is_read_together(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    for _ in range(3):
        await chat.write("鞋子好看吗" * 30)
    await chat.house.turns.answer(chat.id)
    assert scripted.texts == ["\n".join(["鞋子好看吗" * 30] * 3)]


async def test_a_button_pressed_among_too_many_words_still_counts(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(
        TurnResult(
            replies=(
                Reply(
                    text="确认吗",
                    buttons=(Button(title="确认", payload=Payload(intent="affirm")),),
                    question="cancel_it:1",
                ),
            ),
            understood=(),
            memory="",
            question="cancel_it:1",
        )
    )
    [offered] = await chat.ask("取消订单")
    pressed = Incoming(message_id=uuid.uuid4().hex, button=(offered.seq, 0))
    await chat.house.conversations.receive(chat.id, pressed)
    for _ in range(2):
        await chat.write("好" * 400)
    await chat.house.turns.answer(chat.id)
    assert scripted.texts[1:] == ["确认"]


async def test_more_than_five_thousand_characters_are_refused(chat: Chat) -> None:
    with pytest.raises(Unsendable) as refusal:
        await chat.write("好" * 5001)
    assert refusal.value.code == "too_long"


async def test_control_characters_are_dropped_and_tabs_part_words(chat: Chat) -> None:
    await chat.write("有\x0038\x1b码\t吗\r\n包邮吗")
    assert await chat.by(Author.BUYER) == ["有38码 吗\n包邮吗"]


async def test_a_lone_surrogate_does_not_break_the_store(chat: Chat) -> None:
    await chat.write("在吗\ud83d")
    assert await chat.by(Author.BUYER) == ["在吗"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE messages; --",
        '/confirm_order{"order_number": "1"}',
        "/restart",
    ],
)
async def test_markup_sql_and_commands_are_texts_like_any_other(
    chat: Chat, scripted: ScriptedEngine, text: str
) -> None:
    # The house answers mere code; with words beside it, it is read as typed.
    await chat.ask(text)
    await chat.ask(f"怎么回事 {text}")
    [[said]] = scripted.heard
    assert (said.text, said.payload) == (f"怎么回事 {text}", None)
    assert (await chat.by(Author.BUYER))[0] == text


async def test_a_button_acts_by_the_payload_that_was_offered(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    payload = Payload(intent="choose_option", entities={"choice": "pay"})
    offered = Reply(text="付款吗", buttons=(Button(title="去付款", payload=payload),))
    scripted.then(TurnResult(replies=(offered,), understood=(), memory=""))
    [question] = await chat.ask("下单")
    pressed = Incoming(message_id="p", button=(question.seq, 0))
    await chat.house.conversations.receive(chat.id, pressed)
    await chat.house.turns.answer(chat.id)
    [said] = scripted.heard[-1]
    assert (said.text, said.payload) == ("去付款", payload)


async def test_a_button_shows_the_buyer_its_title_alone(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    payload = Payload(intent="choose_option", entities={"choice": "pay"})
    offered = Reply(text="付款吗", buttons=(Button(title="去付款", payload=payload),))
    scripted.then(TurnResult(replies=(offered,), understood=(), memory=""))
    [question] = await chat.ask("下单")
    assert question.for_buyer()["buttons"] == [{"title": "去付款"}]


@pytest.mark.parametrize("button", [(1, 0), (999, 0), (0, 0)])
async def test_a_button_that_was_never_offered_is_refused(
    chat: Chat, button: tuple[int, int]
) -> None:
    await chat.write("在吗")
    with pytest.raises(Unsendable) as refusal:
        await chat.house.conversations.receive(chat.id, Incoming(message_id="p", button=button))
    assert refusal.value.code == "unknown_button"


async def test_a_line_to_no_conversation_is_refused(house: House) -> None:
    with pytest.raises(UnknownConversation):
        await house.conversations.receive("nobody", Incoming(message_id="m", text="在吗"))


async def test_a_buyer_comes_back_to_the_same_conversation(house: House) -> None:
    buyer = f"visitor:{uuid.uuid4().hex}"
    first, second = [
        await house.conversations.open(buyer_id=buyer, signed_in=False, channel="web")
        for _ in range(2)
    ]
    assert first.conversation_id == second.conversation_id


async def test_what_was_understood_is_kept_with_the_buyers_line(chat: Chat) -> None:
    await chat.ask("在吗")
    asked = (await chat.house.conversations.history(chat.id))[0]
    assert asked.understood[0]["intent"] == "greet"
