"""The chat socket: what is said arrives once, in order, whatever breaks."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import WSMsgType

from bot.channels import keys
from bot.channels import socket as socket_door
from bot.database import DatabaseUnavailable
from bot.engine.turns import Button, HandOver, Payload, Reply, TurnResult
from bot.handing_over import HandOverReason
from tests.house.scripted import result
from tests.house.server import Server


async def test_hello_is_answered_with_ready_and_what_was_missed(server: Server) -> None:
    session = await server.session()
    await server.receive(session["conversation_id"], "在吗")
    await server.app[keys.TURNS].answer(session["conversation_id"])
    socket = await server.connect(session["token"])
    ready = await socket.until("ready")
    assert (ready["status"], ready["last_seq"]) == ("with_bot", 2)
    assert (await socket.said_by("bot"))["text"] == "听到:在吗"


async def test_a_line_is_acknowledged_echoed_and_answered(server: Server) -> None:
    socket = await server.connect()
    own_id = await socket.send("在吗")
    assert (await socket.said_by("bot"))["text"] == "听到:在吗"
    assert [frame["id"] for frame in socket.frames if frame["type"] == "ack"] == [own_id]
    assert [message["id"] for message in socket.messages("buyer")] == [own_id]


async def test_typing_is_shown_while_the_bot_thinks(server: Server) -> None:
    socket = await server.connect()
    await socket.send("在吗")
    await socket.said_by("bot")
    assert [frame["on"] for frame in socket.frames if frame["type"] == "typing"] == [True, False]


async def test_a_line_sent_twice_is_acknowledged_twice_and_answered_once(server: Server) -> None:
    socket = await server.connect()
    own_id = await socket.send("在吗")
    await socket.send("在吗", own_id)
    await socket.quiet()
    acks = [frame["seq"] for frame in socket.frames if frame["type"] == "ack"]
    assert acks == [1, 1]
    assert [message["text"] for message in socket.messages("bot")] == ["听到:在吗"]


async def test_coming_back_with_the_last_number_loses_and_repeats_nothing(
    server: Server,
) -> None:
    socket = await server.connect()
    await socket.send("在吗")
    last = await socket.said_by("bot")
    await socket.ws.close()
    conversation = (await server.session(token=socket.token))["conversation_id"]
    await server.receive(conversation, "包邮吗")
    await server.app[keys.TURNS].answer(conversation)
    again = await server.connect(socket.token, last_seq=last["seq"])
    await again.quiet()
    texts = [f["message"]["text"] for f in again.frames if f["type"] == "message"]
    assert texts == ["包邮吗", "听到:包邮吗"]


async def test_a_socket_that_breaks_in_mid_turn_finds_its_answer_later(server: Server) -> None:
    server.engine.then_wait(result("答案"))
    socket = await server.connect()
    await socket.send("在吗")
    await server.engine.started.wait()
    transport = socket.ws._response.connection
    assert transport is not None and transport.transport is not None
    transport.transport.abort()
    server.engine.may_go_on.set()
    again = await server.connect(socket.token, last_seq=1)
    assert (await again.said_by("bot"))["text"] == "答案"
    await again.quiet(0.1)
    assert len(again.messages("bot")) == 1


async def test_two_tabs_see_the_same(server: Server) -> None:
    one = await server.connect()
    other = await server.connect(one.token)
    await one.send("在吗")
    assert await one.said_by("bot") == await other.said_by("bot")


async def test_more_missed_lines_than_one_reading_holds_all_come(server: Server) -> None:
    session = await server.session()
    for number in range(520):
        await server.receive(session["conversation_id"], str(number))
    socket = await server.connect(session["token"])
    await socket.quiet()
    assert [message["text"] for message in socket.messages("buyer")] == [*map(str, range(520))]


async def test_suggestions_are_not_for_buyers(server: Server) -> None:
    server.engine.then_wait(result("只是建议"))
    socket = await server.connect()
    await socket.send("在吗")
    await server.engine.started.wait()
    session = await server.session(token=socket.token)
    await server.app[keys.CONVERSATIONS].take(session["conversation_id"], "小李")
    server.engine.may_go_on.set()
    await socket.until("typing", on=False)
    await socket.quiet()
    assert socket.messages("bot") == []
    again = await server.connect(socket.token)
    await again.quiet()
    history = (await server.session(token=socket.token))["messages"]
    assert "只是建议" not in str(again.frames) + str(socket.frames) + str(history)


async def test_the_handing_over_is_told(server: Server) -> None:
    server.engine.then(result("马上叫人", hand_over=HandOver(reason=HandOverReason.ASKED, note="")))
    socket = await server.connect()
    await socket.send("转人工")
    await socket.until("status", status="waiting")


async def test_payloads_do_not_travel_and_buttons_are_pressed_by_number(server: Server) -> None:
    payload = Payload(intent="choose_option", entities={"choice": "pay"})
    question = Reply(text="付吗", buttons=(Button(title="去付款", payload=payload),))
    server.engine.then(TurnResult(replies=(question,), understood=(), memory=""))
    socket = await server.connect()
    await socket.send("下单")
    asked = await socket.said_by("bot")
    assert asked["buttons"] == [{"title": "去付款"}]
    press = {"type": "send", "id": "p1", "kind": "button", "seq": asked["seq"], "button": 0}
    await socket.ws.send_json(press)
    await socket.until("ack", id="p1")
    await socket.said_by("bot")
    assert server.engine.heard[-1][0].payload == payload


async def error_of(server: Server, frame: Any) -> tuple[str, str | None]:
    socket = await server.connect()
    await socket.until("ready")
    await (socket.ws.send_str(frame) if isinstance(frame, str) else socket.ws.send_json(frame))
    answer = await socket.until("error")
    # The socket lives on.
    await socket.send("在吗")
    await socket.said_by("bot")
    return answer["error"]["code"], answer.get("id")


@pytest.mark.parametrize(
    ("frame", "code", "own_id"),
    [
        ("{", "bad_json", None),
        ("[]", "bad_json", None),
        ("[" * 20_000, "bad_json", None),
        ({"type": "dance"}, "bad_frame", None),
        ({"type": "send", "id": "m", "kind": "song"}, "bad_frame", "m"),
        ({"type": "send", "kind": "text", "text": "在吗"}, "bad_field", None),
        ({"type": "send", "id": "x" * 65, "kind": "text", "text": "在吗"}, "bad_field", "x" * 65),
        ({"type": "send", "id": "m", "kind": "text", "text": ["x"]}, "bad_field", "m"),
        ({"type": "send", "id": "m", "kind": "text", "text": "  "}, "empty", "m"),
        ({"type": "send", "id": "m", "kind": "text", "text": "好" * 5001}, "too_long", "m"),
        (
            {"type": "send", "id": "m", "kind": "button", "seq": 1, "button": 9},
            "unknown_button",
            "m",
        ),
        ({"type": "send", "id": "m", "kind": "button", "seq": "1", "button": 0}, "bad_field", "m"),
        ({"type": "send", "id": "m", "kind": "button", "seq": True, "button": 0}, "bad_field", "m"),
        (
            {"type": "send", "id": "m", "kind": "button", "seq": 10**30, "button": 0},
            "bad_field",
            "m",
        ),
        ({"type": "send", "id": "m", "kind": "product", "product_id": "x"}, "unknown_product", "m"),
        ({"type": "send", "id": "m", "kind": "picture", "picture_id": "x"}, "unknown_picture", "m"),
        ({"type": "viewing", "product_id": 7}, "bad_field", None),
    ],
)
async def test_a_wrong_frame_is_answered_in_the_one_shape_and_the_socket_lives_on(
    server: Server, frame: Any, code: str, own_id: str | None
) -> None:
    assert await error_of(server, frame) == (code, own_id)


async def test_a_huge_frame_ends_the_socket_and_nothing_else(server: Server) -> None:
    socket = await server.connect()
    await socket.until("ready")
    await socket.ws.send_str("x" * 200_000)
    ended = (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR)
    while (await asyncio.wait_for(socket.ws.receive(), 60)).type not in ended:
        continue
    again = await server.connect(socket.token)
    await again.send("在吗")
    await again.said_by("bot")


@pytest.mark.parametrize(
    ("hello", "code"),
    [
        ({"type": "hello", "token": "forged", "last_seq": 0}, "bad_token"),
        ({"type": "hello"}, "bad_field"),
        ({"type": "hello", "token": "\ud83d"}, "bad_token"),
        ({"type": "send", "token": "forged"}, "no_hello"),
        ([], "bad_json"),
    ],
)
async def test_a_wrong_hello_is_refused_and_the_socket_closed(
    server: Server, hello: Any, code: str
) -> None:
    ws = await server.client.ws_connect("/api/chat/socket")
    await ws.send_json(hello)
    assert (await ws.receive_json())["error"]["code"] == code
    assert (await ws.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)


async def test_a_line_that_could_not_be_stored_is_never_acknowledged(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("gone")

    socket = await server.connect()
    await socket.until("ready")
    with monkeypatch.context() as patch:
        patch.setattr(server.database, "run", down)
        own_id = await socket.send("在吗")
        assert (await socket.until("error", id=own_id))["error"]["code"] == "unavailable"
    await socket.send("在吗", own_id)
    await socket.said_by("bot")
    assert [frame["id"] for frame in socket.frames if frame["type"] == "ack"] == [own_id]


async def test_lines_that_the_house_cannot_keep_are_not_held_against_the_buyer(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket is shut for what its own side does wrong, not because a disk is full."""

    async def down(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("full")

    monkeypatch.setattr(socket_door, "_MOST_REFUSED", 2)
    socket = await server.connect()
    await socket.until("ready")
    with monkeypatch.context() as patch:
        patch.setattr(server.database, "run", down)
        for _ in range(4):
            own_id = await socket.send("在吗")
            assert (await socket.until("error", id=own_id))["error"]["code"] == "unavailable"
    await socket.send("包邮吗")
    assert (await socket.said_by("bot"))["text"] == "听到:包邮吗"


async def test_a_database_that_is_away_at_hello_is_told(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await server.session())["token"]

    async def down(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("gone")

    with monkeypatch.context() as patch:
        patch.setattr(server.database, "run", down)
        patch.setattr(server.database, "read", down)
        socket = await server.connect(token)
        assert (await socket.until("error"))["error"]["code"] == "unavailable"


async def test_fifty_lines_in_a_second_are_each_taken_once_or_refused_by_name(
    server: Server,
) -> None:
    socket = await server.connect()
    sent = [await socket.send(f"第{number}行") for number in range(50)]
    await socket.quiet(0.8)
    taken = [frame["id"] for frame in socket.frames if frame["type"] == "ack"]
    refused = [frame["id"] for frame in socket.frames if frame["type"] == "error"]
    assert sorted(taken + refused) == sorted(sent)
    lines = "\n".join(server.engine.texts).split("\n")
    assert lines == [message["text"] for message in socket.messages("buyer")]
    assert len(lines) == len(taken) >= 40


async def test_a_repeated_line_costs_nothing_of_the_buyers_share(server: Server) -> None:
    socket = await server.connect()
    rate = server.app[keys.MESSAGE_RATE]
    rate._burst, rate._per_second = 3, 0.0
    for _ in range(6):
        await socket.send("在吗", own_id="m1")
    await socket.send("有38码吗")
    await socket.quiet(0.5)
    refused = [frame for frame in socket.frames if frame["type"] == "error"]
    assert not refused
    assert [one["text"] for one in socket.messages("buyer")] == ["在吗", "有38码吗"]


async def test_looking_at_a_product_is_told_to_the_bot(server: Server) -> None:
    socket = await server.connect()
    await socket.ws.send_json({"type": "viewing", "product_id": "shoe-1"})
    await socket.send("有38码吗")
    await socket.said_by("bot")
    assert server.engine.speakers[0].product_in_view == "shoe-1"


async def test_a_product_card_is_a_message(server: Server) -> None:
    products = await (await server.client.get("/api/chat/products")).json()
    socket = await server.connect()
    product_id = products[0]["product_id"]
    frame = {"type": "send", "id": "c1", "kind": "product", "product_id": product_id}
    await socket.ws.send_json(frame)
    await socket.said_by("bot")
    [said] = server.engine.heard[0]
    assert said.payload == Payload(intent="view_product", entities={"product": product_id})


async def test_closing_the_server_tells_sockets_to_come_back(server: Server) -> None:
    socket = await server.connect()
    await socket.until("ready")
    closing = asyncio.create_task(server.client.close())
    closed = await socket.ws.receive()
    assert closed.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING)
    await closing


async def test_ready_names_the_conversation(server: Server) -> None:
    session = await server.session()
    socket = await server.connect(session["token"])
    ready = await socket.until("ready")
    assert ready["conversation_id"] == session["conversation_id"]


async def test_a_ping_is_answered_and_costs_no_line(server: Server) -> None:
    socket = await server.connect()
    await socket.until("ready")
    for _ in range(20):
        await socket.ws.send_json({"type": "ping"})
        await socket.until("pong")
    for number in range(40):  # as many as may be said at once
        await socket.send(f"第{number}句")
    await socket.quiet()
    assert not [frame for frame in socket.frames if frame["type"] == "error"]
