"""A5, A6.7, A6.8: it ends within 20 s whatever others do, and refuses starts in a sentence."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator

from sqlalchemy.engine import make_url

from bench.faults.between import Wire
from bench.trials.findings import Finding
from bench.trials.house import DidNotOpen, House, Houses
from bench.trials.visitors import Visitor

ENDS_WITHIN_S = 20.0


async def try_all(houses: Houses) -> AsyncIterator[Finding]:
    async with houses.one() as house:
        yield await _deaf_socket(house)
    async with houses.one() as house:
        yield await _in_mid_turn(house)
    if houses.kind == "PostgreSQL":
        yield await _hanging_database(houses)
    async for one in _refused_starts(houses):
        yield one


def _ended(code: int | None, seconds: float) -> bool:
    return code == 0 and seconds <= ENDS_WITHIN_S


async def _deaf_socket(house: House) -> Finding:
    """A page that reads nothing, its buffers full."""
    async with Visitor(house) as buyer:
        _, writer = await asyncio.open_connection("127.0.0.1", house.port, limit=1024)
        writer.write(
            b"GET /api/chat/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        hello = json.dumps({"type": "hello", "token": buyer.token, "last_seq": 0}).encode()
        writer.write(b"\x81\xfe" + len(hello).to_bytes(2, "big") + bytes(4) + hello)
        for _ in range(35):
            await buyer.send("好" * 5000)
        await buyer.listen(4)
        code, seconds = await house.stop()
        writer.close()
    told = f"exit {code} after {seconds:.1f} s"
    return Finding("A5", "SIGTERM beside a socket that reads nothing", _ended(code, seconds), told)


async def _in_mid_turn(house: House) -> Finding:
    buyers = [Visitor(house) for _ in range(8)]
    for buyer in buyers:
        await buyer.connect()
        await buyer.send("推荐一双徒步鞋")
    code, seconds = await house.stop()
    for buyer in buyers:
        await buyer.client.close()
    told = f"exit {code} after {seconds:.1f} s"
    return Finding("A5", "SIGTERM in mid-turn of eight buyers", _ended(code, seconds), told)


async def _hanging_database(houses: Houses) -> Finding:
    """PostgreSQL that answers nothing, and breaks no connection."""
    async with houses.one(opened=False) as house:
        url = make_url(house.database_url)
        async with Wire(url.host or "127.0.0.1", url.port or 5432).laid() as wire:
            house.environ["DATABASE_URL"] = str(
                url.set(host="127.0.0.1", port=wire.port).render_as_string(hide_password=False)
            )
            await house.open()
            async with Visitor(house) as buyer:
                await buyer.say("在吗")
                wire.freeze()
                await buyer.send("包邮吗")
                ready = await house.status("/readyz", 10)
                await asyncio.sleep(3)
                code, seconds = await house.stop()
                wire.thaw()
    held = _ended(code, seconds) and ready == 503
    told = f"readyz {ready}, exit {code} after {seconds:.1f} s"
    return Finding("A5", "SIGTERM while PostgreSQL hangs", held, told)


async def _refused_starts(houses: Houses) -> AsyncIterator[Finding]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with houses.one(opened=False, PORT=str(taken.getsockname()[1])) as house:
            yield await _refused(house, "A6.8", "a port in use", "端口")
    async with houses.one(opened=False, DIANXIAOER_VAR="/proc/nowhere") as house:
        yield await _refused(house, "A6.7", "a folder that takes nothing", "磁盘")
    if houses.kind == "SQLite":
        async with houses.one() as house:
            second = House(house.folder / "second", houses.models, house.database_url)
            yield await _refused(second, "A6.8", "a second house on one file", "另一个")
            second.close()


async def _refused(house: House, code: str, what: str, word: str) -> Finding:
    try:
        seconds = await house.open(60)
    except DidNotOpen:
        assert house.process is not None
        said, exit_code = house.said(), house.process.poll()
        held = exit_code == 1 and word in said and "Traceback" not in said
        held = held and "house.open" not in said
        return Finding(code, what, held, f"exit {exit_code}: {said.strip().splitlines()[-1][:80]}")
    return Finding(code, what, held=False, measured=f"it opened after {seconds:.0f} s")
