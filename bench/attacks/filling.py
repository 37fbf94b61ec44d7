"""M2, M3, M6: made-up visitors who push real ones away; pictures and sockets that fill disk and
memory."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import time
from collections.abc import AsyncIterator

from aiohttp import ClientSession, FormData, TCPConnector
from PIL import Image

from bench.trials.findings import Finding
from bench.trials.house import House, Houses
from bench.trials.visitors import Desk, Refused, Visitor, new_address

MOST_MB = 768.0  # on top of what the house takes: what a decoder may have (bot/channels/drawing.py)
FLOOD = 230
SILENT, DEAF = 2000, 400  # sockets
MOST_OF_SOCKETS_MB = 120.0
LINES = 110  # of 5,000 characters, in the talk that deaf sockets do not read
WITHIN_S = 4.0  # somebody else's reply


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one() as house:
        yield await _desk(house)
        yield await _bombs(house)
        yield await _queue(house)
        yield await _disk(house)
    async with houses.one() as house:
        yield await _silent(houses, house)
        yield await _deaf(houses, house)


async def _desk(house: House) -> Finding:
    """One place makes up waiting visitors; then a real one comes."""
    place = new_address().rpartition(".")[0]
    waiting = 0
    async with Desk(house) as desk:
        for number in range(FLOOD):
            try:
                async with Visitor(house, address=f"{place}.{number % 250}") as one:
                    await one.send("转人工")
                    await one.until(lambda one=one: bool(one.acks))
                    waiting += 1
            except Refused:
                pass
        async with Visitor(house) as real:
            await real.say("我的鞋穿了两天开胶，转人工")
            await asyncio.sleep(2)
            began = time.monotonic()
            listed = await desk.get("conversations")
            took = time.monotonic() - began
            order = [one["conversation_id"] for one in listed]
            place_ = order.index(real.conversation_id) if real.conversation_id in order else -1
    held = 0 <= place_ < 10 and took < 3
    told = (
        f"{waiting} of {FLOOD} came in; the real one is number {place_ + 1}, list in {took:.1f} s"
    )
    return Finding("M2", "made-up visitors at the desk", held, told)


def _picture(kind: str, mode: str, size: tuple[int, int]) -> bytes:
    content = io.BytesIO()
    Image.new(mode, size).save(content, kind)
    return content.getvalue()


async def _upload(visitor: Visitor, content: bytes, name: str = "a.png") -> int:
    form = FormData()
    form.add_field("file", content, filename=name)
    headers = {**visitor.headers, "Authorization": f"Bearer {visitor.token}"}
    url = f"{visitor.house.address}/api/chat/pictures"
    async with visitor.client.post(url, data=form, headers=headers) as answer:
        await answer.read()
        return answer.status


async def _bombs(house: House) -> Finding:
    """Small files with many pixels."""
    before = house.memory_mb()
    bombs = {
        "PNG RGBA 64 MP": _picture("PNG", "RGBA", (8000, 7990)),
        "WEBP RGB 64 MP": _picture("WEBP", "RGB", (8000, 7990)),
        "WEBP RGBA 64 MP": _picture("WEBP", "RGBA", (8000, 7990)),
        "PNG RGBA 24 MP": _picture("PNG", "RGBA", (6000, 4000)),
    }
    told, most = [], 0.0
    for name, content in bombs.items():
        async with Visitor(house) as one:
            sent = asyncio.ensure_future(_upload(one, content))
            began = time.monotonic()
            while not sent.done():
                most = max(most, house.memory_mb() - before)
                await asyncio.sleep(0.02)
            told.append(f"{name} {sent.result()} in {time.monotonic() - began:.1f} s")
    told.append(f"+{most:.0f} MB at most")
    return Finding("M3", "pictures that unpack to much memory", most < MOST_MB, "; ".join(told))


async def _queue(house: House) -> Finding:
    """Somebody else's small photo behind one place's large ones."""
    large = _picture("WEBP", "RGB", (5900, 4200))
    small = _picture("JPEG", "RGB", (400, 300))
    place = new_address()
    attackers = [Visitor(house, address=place) for _ in range(6)]
    for one in attackers:
        await one.connect()
    flood = [asyncio.ensure_future(_upload(one, large)) for one in attackers for _ in range(2)]
    await asyncio.sleep(0.3)
    async with Visitor(house) as other:
        began = time.monotonic()
        status = await _upload(other, small, "a.jpg")
        took = time.monotonic() - began
    statuses = await asyncio.gather(*flood)
    for one in attackers:
        await one.client.close()
    told = f"{status} after {took:.1f} s; the flood {sorted(set(statuses))}"
    return Finding("M3", "uploads of one place hold up others", status == 200 and took < 15, told)


async def _disk(house: House) -> Finding:
    """Pictures that no message ever shows: bounded by rate, place and chat."""
    noise = Image.effect_noise((1800, 1400), 90).convert("RGB")
    content = io.BytesIO()
    noise.save(content, "JPEG", quality=95)
    place, began = new_address(), time.monotonic()
    accepted = refused = 0
    for _ in range(10):
        async with Visitor(house, address=place) as one:
            for _ in range(12):
                status = await _upload(one, content.getvalue(), "a.jpg")
                accepted, refused = accepted + (status == 200), refused + (status == 429)
    uploads = house.folder / "var" / "uploads"
    stored = sum(path.stat().st_size for path in uploads.iterdir()) / 2**20
    took = time.monotonic() - began
    told = (
        f"{accepted} kept, {refused} refused in {took:.0f} s, {stored:.0f} MB; UPLOADS_MB bounds it"
    )
    held = accepted <= 61 + took / 4  # what one range may have
    return Finding("M3", "uploads that nobody sends", held, told)


async def _reply_s(house: House) -> float:
    """Seconds that somebody else waits."""
    async with Visitor(house) as other:
        began = time.monotonic()
        await other.say("包邮吗")
        return time.monotonic() - began


async def _silent(houses: Houses, house: House) -> Finding:
    """Sockets of as many addresses that greet, or do not even that, and say nothing."""
    quiet_s = await _reply_s(house)
    before, count = house.memory_mb(), houses.times(SILENT)
    async with ClientSession(connector=TCPConnector(limit=0)) as flood:
        opened = 0
        for number in range(count):
            headers = {"X-Forwarded-For": new_address()}
            ws = await flood.ws_connect(f"{house.address}/api/chat/socket", headers=headers)
            if number % 2:
                url = f"{house.address}/api/chat/session"
                async with flood.post(url, json={}, headers=headers) as answer:
                    token = (await answer.json())["token"]
                await ws.send_json({"type": "hello", "token": token, "last_seq": 0})
            opened += 1
        grown, reply_s = house.memory_mb() - before, await _reply_s(house)
    held = grown < MOST_OF_SOCKETS_MB and reply_s < max(WITHIN_S, 5 * quiet_s)
    told = f"{opened} open: +{grown:.0f} MB, others wait {reply_s:.1f} s ({quiet_s:.1f} without)"
    return Finding("M6", "silent sockets", held, told)


async def _deaf(houses: Houses, house: House) -> Finding:
    """Sockets of one long talk that take nothing of what they ask for, and prove that they live."""
    async with Visitor(house) as one:
        for number in range(houses.times(LINES)):
            await one.send("满" * 4990)
            await asyncio.sleep(0.26 if number > 35 else 0)
        await one.until(lambda: len(one.acks) + len(one.errors) >= houses.times(LINES))
        before, lines = house.memory_mb(), len(one.acks)
        deaf = [await _deaf_socket(house, one.token) for _ in range(houses.times(DEAF))]
        most = 0.0
        for _ in range(10):
            for _, writer in deaf:
                if not writer.is_closing():
                    writer.write(b"\x8a\x80" + bytes(4))  # a pong that nobody asked for
            await asyncio.sleep(1)
            most = max(most, house.memory_mb() - before)
        reply_s = await _reply_s(house)
        for _, writer in deaf:
            writer.close()
    held = most < MOST_OF_SOCKETS_MB and reply_s < WITHIN_S
    told = f"{len(deaf)} sockets of a talk of {lines} long lines: +{most:.0f} MB, others {reply_s:.1f} s"
    return Finding("M6", "sockets that read nothing", held, told)


async def _deaf_socket(
    house: House, token: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A socket that has greeted, with small buffers and nobody who reads them."""
    line = socket.create_connection(("127.0.0.1", house.port))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader, writer = await asyncio.open_connection(sock=line, limit=1024)
    writer.write(
        f"GET /api/chat/socket HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {new_address()}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    hello = json.dumps({"type": "hello", "token": token, "last_seq": 0}).encode()
    writer.write(b"\x81\xfe" + len(hello).to_bytes(2, "big") + bytes(4) + hello)
    return reader, writer
