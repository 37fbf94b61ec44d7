"""A turn that did its deed and was lost: the deed is told, once, to whoever is there by then."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations import attempts, finishing, reading, statements, store
from bot.conversations import turns as turns_module
from bot.conversations.attempts import AnsweredBy, Attempt, end
from bot.conversations.conversation import Status
from bot.conversations.messages import Author, Message
from bot.conversations.tables import conversations
from bot.database import DatabaseUnavailable
from bot.engine.turns import HandOver, Said, TurnResult
from bot.handing_over import HandOverReason
from bot.shop.words.dealing import Order, Receiver, WantedLine
from bot.shop.words.goods import ProductQuery
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine, result
from tests.support.house import House
from tests.support.waiting import until

HOME = Receiver(name="王芳", phone="13800138000", address="浙江省杭州市西湖区文三路1号")


async def placed(chat: Chat, request_id: str) -> Order:
    found = await chat.house.shop.recommend(ProductQuery(limit=1))
    product = found[0].product
    sku = next(sku for sku in product.skus if sku.stock)
    wanted = WantedLine(product_id=product.product_id, colour=sku.colour, size=sku.size)
    return await chat.house.shop.place_order(
        [wanted], buyer_id=chat.buyer_id, receiver=HOME, note="", request_id=request_id
    )


def orders_when_it_hears(chat: Chat, scripted: ScriptedEngine, times: int = 4) -> None:
    """对 and nothing else is an order, under the request id of the line, as in the real bot."""

    async def step(said: Sequence[Said]) -> TurnResult:
        if [one.text for one in said] != ["对"]:
            return result("听不懂")
        order = await placed(chat, said[0].request_id)
        return result(f"下好啦 {order.number}", memory="ordered")

    scripted.script.extend([step] * times)


async def lose_turn(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The turn thinks, and the process dies before anything of it is stored."""

    def power_cut(*_: Any, **__: Any) -> Any:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(turns_module, "finish", power_cut)
        with pytest.raises(asyncio.CancelledError):
            await chat.house.turns.answer(chat.id)


async def told(chat: Chat) -> bool:
    return any(text.startswith("下好啦") for text in await chat.by(Author.BOT))


async def test_an_order_of_a_lost_turn_is_told_though_the_buyer_has_written_on(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders_when_it_hears(chat, scripted)
    await chat.write("对")
    await lose_turn(chat, monkeypatch)
    assert len(await chat.house.shop.orders_of(chat.buyer_id)) == 1
    await chat.write("谢谢")
    chat.house = chat.house.restarted()
    await chat.house.turns.answer(chat.id)
    assert await told(chat)
    assert scripted.texts == ["对", "对", "谢谢"]
    assert len(await chat.house.shop.orders_of(chat.buyer_id)) == 1


async def test_without_what_the_try_wrote_down_that_order_would_never_be_told(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(
        _: Any, conversation_id: str, pending: Sequence[Message], __: Any, now: Any
    ) -> tuple[Attempt, list[Message]]:
        attempt = Attempt(
            turn_id="t",
            conversation_id=conversation_id,
            first_seq=pending[0].seq,
            last_seq=pending[-1].seq,
            started_at=now,
            attempts=1,
        )
        return attempt, list(pending)

    monkeypatch.setattr(reading, "begin", everything)
    orders_when_it_hears(chat, scripted)
    await chat.write("对")
    await lose_turn(chat, monkeypatch)
    await chat.write("谢谢")
    chat.house = chat.house.restarted()
    await chat.house.turns.answer(chat.id)
    assert not await told(chat)
    assert len(await chat.house.shop.orders_of(chat.buyer_id)) == 1


async def test_a_turn_lost_twice_goes_to_a_person_who_reads_what_it_has_done(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders_when_it_hears(chat, scripted)
    await chat.write("对")
    for _ in range(2):
        await lose_turn(chat, monkeypatch)
        chat.house = chat.house.restarted()
    [said] = await chat.house.turns.answer(chat.id)
    assert said.response == "utter_trouble"
    assert len(scripted.heard) == 2
    [order] = await chat.house.shop.orders_of(chat.buyer_id)
    found = await chat.conversation()
    assert found.status is Status.WAITING
    assert order.number in str(found.summary)


async def test_without_counting_tries_it_would_be_tried_a_third_time(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: what kills the process at each try would do so for ever."""
    monkeypatch.setattr(attempts, "MOST_ATTEMPTS", 99)
    orders_when_it_hears(chat, scripted)
    await chat.write("对")
    for _ in range(3):
        await lose_turn(chat, monkeypatch)
        chat.house = chat.house.restarted()
    assert len(scripted.heard) == 3
    assert (await chat.conversation()).status is Status.WITH_BOT


async def test_an_outage_of_the_database_is_no_reason_for_a_person(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("gone")

    await chat.write("在吗")
    with monkeypatch.context() as patch:
        patch.setattr(turns_module, "finish", gone)
        with pytest.raises(DatabaseUnavailable):
            await chat.house.turns.answer(chat.id)
    assert [one.text for one in await chat.house.turns.answer(chat.id)] == ["听到:在吗"]


async def test_an_agent_who_took_a_lost_turn_over_reads_that_it_has_ordered(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders_when_it_hears(chat, scripted)
    await chat.write("对")
    await lose_turn(chat, monkeypatch)
    await chat.house.conversations.take(chat.id, "小李")
    chat.house = chat.house.restarted()
    await chat.house.turns.sweep(older_than_s=0)
    [order] = await chat.house.shop.orders_of(chat.buyer_id)
    [suggestion] = await chat.by(Author.SUGGESTION)
    assert order.number in suggestion
    await chat.house.turns.sweep(older_than_s=0)
    assert len(await chat.by(Author.SUGGESTION)) == 1


async def test_a_buyer_given_back_hears_of_the_order_that_only_the_agent_saw(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    async def order(said: Sequence[Said]) -> TurnResult:
        await scripted.may_go_on.wait()
        number = (await placed(chat, said[0].request_id)).number
        return result(f"下好啦 {number}", memory="ordered")

    scripted.script.append(order)
    await chat.write("对")
    running = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    await chat.house.conversations.take(chat.id, "小李")
    scripted.may_go_on.set()
    assert await running == []
    await chat.house.conversations.give_back(chat.id)
    said = await chat.house.turns.answer(chat.id)
    [placed_order] = await chat.house.shop.orders_of(chat.buyer_id)
    assert [one.response for one in said if one.response] == ["utter_done_meanwhile"]
    assert placed_order.number in said[-1].text
    assert await chat.house.turns.answer(chat.id) == []


async def memory_of(chat: Chat) -> str:
    return await chat.house.database.read(store.memory_of, chat.id)


async def summary_that_only_an_agent_saw(chat: Chat, scripted: ScriptedEngine) -> None:
    await chat.ask("在吗")
    scripted.then_wait(result("合计99元，对吗？", memory="summary shown"))
    await chat.write("发到杭州")
    running = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    await scripted.heard_turns(2)
    await chat.house.conversations.take(chat.id, "小李")
    scripted.may_go_on.set()
    await running
    assert await chat.by(Author.SUGGESTION) == ["合计99元，对吗？"]


async def test_what_only_an_agent_saw_does_not_become_the_bots_memory(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    await summary_that_only_an_agent_saw(chat, scripted)
    assert await memory_of(chat) == "."  # what the first turn left
    assert (await chat.conversation()).question == ""


async def test_were_it_saved_all_the_same_the_unseen_summary_would_stand_open(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""

    def saves_too(
        connection: Any, attempt: Attempt, by: AnsweredBy, now: Any, **options: Any
    ) -> None:
        end(connection, attempt, by, now, **options)
        if by is AnsweredBy.AGENT:
            version = store.find(connection, attempt.conversation_id).version  # type: ignore[union-attr]
            store.save_memory(connection, attempt.conversation_id, "summary shown", version)

    monkeypatch.setattr(finishing, "end", saves_too)
    await summary_that_only_an_agent_saw(chat, scripted)
    assert await memory_of(chat) == "summary shown"


async def test_giving_back_closes_what_was_open_before_the_person_came(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(
        result("对吗？", memory="asked", hand_over=HandOver(reason=HandOverReason.ASKED, note=""))
    )
    await chat.ask("我要下单")
    await chat.house.conversations.take(chat.id, "小李")
    await chat.house.conversations.give_back(chat.id)
    await chat.house.turns.answer(chat.id)
    assert await memory_of(chat) == "asked+leftNone"
    await chat.house.turns.answer(chat.id)
    assert await memory_of(chat) == "asked+leftNone"  # once


async def test_a_follow_up_does_not_overwrite_what_another_process_has_learned(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = chat.house.restarted()
    note = scripted.note

    async def slow_note(*args: Any, **options: Any) -> str:
        await chat.write("有39码吗")
        scripted.then(result("有的", memory="learned"))
        await other.turns.answer(chat.id)
        return await note(*args, **options)

    monkeypatch.setattr(scripted, "note", slow_note)
    sent = await chat.house.turns.interject(
        chat.id, "f1", "utter_follow_up_undecided", {}, {}, lambda *_: True
    )
    assert not sent
    assert await memory_of(chat) == "learned"


async def test_without_its_version_the_memory_would_be_overwritten(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    unguarded = conversations.update().where(statements.THIS)
    memory = sa.bindparam("memory")
    monkeypatch.setattr(statements, "KEEP_MEMORY", unguarded.values(memory=memory))
    other = chat.house.restarted()
    note = scripted.note

    async def slow_note(*args: Any, **options: Any) -> str:
        await chat.write("有39码吗")
        scripted.then(result("有的", memory="learned"))
        await other.turns.answer(chat.id)
        return await note(*args, **options)

    monkeypatch.setattr(scripted, "note", slow_note)
    await chat.house.turns.interject(
        chat.id, "f1", "utter_follow_up_undecided", {}, {}, lambda *_: True
    )
    assert await memory_of(chat) != "learned"


async def test_a_turn_outrun_by_another_process_answers_the_lines_that_are_left(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    other = chat.house.restarted()
    scripted.then_wait(result("两句一起"))
    first = await chat.write("在吗")
    await chat.write("有39码吗")
    slow = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()

    def one_line_is_answered(connection: Any) -> None:
        store.settle(connection, chat.id, [first], "another-turn")

    await other.database.run(one_line_is_answered)
    scripted.may_go_on.set()
    await slow
    assert scripted.texts[1:] == ["有39码吗"]
    assert await chat.by(Author.BOT) == ["听到:有39码吗"]


async def test_a_line_that_nobody_was_woken_for_is_swept_up(
    chat: Chat, scripted: ScriptedEngine, house: House
) -> None:
    await chat.write("在吗")
    assert await house.turns.sweep(older_than_s=3600) == 0
    assert await house.turns.sweep(older_than_s=0) == 0, "at this very moment it is not old"
    house.clock.forward(timedelta(seconds=60))
    assert await house.turns.sweep(older_than_s=30) == 1

    async def is_answered() -> bool:
        return bool(await chat.by(Author.BOT))

    await until(is_answered)
    assert await chat.by(Author.BOT) == ["听到:在吗"]
