"""What stands between the house and its shop or database, and can fail there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web

from bench.servers import free_port


class FlakyShop:
    """Hands calls on to a shop's API, all but the one that is told to fail."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._calls = 0
        self._fails_at = 0  # 0: none
        self.failed: list[str] = []
        self.address = ""

    def fail_at(self, call: int) -> None:
        """The n-th call from now on."""
        self._calls, self._fails_at, self.failed = 0, call, []

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FlakyShop]:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._hand_on)
        runner = web.AppRunner(app)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.address = f"http://127.0.0.1:{port}"
        self._client = ClientSession(auto_decompress=False)
        try:
            yield self
        finally:
            await self._client.close()
            await runner.cleanup()

    async def _hand_on(self, request: web.Request) -> web.Response:
        if "/catalogue/" not in request.path:  # asked for by the clock, not by a turn
            self._calls += 1
            if self._calls == self._fails_at:
                self.failed.append(f"{request.method} {request.path}")
                return web.json_response({"error": {"code": "x", "message": "x"}}, status=503)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() in ("authorization", "content-type", "idempotency-key")
        }
        async with self._client.request(
            request.method,
            f"{self._address}{request.rel_url}",
            data=await request.read(),
            headers=headers,
        ) as answer:
            return web.Response(
                body=await answer.read(),
                status=answer.status,
                content_type=answer.content_type,
            )


class Wire:
    """A TCP line to a database that can fall silent without breaking."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._open = asyncio.Event()
        self._open.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = free_port()

    def freeze(self) -> None:
        self._open.clear()

    def thaw(self) -> None:
        self._open.set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[Wire]:
        server = await asyncio.start_server(self._joined, "127.0.0.1", self.port)
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_connection(*self._to)
        for one, other in ((reader, other_writer), (other_reader, writer)):
            task = asyncio.create_task(self._carry(one, other))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while content := await reader.read(65_536):
                await self._open.wait()
                writer.write(content)
                await writer.drain()
        writer.close()
