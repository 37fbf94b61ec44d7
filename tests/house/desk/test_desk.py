"""The desk: who gets in, and what agents do there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError

from bot.channels import keys
from bot.database import Database
from bot.desk import crowds
from bot.desk.crowds import MOST_OF_A_PLACE
from bot.desk.listed import PAGE
from bot.desk.who import ACCOUNTS, COOKIE
from bot.engine.turns import HandOver, TurnResult
from bot.handing_over import HandOverReason
from tests.house.scripted import result
from tests.house.server import OURS, Server
from tests.support.house import Clock

PASSWORD = "a long password"


async def log_in(server: Server, name: str, password: str, **headers: str) -> Any:
    body = {"name": name, "password": password}
    return await server.client.post("/api/desk/login", json=body, headers={**OURS, **headers})


def handing_over() -> TurnResult:
    handing = HandOver(reason=HandOverReason.ASKED, note="想找人")
    return result("马上叫人", hand_over=handing)


async def waiting(server: Server) -> str:
    """A conversation that waits for a person."""
    opened = await server.session()
    await server.receive(opened["conversation_id"], "转人工")
    server.engine.then(handing_over())
    await server.app[keys.TURNS].answer(opened["conversation_id"])
    return str(opened["conversation_id"])


async def post(server: Server, path: str, **body: Any) -> Any:
    return await server.client.post(f"/api/desk/{path}", json=body, headers=OURS)


async def test_a_cookie_comes_that_scripts_and_other_sites_do_not_get(server: Server) -> None:
    await server.app[ACCOUNTS].set_password("小李", PASSWORD)
    answer = await log_in(server, "小李", PASSWORD)
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"
    (kept,) = (one for one in server.client.session.cookie_jar if one.key == COOKIE)
    assert kept["path"] == "/api/desk"


async def test_behind_tls_the_cookie_is_for_tls_alone(server: Server) -> None:
    await server.app[ACCOUNTS].set_password("小李", PASSWORD)
    answer = await log_in(server, "小李", PASSWORD, **{"X-Forwarded-Proto": "https"})
    assert answer.cookies[COOKIE]["secure"]


async def test_a_wrong_name_and_a_wrong_password_are_answered_alike(server: Server) -> None:
    await server.app[ACCOUNTS].set_password("小李", PASSWORD)
    answers = [
        await log_in(server, "小李", "wrong"),
        await log_in(server, "nobody", PASSWORD),
        await log_in(server, "\x00", PASSWORD),
    ]
    told = {(answer.status, await answer.text()) for answer in answers}
    assert len(told) == 1
    assert answers[0].status == 401


async def test_guessing_passwords_is_slowed_down(server: Server) -> None:
    codes = [(await log_in(server, "admin", "wrong")).status for _ in range(10)]
    assert codes[0] == 401
    assert codes[-1] == 429


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "XMLHttpRequest"}])
async def test_a_page_that_cannot_set_our_header_is_refused(
    server: Server, headers: dict[str, str]
) -> None:
    body = {"name": "admin", "password": "x"}
    answer = await server.client.post("/api/desk/login", json=body, headers=headers)
    assert answer.status == 403


async def test_a_page_of_another_origin_is_refused(server: Server) -> None:
    await server.signed_in_desk()
    conversation = await waiting(server)
    answer = await server.client.post(
        f"/api/desk/conversations/{conversation}/take",
        json={},
        headers={**OURS, "Origin": "https://other.example"},
    )
    assert answer.status == 403


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://other.example"}])
async def test_the_socket_opens_for_its_own_page_alone(
    server: Server, headers: dict[str, str]
) -> None:
    await server.signed_in_desk()
    with pytest.raises(WSServerHandshakeError) as refusal:
        await server.client.ws_connect("/api/desk/socket", headers=headers)
    assert refusal.value.status == 403


@pytest.mark.parametrize("path", ["me", "conversations", "conversations/x", "socket"])
async def test_nothing_is_shown_to_who_is_not_signed_in(server: Server, path: str) -> None:
    assert (await server.client.get(f"/api/desk/{path}")).status == 401


@pytest.mark.parametrize("verb", ["take", "messages", "return", "close"])
async def test_nothing_is_done_by_who_is_not_signed_in(server: Server, verb: str) -> None:
    conversation = await waiting(server)
    answer = await post(server, f"conversations/{conversation}/{verb}", id="a", text="在的")
    assert answer.status == 401


async def test_signing_out_ends_the_cookie(server: Server) -> None:
    await server.signed_in_desk()
    token = {cookie.key: cookie.value for cookie in server.client.session.cookie_jar}[COOKIE]
    await post(server, "logout")
    answer = await server.client.get("/api/desk/me", headers={"Cookie": f"{COOKIE}={token}"})
    assert answer.status == 401


async def test_a_new_password_ends_older_sign_ins(server: Server) -> None:
    name = await server.signed_in_desk()
    await server.app[ACCOUNTS].set_password(name, "another long password")
    assert (await server.client.get("/api/desk/me")).status == 401


async def test_a_sign_in_lasts_a_working_day(server: Server, clock: Clock) -> None:
    await server.signed_in_desk()
    clock.forward(timedelta(hours=12, seconds=1))
    assert (await server.client.get("/api/desk/me")).status == 401


async def test_the_database_keeps_neither_password_nor_cookie(server: Server) -> None:
    await server.signed_in_desk()
    cookies = [cookie.value for cookie in server.client.session.cookie_jar]
    database: Database = server.database
    assert database.url.database
    stored = b"".join(
        path.read_bytes() for path in Path(database.url.database).parent.glob("house.db*")
    )
    for secret in (PASSWORD, *cookies):
        assert secret.encode() not in stored


async def test_the_first_start_makes_an_account_whose_password_only_the_owner_reads(
    server: Server,
) -> None:
    file = server.settings.var / "desk_password.txt"
    assert file.stat().st_mode & 0o077 == 0
    answer = await log_in(server, "admin", file.read_text().strip())
    assert answer.status == 200


async def test_who_waits_is_listed_with_the_summary(server: Server) -> None:
    await server.signed_in_desk()
    conversation = await waiting(server)
    listed = await (await server.client.get("/api/desk/conversations")).json()
    assert listed[0]["conversation_id"] == conversation
    assert listed[0]["status"] == "waiting"
    assert listed[0]["summary"]["reason_text"] == "买家要找人工"


async def test_an_agent_reads_answers_and_gives_back(server: Server) -> None:
    name = await server.signed_in_desk()
    conversation = await waiting(server)
    await post(server, f"conversations/{conversation}/take")
    said = await post(server, f"conversations/{conversation}/messages", id="a1", text="我来了")
    assert (await said.json())["agent_name"] == name
    await post(server, f"conversations/{conversation}/return")
    shown = await (await server.client.get(f"/api/desk/conversations/{conversation}")).json()
    assert shown["conversation"]["status"] == "with_bot"
    assert [message["text"] for message in shown["messages"]] == [
        "转人工",
        "马上叫人\n<utter_waiting_next>",
        f"客服{name}来了",
        "我来了",
        "接下来由小助手继续陪您",
    ]


async def test_an_agents_line_reaches_the_buyer(server: Server) -> None:
    await server.signed_in_desk()
    socket = await server.connect()
    conversation = (await server.session(token=socket.token))["conversation_id"]
    await post(server, f"conversations/{conversation}/messages", id="a1", text="您好")
    assert (await socket.said_by("agent"))["text"] == "您好"


async def test_a_conversation_of_another_agent_is_not_taken(server: Server) -> None:
    await server.signed_in_desk()
    conversation = await waiting(server)
    await server.app[keys.CONVERSATIONS].take(conversation, "小王")
    answer = await post(server, f"conversations/{conversation}/take")
    assert (answer.status, (await answer.json())["error"]["code"]) == (409, "wrong_owner")


async def test_an_unknown_conversation_is_a_404(server: Server) -> None:
    await server.signed_in_desk()
    assert (await post(server, "conversations/nobody/take")).status == 404


@pytest.mark.parametrize("text", ["", "  ", "好" * 5001])
async def test_an_agents_line_has_its_measure(server: Server, text: str) -> None:
    await server.signed_in_desk()
    conversation = await waiting(server)
    answer = await post(server, f"conversations/{conversation}/messages", id="a1", text=text)
    assert answer.status in (413, 422)


async def test_the_desk_sees_everything_move(server: Server) -> None:
    await server.signed_in_desk()
    origin = str(server.client.make_url("/")).rstrip("/")
    ws = await server.client.ws_connect("/api/desk/socket", headers={"Origin": origin})
    conversation = await waiting(server)
    rows = (await ws.receive_json(timeout=60))["conversations"]
    assert [one["conversation_id"] for one in rows] == [conversation]


async def test_the_socket_of_who_signed_out_tells_nothing_more(server: Server) -> None:
    await server.signed_in_desk()
    origin = str(server.client.make_url("/")).rstrip("/")
    ws = await server.client.ws_connect("/api/desk/socket", headers={"Origin": origin})
    await post(server, "logout")
    await waiting(server)
    assert (await ws.receive(timeout=60)).type.name in ("CLOSE", "CLOSED", "CLOSING")


async def listed(server: Server, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    answer = await server.client.get("/api/desk/conversations", params={"offset": offset})
    return await answer.json(), int(answer.headers["X-Total-Count"])


async def test_made_up_visitors_push_neither_a_real_buyer_nor_ones_own_off_the_list(
    server: Server, clock: Clock
) -> None:
    agent = await server.signed_in_desk()
    server.app[keys.SESSION_RATE]._burst = 1000
    visitors = [await waiting(server) for _ in range(205)]
    clock.forward(timedelta(minutes=5))
    own = await waiting(server)
    await server.app[keys.CONVERSATIONS].take(own, agent)
    token = await server.buyer_token()
    real = (await server.session(token=token))["conversation_id"]
    server.engine.then(handing_over())
    await server.receive(real, "我要投诉")
    await server.app[keys.TURNS].answer(real)
    first, count = await listed(server)
    assert [one["conversation_id"] for one in first[:2]] == [own, real]
    assert count == len(visitors) + 2
    assert len(first) == PAGE
    ids = [one["conversation_id"] for one in first]
    for offset in range(PAGE, count, PAGE):
        ids += [one["conversation_id"] for one in (await listed(server, offset=offset))[0]]
    assert sorted(ids) == sorted([own, real, *visitors])


async def flooded(server: Server, clock: Clock) -> tuple[list[str], str]:
    """Twenty talkative visitors of one place who all want a person, and afterwards a real one."""
    origins = server.app[keys.ORIGINS]
    crowd = []
    for number in range(20):
        crowd.append(await waiting(server))
        origins.heard(crowd[-1], f"203.0.113.{number}")
        for _ in range(6):  # as much as who really talks
            await server.receive(crowd[-1], "人呢")
        clock.forward(timedelta(seconds=1))
    real = await waiting(server)
    origins.heard(real, "198.51.100.7")
    return crowd, real


async def test_many_visitors_of_one_place_are_listed_behind_and_move_up(
    server: Server, clock: Clock
) -> None:
    agent = await server.signed_in_desk()
    crowd, real = await flooded(server, clock)
    first, count = await listed(server)
    ids = [one["conversation_id"] for one in first]
    assert ids.index(real) == MOST_OF_A_PLACE
    assert [one["is_behind"] for one in first] == [False] * 6 + [True] * 15
    assert count == 21  # nobody is refused
    for conversation_id in crowd[:3]:
        await server.app[keys.CONVERSATIONS].take(conversation_id, agent)
    first, _ = await listed(server)
    in_front = {one["conversation_id"] for one in first if not one["is_behind"]}
    assert in_front == {*crowd[:8], real}


async def test_without_the_limit_of_a_place_the_real_one_would_stand_last(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowds, "MOST_OF_A_PLACE", 1000)
    await server.signed_in_desk()
    _crowd, real = await flooded(server, clock)
    first, _ = await listed(server)
    assert [one["conversation_id"] for one in first][-1] == real


@pytest.mark.parametrize("offset", ["-1", "x", ""])
async def test_a_wrong_page_is_refused(server: Server, offset: str) -> None:
    await server.signed_in_desk()
    answer = await server.client.get("/api/desk/conversations", params={"offset": offset})
    assert answer.status == 422


async def test_visitors_who_went_away_wait_no_longer_and_begin_anew(
    server: Server, clock: Clock
) -> None:
    gone = await waiting(server)
    clock.forward(timedelta(days=2, seconds=1))
    here = await waiting(server)
    conversations = server.app[keys.CONVERSATIONS]
    assert await conversations.close_abandoned() == 1
    states = [(await conversations.find(one)).status.value for one in (gone, here)]
    assert states == ["closed", "waiting"]
    await server.receive(gone, "还在吗")
    assert (await conversations.find(gone)).is_with_bot
