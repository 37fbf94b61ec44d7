"""The house as a process: killed in mid-turn, stopped politely, started on broken parts."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.servers import free_port
from tests.support.house import ROOT, copied_database
from tests.support.waiting import in_time

pytestmark = pytest.mark.timeout(900)  # houses start, some of them twice

SLOW_ACTIONS = '''
"""Starts the house with a dialogue engine that thinks for a while, so that there is a mid-turn."""

import asyncio
import sys

sys.argv[0] = "bot"
import bot.engine.engine as engine

quick = engine.Engine.answer


async def slow(self, *arguments):
    print("turn begins", flush=True)
    await asyncio.sleep(1.0)
    return await quick(self, *arguments)


engine.Engine.answer = slow
from bot.__main__ import main

sys.exit(main())
'''


ENDS_WITHIN_S = 60.0  # 20 on an idle machine; what would hold it up does so for ever
PATIENCE_S = 300.0  # for what must come: a busy machine takes its time


class Process:
    """`python -m bot` on a port and a database of its own."""

    def __init__(self, folder: Path, module: str = "bot", **environ: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._folder, self._module = folder, module
        self._environ = {
            **os.environ,
            "DIANXIAOER_VAR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'house.db'}",
            "PORT": str(self.port),
            "PYTHONWARNINGS": "ignore",
            "PYTHONPATH": str(ROOT),
            **environ,
        }
        self.output: list[str] = []
        self._started: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self, *, slow: bool = False) -> None:
        """Returns once it is ready to answer."""
        await self.launch(slow=slow)
        give_up = time.monotonic() + PATIENCE_S
        async with aiohttp.ClientSession() as client:
            while time.monotonic() < give_up:
                assert self.process.returncode is None, "".join(self.output)
                try:
                    async with client.get(f"{self.address}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError("".join(self.output))

    async def launch(self, *, slow: bool = False) -> None:
        command = ["-c", SLOW_ACTIONS] if slow else ["-m", self._module]
        self._started = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            env=self._environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read())

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._started is not None
        return self._started

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.output.append(line.decode())

    async def prints(self, text: str) -> None:
        give_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up:
            if any(text in line for line in self.output):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"no {text!r} in: {''.join(self.output)}")

    async def end(self, how: signal.Signals) -> int:
        """Sends the signal; the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(how)
        code = await asyncio.wait_for(self.process.wait(), ENDS_WITHIN_S)
        assert self._reading is not None
        # Whoever it started may outlive it, and holds the line open.
        await in_time(self._reading, "the end of what a process prints", ENDS_WITHIN_S)
        return code


@pytest.fixture
async def start(seeded: Path, tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    copied_database(seeded, tmp_path).close()
    processes: list[Process] = []

    def one(**environ: str) -> Process:
        processes.append(Process(tmp_path, **environ))
        return processes[-1]

    yield one
    for process in processes:
        if process._started is not None and process.process.returncode is None:
            await process.end(signal.SIGKILL)


class Buyer:
    """Writes over the chat socket and remembers what came."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client
        self.token = ""

    async def connect(self, address: str) -> aiohttp.ClientWebSocketResponse:
        async with self._client.post(
            f"{address}/api/chat/session", json={"token": self.token}
        ) as answer:
            self.token = (await answer.json())["token"]
        ws = await self._client.ws_connect(f"{address}/api/chat/socket")
        await ws.send_json({"type": "hello", "token": self.token, "last_seq": 0})
        return ws


async def frames_until_quiet(
    ws: aiohttp.ClientWebSocketResponse, seconds: float, *, answers: int = 0
) -> list[dict[str, Any]]:
    """What comes: first so many lines of the bot, however long they take, then until it is quiet."""
    frames: list[dict[str, Any]] = []
    give_up = time.monotonic() + PATIENCE_S
    while len(said(frames, "bot")) < answers and time.monotonic() < give_up:
        frames.append(await asyncio.wait_for(ws.receive_json(), PATIENCE_S))
    while True:
        try:
            received = await asyncio.wait_for(ws.receive(), seconds)
        except asyncio.TimeoutError:
            return frames
        if received.type is not aiohttp.WSMsgType.TEXT:
            return frames
        frames.append(received.json())


def said(frames: list[dict[str, Any]], author: str) -> list[str]:
    return [
        frame["message"]["text"]
        for frame in frames
        if frame["type"] == "message" and frame["message"]["from"] == author
    ]


LINE = {"type": "send", "id": "m1", "kind": "text", "text": "在吗"}


@pytest.mark.model
async def test_killed_in_mid_turn_the_buyer_gets_one_answer_after_the_restart(
    start: Callable[..., Process],
) -> None:
    async with aiohttp.ClientSession() as client:
        buyer = Buyer(client)
        first = start()
        await first.start(slow=True)
        ws = await buyer.connect(first.address)
        await ws.send_json(LINE)
        await first.prints("turn begins")
        await first.end(signal.SIGKILL)
        second = start()
        await second.start()
        again = await buyer.connect(second.address)
        # The page does not know whether its line arrived, and sends it once more.
        await again.send_json(LINE)
        frames = await frames_until_quiet(again, 3.0, answers=1)
        assert said(frames, "buyer") == ["在吗"]
        assert len(said(frames, "bot")) == 1
        assert await second.end(signal.SIGTERM) == 0


@pytest.mark.model
async def test_stopped_in_mid_turn_it_finishes_the_turn(start: Callable[..., Process]) -> None:
    async with aiohttp.ClientSession() as client:
        buyer = Buyer(client)
        first = start()
        await first.start(slow=True)
        ws = await buyer.connect(first.address)
        await ws.send_json(LINE)
        await first.prints("turn begins")
        assert await first.end(signal.SIGTERM) == 0
        second = start()
        await second.start()
        frames = await frames_until_quiet(await buyer.connect(second.address), 1.0, answers=1)
        assert len(said(frames, "bot")) == 1
        assert "turn begins" not in "".join(second.output)


async def test_with_a_corrupt_model_alone_it_says_what_to_do(
    start: Callable[..., Process], tmp_path: Path
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "broken.tar.gz").write_bytes(b"not a model")
    process = start(MODELS=str(models))
    await process.launch()
    assert await asyncio.wait_for(process.process.wait(), PATIENCE_S) == 1
    await process.prints("broken.tar.gz")
    await process.prints("make train")


async def test_without_its_database_it_says_so(start: Callable[..., Process]) -> None:
    process = start(DATABASE_URL="sqlite:////proc/nowhere/house.db")
    await process.launch()
    assert await asyncio.wait_for(process.process.wait(), PATIENCE_S) == 1
    await process.prints("数据库打不开")


async def test_with_a_wrong_setting_it_names_it(start: Callable[..., Process]) -> None:
    process = start(PORT="eighty")
    await process.launch()
    assert await asyncio.wait_for(process.process.wait(), PATIENCE_S) == 2
    await process.prints("PORT=eighty")


@pytest.mark.model
async def test_a_second_house_on_the_same_folder_says_so_and_wakes_nobody(
    start: Callable[..., Process],
) -> None:
    first, second = start(), start()
    await first.start()
    await second.launch()
    assert await asyncio.wait_for(second.process.wait(), PATIENCE_S) == 1
    await second.prints("另一个店小二正开着")
    assert "house.open" not in "".join(second.output)
    assert await first.end(signal.SIGTERM) == 0


async def test_a_port_in_use_is_told_in_one_sentence(start: Callable[..., Process]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        process = start(PORT=str(other.getsockname()[1]))
        await process.launch()
        assert await asyncio.wait_for(process.process.wait(), PATIENCE_S) == 1
    await process.prints("可能已经有程序占着这个端口")
    assert "Traceback" not in "".join(process.output)
    assert "house.open" not in "".join(process.output)


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/proc/self"])  # root writes neither
async def test_a_folder_that_cannot_be_written_is_told(
    start: Callable[..., Process], folder: str
) -> None:
    process = start(DIANXIAOER_VAR=folder)
    await process.launch()
    assert await asyncio.wait_for(process.process.wait(), PATIENCE_S) == 1
    await process.prints("请检查磁盘")
    assert "Traceback" not in "".join(process.output)
    assert "house.open" not in "".join(process.output)


@pytest.mark.model
async def test_a_buyer_who_reads_nothing_does_not_hold_up_the_end(
    start: Callable[..., Process],
) -> None:
    process = start()
    await process.start()
    async with aiohttp.ClientSession() as client:
        async with client.post(f"{process.address}/api/chat/session", json={}) as answer:
            token = (await answer.json())["token"]
        _, writer = await asyncio.open_connection("127.0.0.1", process.port, limit=1024)
        writer.write(
            b"GET /api/chat/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        hello = json.dumps({"type": "hello", "token": token, "last_seq": 0}).encode()
        writer.write(_masked(hello))
        talking = await client.ws_connect(f"{process.address}/api/chat/socket")
        await talking.send_json({"type": "hello", "token": token, "last_seq": 0})
        for number in range(35):
            line = {"type": "send", "id": f"m{number}", "kind": "text", "text": "好" * 5000}
            await talking.send_json(line)
        await frames_until_quiet(talking, 3.0)
        assert await process.end(signal.SIGTERM) == 0  # within its 30 seconds
        writer.close()


def _masked(text: bytes) -> bytes:
    """A short text frame as a client sends it, with a mask of zeros."""
    assert len(text) < 65_536
    return b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text
