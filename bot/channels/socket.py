"""The chat page's WebSocket: lines in, lines out, nothing lost when it breaks.

The store is the truth: a socket says the last `seq` it has seen and gets what came after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from bot.channels.errors import ApiError, error_body, known_error
from bot.channels.keys import CHANNEL, CONVERSATIONS, NEWS, SETTINGS
from bot.channels.requests import identity_of, number_field, object_of, origin_of, text_field
from bot.channels.showing import shown_to_buyer
from bot.channels.storefront import is_demo
from bot.channels.taking import Speaking, take
from bot.conversations.conversation import Conversation
from bot.conversations.messages import Author, Message
from bot.conversations.news import Subscription
from bot.conversations.service import UnknownConversation
from bot.database import one_request

log = structlog.get_logger(__name__)

SOCKETS: web.AppKey[dict[web.WebSocketResponse, web.Request]] = web.AppKey("sockets")
_CLOSED_WITHIN_S = 2.0
_LARGEST_FRAME = 64 * 1024
_HELLO_WITHIN_S = 10.0
# Silent for so long, a line is asked; silent for half as long again, it is dead: within 24 seconds.
_HEARTBEAT_S = 16.0
# Each holds what its reader has not taken yet: tabs and lines that died without a word are a few.
_MOST_OPEN = 20  # of one conversation
_AT_ONCE = 50  # messages read for one of them
_MOST_REFUSED = 50  # frames; a page that is understood has a few at most


async def socket(request: web.Request) -> web.WebSocketResponse:
    ws = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=_LARGEST_FRAME)
    await ws.prepare(request)
    request.app[SOCKETS][ws] = request
    try:
        await _Line(request, ws).run()
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

    def __init__(self, request: web.Request, ws: web.WebSocketResponse) -> None:
        self._app, self._ws, self._origin = request.app, ws, origin_of(request)
        self._demo = is_demo(request)
        self._refused = 0
        self._conversation_id = ""
        self._speaking: Speaking
        self._token = ""
        self._last_seq = 0

    async def run(self) -> None:
        try:
            conversation = await self._greet()
        except ConnectionResetError:
            raise
        except Exception as error:  # the edge: answered in the one shape, then closed
            await self._refuse(error, None)
            return
        with self._app[NEWS].subscribe(self._conversation_id) as news:
            # Subscribed first, read second: what is written in between comes twice, not never.
            await self._ready(conversation)
            telling = asyncio.create_task(tell_while_open(self._ws, self._tell(news)))
            try:
                await self._listen()
            finally:
                telling.cancel()

    async def _greet(self) -> Conversation:
        try:
            hello = await self._ws.receive(timeout=_HELLO_WITHIN_S)
        except asyncio.TimeoutError:
            raise ApiError(408, "no_hello", "连接超时") from None
        if hello.type is not WSMsgType.TEXT:
            raise ApiError(400, "no_hello", "连接没有打招呼")
        frame = object_of(hello.data)
        if frame.get("type") != "hello":
            raise ApiError(400, "no_hello", "连接没有打招呼")
        self._token = text_field(frame, "token")
        who = identity_of(self._app, self._token)
        self._last_seq = number_field(frame, "last_seq", 0)
        conversation = await self._app[CONVERSATIONS].open(
            buyer_id=who.buyer_id, signed_in=who.signed_in, channel=CHANNEL
        )
        self._conversation_id = conversation.conversation_id
        if self._app[NEWS].readers(self._conversation_id) >= _MOST_OPEN:
            raise ApiError(429, "too_many_open", "这段对话开着的窗口太多了，关掉几个再刷新")
        self._speaking = Speaking(
            conversation_id=conversation.conversation_id,
            buyer_id=who.buyer_id,
            origin=self._origin,
        )
        return conversation

    async def _ready(self, conversation: Conversation) -> None:
        await self._ws.send_json(
            {
                "type": "ready",
                "conversation_id": conversation.conversation_id,
                "status": conversation.status.value,
                "last_seq": conversation.last_seq,
                "read_seq": conversation.read_seq,
            }
        )

    async def _tell(self, news: Subscription) -> None:
        await self._catch_up()
        while (event := await news.next()) is not None:
            try:
                identity_of(self._app, self._token)
            except ApiError:  # taken back, or run out: nothing more is told
                return
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
        after = self._app[CONVERSATIONS].after
        while missed := await after(self._conversation_id, self._last_seq, limit=_AT_ONCE):
            for message in missed:
                await self._send(message)

    async def _send(self, message: Message) -> None:
        if message.seq <= self._last_seq:
            return
        if message.author is not Author.SUGGESTION:
            shown = shown_to_buyer(message, self._app[SETTINGS], demo=self._demo)
            await self._ws.send_json({"type": "message", "message": shown})
        self._last_seq = message.seq

    async def _listen(self) -> None:
        async for received in self._ws:
            frame: dict[str, Any] = {}
            try:
                if received.type is not WSMsgType.TEXT:
                    raise ApiError(422, "bad_frame", "看不懂这种消息")
                frame = object_of(received.data)
                identity_of(self._app, self._token)
                with one_request():
                    answer = await take(self._app, self._speaking, frame)
                if answer is not None:
                    await self._ws.send_json(answer)
                if frame.get("type") == "send":
                    self._refused = 0
            except ConnectionResetError:
                raise
            except UnknownConversation:  # swept away, because nothing was ever said in it
                await self._ws.close(code=1012, message=b"reconnect")
                return
            except Exception as error:  # the edge: answered in the one shape, the socket stays
                known = known_error(error)
                if known is None or known.status < 500:  # not what the house cannot do just now
                    self._refused += 1
                await self._refuse(error, frame.get("id"))
                if self._refused >= _MOST_REFUSED:
                    await self._ws.close(code=1008, message=b"refused")
                    return

    async def _refuse(self, error: Exception, frame_id: Any) -> None:
        known = known_error(error)
        if known is None:
            log.error("socket.failed", error=type(error).__name__, exc_info=True)
            known = ApiError(500, "internal", "系统出了点问题，稍等再发一次")
        answer = {"type": "error", **error_body(known.code, known.message)}
        if isinstance(frame_id, str):
            answer["id"] = frame_id
        await self._ws.send_json(answer)
