"""The chat page's WebSocket: lines in, lines out, nothing lost when it breaks.

The store is the truth: a socket says the last `seq` it has seen and gets what came after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from bot.channels.chat import CHANNEL
from bot.channels.errors import ApiError, error_body, known_error
from bot.channels.frames import incoming, product_in_view
from bot.channels.keys import CONVERSATIONS, MESSAGE_RATE, NEWS, ORIGINS, TURNS, TYPING_RATE
from bot.channels.requests import identity_of, number_field, object_of, origin_of, text_field
from bot.conversations.messages import Author, Message
from bot.conversations.news import Subscription
from bot.conversations.service import UnknownConversation

log = structlog.get_logger(__name__)

SOCKETS: web.AppKey[dict[web.WebSocketResponse, web.Request]] = web.AppKey("sockets")
_CLOSED_WITHIN_S = 2.0
_LARGEST_FRAME = 64 * 1024
_HELLO_WITHIN_S = 10.0
_HEARTBEAT_S = 25.0
_MOST_REFUSED = 50  # frames; a page that is understood has a few at most


async def socket(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=_LARGEST_FRAME)
    await ws.prepare(request)
    request.app[SOCKETS][ws] = request
    try:
        await _Line(request.app, ws, origin_of(request)).run()
    except ConnectionResetError:
        pass  # the buyer's side went away in mid-sentence; what was stored is stored
    finally:
        request.app[SOCKETS].pop(ws, None)
        await let_go(ws, request)
    return ws


async def let_go(
    ws: web.WebSocketResponse, request: web.Request, *, code: int = 1000, why: bytes = b""
) -> None:
    """Closes politely; one that reads nothing is cut off instead of waited for."""
    try:
        await asyncio.wait_for(ws.close(code=code, message=why), _CLOSED_WITHIN_S)
    except asyncio.TimeoutError:
        if request.transport is not None:
            request.transport.abort()


async def tell_while_open(ws: web.WebSocketResponse, telling: Awaitable[None]) -> None:
    """Runs `telling`; when it ends, for whatever reason, the other side has to reconnect."""
    try:
        await telling
    except ConnectionResetError:
        pass
    except Exception as error:  # the edge of a background task: reported, and the page rereads
        log.error("socket.deaf", error=type(error).__name__, exc_info=True)
    await ws.close(code=1012, message=b"reconnect")


class _Line:
    """One open socket of one conversation."""

    def __init__(self, app: web.Application, ws: web.WebSocketResponse, origin: str) -> None:
        self._app, self._ws, self._origin = app, ws, origin
        self._refused = 0
        self._conversation_id = ""
        self._sender = ""
        self._last_seq = 0

    async def run(self) -> None:
        try:
            await self._greet()
        except ConnectionResetError:
            raise
        except Exception as error:  # the edge: answered in the one shape, then closed
            await self._refuse(error, None)
            return
        with self._app[NEWS].subscribe(self._conversation_id) as news:
            # Subscribed first, read second: what is written in between comes twice, not never.
            telling = asyncio.create_task(tell_while_open(self._ws, self._tell(news)))
            try:
                await self._listen()
            finally:
                telling.cancel()

    async def _greet(self) -> None:
        try:
            hello = await self._ws.receive(timeout=_HELLO_WITHIN_S)
        except asyncio.TimeoutError:
            raise ApiError(408, "no_hello", "连接超时") from None
        if hello.type is not WSMsgType.TEXT:
            raise ApiError(400, "no_hello", "连接没有打招呼")
        frame = object_of(hello.data)
        if frame.get("type") != "hello":
            raise ApiError(400, "no_hello", "连接没有打招呼")
        who = identity_of(self._app, text_field(frame, "token"))
        self._last_seq = number_field(frame, "last_seq", 0)
        conversation = await self._app[CONVERSATIONS].open(
            buyer_id=who.buyer_id, signed_in=who.signed_in, channel=CHANNEL
        )
        self._conversation_id, self._sender = conversation.conversation_id, who.buyer_id
        await self._ws.send_json(
            {
                "type": "ready",
                "status": conversation.status.value,
                "last_seq": conversation.last_seq,
            }
        )

    async def _tell(self, news: Subscription) -> None:
        await self._catch_up()
        while (event := await news.next()) is not None:
            if event["type"] == "message":
                await self._show(event["message"])
            else:
                await self._ws.send_json(event)

    async def _show(self, message: Message) -> None:
        # Announcements may overtake each other; the store knows the order.
        if message.seq > self._last_seq + 1:
            await self._catch_up()
        else:
            await self._send(message)

    async def _catch_up(self) -> None:
        while missed := await self._app[CONVERSATIONS].after(self._conversation_id, self._last_seq):
            for message in missed:
                await self._send(message)

    async def _send(self, message: Message) -> None:
        if message.seq <= self._last_seq:
            return
        if message.author is not Author.SUGGESTION:
            await self._ws.send_json({"type": "message", "message": message.for_buyer()})
        self._last_seq = message.seq

    async def _listen(self) -> None:
        async for received in self._ws:
            frame: dict[str, Any] = {}
            try:
                if received.type is not WSMsgType.TEXT:
                    raise ApiError(422, "bad_frame", "看不懂这种消息")
                frame = object_of(received.data)
                await self._take(frame)
            except ConnectionResetError:
                raise
            except UnknownConversation:  # swept away, because nothing was ever said in it
                await self._ws.close(code=1012, message=b"reconnect")
                return
            except Exception as error:  # the edge: answered in the one shape, the socket stays
                self._refused += 1
                await self._refuse(error, frame.get("id"))
                if self._refused >= _MOST_REFUSED:
                    await self._ws.close(code=1008, message=b"refused")
                    return

    async def _refuse(self, error: Exception, frame_id: Any) -> None:
        known = known_error(error)
        if known is None:
            log.error("socket.failed", error=type(error).__name__, exc_info=True)
            known = ApiError(500, "internal", "系统出了点问题,稍等再发一次")
        answer = {"type": "error", **error_body(known.code, known.message)}
        if isinstance(frame_id, str):
            answer["id"] = frame_id
        await self._ws.send_json(answer)

    async def _take(self, frame: dict[str, Any]) -> None:
        kind = frame.get("type")
        if kind == "typing":
            if not self._app[TYPING_RATE].allows(self._sender):
                raise ApiError(429, "too_fast", "发得有点快,我还在看前面的")
            if self._app[TURNS].is_waiting(self._conversation_id):
                self._app[TURNS].wake(self._conversation_id)
            return
        if not self._app[MESSAGE_RATE].allows(self._sender):
            raise ApiError(429, "too_fast", "发得有点快,我还在看前面的")
        if kind == "send":
            await self._receive(frame)
            self._refused = 0
        elif kind == "viewing":
            await self._app[CONVERSATIONS].view(self._conversation_id, product_in_view(frame))
        else:
            raise ApiError(422, "bad_frame", "看不懂这种消息")

    async def _receive(self, frame: dict[str, Any]) -> None:
        message = await incoming(self._app, self._conversation_id, frame)
        self._app[ORIGINS].heard(self._conversation_id, self._origin)
        receipt = await self._app[CONVERSATIONS].receive(self._conversation_id, message)
        # A page that repeats what it did not hear acknowledged has said nothing new.
        if not receipt.is_new and self._app[TYPING_RATE].allows(self._sender):
            self._app[MESSAGE_RATE].give_back(self._sender)
        # Woken before the buyer is told: a socket that breaks now has been heard all the same.
        self._app[TURNS].wake(self._conversation_id)
        await self._ws.send_json({"type": "ack", "id": message.message_id, "seq": receipt.seq})
