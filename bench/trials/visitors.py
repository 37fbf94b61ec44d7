"""Buyers and agents as programs: they speak as pages do, each from an address of its own."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
import uuid
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from aiohttp import (
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    CookieJar,
    TCPConnector,
    WSMsgType,
)

from bench.trials.house import PASSWORD, House

_addresses = itertools.count(1)
WITHIN_S = 40.0


def new_address() -> str:
    """One that no other of this run has, nor its /24."""
    number = next(_addresses)
    return f"{20 + number // 65536 % 200}.{number // 256 % 256}.{number % 256}.7"


class Visitor:
    """One chat; `async with` opens its socket."""

    def __init__(self, house: House, *, token: str = "", address: str = "") -> None:
        self.house, self.token = house, token
        self.headers = {"X-Forwarded-For": address or new_address()}
        self.client = ClientSession(
            timeout=ClientTimeout(total=120), connector=TCPConnector(limit=0)
        )
        self.ws: ClientWebSocketResponse | None = None
        self.conversation_id = ""
        self.heard: dict[int, dict[str, Any]] = {}  # by seq
        self.errors: list[dict[str, Any]] = []
        self.acks: dict[str, int] = {}
        self.turns = 0  # of the bot that ended

    async def __aenter__(self) -> Visitor:
        try:
            await self.connect()
        except BaseException:
            await self.client.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.client.close()

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """Status and JSON of a call as this visitor."""
        own = {**self.headers, **headers}
        if self.token:
            own["Authorization"] = f"Bearer {self.token}"
        url = f"{self.house.address}{path}"
        async with self.client.post(url, json=body, headers=own) as answer:
            return answer.status, await answer.json(content_type=None)

    async def connect(self, product_id: str = "") -> None:
        """Anew, as a page does after a restart. Raises what aiohttp raises."""
        body = {"token": self.token, **({"product_id": product_id} if product_id else {})}
        status, opened = await self.post("/api/chat/session", body)
        if status != 200:
            raise Refused(status, opened)
        self.token, self.conversation_id = opened["token"], opened["conversation_id"]
        self.ws = await self.client.ws_connect(
            f"{self.house.address}/api/chat/socket", headers=self.headers
        )
        await self.ws.send_json({"type": "hello", "token": self.token, "last_seq": self.last_seq})

    @property
    def last_seq(self) -> int:
        return max(self.heard, default=0)

    async def send(self, text: str = "", own_id: str = "", **what: Any) -> str:
        """A line, or what else a page sends; returns its id and waits for nothing."""
        assert self.ws is not None
        own_id = own_id or uuid.uuid4().hex
        frame = what or {"kind": "text", "text": text}
        await self.ws.send_json({"type": "send", "id": own_id, **frame})
        return own_id

    async def look_at(self, product_id: str) -> None:
        assert self.ws is not None
        await self.ws.send_json({"type": "viewing", "product_id": product_id})

    async def say(self, text: str = "", **what: Any) -> list[str]:
        """The line, and what was answered until the bot's turn was over."""
        before, turns = self.last_seq, self.turns
        own_id = await self.send(text, **what)
        await self.until(lambda: own_id in self.acks or bool(self.errors))
        await self.until(lambda: self.turns > turns or bool(self.errors))
        await self.listen(0.15)
        return [one["text"] for one in self.said(after=before) if one["text"]]

    async def press(self, title: str) -> list[str]:
        """The newest button of which the title begins so. Raises LookupError."""
        seq, index = self.button(title)
        return await self.say(kind="button", seq=seq, button=index)

    def button(self, title: str) -> tuple[int, int]:
        for seq in sorted(self.heard, reverse=True):
            for index, button in enumerate(self.heard[seq].get("buttons") or ()):
                if button["title"].startswith(title):
                    return seq, index
        raise LookupError(title)

    def said(self, *, after: int = 0, author: str = "bot") -> list[dict[str, Any]]:
        return [
            self.heard[seq]
            for seq in sorted(self.heard)
            if seq > after and self.heard[seq]["from"] == author
        ]

    async def until(self, holds: Any, within_s: float = WITHIN_S) -> float:
        """Reads on until it holds; seconds. Raises TimeoutError."""
        began = time.monotonic()
        while not holds():
            left = within_s - (time.monotonic() - began)
            if left <= 0:
                raise asyncio.TimeoutError
            await self._read(left)
        return time.monotonic() - began

    async def listen(self, seconds: float) -> None:
        """Reads on for as long."""
        with contextlib.suppress(asyncio.TimeoutError):
            await self.until(lambda: False, seconds)

    async def _read(self, within_s: float) -> None:
        assert self.ws is not None
        received = await asyncio.wait_for(self.ws.receive(), within_s)
        if received.type is not WSMsgType.TEXT:
            raise ConnectionResetError(str(received.type))
        frame = received.json()
        kind = frame["type"]
        if kind == "message":
            self.heard[frame["message"]["seq"]] = frame["message"]
        elif kind == "ack":
            self.acks[frame["id"]] = frame["seq"]
        elif kind == "error":
            self.errors.append(frame)
        elif kind == "typing" and not frame["on"]:
            self.turns += 1


class Refused(Exception):
    """The door said no."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status


class Desk:
    """An agent at the desk, signed in."""

    def __init__(self, house: House, name: str = "admin", *, address: str = "") -> None:
        self.house, self.name = house, name
        self.headers = {
            "X-Requested-With": "dianxiaoer",
            "X-Forwarded-For": address or new_address(),
        }
        # Unsafe: keeps cookies of a host that is an address and no name.
        self.client = ClientSession(
            timeout=ClientTimeout(total=60), cookie_jar=CookieJar(unsafe=True)
        )

    async def __aenter__(self) -> Desk:
        status, body = await self.post("login", name=self.name, password=PASSWORD)
        if status != 200:
            await self.client.close()
            raise Refused(status, body)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.close()

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        url = f"{self.house.address}/api/desk/{path}"
        async with self.client.post(url, json=body, headers=self.headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def get(self, path: str) -> Any:
        url = f"{self.house.address}/api/desk/{path}"
        async with self.client.get(url, headers=self.headers) as answer:
            body = await answer.json(content_type=None)
            if answer.status != 200:
                raise Refused(answer.status, body)
            return body

    async def deed(self, conversation_id: str, what: str, **body: Any) -> tuple[int, Any]:
        """take, messages, return or close. Raises Refused where the desk itself is shut."""
        status, answer = await self.post(f"conversations/{conversation_id}/{what}", **body)
        if status not in (200, 409):
            raise Refused(status, answer)
        return status, answer


async def shop_call(
    house: House, client: ClientSession, method: str, path: str, body: Any
) -> tuple[int, Any]:
    """The shop's own API, as the shop's systems call it."""
    headers = {"Authorization": f"Bearer {house.shop_token}"}
    url = f"{house.address}{path}"
    async with client.request(method, url, json=body, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


def any_of(words: Sequence[str], lines: Sequence[str]) -> bool:
    return any(word in line for word in words for line in lines)
