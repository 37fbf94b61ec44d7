"""A TCP proxy that can stop forwarding without closing, as a lost network does: nobody is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

_AT_ONCE = 64 * 1024  # bytes


@dataclass(eq=False)
class _Pair:
    """One connection through the proxy, both ways."""

    port: int  # of its end at the house
    is_swallowed: bool = False


class SwallowingProxy:
    """Forwards to `port` of this machine; `address` is where a browser finds it."""

    def __init__(self, port: int) -> None:
        self._port, self._pairs = port, set[_Pair]()
        self._running = set[asyncio.Task[None]]()
        self.address = ""
        self.swallowed_bytes = 0
        self.swallowed_ports = set[int]()  # as the house sees them

    def swallow(self) -> None:
        """What is open now carries nothing more, and stays open; new connections get through (the
        phone has changed from Wi-Fi to its own network)."""
        for pair in self._pairs:
            pair.is_swallowed = True
            self.swallowed_ports.add(pair.port)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._port)
        pair = _Pair(upstream_writer.get_extra_info("sockname")[1])
        self._pairs.add(pair)
        ways = [(reader, upstream_writer), (upstream_reader, writer)]
        tasks = [asyncio.create_task(self._carry(pair, *way)) for way in ways]
        self._running.update(tasks)
        try:
            await asyncio.gather(*tasks)
        finally:
            self._running.difference_update(tasks)
            self._pairs.discard(pair)

    async def close(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _carry(
        self, pair: _Pair, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await reader.read(_AT_ONCE):
                if pair.is_swallowed:
                    self.swallowed_bytes += len(data)
                    continue
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            # The other side hears of the end only where it hears of anything.
            if not pair.is_swallowed:
                writer.close()


@asynccontextmanager
async def swallowing(port: int) -> AsyncIterator[SwallowingProxy]:
    proxy = SwallowingProxy(port)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await proxy.serve(reader, writer)
        except (asyncio.CancelledError, ConnectionError):
            pass  # the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
