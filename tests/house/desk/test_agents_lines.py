"""An agent's pictures, a line taken back, one for later that is judged again, the buyer's rating."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone

import pytest
from aiohttp import FormData
from PIL import Image

from bot.channels import keys
from bot.conversations import store
from bot.conversations.agent_lines import TAKEN_BACK_WITHIN
from bot.desk.roles import Role
from bot.desk.scheduled import MOST_OF_A_TALK
from bot.desk.who import SCHEDULED
from tests.house.desk.conftest import Desk, SitDown, waiting
from tests.house.server import OURS, Server, Socket
from tests.support.house import Clock


async def served(server: Server, lee: Desk) -> tuple[Socket, str]:
    """A buyer at the socket, whose talk the agent has taken."""
    socket = await server.connect()
    talk = str((await server.session(token=socket.token))["conversation_id"])
    await lee.at(talk, "take")
    return socket, talk


async def said(lee: Desk, talk: str, text: str, own_id: str = "a1") -> int:
    status, line = await lee.at(talk, "messages", id=own_id, text=text)
    assert status == 200, line
    return int(line["seq"])


# -- taking back


async def test_a_line_taken_back_is_gone_on_the_buyers_page_and_in_the_store(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    socket, talk = await served(server, lee)
    seq = await said(lee, talk, "您的密码是九月天晴")
    assert (await socket.said_by("agent"))["text"] == "您的密码是九月天晴"
    status, told = await lee.at(talk, f"messages/{seq}/take-back")
    assert (status, told["takes_back"]) == (200, seq)
    frame = await socket.until("message")
    while frame["message"].get("takes_back") != seq:
        frame = await socket.until("message")
    opened = await server.session(token=socket.token)
    (line,) = (one for one in opened["messages"] if one["seq"] == seq)
    assert (line["text"], line["is_taken_back"]) == ("", True)
    shown = await lee.reads(talk)
    assert "九月天晴" not in str(shown)
    assert (await lee.get("search?q=九月天晴"))[1] == []


async def test_who_was_away_meanwhile_never_reads_it(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    socket, talk = await served(server, lee)
    await socket.ws.close()
    seq = await said(lee, talk, "写错人了")
    await lee.at(talk, f"messages/{seq}/take-back")
    back = await server.connect(socket.token)
    await back.quiet()
    assert "写错人了" not in str(back.frames)
    assert seq in [one["seq"] for one in back.messages("agent")]


async def test_the_bot_and_the_next_agent_know_nothing_of_it(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    _, talk = await served(server, lee)
    await server.receive(talk, "能便宜吗")
    seq = await said(lee, talk, "给您打一折")
    await lee.at(talk, f"messages/{seq}/take-back")
    unanswered = await server.database.read(store.first_unanswered, talk)
    assert unanswered is not None and unanswered.text == "能便宜吗"
    assert (await lee.reads(talk))["conversation"]["unanswered_since"] is not None
    await lee.at(talk, "return")
    await server.app[keys.TURNS].answer(talk)
    _, memory = await server.database.read(store.with_memory, talk)
    assert "一折" not in memory + str(server.engine.memories) + str(server.engine.heard)


async def test_after_two_minutes_it_stays(server: Server, sit_down: SitDown, clock: Clock) -> None:
    lee = await sit_down("小李")
    _, talk = await served(server, lee)
    seq = await said(lee, talk, "明天发货")
    clock.forward(TAKEN_BACK_WITHIN + timedelta(seconds=1))
    status, answer = await lee.at(talk, f"messages/{seq}/take-back")
    assert (status, answer["error"]["code"]) == (409, "too_late")
    assert "明天发货" in str(await lee.reads(talk))


async def test_a_colleagues_and_a_buyers_line_stay(server: Server, sit_down: SitDown) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王", Role.SUPERVISOR)
    _, talk = await served(server, lee)
    buyers = await server.receive(talk, "在吗")
    seq = await said(lee, talk, "在的")
    for line in (seq, buyers, 9999):
        status, answer = await wang.at(talk, f"messages/{line}/take-back")
        assert (status, answer["error"]["code"]) == (409, "not_yours")


async def test_pressed_twice_it_is_told_once(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    _, talk = await served(server, lee)
    seq = await said(lee, talk, "在的")
    answers = [await lee.at(talk, f"messages/{seq}/take-back") for _ in range(2)]
    assert answers[0] == answers[1]


# -- pictures


def png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (6, 4), "red").save(content, "PNG")
    return content.getvalue()


async def uploaded(lee: Desk, talk: str) -> tuple[int, dict[str, str]]:
    form = FormData()
    form.add_field("file", png(), filename="a.png")
    url = f"{lee.address}/api/desk/conversations/{talk}/pictures"
    async with lee.client.post(url, data=form, headers=OURS) as answer:
        return answer.status, await answer.json()


async def test_an_agents_picture_reaches_the_buyer(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    socket, talk = await served(server, lee)
    status, picture = await uploaded(lee, talk)
    assert status == 200
    status, _ = await lee.at(talk, "messages", id="p1", picture_id=picture["picture_id"])
    assert status == 200
    line = await socket.said_by("agent")
    assert (line["kind"], line["picture"]["width"]) == ("picture", 6)
    assert (await server.client.get(line["picture"]["url"])).status == 200


async def test_a_picture_of_another_talk_is_not_sent(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    _, talk = await served(server, lee)
    _, other = await served(server, lee)
    _, picture = await uploaded(lee, other)
    status, answer = await lee.at(talk, "messages", id="p1", picture_id=picture["picture_id"])
    assert (status, answer["error"]["code"]) == (404, "unknown_picture")


async def test_a_trainer_uploads_nothing(server: Server, sit_down: SitDown) -> None:
    lee, trainer = await sit_down("小李"), await sit_down("老师", Role.TRAINER)
    _, talk = await served(server, lee)
    assert (await uploaded(trainer, talk))[0] == 403


# -- for later


def at(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat()


async def planned(lee: Desk, talk: str, clock: Clock, text: str = "到货了") -> int:
    status, lines = await lee.at(talk, "scheduled", text=text, at=at(clock() + timedelta(hours=1)))
    assert status == 200, lines
    return int(lines[-1]["line_id"])


async def test_a_line_for_later_is_said_once_when_its_time_has_come(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    socket, talk = await served(server, lee)
    await planned(lee, talk, clock)
    assert await server.app[SCHEDULED].send_due() == 0
    clock.forward(timedelta(hours=1))
    assert await server.app[SCHEDULED].send_due() == 1
    assert await server.app[SCHEDULED].send_due() == 0
    assert (await socket.said_by("agent"))["text"] == "到货了"
    assert (await lee.reads(talk))["scheduled"] == []


async def held(server: Server, lee: Desk, talk: str, clock: Clock) -> str:
    clock.forward(timedelta(hours=1))
    assert await server.app[SCHEDULED].send_due() == 0
    (line,) = (await lee.reads(talk))["scheduled"]
    assert line["status"] == "held"
    return str(line["why"])


async def test_where_the_buyer_has_written_it_is_held_back(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee = await sit_down("小李")
    _, talk = await served(server, lee)
    await planned(lee, talk, clock)
    await server.receive(talk, "不要了，已经退款了")
    assert "买家又说话了" in await held(server, lee, talk, clock)


async def test_where_the_talk_is_no_longer_the_agents_it_is_held_back(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    _, talk = await served(server, lee)
    await planned(lee, talk, clock)
    await lee.at(talk, "transfer", to="小王")
    assert "不在您手上" in await held(server, wang, talk, clock)


async def test_without_being_judged_again_it_would_go(
    server: Server, sit_down: SitDown, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    lee = await sit_down("小李")
    _, talk = await served(server, lee)
    await planned(lee, talk, clock)
    await server.receive(talk, "不要了，已经退款了")
    say = server.app[keys.CONVERSATIONS].say_as_agent

    async def unjudged(*given: object, may_go: object = None, **more: object) -> object:
        return await say(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(server.app[keys.CONVERSATIONS], "say_as_agent", unjudged)
    clock.forward(timedelta(hours=1))
    assert await server.app[SCHEDULED].send_due() == 1


async def test_what_is_called_off_is_not_said(
    server: Server, sit_down: SitDown, clock: Clock
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    _, talk = await served(server, lee)
    line = await planned(lee, talk, clock)
    assert (await wang.at(talk, "scheduled/cancel", line_id=line))[0] == 404
    assert await lee.at(talk, "scheduled/cancel", line_id=line) == (200, [])
    clock.forward(timedelta(hours=1))
    assert await server.app[SCHEDULED].send_due() == 0


@pytest.mark.parametrize("moment", ["", "明天", "2020-01-01T00:00:00+00:00", "2027-05-01T09:00:00"])
async def test_a_time_that_is_none_is_refused(
    server: Server, sit_down: SitDown, moment: str
) -> None:
    lee = await sit_down("小李")
    _, talk = await served(server, lee)
    status, answer = await lee.at(talk, "scheduled", text="到货了", at=moment)
    assert (status, answer["error"]["code"]) == (422, "bad_field")


async def test_so_many_wait_and_no_more(server: Server, sit_down: SitDown, clock: Clock) -> None:
    lee = await sit_down("小李")
    _, talk = await served(server, lee)
    for _ in range(MOST_OF_A_TALK):
        await planned(lee, talk, clock)
    moment = at(clock() + timedelta(hours=1))
    assert (await lee.at(talk, "scheduled", text="再一句", at=moment))[0] == 409


# -- notes are heard


async def test_a_note_is_heard_at_once_and_calls_a_colleague(
    server: Server, sit_down: SitDown
) -> None:
    lee, leader = await sit_down("小李"), await sit_down("主管", Role.SUPERVISOR)
    _, talk = await served(server, lee)
    url = f"{lee.address}/api/desk/socket"
    async with lee.client.ws_connect(url, headers={"Origin": lee.address}) as ws:
        await leader.at(talk, "notes", text="@小李 这单可以退")
        frame = await ws.receive_json(timeout=60)
    assert (frame["type"], frame["mentions"]) == ("note", ["小李"])
    assert frame["note"]["text"] == "@小李 这单可以退"


# -- ratings


async def ended(server: Server, lee: Desk) -> tuple[Socket, str, int]:
    """A talk that the agent has ended, and the number of the card that asks."""
    socket, talk = await served(server, lee)
    await said(lee, talk, "办好了")
    seen = (await lee.reads(talk))["conversation"]["last_seq"]
    assert (await lee.at(talk, "close", seen=seen))[0] == 200
    while True:
        message = (await socket.until("message"))["message"]
        if message["kind"] == "card":
            assert message["card"]["type"] == "rating"
            return socket, talk, int(message["seq"])


async def test_one_tap_rates_the_talk_and_opens_nothing_again(
    server: Server, sit_down: SitDown
) -> None:
    lee = await sit_down("小李")
    socket, talk, seq = await ended(server, lee)
    await socket.ws.send_json({"type": "rate", "seq": seq, "score": "good"})
    assert await socket.until("rated") == {"type": "rated", "seq": seq, "score": "good"}
    await socket.ws.send_json(
        {"type": "rate", "seq": seq, "score": "bad", "words": "等太久，电话13800138000"}
    )
    await socket.until("rated")
    assert (await lee.reads(talk))["conversation"]["status"] == "closed"
    opened = await server.session(token=socket.token)
    (card,) = (one["card"] for one in opened["messages"] if one["seq"] == seq)
    assert (card["score"], card["words"]) == ("bad", "等太久，电话13800138000")
    _, found = await lee.get("ratings")
    assert (found["asked"], found["rated"], found["good"], found["bad"]) == (1, 1, 0, 1)
    assert found["words"][0]["words"] == "等太久，电话138****8000"


async def test_an_agent_reads_the_own_ratings_and_who_leads_all(
    server: Server, sit_down: SitDown
) -> None:
    lee, wang = await sit_down("小李"), await sit_down("小王")
    leader = await sit_down("主管", Role.SUPERVISOR)
    await ended(server, lee)
    assert (await wang.get("ratings"))[1]["asked"] == 0
    found = (await leader.get("ratings"))[1]
    assert found["agents"] == [
        {"agent": "小李", "asked": 1, "rated": 0, "good": 0, "fair": 0, "bad": 0}
    ]


async def test_who_was_not_served_is_not_asked(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    talk = await waiting(server)
    await lee.at(talk, "take")
    await lee.at(talk, "close", seen=1000)
    assert all(one["kind"] == "text" for one in (await lee.reads(talk))["messages"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"score": "perfect"}, "bad_field"),
        ({"score": ["good"]}, "bad_field"),
        ({"seq": 1, "score": "good"}, "unknown_message"),
        ({"score": "good", "words": 3}, "bad_field"),
    ],
)
async def test_a_rating_that_is_none_is_refused(
    server: Server, sit_down: SitDown, wrong: dict[str, object], code: str
) -> None:
    lee = await sit_down("小李")
    socket, _, seq = await ended(server, lee)
    await socket.ws.send_json({"type": "rate", "seq": seq, **wrong})
    assert (await socket.until("error"))["error"]["code"] == code


async def test_a_strangers_card_is_not_rated(server: Server, sit_down: SitDown) -> None:
    lee = await sit_down("小李")
    _, _, seq = await ended(server, lee)
    other = await server.connect()
    await other.ws.send_json({"type": "rate", "seq": seq, "score": "bad"})
    assert (await other.until("error"))["error"]["code"] == "unknown_message"
