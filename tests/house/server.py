"""A running server in a test, and a buyer's socket to it."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from aiohttp import ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient

from bot.channels import keys
from bot.conversations.messages import Incoming
from bot.database import Database
from bot.settings import Settings
from tests.house.scripted import ScriptedEngine
from tests.support.waiting import PATIENCE_S, until

OURS = {"X-Requested-With": "dianxiaoer"}


class Server:
    def __init__(
        self,
        app: web.Application,
        client: TestClient[web.Request, web.Application],
        engine: ScriptedEngine,
        database: Database,
        settings: Settings,
    ) -> None:
        self.app, self.client, self.engine = app, client, engine
        self.database, self.settings = database, settings

    async def session(self, **body: Any) -> dict[str, Any]:
        response = await self.client.post("/api/chat/session", json=body)
        assert response.status == 200
        opened: dict[str, Any] = await response.json()
        return opened

    async def buyer_token(self) -> str:
        """Of a demo buyer."""
        buyers = await (await self.client.get("/api/chat/demo/buyers")).json()
        answer = await self.client.post(
            "/api/chat/demo/login", json={"buyer_id": buyers[0]["buyer_id"]}
        )
        return str((await answer.json())["token"])

    async def connect(self, token: str = "", last_seq: int = 0) -> Socket:
        """A socket that has said hello, as somebody new without a token."""
        token = token or (await self.session())["token"]
        ws = await self.client.ws_connect("/api/chat/socket")
        await ws.send_json({"type": "hello", "token": token, "last_seq": last_seq})
        return Socket(ws, token, self.app)

    async def signed_in_desk(self) -> str:
        """The name of the agent whose cookie the client holds from now on."""
        name, password = "小李", "a long password"
        from bot.desk.who import ACCOUNTS

        await self.app[ACCOUNTS].set_password(name, password)
        answer = await self.client.post(
            "/api/desk/login", json={"name": name, "password": password}, headers=OURS
        )
        assert answer.status == 200
        return name

    async def receive(self, conversation_id: str, text: str) -> int:
        incoming = Incoming(message_id=uuid.uuid4().hex, text=text)
        return (await self.app[keys.CONVERSATIONS].receive(conversation_id, incoming)).seq


class Socket:
    """A buyer's end of the chat socket."""

    def __init__(
        self, ws: ClientWebSocketResponse, token: str, app: web.Application | None = None
    ) -> None:
        self.ws, self.token, self._app = ws, token, app
        self.frames: list[dict[str, Any]] = []

    async def send(self, text: str, own_id: str = "") -> str:
        own_id = own_id or uuid.uuid4().hex
        await self.ws.send_json({"type": "send", "id": own_id, "kind": "text", "text": text})
        return own_id

    async def until(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The next frame of this kind in which these fields stand; others are kept in `frames`."""
        while True:
            frame: dict[str, Any] = await asyncio.wait_for(self.ws.receive_json(), PATIENCE_S)
            self.frames.append(frame)
            if frame["type"] == kind and all(
                frame.get(name) == value for name, value in wanted.items()
            ):
                return frame

    async def said_by(self, author: str) -> dict[str, Any]:
        """The next message of this author."""
        while True:
            message: dict[str, Any] = (await self.until("message"))["message"]
            if message["from"] == author:
                return message

    async def quiet(self, seconds: float = 0.3) -> None:
        """Reads on until what was sent is answered and nothing has come for this long."""
        if self._app is not None:
            await self._is_heard()
            turns = self._app[keys.TURNS]
            await until(lambda: not (turns._waking._running or turns._running))
            await self._is_heard()
        while True:
            try:
                self.frames.append(await asyncio.wait_for(self.ws.receive_json(), seconds))
            except asyncio.TimeoutError:
                return

    async def _is_heard(self) -> None:
        """A ping comes back behind the answers to all that was sent before it."""
        assert self._app is not None
        self._app[keys.TYPING_RATE]._burst = 10_000
        self._app[keys.TYPING_RATE]._left.clear()
        await self.ws.send_json({"type": "ping"})
        await self.until("pong")

    def messages(self, author: str) -> list[dict[str, Any]]:
        return [
            frame["message"]
            for frame in self.frames
            if frame["type"] == "message" and frame["message"]["from"] == author
        ]
