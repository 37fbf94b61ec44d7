"""H3, M7 to M9, M11, L5 to L11: proxies, tokens, headers, odd bytes, and starts that are refused."""

from __future__ import annotations

import asyncio
import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import jwt
import psutil
from aiohttp import ClientSession

from bench.servers import QUIET, ROOT
from bench.trials.findings import Finding
from bench.trials.house import DidNotOpen, House, Houses
from bench.trials.visitors import Desk, Refused, Visitor, new_address

PROXIES = (
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Real-IP": "203.0.113.9"},
    {"Via": "1.1 nginx"},
    {"Forwarded": "for=203.0.113.9"},
    {"X-Forwarded-Host": "shop.example.com"},
    {"CF-Connecting-IP": "203.0.113.9"},
)


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one() as house:
        yield await _tokens(house)
        yield await _odd_bytes(house)
        yield await _headers(house)
        yield _private_files(house)
        yield await _notice(house)
        yield await _erased(house)
        yield await _sign_in(house)
    async with houses.one(DEMO="1", REST_TOKEN="", TRUSTED_PROXIES="") as house:
        yield await _demo(house)
        yield await _rest_guard(house)


async def try_starts(houses: Houses) -> AsyncIterator[Finding]:
    """Starts that must be refused, and the one of `make shell`."""
    for code, what, environ in (
        (
            "H3",
            "DEMO=1 with a shop behind an API",
            {"DEMO": "1", "SHOP_API_URL": "http://127.0.0.1:9"},
        ),
        ("L5", "a REST_TOKEN of one character", {"REST_TOKEN": "1"}),
        ("L5", "a SHOP_API_TOKEN of one character", {"SHOP_API_TOKEN": "1"}),
    ):
        async with houses.one(opened=False, **environ) as house:
            yield await _refused_start(house, code, what)
    async with houses.one(opened=False, DEMO="1") as house:
        _add_real_buyer(house)
        yield await _refused_start(house, "H3", "DEMO=1 with real buyers")
    yield await _shell()


async def _refused_start(house: House, code: str, what: str) -> Finding:
    try:
        await house.open(120)
    except DidNotOpen:
        process = house.process
        assert process is not None
        said = house.said().strip().splitlines()
        return Finding(
            code, what, process.poll() in (1, 2), f"exit {process.poll()}: {said[-1][:90]}"
        )
    return Finding(code, what, held=False, measured="it opened")


def _add_real_buyer(house: House) -> None:
    from bot.database import Database
    from bot.shop.embedded.tables import buyers

    empty = dict.fromkeys(("about", "receiver_name", "phone", "address"), "")
    database = Database(house.database_url)
    database.run_sync(
        lambda connection: connection.execute(
            buyers.insert().values(buyer_id="u-1", nickname="真买家", **empty)
        )
    )
    database.close()


async def _shell() -> Finding:
    """The action server of `make shell`, as the Makefile starts it."""
    line = next(one for one in (ROOT / "Makefile").read_text().splitlines() if "run actions" in one)
    environ = {**os.environ, **QUIET, **dict(re.findall(r"\b([A-Z_]+)=(\S+)", line))}
    process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs meanwhile
        [sys.executable, "-m", "rasa", "run", "actions", "--port", "5955"],
        cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    addresses: list[str] = []
    try:
        for _ in range(240):
            listening = [
                one.laddr.ip
                for one in psutil.Process(process.pid).net_connections("tcp")
                if one.status == psutil.CONN_LISTEN
            ]
            if listening:
                addresses = listening
                break
            await asyncio.sleep(0.5)
    finally:
        process.kill()
        process.wait()
    held = bool(addresses) and set(addresses) <= {"127.0.0.1", "::1"}
    return Finding("M7", "make shell listens to the network", held, f"listens on {addresses}")


async def _demo(house: House) -> Finding:
    answers = []
    async with ClientSession() as client:
        for headers in PROXIES:
            url = f"{house.address}/api/chat/demo/buyers"
            async with client.get(url, headers=headers) as answer:
                answers.append(answer.status)
            body = {"buyer_id": "buyer-lulu"}
            url = f"{house.address}/api/chat/demo/login"
            async with client.post(url, json=body, headers=headers) as answer:
                answers.append(answer.status)
    return Finding("H3", "DEMO through a proxy", set(answers) == {404}, f"{sorted(set(answers))}")


async def _rest_guard(house: House) -> Finding:
    """Without a token the door is this machine's alone."""
    others: list[dict[str, str]] = [
        *PROXIES,
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
    ]
    answers = []
    url = f"{house.address}/webhooks/rest/webhook"
    async with ClientSession() as client:
        for headers in others:
            own = {"Content-Type": "text/plain", **headers}
            body = json.dumps({"sender": "s", "message": "在吗"})
            async with client.post(url, data=body, headers=own) as answer:
                answers.append(answer.status)
        async with client.post(url, json={"sender": "s", "message": "在吗"}) as answer:
            local = answer.status
    held = local == 200 and set(answers) <= {401, 403}
    told = f"others {sorted(set(answers))}, this machine {local}"
    return Finding("M9", "REST without a token, through proxies and pages", held, told)


async def _sign_in(house: House) -> Finding:
    """A stranger guesses at admin; the agent, elsewhere behind the same proxy, still gets in."""
    place = new_address()
    statuses = []
    for number in range(14):
        desk = Desk(house, address=place)
        status, _ = await desk.post("login", name="admin", password=f"guess number {number}")
        statuses.append(status)
        await desk.client.close()
    try:
        async with Desk(house):
            got_in = True
    except Refused:
        got_in = False
    spread = []
    for number in range(60):  # from everywhere
        desk = Desk(house)
        status, _ = await desk.post("login", name="admin", password=f"another guess {number}")
        spread.append(status)
        await desk.client.close()
    held = got_in and 429 in statuses and 429 in spread
    told = f"guesses answered {statuses.count(401)} of 14 from one place, {spread.count(401)} of 60"
    return Finding(
        "M8", "guessing passwords", held, f"{told} from many; the agent gets in: {got_in}"
    )


async def _tokens(house: House) -> Finding:
    now = datetime.now(timezone.utc)
    good = {"sub": "buyer-lulu", "kind": "buyer", "exp": now + timedelta(days=1)}
    forged = {
        "none": jwt.encode(good, "", algorithm="none"),
        "wrong key": jwt.encode(good, "k" * 48, algorithm="HS256"),
        "HS512": jwt.encode(good, house.secret, algorithm="HS512"),
        "for ever": jwt.encode({**good, "exp": 10**30}, house.secret, algorithm="HS256"),
        "a year": jwt.encode(
            {**good, "exp": now + timedelta(days=365)}, house.secret, algorithm="HS256"
        ),
        "expired": jwt.encode(
            {**good, "exp": now - timedelta(days=1)}, house.secret, algorithm="HS256"
        ),
        "no exp": jwt.encode({"sub": "b", "kind": "buyer"}, house.secret, algorithm="HS256"),
        "visitor:": jwt.encode({**good, "sub": "visitor:x"}, house.secret, algorithm="HS256"),
        "agent": jwt.encode({**good, "kind": "agent"}, house.secret, algorithm="HS256"),
        "surrogate": jwt.encode({**good, "sub": "\ud800"}, house.secret, algorithm="HS256"),
    }
    taken = []
    async with Visitor(house) as one:
        for name, token in forged.items():
            status, opened = await one.post("/api/chat/session", {"token": token})
            if status != 200 or opened["signed_in"]:
                taken.append(name)
    return Finding("L11", "forged and endless tokens", not taken, f"taken: {taken or 'none'}")


async def _odd_bytes(house: House) -> Finding:
    deep = b"[" * 100_000
    tries = [
        ("GET", "/api/desk/me", {"Cookie": "dianxiaoer_desk=\udcff\udcfe"}, None),
        ("GET", "/api/shop/v1/catalogue/version", {"Authorization": "Bearer \udcff"}, None),
        ("GET", "/api/chat/history?before=\ud800", {"Authorization": "Bearer \udcff"}, None),
        ("POST", "/api/chat/session", {}, deep),
        ("POST", "/api/chat/session", {}, b'{"token": "\\ud800"}'),
        ("POST", "/webhooks/rest/webhook", {"Authorization": f"Bearer {house.rest_token}"}, deep),
    ]
    answers = []
    for method, path, headers, body in tries:
        answers.append(await _raw(house, method, path, headers, body))
    held = all(400 <= one < 500 or one == 200 for one in answers)
    return Finding("L9", "odd bytes", held, f"{answers}")


async def _raw(
    house: House, method: str, path: str, headers: dict[str, str], body: bytes | None
) -> int:
    """The status, asked for without any library's care."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    lines = [f"{method} {path.split('=')[0]} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    head = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n"
    writer.write(head + (body or b""))
    answer = await asyncio.wait_for(reader.read(100), 20)
    writer.close()
    return int(answer.split()[1])


async def _headers(house: House) -> Finding:
    missing = []
    async with ClientSession() as client:
        for path in ("/api/chat/session", "/desk", "/", "/widget.js", "/api/desk/me", "/healthz"):
            method = "POST" if path.endswith("session") else "GET"
            json_: dict[str, str] | None = {} if method == "POST" else None
            async with client.request(method, f"{house.address}{path}", json=json_) as answer:
                headers = answer.headers
                if headers.get("X-Content-Type-Options") != "nosniff":
                    missing.append(f"{path} nosniff")
                if path.startswith("/api") and "no-store" not in headers.get("Cache-Control", ""):
                    missing.append(f"{path} no-store")
                if re.search(r"[Pp]ython|aiohttp", headers.get("Server", "")):
                    missing.append(f"{path} names versions")
                policy = headers.get("Content-Security-Policy", "")
                if re.search(r"\bwss?:(?!//)", policy):
                    missing.append(f"{path} any socket")
    return Finding("L10", "headers", not missing, f"missing: {missing or 'nothing'}")


def _private_files(house: House) -> Finding:
    folder = house.folder / "var"
    paths = [path for path in folder.rglob("*") if path.is_file()]
    if house.database_url.startswith("sqlite"):
        paths += list(house.folder.glob("house.db-*"))
    open_ = [path.name for path in paths if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    return Finding("L8", "files that everybody may read", not open_, f"{open_ or 'none'}")


async def _notice(house: House) -> Finding:
    async with Visitor(house) as one:
        _, opened = await one.post("/api/chat/session", {})
    notice = opened["shop"]["privacy"]
    status = await house.status("/privacy")
    return Finding(
        "M11", "no word on what is kept", bool(notice["text"]) and status == 200, notice["text"]
    )


async def _erased(house: House) -> Finding:
    """A visitor's talk, erased by command beside the running house."""
    from bench.trials.talk import visitor_id

    async with Visitor(house) as one:
        await one.say("我叫王小山 电话13900007777")
        buyer = visitor_id(one)
    command = [sys.executable, "-m", "bot", "buyer"]
    environ = {**os.environ, **QUIET, **house.environ}
    began = time.monotonic()

    def run(deed: str) -> str:
        done = subprocess.run(
            [*command, deed, buyer], cwd=ROOT, env=environ, capture_output=True, text=True,
            check=True, timeout=120,
        )  # fmt: skip
        return done.stdout

    before = await asyncio.to_thread(run, "export")
    await asyncio.to_thread(run, "erase")
    after = await asyncio.to_thread(run, "export")
    held = "13900007777" in before and "13900007777" not in after
    told = f"exported {len(before)} characters, erased, {len(after.strip())} left"
    return Finding("M11", "export and erasure", held, f"{told}, {time.monotonic() - began:.0f} s")
