"""What one visitor, or one place, can take from the others: bounded, and cleared."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData, WSMsgType, web

from bot.channels import drawing, keys, pictures, requests
from bot.channels.rate import RateLimit
from bot.conversations.service import UnknownConversation, Unsendable
from bot.desk.people_views import SIGN_IN_LIMITS
from tests.house.doors.test_pictures import picture, refusal, upload
from tests.house.server import OURS, Server
from tests.support.house import Clock
from tests.support.waiting import PATIENCE_S, until


async def test_a_packed_body_is_refused(server: Server) -> None:
    body = gzip.compress(b'{"token": "' + b"x" * 100_000 + b'"}')
    answer = await server.client.post(
        "/api/chat/session", data=body, headers={"Content-Encoding": "gzip"}
    )
    assert (answer.status, (await answer.json())["error"]["code"]) == (415, "packed_body")


@pytest.mark.parametrize("path", ["/api/chat/session", "/api/chat/pictures", "/api/desk/login"])
async def test_a_body_that_never_arrives_is_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    token = (await server.session())["token"]
    monkeypatch.setattr(requests, "BODY_WITHIN_S", 0.2)
    reader, writer = await asyncio.open_connection(server.client.host, server.client.port)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nX-Requested-With: dianxiaoer\r\n"
        "Content-Length: 1000\r\n\r\n--b\r\n"
    )
    writer.write(head.encode())
    answer = await asyncio.wait_for(reader.readline(), 60)
    writer.close()
    assert b" 408 " in answer


async def test_without_their_limits_bodies_would_be_unpacked_and_waited_for(
    open_server: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""

    @web.middleware
    async def any_body(request: web.Request, handler: Any) -> web.StreamResponse:
        answer: web.StreamResponse = await handler(request)
        return answer

    monkeypatch.setattr("bot.app.plain_bodies", any_body)
    monkeypatch.setattr(requests, "BODY_WITHIN_S", PATIENCE_S)
    server = await open_server()
    packed = await server.client.post(
        "/api/chat/session", data=gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"}
    )
    assert packed.status == 200
    reader, writer = await asyncio.open_connection(server.client.host, server.client.port)
    writer.write(b"POST /api/chat/session HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(reader.readline(), 0.5)
    writer.close()


async def test_the_file_comes_first_in_a_form(server: Server) -> None:
    token = (await server.session())["token"]
    form = FormData()
    form.add_field("other", b"x" * 100, filename="x")
    form.add_field("file", picture(), filename="a.jpg")
    answer = await server.client.post(
        "/api/chat/pictures", data=form, headers={"Authorization": f"Bearer {token}"}
    )
    assert (await answer.json())["error"]["code"] == "no_file"


async def test_one_place_makes_only_so_many_visitors(open_server: Callable[..., Any]) -> None:
    server = await open_server(trusted_proxies=(ip_network("127.0.0.1"),))
    rate = server.app[keys.SESSION_RATE]
    rate._burst, rate._per_second = 3, 0.0  # a slow machine comes slowly
    known = (await server.session())["token"]

    async def status(address: str, **body: str) -> int:
        headers = {"X-Forwarded-For": address}
        answer = await server.client.post("/api/chat/session", json=body, headers=headers)
        return int(answer.status)

    assert [await status(f"203.0.113.{n}") for n in range(4)] == [200, 200, 200, 429]
    assert await status("198.51.100.1") == 200  # another place
    assert await status("203.0.113.9", token=known) == 200  # somebody who was there before


async def test_a_socket_that_sends_only_rubbish_is_closed(server: Server) -> None:
    socket = await server.connect()
    for _ in range(60):
        await socket.ws.send_str("{")
    received = []
    while (frame := await asyncio.wait_for(socket.ws.receive(), 60)).type is WSMsgType.TEXT:
        received.append(frame.json()["type"])
    assert received.count("error") == 50
    assert socket.ws.close_code == 1008


async def test_without_the_limits_one_place_and_one_socket_could_go_on_for_ever(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr("bot.channels.socket._MOST_REFUSED", 10_000)
    monkeypatch.setattr(RateLimit, "allows", lambda *_: True)
    visitors = [await server.client.post("/api/chat/session", json={}) for _ in range(150)]
    assert {one.status for one in visitors} == {200}
    socket = await server.connect()
    for _ in range(60):
        await socket.ws.send_str("{")
    for _ in range(40):
        await socket.ws.send_json({"type": "typing"})
    await socket.quiet()
    assert [one["error"]["code"] for one in socket.frames if one["type"] == "error"] == (
        ["bad_json"] * 60
    )
    assert not socket.ws.closed


async def test_typing_without_end_is_refused(server: Server) -> None:
    server.app[keys.TYPING_RATE]._per_second = 0.0
    socket = await server.connect()
    for _ in range(40):
        await socket.ws.send_json({"type": "typing"})
    refused = await socket.until("error")
    assert refused["error"]["code"] == "too_fast"


async def test_refusals_among_good_lines_do_not_close(server: Server) -> None:
    server.app[keys.MESSAGE_RATE]._burst = 1000
    socket = await server.connect()
    for round_ in range(3):
        for _ in range(30):
            await socket.ws.send_str("{")
        await socket.send(f"在吗{round_}")
    await socket.quiet()
    assert not socket.ws.closed


async def test_empty_conversations_are_swept_and_used_ones_stay(
    server: Server, clock: Clock
) -> None:
    empty, used, fresh = await server.session(), await server.session(), None
    await server.receive(used["conversation_id"], "在吗")
    clock.forward(timedelta(days=2))
    fresh = await server.session()
    conversations = server.app[keys.CONVERSATIONS]
    await conversations.forget_empty()
    with pytest.raises(UnknownConversation):
        await conversations.find(empty["conversation_id"])
    for one in (used, fresh):
        assert await conversations.find(one["conversation_id"])


async def test_who_writes_into_a_swept_conversation_is_told_to_come_back(
    server: Server, clock: Clock
) -> None:
    socket = await server.connect()
    await socket.until("ready")
    clock.forward(timedelta(days=2))
    await server.app[keys.CONVERSATIONS].forget_empty()
    await socket.send("在吗")
    closed = await asyncio.wait_for(socket.ws.receive(), 60)
    assert (closed.type, closed.data) == (WSMsgType.CLOSE, 1012)
    again = await server.connect(socket.token)
    await again.send("在吗")
    assert (await again.said_by("bot"))["text"] == "听到:在吗"


# -- pictures

DECODER = Path(drawing.__file__).read_text("utf-8")
assert "_MEMORY = 768" in DECODER


async def test_more_pixels_than_a_phone_takes_are_refused_before_they_unpack(
    server: Server,
) -> None:
    flat = picture("PNG", size=(5200, 5200), mode="L", colour=0)
    assert await refusal(server, flat) == (413, "picture_too_large")


async def test_a_large_photo_of_a_phone_is_taken(server: Server) -> None:
    token = (await server.session())["token"]
    photo = picture("JPEG", size=(8000, 6000), mode="L", colour=0)
    assert (await upload(server, token, photo)).status == 200


@pytest.mark.parametrize("script", ["import os; os.abort()", "import time; time.sleep(60)"])
async def test_a_decoder_that_crashes_or_hangs_harms_nobody(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    (tmp_path / "decoder.py").write_text(script)
    monkeypatch.setattr(drawing, "__file__", str(tmp_path / "decoder.py"))
    monkeypatch.setattr(pictures, "_DRAWN_WITHIN_S", 1.0)
    assert await refusal(server, picture()) == (422, "not_a_picture")


async def test_without_its_limit_a_picture_would_wait_as_long_as_its_decoder_hangs(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The negative control: here it hangs until it is told."""
    (tmp_path / "decoder.py").write_text(
        f"import pathlib, time\nhere = pathlib.Path({str(tmp_path)!r})\n(here / 'begun').touch()\n"
        "while not (here / 'may_end').exists(): time.sleep(0.02)\n"
    )
    monkeypatch.setattr(drawing, "__file__", str(tmp_path / "decoder.py"))
    monkeypatch.setattr(pictures, "_DRAWN_WITHIN_S", PATIENCE_S)
    sent = asyncio.ensure_future(refusal(server, picture()))
    await until((tmp_path / "begun").exists)
    done, _ = await asyncio.wait([sent], timeout=0.5)
    assert not done
    (tmp_path / "may_end").touch()
    assert await sent == (422, "not_a_picture")


async def test_the_decoder_takes_no_more_memory_than_it_may(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "decoder.py").write_text(DECODER.replace("_MEMORY = 768", "_MEMORY = 128"))
    large = picture("PNG", size=(5000, 4900), mode="RGBA", colour=(1, 2, 3, 4))
    token = (await server.session())["token"]
    assert (await upload(server, token, large)).status == 200
    monkeypatch.setattr(drawing, "__file__", str(tmp_path / "decoder.py"))
    assert await refusal(server, large) == (422, "not_a_picture")


async def test_one_place_waits_with_three_pictures_at_most(
    open_server: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await open_server(trusted_proxies=(ip_network("127.0.0.1"),))
    may_go_on = asyncio.Event()

    async def slow(_: bytes) -> tuple[bytes, tuple[int, int]]:
        await may_go_on.wait()
        return picture(), (60, 40)

    monkeypatch.setattr(pictures, "_redrawn", slow)
    kept = server.app[keys.PICTURES]
    first = [asyncio.create_task(kept.keep("c", picture(), origin="a")) for _ in range(3)]
    await until(lambda: kept._waiting["a"] == 3)
    with pytest.raises(Unsendable) as refused:
        await kept.keep("c", picture(), origin="a")
    assert refused.value.code == "too_fast"
    other = asyncio.create_task(kept.keep("c", picture(), origin="b"))
    may_go_on.set()
    assert len(await asyncio.gather(*first, other)) == 4


@pytest.mark.parametrize("is_limited", [True, False])
async def test_one_place_uploads_only_so_much_whoever_it_says_it_is(
    open_server: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, is_limited: bool
) -> None:
    """With the limits of visitors alone, the negative control, one place could fill the disk's share."""
    server = await open_server(trusted_proxies=(ip_network("127.0.0.1"),))

    async def drawn(_: bytes) -> tuple[bytes, tuple[int, int]]:
        return picture(), (60, 40)

    monkeypatch.setattr(pictures, "_redrawn", drawn)
    limit = server.app[keys.UPLOAD_RATE_OF_RANGE]
    monkeypatch.setattr(limit, "_clock", lambda: 0.0)  # no time passes
    if not is_limited:
        monkeypatch.setattr(limit, "_burst", 10_000)
    here, elsewhere = {"X-Forwarded-For": "203.0.113.5"}, {"X-Forwarded-For": "198.51.100.7"}
    kept = 0
    for _ in range(14):
        token = (await server.session())["token"]
        for _ in range(5):
            kept += (await upload(server, token, picture(), **here)).status == 200
    assert kept == (60 if is_limited else 70)
    token = (await server.session())["token"]
    assert (await upload(server, token, picture(), **elsewhere)).status == 200


async def test_uploads_that_nobody_sends_are_deleted_and_sent_ones_stay(
    server: Server, clock: Clock
) -> None:
    socket = await server.connect()
    ids = []
    for _ in range(2):
        answer = await upload(server, socket.token, picture())
        ids.append((await answer.json())["picture_id"])
    frame = {"type": "send", "id": "p", "kind": "picture", "picture_id": ids[0]}
    await socket.ws.send_json(frame)
    await socket.said_by("bot")
    kept = server.app[keys.PICTURES]
    assert await kept.forget_unused() == 0  # they are fresh
    clock.forward(timedelta(hours=2))
    assert await kept.forget_unused() == 1
    assert [kept.path(one) is not None for one in ids] == [True, False]


async def test_a_conversation_keeps_only_so_many_pictures(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_OF_A_CONVERSATION", 1)
    token = (await server.session())["token"]
    assert (await upload(server, token, picture())).status == 200
    answer = await upload(server, token, picture())
    assert (await answer.json())["error"]["code"] == "too_many_pictures"


async def test_without_place_for_pictures_it_is_unavailable(
    open_server: Callable[..., Any],
) -> None:
    server = await open_server(most_upload_bytes=10)
    token = (await server.session())["token"]
    assert (await upload(server, token, picture())).status == 200  # the first one fills it
    assert (await upload(server, token, picture())).status == 503


async def test_where_there_is_no_place_pictures_that_nobody_sent_give_way(
    open_server: Callable[..., Any], clock: Clock
) -> None:
    server = await open_server(most_upload_bytes=10)
    stranger = (await server.session())["token"]
    assert (await upload(server, stranger, picture())).status == 200
    clock.forward(timedelta(minutes=3))
    socket = await server.connect()
    answer = await upload(server, socket.token, picture())
    assert answer.status == 200
    sent = (await answer.json())["picture_id"]
    await socket.ws.send_json({"type": "send", "id": "p", "kind": "picture", "picture_id": sent})
    await socket.said_by("bot")
    clock.forward(timedelta(minutes=3))
    assert (await upload(server, stranger, picture())).status == 503  # what was sent stays
    assert server.app[keys.PICTURES].path(sent) is not None


async def test_a_picture_that_the_disk_does_not_take_leaves_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, _: Path) -> None:
        raise OSError(28, "No space left on device")

    token = (await server.session())["token"]
    monkeypatch.setattr(Path, "replace", full)
    answer = await upload(server, token, picture())
    assert (answer.status, (await answer.json())["error"]["code"]) == (503, "unavailable")
    assert list((server.settings.var / "uploads").iterdir()) == []


# -- headers and odd bytes


@pytest.mark.parametrize("path", ["/api/chat/history?before=1", "/api/desk/me", "/healthz"])
async def test_answers_of_programs_are_kept_by_nobody_and_tell_no_version(
    server: Server, path: str
) -> None:
    headers = (await server.client.get(path)).headers
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert headers["Server"] == "dianxiaoer"


async def test_a_page_may_open_sockets_to_its_own_host_alone(server: Server) -> None:
    policy = (await server.client.get("/desk")).headers["Content-Security-Policy"]
    host = f"{server.client.host}:{server.client.port}"
    assert f"connect-src 'self' ws://{host} wss://{host};" in policy


async def test_a_cookie_of_odd_bytes_is_simply_unknown(server: Server) -> None:
    reader, writer = await asyncio.open_connection(server.client.host, server.client.port)
    writer.write(
        b"GET /api/desk/me HTTP/1.1\r\nHost: x\r\nCookie: dianxiaoer_desk=\xff\xfe\r\n\r\n"
    )
    assert b" 401 " in await asyncio.wait_for(reader.readline(), 60)
    writer.close()


@pytest.mark.parametrize("body", [b"[" * 50_000, b'{"token": "\\ud800"}', b"\xff\xfe", b"{"])
async def test_odd_bodies_get_the_one_error_or_an_answer(server: Server, body: bytes) -> None:
    answer = await server.client.post("/api/chat/session", data=body)
    assert answer.status in (200, 400)


async def test_without_its_guards_the_edge_would_tell_more_and_break(
    open_server: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""

    @web.middleware
    async def as_it_comes(request: web.Request, handler: Any) -> web.StreamResponse:
        answer: web.StreamResponse = await handler(request)
        return answer

    async def nothing(*_: object) -> None: ...

    monkeypatch.setattr("bot.app.json_errors", as_it_comes)
    monkeypatch.setattr("bot.app.safe_headers", nothing)
    server = await open_server()
    answer = await server.client.post("/api/chat/session", data=b"{")
    assert answer.status == 500
    headers = (await server.client.get("/healthz")).headers
    assert "Cache-Control" not in headers and "aiohttp" in headers["Server"]


async def test_a_signed_subject_of_half_a_character_is_no_token(server: Server) -> None:
    import jwt

    claims = {"sub": "\ud800", "kind": "buyer", "exp": 4102444800}
    token = jwt.encode(claims, server.settings.secret_key, algorithm="HS256")
    headers = {"Authorization": f"Bearer {token}"}
    answer = await server.client.get("/api/chat/history?before=1", headers=headers)
    assert answer.status == 401


# -- signing in at the desk


async def sign_in(server: Server, password: str, address: str, name: str = "小李") -> int:
    answer = await server.client.post(
        "/api/desk/login",
        json={"name": name, "password": password},
        headers={**OURS, "X-Forwarded-For": address},
    )
    return int(answer.status)


async def test_signing_in_costs_nothing(server: Server) -> None:
    for _ in range(12):
        await server.signed_in_desk()


async def test_a_stranger_behind_the_same_proxy_locks_nobody_out(
    open_server: Callable[..., Any],
) -> None:
    server = await open_server(trusted_proxies=(ip_network("127.0.0.1"),))
    await server.signed_in_desk()
    server.app[SIGN_IN_LIMITS]._pair._per_second = 0.0  # a slow machine guesses slowly
    wrong = [await sign_in(server, "a wrong password", "203.0.113.9") for _ in range(9)]
    assert wrong == [401] * 8 + [429]
    assert await sign_in(server, "a long password", "198.51.100.7") == 200


async def test_without_the_limits_of_signing_in_anybody_could_guess_for_ever(
    open_server: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: both kinds of guessing, from one place and from many."""
    from bot.desk.who import ACCOUNTS

    async def wrong(*_: str) -> None:
        return None

    server = await open_server(trusted_proxies=(ip_network("127.0.0.1"),))
    monkeypatch.setattr(RateLimit, "allows", lambda *_: True)
    monkeypatch.setattr(server.app[ACCOUNTS], "sign_in", wrong)
    places = ["203.0.113.9"] * 20 + [f"203.0.{n}.9" for n in range(45)]
    assert {await sign_in(server, "guess guess", place) for place in places} == {401}


async def test_guesses_from_many_places_end_but_not_for_a_place_that_knows_the_password(
    open_server: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await open_server(trusted_proxies=(ip_network("127.0.0.1"),))
    await server.signed_in_desk()
    server.app[SIGN_IN_LIMITS]._account._per_second = 0.0
    assert await sign_in(server, "a long password", "198.51.100.7") == 200

    async def wrong(*_: str) -> None:
        return None

    from bot.desk.who import ACCOUNTS

    with monkeypatch.context() as patch:  # hashing fifty guesses would take ten seconds
        patch.setattr(server.app[ACCOUNTS], "sign_in", wrong)
        guesses = [await sign_in(server, "guess guess", f"203.0.{n}.9") for n in range(45)]
    assert guesses == [401] * 40 + [429] * 5
    assert await sign_in(server, "a long password", "203.0.200.9") == 429
    assert await sign_in(server, "a long password", "198.51.100.7") == 200


# -- acting as a demo buyer


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Via"])
async def test_nobody_acts_as_a_demo_buyer_through_a_proxy(server: Server, header: str) -> None:
    assert (await server.client.get("/api/chat/demo/buyers")).status == 200
    passed_on = await server.client.get("/api/chat/demo/buyers", headers={header: "203.0.113.9"})
    assert passed_on.status == 404


async def test_the_range_a_buyer_writes_from_is_told_to_the_engine(
    open_server: Callable[..., Any],
) -> None:
    server = await open_server(trusted_proxies=(ip_network("127.0.0.1"),))
    answer = await server.client.post(
        "/webhooks/rest/webhook",
        json={"sender": "s", "message": "在吗"},
        headers={"Authorization": "Bearer x"},
    )
    assert answer.status == 200
    assert server.engine.speakers[-1].origin == "127.0.0.0/24"
