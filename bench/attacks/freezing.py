"""H1, M4, M5, M6: one stranger who holds up everybody else."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import resource
import time
from collections.abc import AsyncIterator, Awaitable

from aiohttp import ClientError, ClientSession, FormData

from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.visitors import Visitor, new_address

OTHERS_WAIT_S = 4.0  # at most: two cores, the attacker in this process, and the pause of a burst
TIMES_QUIET = 5  # or, on a busy machine, so many times what they wait without an attack
RANDOM = random.Random(7)
BURSTS = {
    "40 × 600 digits": ["1" * 600] * 40,
    "40 × 600 一二": ["一二" * 300] * 40,
    "40 × 600 ㊿": ["㊿" * 600] * 40,
    "10 × 600 ﷺ": ["ﷺ" * 600] * 10,
    "40 × 600 Chinese": [
        "".join(chr(RANDOM.randrange(0x4E00, 0x9FA5)) for _ in range(600)) for _ in range(40)
    ],
    "1 × 600 digits": ["1" * 600],
    "40 × 15 mixed": ["订单1三四双㊿码13" * 2] * 40,
}


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one() as house:
        quiet, _ = await longest_block(house, asyncio.sleep(3))
        limit_s = max(OTHERS_WAIT_S, TIMES_QUIET * quiet)
        print(f"   without an attack others wait {quiet:.1f} s, with one at most {limit_s:.1f} s")
        yield await _floods(house, limit_s)
        yield await _poison(house, limit_s)
        yield await _gzip(house, limit_s)
        yield await _typing(house, limit_s)
        yield await _stalled(house)
        yield await _many_stalled(house)
        yield await _sessions(house)


async def longest_block(house: House, attack: Awaitable[object]) -> tuple[float, float]:
    """The longest that another buyer, and `/healthz`, waited while an attack goes on."""
    task = asyncio.ensure_future(attack)
    reply = health = 0.0
    async with Visitor(house) as other:
        await other.say("在吗")
        while True:
            is_over = task.done()
            began = time.monotonic()
            await house.status("/healthz", 60.0)
            health = max(health, time.monotonic() - began)
            began = time.monotonic()
            await other.say("包邮吗")
            reply = max(reply, time.monotonic() - began)
            if is_over:
                break
    await task
    return reply, health


async def _floods(house: House, limit_s: float) -> Finding:
    worst: list[str] = []
    longest = 0.0
    for name, lines in BURSTS.items():

        async def burst(lines: list[str] = lines) -> None:
            async with Visitor(house) as attacker:
                for line in lines:
                    await attacker.send(line)
                await attacker.until(lambda: attacker.turns > 0 or bool(attacker.errors))

        reply, health = await longest_block(house, burst())
        longest = max(longest, reply, health)
        worst.append(f"{name}: {reply:.1f}/{health:.2f}")
    told = "others' reply/healthz, s: " + "; ".join(worst)
    return Finding("H1", "a burst freezes everybody", longest < limit_s, told)


async def _poison(house: House, limit_s: float) -> Finding:
    """Killed with the burst unanswered: the next start reads it again."""
    async with Visitor(house) as attacker:
        for line in BURSTS["40 × 600 ㊿"]:
            await attacker.send(line)
        await attacker.until(lambda: len(attacker.acks) > 30)
        house.kill()
    ready = await house.open()
    reply, health = await longest_block(house, asyncio.sleep(3))
    held = max(reply, health) < limit_s
    told = f"ready after {ready:.0f} s, then others wait {reply:.1f} s, healthz {health:.2f} s"
    return Finding("H1", "a burst is poison after a restart", held, told)


async def _gzip(house: House, limit_s: float) -> Finding:
    packed = gzip.compress(b"\0" * 200_000_000, 9)
    answers: list[int] = []

    async def send(one: Visitor, path: str, headers: dict[str, str], content: object) -> None:
        try:
            url = f"{house.address}{path}"
            async with one.client.post(url, data=content, headers=headers) as answer:
                answers.append(answer.status)
        except ClientError:  # refused, and the line cut before all was sent
            answers.append(0)

    async def attack() -> None:
        async with Visitor(house) as one:
            own = {**one.headers, "Authorization": f"Bearer {one.token}"}
            for headers in ({}, {"Content-Encoding": "gzip"}):
                form = FormData()
                form.add_field("other", packed, filename="x", content_type="text/plain")
                await send(one, "/api/chat/pictures", {**own, **headers}, form)
            headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
            await send(one, "/api/chat/session", {**one.headers, **headers}, packed)

    reply, health = await longest_block(house, attack())
    held = max(reply, health) < limit_s and all(not one or 400 <= one < 500 for one in answers)
    return Finding("M4", "packed bodies", held, f"{answers}, others wait {reply:.1f} s")


async def _typing(house: House, limit_s: float) -> Finding:
    codes: list[int | None] = []

    async def attack() -> None:
        for frame in ('{"type": "typing"}', "{broken", '{"type": "typing"}'):
            async with Visitor(house) as one:
                assert one.ws is not None
                try:
                    for _ in range(3000):
                        await one.ws.send_str(frame)
                    await one.listen(3)
                except (ConnectionResetError, ClientError, RuntimeError):
                    pass
                codes.append(one.ws.close_code)

    reply, health = await longest_block(house, attack())
    held = max(reply, health) < limit_s and set(codes) <= {1008, 1006}
    return Finding("M6", "typing and broken frames", held, f"closed {codes}, others {reply:.1f} s")


async def _stalled(house: House) -> Finding:
    """A body of which the rest never comes is let go."""
    held = await asyncio.gather(*(_let_go_after(house, path) for path in _POSTS))
    told = ", ".join(f"{path} {seconds:.0f} s" for path, seconds in zip(_POSTS, held, strict=True))
    return Finding("M5", "bodies that never come", max(held) < 30, told)


_POSTS = ("/api/chat/session", "/webhooks/rest/webhook", "/api/desk/login")


async def _let_go_after(house: House, path: str) -> float:
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {house.rest_token}\r\nX-Requested-With: dianxiaoer\r\n"
    writer.write(f"{head}Content-Length: 500\r\n\r\n{{".encode())
    await writer.drain()
    with contextlib.suppress(asyncio.TimeoutError, ConnectionError):
        await asyncio.wait_for(reader.read(20), 90)
    writer.close()
    return time.monotonic() - began


async def _many_stalled(house: House) -> Finding:
    """More of them than a usual limit of open files; the house raises its own at the start."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    writers = []
    head = (
        f"POST /api/chat/session HTTP/1.1\r\nHost: x:{house.port}\r\nContent-Length: 500\r\n\r\n{{"
    )
    for _ in range(1100):
        _, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(head.encode())
        writers.append(writer)
    during = await house.status("/healthz", 10)
    for writer in writers:
        writer.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return Finding("M5", "1,100 stalled bodies at once", during == 200, f"healthz {during}")


async def _sessions(house: House) -> Finding:
    address = new_address()
    made = refused = 0
    async with ClientSession() as client:
        for _ in range(400):
            url = f"{house.address}/api/chat/session"
            headers = {"X-Forwarded-For": address}
            async with client.post(url, json={}, headers=headers) as answer:
                made, refused = made + (answer.status == 200), refused + (answer.status == 429)
    async with Visitor(house) as elsewhere:
        answered = await elsewhere.say("在吗")
    held = refused > 150 and bool(answered)
    return Finding("M6", "visitors without end", held, f"{made} made, {refused} refused")
