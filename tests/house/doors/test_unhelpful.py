"""没帮上忙 under an answer: the wish of its turn is marked, and stands in the trainers' inbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels import keys
from bot.conversations import wishes
from bot.conversations.wishes import Wish
from bot.dialogue.outcome import Outcome
from bot.engine.turns import Reply, TurnResult, Understood
from bot.trainer.inbox import UNHELPFUL, rows_of
from bot.trainer.likeness import Likeness
from bot.trainer.plain_lines import PlainLines
from tests.house.server import Server, Socket

HEARD = Understood(
    text="几号能寄出呀", intent="ask_postage", confidence=0.97, entities=(), ranking=(),
    outcome="answered",
)  # fmt: skip
SETTLED = TurnResult(replies=(Reply(text="运费到付哦"),), understood=(HEARD,), memory="")


@pytest.fixture
async def answered(server: Server) -> tuple[Socket, int]:
    """A buyer's socket, and the number of the bot's answer."""
    opened = await server.session()
    talk, token = str(opened["conversation_id"]), str(opened["token"])
    server.engine.then(SETTLED)
    await server.receive(talk, "几号能寄出呀")
    (line,) = await server.app[keys.TURNS].answer(talk)
    socket = await server.connect(token)
    return socket, line.seq


async def unclear(server: Server) -> list[Wish]:
    now = server.app[keys.CLOCK]()
    return await server.app[keys.DATABASE].read(
        wishes.unclear, now - timedelta(days=1), now + timedelta(days=1)
    )


async def test_a_press_marks_what_was_heard_and_opens_nothing(
    server: Server, answered: tuple[Socket, int]
) -> None:
    socket, seq = answered
    assert await unclear(server) == []  # it was answered, and nobody complained
    for _ in range(2):
        await socket.ws.send_json({"type": "unhelpful", "seq": seq})
        assert await socket.until("unhelpful") == {"type": "unhelpful", "seq": seq}
    (wish,) = await unclear(server)
    assert wish.unhelpful_at is not None
    taught = ["运费多少", "邮费几块", "几号发货"]
    likeness = Likeness(
        PlainLines(None).of(taught), ["ask_postage", "ask_postage", "ask_ship_time"]
    )
    (row,) = rows_of([wish], likeness, PlainLines(None))
    assert row.why == ((UNHELPFUL, 1),)


def heard(outcome: Outcome) -> Understood:
    return replace(HEARD, outcome=outcome.value)


A_COURTESY, AN_ANSWER = heard(Outcome.COURTESY), heard(Outcome.ANSWERED)
TURNS = {
    "answered": (replace(SETTLED, understood=(AN_ANSWER,)), True),
    "told once more": (replace(SETTLED, understood=(heard(Outcome.REPEATED),)), True),
    "answered and thanked": (replace(SETTLED, understood=(AN_ANSWER, A_COURTESY)), True),
    "greeted": (replace(SETTLED, understood=(A_COURTESY,)), False),
    "asked back": (replace(SETTLED, understood=(heard(Outcome.ASKED_BACK),)), False),
    "not understood": (replace(SETTLED, understood=(heard(Outcome.NOT_UNDERSTOOD),)), False),
    "a form asks": (replace(SETTLED, understood=(AN_ANSWER,), is_in_form=True), False),
    "it asks": (
        replace(SETTLED, understood=(AN_ANSWER,), replies=(Reply(text="寄到哪里呢？😊"),)),
        False,
    ),
    "asked before": (replace(SETTLED, understood=(AN_ANSWER,), question="what_else"), True),
    "nothing was heard": (replace(SETTLED, understood=()), False),
}


@pytest.mark.parametrize("name", TURNS)
async def test_what_tries_to_help_may_be_doubted_and_nothing_else(
    server: Server, name: str
) -> None:
    turn, is_expected = TURNS[name]
    session = await server.session()
    server.engine.then(turn)
    await server.receive(session["conversation_id"], "几号能寄出呀 谢谢")
    (line,) = await server.app[keys.TURNS].answer(session["conversation_id"])
    again = (await server.session(token=session["token"]))["messages"]
    shown = [one for one in again if one["seq"] == line.seq]
    assert [one.get("may_be_doubted", False) for one in shown] == [is_expected]


async def test_pressed_it_is_not_asked_again_and_thanks_are_no_mistake(server: Server) -> None:
    session = await server.session()
    talk = session["conversation_id"]
    server.engine.then(TURNS["answered and thanked"][0])
    await server.receive(talk, "几号能寄出呀 谢谢")
    (line,) = await server.app[keys.TURNS].answer(talk)
    socket = await server.connect(session["token"])
    await socket.ws.send_json({"type": "unhelpful", "seq": line.seq})
    await socket.until("unhelpful")
    again = (await server.session(token=session["token"]))["messages"]
    assert not any(one.get("may_be_doubted") for one in again)
    assert [one.outcome for one in await unclear(server)] == [Outcome.ANSWERED]


async def test_only_a_line_of_the_bots_in_the_own_talk_can_be_marked(
    server: Server, answered: tuple[Socket, int]
) -> None:
    socket, seq = answered
    await socket.ws.send_json({"type": "unhelpful", "seq": seq - 1})  # the buyer's own
    assert (await socket.until("error"))["error"]["code"] == "unknown_message"
    await socket.ws.send_json({"type": "unhelpful", "seq": "x"})
    assert (await socket.until("error"))["error"]["code"] == "bad_field"
    stranger = await server.connect(str((await server.session())["token"]))
    await stranger.ws.send_json({"type": "unhelpful", "seq": seq})
    assert (await stranger.until("error"))["error"]["code"] == "unknown_message"
    assert await unclear(server) == []
