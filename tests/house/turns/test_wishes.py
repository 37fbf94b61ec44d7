"""One row per wish, with its decision and what came of it, in one piece with the turn's replies."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.conversations import store, wishes
from bot.conversations import turns as turns_module
from bot.conversations.attempts import AnsweredBy
from bot.conversations.messages import Author, Message
from bot.conversations.wishes import Tally, Wish
from bot.dialogue.outcome import Outcome
from bot.engine.turns import HandOver, Reply, Said, TurnResult, Understood
from bot.followups.tables import follow_ups
from bot.handing_over import HandOverReason
from tests.house.conftest import Chat
from tests.house.scripted import ScriptedEngine

ROW = "data/dialogue/expected.yml:told_parcel"


def understood(text: str, intent: str, **more: Any) -> Understood:
    given: dict[str, Any] = {
        "confidence": 0.91234567,
        "entities": (),
        "ranking": ((intent, 0.91234567), ("ask_ship_time", 0.05), ("ask_courier", 0.03)),
        "decided_by": ROW,
        "outcome": "answered",
        **more,
    }
    return Understood(text=text, intent=intent, **given)


def turn(*heard: Understood, **more: Any) -> TurnResult:
    return TurnResult(
        replies=(Reply(text="好"),), understood=heard, memory="m", model="model-1", **more
    )


def hears(scripted: ScriptedEngine, *wanted: tuple[int, str, str], **more: Any) -> None:
    """Wishes of the next turn: (which thing said, text, intent)."""

    async def step(said: Sequence[Said]) -> TurnResult:
        heard = [
            understood(text, intent, request_id=said[which].request_id)
            for which, text, intent in wanted
        ]
        return turn(*heard, **more)

    scripted.script.append(step)


async def rows(chat: Chat) -> list[Wish]:
    return await chat.house.database.read(wishes.of_conversation, chat.id)


async def test_a_wish_is_a_row_with_its_decision(chat: Chat, scripted: ScriptedEngine) -> None:
    scripted.then(turn(understood("那几点", "track_parcel", is_continuation=True)))
    seq = await chat.write("那几点")
    asked_at = chat.house.clock.now
    chat.house.clock.forward(timedelta(seconds=2))
    [said] = await chat.house.turns.answer(chat.id)
    [wish] = await rows(chat)
    assert wish == Wish(
        conversation_id=chat.id,
        seq=seq,
        last_seq=seq,
        ordinal=0,
        turn_id=said.turn_id,
        text="那几点",
        asked_at=asked_at,
        answered_at=asked_at + timedelta(seconds=2),
        answered_by=AnsweredBy.BOT,
        answer_seq=said.seq,
        intent="track_parcel",
        decided_by=ROW,
        sureness=0.9123,
        runners_up=(("ask_ship_time", 0.05), ("ask_courier", 0.03)),
        is_continuation=True,
        outcome=Outcome.ANSWERED,
        model="model-1",
    )


async def test_wishes_of_one_turn_are_numbered_and_know_their_lines(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    hears(scripted, (0, "有黑的吗", "stock_check"), (0, "多少钱", "ask_price"))
    await chat.write("有黑的吗")
    await chat.write("多少钱")
    await chat.house.turns.answer(chat.id)
    assert [(one.ordinal, one.seq, one.last_seq, one.text) for one in await rows(chat)] == [
        (0, 1, 2, "有黑的吗"),
        (1, 1, 2, "多少钱"),
    ]


async def test_a_turn_that_hears_nothing_leaves_no_row(chat: Chat) -> None:
    assert await chat.ask("？？？") != []  # a reflex answers
    assert await rows(chat) == []


async def test_being_asked_back_is_marked(chat: Chat, scripted: ScriptedEngine) -> None:
    scripted.then(turn(understood("那个", "nlu_half_sure", outcome="asked_back")))
    await chat.ask("那个")
    [wish] = await rows(chat)
    assert (wish.asked_back, wish.outcome) == (True, Outcome.ASKED_BACK)
    assert wish.answered_by is AnsweredBy.BOT


# -- lost turns


async def lose(chat: Chat, monkeypatch: pytest.MonkeyPatch, module: Any, step: str) -> None:
    """The turn dies at this step of its end."""

    def power_cut(*_: Any, **__: Any) -> Any:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(module, step, power_cut)
        with pytest.raises(asyncio.CancelledError):
            await chat.house.turns.answer(chat.id)


@pytest.mark.parametrize(
    ("module", "step"),
    [(turns_module, "finish"), (wishes, "keep"), (store, "save_memory")],
    ids=["before", "amid", "behind"],
)
async def test_a_turn_tried_again_has_one_row(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    await chat.write("在吗")
    await lose(chat, monkeypatch, module, step)
    assert await rows(chat) == []  # all of the turn, or nothing of it
    chat.house = chat.house.restarted()
    await chat.house.turns.answer(chat.id)
    [wish] = await rows(chat)
    assert (wish.text, wish.outcome) == ("在吗", Outcome.ANSWERED)


async def test_a_row_written_in_a_transaction_of_its_own_would_stay_from_the_lost_try(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = wishes.keep
    left: list[Wish] = []
    monkeypatch.setattr(wishes, "keep", lambda _, heard: left.extend(heard))
    await chat.write("在吗")
    await lose(chat, monkeypatch, store, "save_memory")
    await chat.house.database.run(kept, left)
    assert len(await rows(chat)) == 1  # the check above would see it


async def race(chat: Chat, scripted: ScriptedEngine) -> None:
    """Two processes have read the same line and write at the same time."""
    other = chat.house.restarted()
    scripted.then_wait(turn(understood("在吗", "greet")))
    scripted.then_wait(turn(understood("在吗", "greet")))
    await chat.write("在吗")
    racing = [asyncio.create_task(house.turns.answer(chat.id)) for house in (chat.house, other)]
    await scripted.heard_turns(2)
    scripted.may_go_on.set()
    await asyncio.gather(*racing)


async def test_two_processes_leave_one_row(chat: Chat, scripted: ScriptedEngine) -> None:
    await race(chat, scripted)
    assert len(await rows(chat)) == 1
    assert await chat.by(Author.BOT) == ["好"]


async def test_without_the_turns_guards_only_the_rows_key_would_keep_the_second_out(
    chat: Chat, scripted: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "fates", lambda *_: [store.Fate(True, "")])
    with pytest.raises(IntegrityError):
        await race(chat, scripted)


# -- people


def gives_up(scripted: ScriptedEngine, text: str) -> None:
    scripted.then(
        turn(
            understood(text, "hand_over", outcome="handed_over"),
            hand_over=HandOver(reason=HandOverReason.ASKED, note=""),
        )
    )


async def test_a_wish_that_was_handed_over_is_answered_when_an_agent_speaks(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    gives_up(scripted, "转人工")
    await chat.ask("转人工")
    [wish] = await rows(chat)
    assert (wish.outcome, wish.answered_by) == (Outcome.HANDED_OVER, AnsweredBy.NOBODY)
    assert wish.answered_at is None
    await chat.write("破了个洞")
    await chat.write("怎么办")
    chat.house.clock.forward(timedelta(minutes=3))
    said = await chat.house.conversations.say_as_agent(chat.id, "小李", "a1", "我看看")
    first, second = await rows(chat)
    for one in (first, second):
        assert (one.answered_by, one.agent) == (AnsweredBy.AGENT, "小李")
        assert (one.answered_at, one.answer_seq) == (chat.house.clock.now, said.seq)
    assert (first.outcome, first.intent) == (Outcome.HANDED_OVER, "hand_over")
    assert (second.outcome, second.intent) == (Outcome.LEFT_TO_PERSON, "")
    assert second.text == "破了个洞\n怎么办"
    chat.house.clock.forward(timedelta(minutes=3))
    await chat.house.conversations.say_as_agent(chat.id, "小李", "a2", "给您换一双")
    assert await rows(chat) == [first, second]  # the answer goes on


async def test_an_agents_line_sent_twice_changes_nothing(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    gives_up(scripted, "转人工")
    await chat.ask("转人工")
    for _ in range(2):
        await chat.house.conversations.say_as_agent(chat.id, "小李", "a1", "我看看")
        before = await rows(chat)
        chat.house.clock.forward(timedelta(minutes=1))
    assert await rows(chat) == before


@pytest.mark.parametrize("agent_speaks_first", [True, False])
async def test_a_turn_that_a_person_overtook_keeps_what_it_heard_once(
    chat: Chat, scripted: ScriptedEngine, agent_speaks_first: bool
) -> None:
    scripted.then_wait(turn(understood("在吗", "greet")))
    await chat.write("在吗")
    thinking = asyncio.create_task(chat.house.turns.answer(chat.id))
    await scripted.started.wait()
    if agent_speaks_first:
        await chat.house.conversations.say_as_agent(chat.id, "小李", "a1", "在的")
    else:
        await chat.house.conversations.take(chat.id, "小李")
    scripted.may_go_on.set()
    assert await thinking == []
    if not agent_speaks_first:
        [open_one] = await rows(chat)
        assert open_one.answered_by is AnsweredBy.NOBODY
        await chat.house.conversations.say_as_agent(chat.id, "小李", "a1", "在的")
    [wish] = await rows(chat)
    assert (wish.intent, wish.outcome) == ("greet", Outcome.LEFT_TO_PERSON)
    assert (wish.answered_by, wish.agent) == (AnsweredBy.AGENT, "小李")


async def test_lines_that_nobody_answered_are_known_when_a_person_ends_it(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    gives_up(scripted, "转人工")
    await chat.ask("转人工")
    seq = await chat.write("有人吗")
    await chat.house.conversations.close(chat.id, seen=seq)
    assert [(one.text, one.answered_by, one.outcome) for one in await rows(chat)] == [
        ("转人工", AnsweredBy.NOBODY, Outcome.HANDED_OVER),
        ("有人吗", AnsweredBy.NOBODY, Outcome.LEFT_TO_PERSON),
    ]


async def test_what_a_failed_turn_was_asked_is_a_wish_without_an_intent(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then_raise(RuntimeError("boom"))
    await chat.ask("在吗")
    [wish] = await rows(chat)
    assert (wish.text, wish.intent, wish.outcome) == ("在吗", "", Outcome.HANDED_OVER)


# -- corrections


async def test_a_correction_marks_the_wish_before_it(chat: Chat, scripted: ScriptedEngine) -> None:
    hears(scripted, (0, "到哪了", "return_goods"))
    await chat.ask("到哪了")
    cue = {"entity": "cue", "value": "not"}
    scripted.then(turn(understood("我问的是快递", "track_parcel", entities=(cue,))))
    seq = await chat.write("我问的是快递")
    await chat.house.turns.answer(chat.id)
    first, second = await rows(chat)
    assert (first.corrected_seq, first.meant) == (seq, "track_parcel")
    assert (second.corrected_seq, second.meant) == (None, "")


async def test_without_such_words_nothing_is_marked(chat: Chat, scripted: ScriptedEngine) -> None:
    hears(scripted, (0, "到哪了", "return_goods"))
    await chat.ask("到哪了")
    hears(scripted, (0, "快递", "track_parcel"))
    await chat.ask("快递")
    assert [one.corrected_seq for one in await rows(chat)] == [None, None]


# -- reading


async def test_unclear_wishes_of_a_period_and_outcomes_by_intent_and_model(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    began = chat.house.clock.now
    await chat.ask("早先的")
    chat.house.clock.forward(timedelta(days=1))
    since = chat.house.clock.now
    for text, outcome in (("甲", "answered"), ("乙", "asked_back"), ("丙", "answered")):
        scripted.then(turn(understood(text, "ask_price", outcome=outcome)))
        await chat.ask(text)
        chat.house.clock.forward(timedelta(minutes=1))
    cue = {"entity": "cue", "value": "not"}
    scripted.then(turn(understood("不是这个", "ask_size", entities=(cue,))))
    await chat.ask("不是这个")
    until = chat.house.clock.now + timedelta(seconds=1)
    read = chat.house.database.read
    found = await read(wishes.unclear, since, until)
    assert [(one.text, one.meant) for one in found] == [("丙", "ask_size"), ("乙", "")]
    assert await read(wishes.unclear, began, since) == []
    assert await read(wishes.outcomes, since, until) == [
        Tally(intent="ask_price", outcome=Outcome.ANSWERED, model="model-1", count=2, corrected=1),
        Tally(
            intent="ask_price", outcome=Outcome.ASKED_BACK, model="model-1", count=1, corrected=0
        ),
        Tally(intent="ask_size", outcome=Outcome.ANSWERED, model="model-1", count=1, corrected=0),
    ]


async def test_an_answer_to_a_follow_up_says_so(chat: Chat, scripted: ScriptedEngine) -> None:
    await chat.ask("在吗")
    now = chat.house.clock.now

    def sent(connection: Connection, message: Message, _: str) -> bool:
        connection.execute(
            follow_ups.insert().values(
                conversation_id=chat.id, buyer_id=chat.buyer_id, kind="unpaid_order", key="f1",
                about={}, status="sent", planned_at=now, due_at=now, sent_at=now, seq=message.seq,
            )
        )  # fmt: skip
        return True

    assert await chat.house.turns.interject(chat.id, "f1", "utter_follow_up", {}, {}, sent)
    await chat.ask("等下就付")
    assert [one.after_follow_up for one in await rows(chat)] == [False, True]


async def test_of_which_goods_nothing_was_written_stands_with_the_wish(
    chat: Chat, scripted: ScriptedEngine
) -> None:
    scripted.then(turn(understood("会发热吗", "ask_quality", unwritten="chg-20")))
    await chat.write("会发热吗")
    await chat.house.turns.answer(chat.id)
    assert [one.unwritten for one in await rows(chat)] == ["chg-20"]
